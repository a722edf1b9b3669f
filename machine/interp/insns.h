/* insns.h - what each instruction does, one line for each row of pg32.def.
 *
 * handlers.h makes a handler from every row and its line here; jit.c uses the lines of privileged and
 * trapping instructions. The row's shape decides which names a line may use: rd, to be assigned; rs1, rs2,
 * imm, pc; and `address` for the shapes LOAD and STORE. A line of shape BRANCH is the condition; a line of
 * class TRAPPING is the cause. The words in capitals are control flow: handlers.h explains them. */

/* clang-format off */

/* register-register arithmetic */
#define DO_add     rd = rs1 + rs2
#define DO_sub     rd = rs1 - rs2
#define DO_sll     rd = rs1 << (rs2 & 31)
#define DO_slt     rd = s32(rs1) < s32(rs2)
#define DO_sltu    rd = rs1 < rs2
#define DO_xor     rd = rs1 ^ rs2
#define DO_srl     rd = rs1 >> (rs2 & 31)
#define DO_sra     rd = (uint32_t)(s32(rs1) >> (rs2 & 31))
#define DO_or      rd = rs1 | rs2
#define DO_and     rd = rs1 & rs2
/* multiplication and division */
#define DO_mul     rd = rs1 * rs2
#define DO_mulh    rd = (uint32_t)(((int64_t)s32(rs1) * s32(rs2)) >> 32)
#define DO_mulhsu  rd = (uint32_t)(((int64_t)s32(rs1) * rs2) >> 32)
#define DO_mulhu   rd = (uint32_t)(((uint64_t)rs1 * rs2) >> 32)
#define DO_div     rd = quotient(rs1, rs2)
#define DO_divu    rd = rs2 ? rs1 / rs2 : UINT32_MAX
#define DO_rem     rd = remainder32(rs1, rs2)
#define DO_remu    rd = rs2 ? rs1 % rs2 : rs1
/* register-immediate arithmetic */
#define DO_addi    rd = rs1 + imm
#define DO_slti    rd = s32(rs1) < s32(imm)
#define DO_sltiu   rd = rs1 < imm
#define DO_xori    rd = rs1 ^ imm
#define DO_ori     rd = rs1 | imm
#define DO_andi    rd = rs1 & imm
#define DO_slli    rd = rs1 << imm
#define DO_srli    rd = rs1 >> imm
#define DO_srai    rd = (uint32_t)(s32(rs1) >> imm)
#define DO_lui     rd = imm << 12
#define DO_auipc   rd = pc + (imm << 12)
/* loads and stores */
#define DO_lb      LOAD(int8_t)
#define DO_lh      LOAD(int16_t)
#define DO_lw      LOAD(uint32_t)
#define DO_lbu     LOAD(uint8_t)
#define DO_lhu     LOAD(uint16_t)
#define DO_sb      STORE(uint8_t)
#define DO_sh      STORE(uint16_t)
#define DO_sw      STORE(uint32_t)
/* control flow */
#define DO_beq     rs1 == rs2
#define DO_bne     rs1 != rs2
#define DO_blt     s32(rs1) < s32(rs2)
#define DO_bge     s32(rs1) >= s32(rs2)
#define DO_bltu    rs1 < rs2
#define DO_bgeu    rs1 >= rs2
#define DO_jal     rd = pc + 4
#define DO_jalr    JUMP_REGISTER(address & ~1u)
/* for observers, and for compilers */
#define DO_mark    MARKED(imm, rs1, rs2)
#define DO_fence   NOTHING
/* calls upwards */
#define DO_syscall CAUSE_SYSCALL
#define DO_hcall   CAUSE_HCALL
#define DO_break   CAUSE_BREAK
/* Privileged: executed only where the mode allows it (cpu_privileged_traps, cpu_ignores). RETIRE comes first where the
 * instruction changes what RETIRE uses (STATUS, TIMER, PC); it comes last where an observer is called, which
 * should still see the instruction as the present one. */
#define DO_mfst    x[op->rd] = m->status; RETIRE()
#define DO_mtst    RETIRE(); m->status = rs1 & ST_MASK
#define DO_rfe     HOLD(); RETIRE(); machine_cpu_rfe(m)
#define DO_tlbw    machine_tlb_write(m, rs1, rs2); RETIRE()
#define DO_tlbi    machine_tlb_invalidate(m, rs1, imm); RETIRE()
#define DO_wait    WAIT()
