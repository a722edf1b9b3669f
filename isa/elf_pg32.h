/* elf_pg32.h - what an ELF32 file has that is special to PG32: the machine number and the relocations.
 *
 * Files are ELFCLASS32, ELFDATA2LSB, with RELA relocations. Below, S is the value of the symbol, A the addend
 * and P the address of the place that is filled in. The linker never makes an instruction sequence shorter
 * (relaxes it), so the difference of two labels of one section is known to the assembler. */
#ifndef ELF_PG32_H
#define ELF_PG32_H

#define EM_PG32 0x5032 /* "P2"; not registered with anyone */

enum {
  R_PG32_NONE = 0,
  R_PG32_32 = 1,         /* word   S + A */
  R_PG32_HI20 = 2,       /* imm20  (S + A + 0x800) >> 12                  %hi(sym) */
  R_PG32_LO12 = 3,       /* imm15  sign-extended low 12 bits of S + A     %lo(sym), load, store or addi */
  R_PG32_BRANCH = 4,     /* imm15  (S + A - P) / 4, must fit */
  R_PG32_JUMP = 5,       /* imm20  (S + A - P) / 4, must fit              jal, call, tail, j */
  R_PG32_PCREL_HI20 = 6, /* imm20  (S + A - P + 0x800) >> 12              %pcrel_hi(sym) */
  R_PG32_PCREL_LO12 = 7, /* imm15  low 12 bits of what the PCREL_HI20 at S (a label) computes; A = 0 */
  R_PG32_16 = 8,         /* half   S + A */
  R_PG32_8 = 9,          /* byte   S + A */
  R_PG32_SUB32 =
      10 /* word   word - (S + A): with R_PG32_32 at the same place, a difference across sections */
};

#endif
