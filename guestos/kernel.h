/* kernel.h - the kernel's types and what each file offers to the others.
 *
 * One CPU, one kernel stack, interrupts off: the kernel runs from a trap to the next resume without
 * ever being interrupted, and holds no locks. A system call that must wait marks its process blocked
 * with `again` set; when the process is woken the call is simply made again from the saved registers.
 * The kernel runs untranslated (T=0): a pointer is a physical address. */
#ifndef KERNEL_H
#define KERNEL_H

#include "isa/platform.h"
#include <stdbool.h>
#include <stddef.h>

#ifndef NULL
#define NULL ((void *)0)
#endif

/* errors: a system call that fails returns minus one of these */
enum {
#define E(name, number, text) name = number,
  PG32_ERRORS(E)
#undef E
};

enum {
#define S(number, name, arguments) SYS_##name = number,
  PG32_SYSCALLS(S)
#undef S
};

/* Code on the path of a system call or of a VM's exit is kept together, on few pages. */
#define HOT __attribute__((section(".text.hot")))
#define HOT_DATA __attribute__((section(".data.hot")))
#define APART __attribute__((noinline)) /* inlined, it would cost its caller's short way a stack frame */

enum { NPROC = 64, NFILE = 16, NVM = 8, SLICE = 20000, STACK_PAGES = 16 };

/* ---- the low core, as laid out by the hardware and, from LC_FREE on, by entry.S ---- */
struct low_core {
  uint32_t pc, status, timer;     /* the old PSW */
  uint32_t cause, badva, badinst; /* why */
  uint32_t vector;
  uint32_t reserved[9];
  uint32_t scratch[3];                 /* 0x40: t0, t1, t2 while entry.S works */
  uint32_t *save;                      /* 0x4c: where a trap saves x0..x31: the context that runs */
  uint32_t *pages;                     /* 0x50: its page directory for the refill path; NULL = let C decide */
  uint32_t asid;                       /* 0x54: its ASID */
  uint32_t *mirror;                    /* 0x58: mirror slot that the TLB's pointer stands at */
  uint32_t *mirror_start, *mirror_end; /* 0x5c, 0x60 */
  char *stack;                         /* 0x64: top of the kernel's stack */
  struct proc *current;                /* whose turn it is; NULL = the idle loop's */
  uint32_t slice;                      /* instructions it may still retire before others get their turn */
};
#define LC ((volatile struct low_core *)0)
#define current (LC->current) /* here, one instruction reaches them */
#define slice (LC->slice)

/* ---- processes ---- */
struct file {
  enum { FILE_NONE, FILE_CONSOLE, FILE_DATA, FILE_DIR, FILE_DISK } kind;
  uint32_t refs;
  uint32_t offset, size;
  const uint8_t *data; /* FILE_DATA: in place, in the initrd; FILE_DIR: its path's header, NULL = the root */
};

struct proc {
  uint32_t x[32]; /* the registers, saved by entry.S; must come first */
  uint32_t pc;
  uint32_t *pages; /* page directory */
  uint8_t asid;    /* 0 = none at the moment */
  uint8_t state;   /* PROC_... */
  uint8_t killed;  /* signal that ends it as soon as it would run */
  bool again;      /* make the system call again when scheduled */
  bool armed;      /* `deadline` belongs to the call being made again */
  uint32_t pid;
  struct proc *parent;
  uint32_t status;      /* of a zombie, as waitpid gives it */
  uint32_t waiting_for; /* in waitpid for this pid; 0 = for none */
  uint64_t deadline;    /* while BLOCKED: wake at this tick; UINT64_MAX = never */
  uint32_t wake_events; /* EVENT_... that wake it */
  uint32_t heap_start, heap_end;
  uint32_t resident; /* pages mapped */
  struct vm *vm;     /* the VM whose turn this process's turn is, inside vm_run */
  uint8_t share;     /* its turn is so many SLICEs */
  uint8_t console;   /* 1 + the console mode it has set; 0: none */
  struct file *file[NFILE];
  char name[PROC_NAME];
};

/* Leads into a context and never comes back. It is not declared _Noreturn, because a compiler calls what does
 * not return but jumps to what is returned, and that spares the hot path a stack frame: write `return
 * f(...)`. */
#define INTO void

/* entry.S */
extern char trap_entry[], idle_loop[], kernel_stack_top[], __image_end[];
INTO resume(uint32_t *x); /* loads x1..x31 from there, then rfe */
INTO reschedule(void);    /* schedule(), on an empty kernel stack */

/* main.c */
_Noreturn void panic(const char *where_what);
_Noreturn void power_off(uint32_t status);
static inline uint32_t dev_load(uint32_t addr) { return *(volatile uint32_t *)addr; }
static inline void dev_store(uint32_t addr, uint32_t v) { *(volatile uint32_t *)addr = v; }
uint64_t now(void);                    /* ticks; touches the clock: not for hot paths */
void kprintf(const char *format, ...); /* %s %d %u %x (eight digits) %c, to the console */

/* string.c */
void *memcpy(void *to, const void *from, size_t n);
void *memset(void *p, int c, size_t n);
int memcmp(const void *a, const void *b, size_t n);
int strcmp(const char *a, const char *b);
size_t strlen(const char *s);

