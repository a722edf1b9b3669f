/* platform.h - what a program of the machine may know about the machine and about the kernel.
 *
 * The one header that the kernel, the VMM and the user programs share with the simulator: memory
 * map, low core, STATUS, TLB words, devices, boot, kinds of `mark`, system calls and the vm_run
 * ABI. It is read by C on both sides and by assembly (under __ASSEMBLER__). isa/MANUAL.md explains
 * each word of it. */
#ifndef PG32_PLATFORM_H
#define PG32_PLATFORM_H

/* ---- instructions and causes, from the one table ---- */
#ifndef __ASSEMBLER__
#include <stdint.h>

#include "cause.h"
enum {
#define PG32_INSN(name, opcode, shape, class, meaning) PG32_OP_##name = opcode,
#include "pg32.def"
};
#else
/* assembly sees causes only as numbers it needs; entry code asserts them against the table */
#define CAUSE_FETCH_MISS 4
#define CAUSE_SYSCALL 9
#define CAUSE_LOAD_MISS 14
#define CAUSE_STORE_MISS 15
#endif

/* ---- pages ---- */
#define PAGE_SHIFT 12
#define PAGE_SIZE 4096

/* ---- low core: physical page 0 ---- */
#define LC_PC 0x00 /* the old PSW: saved by a trap, loaded by rfe */
#define LC_STATUS 0x04
#define LC_TIMER 0x08
#define LC_CAUSE 0x0C /* why: written by a trap, 0 where meaningless */
#define LC_BADVA 0x10
#define LC_BADINST 0x14
#define LC_VECTOR 0x18 /* loaded by a trap into PC */
#define LC_FREE 0x40   /* from here on the page is the kernel's */

/* ---- STATUS ---- */
#define ST_U 0x1  /* user mode */
#define ST_IE 0x2 /* interrupts on */
#define ST_T 0x4  /* translation on */
#define ST_ASID_SHIFT 8
#define ST_ASID_MASK 0xFF00
#define ST_MASK (ST_U | ST_IE | ST_T | ST_ASID_MASK)
#ifndef __ASSEMBLER__
static inline uint32_t status_asid(uint32_t status) { return (status & ST_ASID_MASK) >> ST_ASID_SHIFT; }
#endif

/* ---- TLB words: tlbw hi, lo ---- */
#define TLB_VPN_MASK 0xFFFFF000 /* hi: VPN in place */
#define TLB_ASID_MASK 0xFF      /* hi: ASID; bits 8..11 are ignored */
#define TLB_PFN_MASK 0xFFFFF000 /* lo: PFN in place */
#define TLB_R 0x1               /* lo: rights; bits 3..11 are ignored */
#define TLB_W 0x2
#define TLB_X 0x4
#define TLB_RIGHTS 0x7
#define TLBI_ALL 0
#define TLBI_ASID 1
#define TLBI_PAGE 2
#define ASIDS 256

/* ---- devices: word registers only, each device on a page of its own ---- */
#define DEV_BASE 0xF0000000
#define DEV_CONSOLE 0xF0000000
#define DEV_BLOCK 0xF0001000
#define DEV_CLOCK 0xF0002000
#define DEV_POWER 0xF0003000
#define DEV_FACTS 0xF0004000
#define DEV_END 0xF0005000

#define CONSOLE_DATA 0x0   /* load: next received byte, 0xFFFFFFFF if none; store: transmit the low byte */
#define CONSOLE_STATUS 0x4 /* load: CONSOLE_RX | CONSOLE_HANGUP */
#define CONSOLE_CTRL 0x8   /* load, store: CONSOLE_RX_IE */
#define CONSOLE_RX 0x1     /* a byte is waiting */
#define CONSOLE_HANGUP 0x2 /* none is waiting and none will ever come */
#define CONSOLE_RX_IE 0x1  /* interrupt while RX or HANGUP */

#define BLOCK_SECTOR 0x00 /* load, store: first sector */
#define BLOCK_ADDR 0x04   /* load, store: physical RAM address, word aligned */
#define BLOCK_COUNT 0x08  /* load, store: sectors */
#define BLOCK_CMD 0x0C    /* store: BLOCK_READ, BLOCK_WRITE; done, DMA included, when the store retires */
#define BLOCK_STATUS 0x10 /* load: of the last command */
#define BLOCK_SIZE 0x14   /* load: sectors there are; 0 = no disk */
#define BLOCK_SECTOR_BYTES 512
#define BLOCK_READ 1
#define BLOCK_WRITE 2
#define BLOCK_OK 0
#define BLOCK_BAD_SECTOR 1
#define BLOCK_BAD_ADDR 2
#define BLOCK_BAD_CMD 3

#define CLOCK_LO 0x0 /* load: low word of the tick before this load; latches the high word */
#define CLOCK_HI 0x4 /* load: high word latched by the last load of CLOCK_LO */