/* frame.c: physical page frames */
void frames_init(uint32_t first_free, uint32_t ram_bytes);
void *frame_alloc(void);          /* zeroed, one reference; NULL when only reserved frames are left */
void *frame_alloc_reserved(void); /* one of those set aside by frames_reserve; never fails */
bool frames_reserve(uint32_t n);
void frames_unreserve(uint32_t n);
void frame_ref(void *frame);
void frame_drop(void *frame);
uint32_t frame_refs(void *frame);
uint32_t frames_free(void); /* neither used nor reserved */

/* tlb.c: the TLB's content as software knows it, and the ASIDs */
void tlb_init(void);
uint32_t tlb_entries(void);
uint32_t tlb_install(uint32_t hi, uint32_t lo); /* no entry has this VPN and ASID: the slot it went to */
void tlb_replace(uint32_t hi, uint32_t lo);     /* an entry has: in place */
bool tlb_holds(uint32_t slot, uint32_t hi);
void tlb_drop(uint32_t slot, uint32_t hi); /* invalidates, if the slot holds it still */
void tlb_drop_page(uint32_t hi);           /* wherever it is */
void tlb_drop_asid(uint32_t asid);
void asid_get(uint8_t *holder); /* *holder != 0 afterwards; may take another holder's away */
void asid_put(uint8_t *holder);

/* space.c: address spaces */
uint32_t *space_new(void);
void space_free(struct proc *p);                          /* user pages and tables */
bool space_copy(struct proc *child, struct proc *parent); /* copy on write */
bool space_map(struct proc *p, uint32_t va, void *frame, uint32_t rights);
uint32_t *space_pte(struct proc *p, uint32_t va);      /* NULL: no table */
uint32_t *space_pte_make(struct proc *p, uint32_t va); /* makes the table; NULL: no memory */
/* The physical address of va for an access (TLB_R, TLB_W, TLB_X), its page brought in or made private as
 * needed; NULL if the process may not. */
void *space_reach(struct proc *p, uint32_t va, uint32_t right);
int space_shrink(struct proc *p, uint32_t from, uint32_t to);
bool copy_in(struct proc *p, void *to, uint32_t from, uint32_t n);
bool copy_out(struct proc *p, uint32_t to, const void *from, uint32_t n);
int copy_in_string(struct proc *p, char *to, uint32_t from, uint32_t size); /* length or -error */

/* proc.c: processes and whose turn it is */
extern struct proc procs[NPROC];
struct proc *proc_new(void);
void proc_rename(struct proc *p, const char *path);
struct proc *proc_find(uint32_t pid);
INTO proc_exit(struct proc *p, uint32_t status);
int proc_kill(uint32_t pid, uint32_t signal);
void proc_end(struct proc *p, uint32_t signal); /* as soon as it would run */
struct proc *proc_foreground(void);             /* whom ^C is for */
void proc_ready(struct proc *p);
int proc_block(struct proc *p, uint64_t deadline, uint32_t events); /* the call will be made again */
void proc_wake_events(uint32_t events);
void proc_wake_parent(struct proc *p);
INTO proc_resume(struct proc *p);
INTO schedule(void);
int proc_fork(struct proc *p);
int proc_wait(struct proc *p, int32_t pid, uint32_t status, uint32_t options);

/* exec.c */
int exec(struct proc *p, const char *path, const char *words, uint32_t argc, uint32_t bytes);
int exec_user(struct proc *p, uint32_t path, uint32_t argv);

/* trap.c */
INTO trap(void);                   /* from entry.S */
_Noreturn void kernel_fault(void); /* a trap in the kernel itself: a defect of ours */

/* syscall.c */
int32_t system_call(struct proc *p);

/* console.c */
void console_init(void);
void console_put(char c);
void console_interrupt(void);
extern bool console_readable; /* somebody's read would not wait; a variable, because vm_run looks at it */
bool console_readable_by(struct proc *p);
void console_passed_on(void); /* whose input it is may have changed */
int console_read(struct proc *p, uint32_t buf, uint32_t n);
int console_write(struct proc *p, uint32_t buf, uint32_t n);
int console_mode(struct proc *p, uint32_t mode);
void console_release(struct proc *p);

/* file.c: descriptors and the initrd's files */
void files_init(void);
void files_standard(struct proc *p);
void files_copy(struct proc *child, struct proc *parent);
void files_close(struct proc *p);
bool initrd_find(const char *path, const uint8_t **data, uint32_t *size);
int file_open(struct proc *p, uint32_t path, uint32_t flags);
int file_close(struct proc *p, uint32_t fd);
int file_read(struct proc *p, uint32_t fd, uint32_t buf, uint32_t n);
int file_write(struct proc *p, uint32_t fd, uint32_t buf, uint32_t n);
int file_seek(struct proc *p, uint32_t fd, int32_t offset, uint32_t whence);
int file_stat(struct proc *p, uint32_t fd, uint32_t stat);

/* disk.c */
uint32_t disk_bytes(void);
int disk_read(struct proc *p, uint32_t offset, uint32_t buf, uint32_t n);
int disk_write(struct proc *p, uint32_t offset, uint32_t buf, uint32_t n);

/* vm.c: virtual machines for user processes */
int vm_create(struct proc *p, uint32_t state, uint32_t ram, uint32_t bytes);
INTO vm_run(struct proc *p); /* the system call: its argument is in p's registers, its result goes there */
int vm_destroy(struct proc *p, uint32_t id);
void vm_release_all(struct proc *p);
bool vm_owned(struct proc *p);                            /* has it any? */
bool vm_pins(struct proc *p, uint32_t from, uint32_t to); /* does a VM need that part of p's memory? */
INTO vm_trap(struct vm *vm);
INTO vm_enter(struct vm *vm);

#endif