#define POWER_OFF 0x0 /* store: stop the machine; the low 8 bits are its exit status */

#define FACTS_RAM 0x00         /* bytes of RAM, from physical address 0 */
#define FACTS_TLB 0x04         /* TLB entries */
#define FACTS_INITRD 0x08      /* physical address of the initrd */
#define FACTS_INITRD_SIZE 0x0C /* its bytes; 0 = none */
#define FACTS_ARGS 0x10        /* physical address of the boot arguments */
#define FACTS_ARGS_SIZE 0x14   /* their bytes: words each ended by a NUL */
#define FACTS_HZ 0x18          /* nominal clock, ticks a second */

/* ---- boot ----
 * The loader (the machine's and the VMM's alike) zeroes RAM, copies the image's segments to their
 * physical addresses, the initrd to the next page boundary, the boot arguments to the page boundary
 * after that, and starts at the entry point with all registers 0, STATUS = TIMER = 0. */
#define IMAGE_BASE 0x1000 /* where kernel and bare images are linked */

/* ---- user address space ---- */
#define USER_BASE 0x00010000
#define USER_TOP 0x7FFFF000 /* the initial stack grows down from here */

/* clang-format off */
/* ---- kinds of mark (mark kind, a, b) ---- */
#define MARK_PROC 1  /* kernel, about to resume process a with ASID b */
#define MARK_VM 2    /* kernel, about to resume VM a whose virtual STATUS is b */
#define MARK_NAME 3  /* kernel: four more characters (b, little endian) of the name of process a; a
                        name starts anew after another kind of mark, or another a */
#define MARK_IDLE 4  /* kernel, about to idle */
#define MARK_INPUT 5 /* VMM: guest receives byte a & 255 (256 = hang-up) at tick b + (a >> 16 << 32) of its own */

/* ---- errors: a failed system call returns minus one of these ---- */
#define PG32_ERRORS(E) \
  E(EPERM, 1, "operation not permitted") \
  E(ENOENT, 2, "no such file or directory") \
  E(ESRCH, 3, "no such process") \
  E(EINTR, 4, "interrupted") \
  E(E2BIG, 7, "argument list too long") \
  E(ENOEXEC, 8, "not an executable") \
  E(EBADF, 9, "bad file descriptor") \
  E(ECHILD, 10, "no child process") \
  E(EAGAIN, 11, "try again") \
  E(ENOMEM, 12, "out of memory") \
  E(EFAULT, 14, "bad address") \
  E(EBUSY, 16, "busy") \
  E(ENODEV, 19, "no such device") \
  E(ENOTDIR, 20, "not a directory") \
  E(EISDIR, 21, "is a directory") \
  E(EINVAL, 22, "invalid argument") \
  E(EMFILE, 24, "too many open files") \
  E(ENOTTY, 25, "not a terminal") \
  E(ENOSPC, 28, "no space left") \
  E(ESPIPE, 29, "cannot seek") \
  E(EROFS, 30, "read-only file system") \
  E(EDOM, 33, "argument outside the domain") \
  E(ERANGE, 34, "result out of range") \
  E(ENAMETOOLONG, 36, "name too long") \
  E(ENOSYS, 38, "no such system call")

/* ---- system calls: number in a7, arguments in a0..a5, result in a0 (-error on failure) ----
 * S(number, name, arguments): the kernel's dispatch table and the C library's stubs are made from it. */
#define PG32_SYSCALLS(S) \
  S(1, _exit, 1)         /* (int status): does not return */ \
  S(2, fork, 0)          /* -> 0 in the child, its pid in the parent */ \
  S(3, execv, 2)         /* (path, argv) */ \
  S(4, waitpid, 3)       /* (pid or -1, int *status or 0, WNOHANG) -> pid, 0 */ \
  S(5, kill, 2)          /* (pid, signal): every signal but 0 ends the process */ \
  S(6, sbrk, 1)          /* (int bytes) -> the old end of the heap */ \
  S(7, sleep_ticks, 1)   /* (uint32_t ticks) */ \
  S(8, sched_yield, 0) \
  S(9, getpid, 0) \
  S(10, open, 2)         /* (path, O_RDONLY ...) -> fd */ \
  S(11, close, 1) \
  S(12, read, 3)         /* (fd, buf, n) -> bytes; 0 at the end; a directory gives struct pg32_dirent */ \
  S(13, write, 3) \
  S(14, lseek, 3)        /* (fd, int32 offset, SEEK_SET ...) -> new offset */ \
  S(15, fstat, 2)        /* (fd, struct pg32_stat *) */ \
  S(16, console_mode, 1) /* (CONSOLE_COOKED, CONSOLE_RAW, CONSOLE_ECHO) -> the old mode */ \
  S(17, poll_events, 2)  /* (events, uint32_t ticks) -> those that hold; 0 after that time */ \
  S(18, clock_ticks, 1)  /* (uint64_t *) */ \
  S(19, procinfo, 2)     /* (slot, struct pg32_procinfo *) -> 0; ESRCH: free slot; EINVAL: past the last */ \
  S(20, sysinfo, 1)      /* (struct pg32_sysinfo *) */ \
  S(21, vm_create, 3)    /* (struct vm_state *, ram, bytes) -> id */ \
  S(22, vm_run, 1)       /* (id) -> 0, results in the state page */ \
  S(23, vm_destroy, 1)   /* (id) */ \
  S(24, cpu_share, 1)    /* (1..SHARE_MAX): turns that many times as long, for it and its later children -> the old */

#define SYSCALL_MAX 24
#define SHARE_MAX 100

#define WNOHANG 1
#define EVENT_INPUT 0x1    /* a read of the console would not block */
#define POLL_FOREVER 0xFFFFFFFF
#define CONSOLE_COOKED 0    /* lines with editing, ^C, ^D */
#define CONSOLE_RAW 1       /* each byte as it comes */
#define CONSOLE_ECHO 2      /* cooked, and what is typed is shown */

/* waitpid's status: exit status << 8, or the signal that ended it */
#define SIGINT 2
#define SIGILL 4
#define SIGTRAP 5
#define SIGBUS 7
#define SIGKILL 9
#define SIGSEGV 11
#define SIGTERM 15

#ifndef __ASSEMBLER__
/* clang-format on */

struct pg32_dirent { /* one record of a directory; exactly 64 bytes */
  uint32_t size;     /* bytes */
  uint32_t mode;     /* as pg32_stat */
  char name[56];
};

#define MODE_DIR 0x4000 /* otherwise a file */
#define MODE_CHAR 0x2000
struct pg32_stat {
  uint32_t mode, size;
};

#define PROC_NAME 16
struct pg32_procinfo {
  uint32_t pid, parent, state; /* state: PROC_... below */
  uint32_t pages;              /* resident */
  char name[PROC_NAME];
};
enum { PROC_UNUSED, PROC_RUNNABLE, PROC_RUNNING, PROC_BLOCKED, PROC_ZOMBIE };

struct pg32_sysinfo {
  uint32_t ram_bytes, free_pages, tlb_entries, hz, processes;
};

/* ---- executables: as much of ELF32 as a loader needs ---- */
struct pg32_elf_header {
  uint8_t ident[16]; /* begins with PG32_ELF_IDENT */
  uint16_t type, machine;
  uint32_t version, entry, phoff, shoff, flags;
  uint16_t ehsize, phentsize, phnum, shentsize, shnum, shstrndx;
};
struct pg32_elf_segment {
  uint32_t type, offset, vaddr, paddr, filesz, memsz, flags, align;
};
#define PG32_ELF_IDENT "\177ELF\1\1\1" /* 32 bits, little endian, version 1: 7 bytes */
#define PG32_ELF_EXEC 2                /* type */
#define PG32_ELF_MACHINE 0x5032        /* machine, as isa/elf_pg32.h has it */
#define PG32_ELF_LOAD 1                /* a segment's type */
#define PG32_ELF_X 1                   /* its flags */
#define PG32_ELF_W 2
#define PG32_ELF_R 4

/* ---- vm_run ---- */
#define VM_VERSION 1
#define VM_OPS 16

#define VM_ALL 0xFFFF
struct vm_op {      /* virtual TLB slot `slot` has changed */
  uint16_t slot;    /* VM_ALL: every slot of `space` is cleared */
  uint16_t space;   /* 1 + virtual ASID; with slot VM_ALL also VM_ALL: of every space */
  uint32_t vpn;     /* guest-virtual page number */
  uint32_t gpn_rwx; /* guest-physical page in place | TLB_R.. ; no rights: the slot is cleared */
};

enum { VM_TRAP = 1, VM_BUDGET = 2, VM_EVENT = 3 };

struct vm_state {                 /* one pinned page, private to the VMM's process */
  uint32_t version;               /* VM_VERSION */
  uint32_t x[32];                 /* in, out */
  uint32_t pc;                    /* in, out */
  uint32_t space;                 /* in: 0 = untranslated guest addresses, else 1 + virtual ASID */
  uint32_t vstatus;               /* in: for the recorder; never loaded, never trusted */
  uint32_t budget;                /* in: instructions to retire at most; 0xFFFFFFFF = no limit */
  uint32_t events;                /* in: EVENT_... that should end the run */
  uint32_t nops;                  /* in: used elements of op; the kernel zeroes it when it has applied them */
  uint32_t reason;                /* out: VM_TRAP, VM_BUDGET, VM_EVENT */
  uint32_t retired;               /* out: instructions the guest retired, exactly */
  uint32_t cause, badva, badinst; /* out, for VM_TRAP: as the real low core had them */
  uint32_t tlb_entries;           /* out, by vm_create: slots of a virtual TLB */
  struct vm_op op[VM_OPS];
};

#endif /* __ASSEMBLER__ */
#endif
