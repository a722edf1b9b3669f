/* kernel.h - the kernel's types, and what each source file offers to the others.
 *
 * There is one CPU and one kernel stack, and interrupts are off in the kernel: the kernel runs from a trap to
 * the next resume without interruption, so it needs no locks. The kernel runs untranslated (STATUS.T = 0): a
 * pointer is a physical address.
 *
 * A system call that must wait does not keep a stack while it waits. It calls proc_block and returns; when
 * the process is woken, the scheduler makes the whole call again, from the saved registers.
 *
 * Functions that return int or int32_t return minus an error number on failure, as the system calls do, and TRY
 * passes an error on. A state that cannot be is a panic. */
#ifndef KERNEL_H
#define KERNEL_H

#include "hot.h"
#include "isa/platform.h"
#include <stddef.h>
#ifdef PARAVIRTUAL /* a kernel that knows that it is a guest */
#include "para/device.h"
#else
#include "device.h"
#endif

/* ENOENT, EINVAL, ...: a system call that fails returns minus one of these. */
enum {
#define E(name, number, text) name = number,
  PG32_ERRORS(E)
#undef E
};

/* The call's result; if that is an error, the caller returns it, too. */
#define TRY(call)                    \
  ({                                 \
    int result_ = (call);            \
    if (result_ < 0) return result_; \
    result_;                         \
  })

enum { EVENT_PIPE = 0x10000 }; /* beside EVENT_INPUT: some pipe can be read or written again */

enum {
  NPROC = 250,   /* processes; fewer than a frame's references can count */
  NFILE = 64,    /* descriptors of a process */
  NVM = 8,       /* virtual machines */
  SLICE = 20000, /* instructions of a turn, for each unit of a process's share */
  LEVELS = 4,    /* pid spaces around a process: the machine's, and those of containers in containers */
};

enum { CELL_BYTES = 64, NAME_BYTES = 56, PATH_BYTES = 256 }; /* names and paths: with their NUL */

/* What kernel.h calls a node, other systems call an inode. The numbers are those of st_rdev. */
enum { NODE_FILE, NODE_CONSOLE, NODE_DISK, NODE_NULL, NODE_ZERO, NODE_DIR };
struct node {
  uint8_t kind;     /* NODE_... */
  uint8_t height;   /* tables between root and a page; see node.c */
  uint16_t laid;    /* files whose bytes are in this one, which cannot be changed then */
  uint32_t number;  /* no other node has had it */
  uint32_t links;   /* names that lead here */
  uint32_t refs;    /* open files, and processes whose directory it is. The node goes with the last of both */
  uint32_t size;    /* of a NODE_FILE, in bytes, at most INT32_MAX */
  uint64_t changed; /* the tick of the last change */
  void *root;       /* NODE_FILE: the page, or the table that leads to the pages; NULL: no page */
  uint32_t kept_bytes; /* so many first bytes, <= size, are elsewhere as long as they have no page here: */
  struct node *layer;  /* in that file; NULL: in the initrd */
  union {
    const uint8_t *kept; /* their address in the initrd, ... */
    uint32_t at;         /* ... or their offset in the layer */
  };
  struct node *parent; /* NODE_DIR */
  struct entry *first; /* NODE_DIR */
};
struct entry { /* a name in a directory */
  struct entry *next;
  struct node *node;
  char name[NAME_BYTES]; /* filled up with NULs */
};
_Static_assert(sizeof(struct node) <= CELL_BYTES && sizeof(struct entry) <= CELL_BYTES, "they live in cells");

/* Where a path has led. */
struct place {
  struct node *node; /* NULL: there is no such name, but it can be made in dir */
  struct node *dir;  /* the directory of the last name; NULL: the path is "/" */
  const char *name;  /* the last name, `length` characters of the path */
  uint32_t length;
  struct entry **at; /* leads to the name's entry, or to the list's end; NULL: the last name is . or .. */
  bool slash;        /* the path ends with a slash */
};

/* An open file. fork and dup share it, its offset included. */
struct file {
  uint32_t refs;     /* descriptors that lead here; 0: this struct is free */
  uint32_t flags;    /* O_... of open */
  uint32_t offset;   /* where the next read or write begins: a byte; of a directory, the number of an entry */
  bool written;      /* it has been written to */
  struct node *node; /* NULL: it is a pipe */
  struct pipe *pipe; /* NULL: it is a node */
};

struct proc {
  uint32_t x[32];       /* the registers; must come first, because entry.S saves there */
  uint32_t pc;          /* where it goes on */
  uint32_t *pages;      /* page directory; see space.c */
  uint8_t asid;         /* 0: none at the moment; proc_resume then gets one */
  uint8_t state;        /* PROC_...; at most one process is PROC_RUNNING: `current` */
  uint8_t killed;       /* if not 0, the signal that ends it when it would run next; then asid is 0, too */
  bool again;           /* make its system call again when its turn comes; true while the call waits */
  bool armed;           /* `deadline` was set by the call that waits, so that the repeated call keeps it */
  uint32_t pid;         /* in the machine's own space: no other process has had it */
  uint32_t self;        /* in its container's: what getpid tells */
  struct proc *parent;  /* NULL: none, or it has ended */
  uint32_t status;      /* of a PROC_ZOMBIE: how it ended, as waitpid tells it */
  uint32_t waiting_for; /* while it is blocked in waitpid: the pid, or -1 for any child; else 0 */
  uint64_t deadline;    /* while PROC_BLOCKED: wake it at this tick; UINT64_MAX: never */
  uint32_t wake_events; /* while PROC_BLOCKED: EVENT_... that wake it */
  uint32_t heap_start;  /* the first byte behind its image; 0 < heap_start <= heap_end */
  uint32_t heap_end;    /* what sbrk(0) tells */
  uint32_t promised;    /* pages of the heap that have no frame yet; so many frames are reserved */
  uint32_t resident;    /* pages mapped: entries of its page tables that are not 0 */
  struct vm *vm;        /* set while it is in vm_run: its turn is this VM's turn */
  struct vm *ran;       /* its VM that vm_run named last; NULL: none */
  uint8_t share;        /* 1 to SHARE_MAX: its turn is so many SLICEs */
  uint32_t owed;        /* instructions by which its turns will be shorter: charge */
  uint8_t console;      /* 1 + the console mode that it has set; 0: it has set none */
  uint32_t pending;     /* signals that wait, a bit for each: they are blocked, or their handler comes next */
  uint32_t blocked;
  bool suspended;              /* it is in __sigsuspend: ... */
  uint32_t before_suspend;     /* ... what was blocked before, and will be after the handler */
  uint32_t restarts;           /* signals after whose handler a system call that waited is made again */
  uint32_t action[32];         /* by signal: SIG_DFL, SIG_IGN, or a handler's address */
  uint32_t restorer;           /* where a handler returns to: it calls sigreturn */
  uint8_t stopped;             /* the signal that has stopped it; 0: it is not stopped */
  bool tells_stop;             /* waitpid has not told yet that it is stopped */
  uint64_t alarm;              /* at this tick it gets SIGALRM; UINT64_MAX: never */
  uint32_t progress;           /* bytes that a write which waits has written */
  struct container *container; /* NULL: it is in none */
  struct {
    uint32_t pid, group; /* group: of processes that belong together, for ^C and kill: a pid */
  } at[LEVELS]; /* as the machine numbers it, as the outermost container does, ... its own container comes last */
  struct node *directory; /* where a path without a slash at its beginning starts; NULL: the root */
  uint32_t close_on_exec[NFILE / 32]; /* a bit for each descriptor */
  struct file *file[NFILE];           /* by descriptor; NULL: closed */
  char name[PROC_NAME];               /* always ends with a NUL */
};

/* ---- entry.S ---- */
extern char trap_entry[], counted_entry[] /* counted.S */, idle_loop[], kernel_stack_top[], __image_end[];
void resume(uint32_t *x);        /* never returns: loads x1..x31 from there, then rfe */
void vm_run_return(uint32_t *x); /* never returns: loads sp and s0 from there, clears others, then rfe */
void reschedule(void);           /* never returns: schedule() on an empty kernel stack */

/* ---- main.c: boot, panic, power ---- */
_Noreturn void panic(const char *where_what); /* for example "frame_drop: frame is free" */
_Noreturn void power_off(uint32_t status);
/* The instruction `mark kind, a, b` does nothing. It tells whoever records the run what the kernel is about
 * to do; kind is one of MARK_... in platform.h. */
#define mark(kind, a, b) __asm__ volatile("mark %0, %z1, %z2" ::"i"(kind), "rJ"(a), "rJ"(b))
uint64_t now(void);                    /* the tick; it loads from the clock, so it is not for hot paths */
void kprintf(const char *format, ...); /* to the console: %s, %u, and %x with 0x and eight digits */
void advise_ram(void);                 /* prints " (8 MiB; try --ram 64M)" */

/* ---- string.c: as the C library has them ---- */
void *memcpy(void *to, const void *from, size_t n);
void *memset(void *p, int c, size_t n);
int memcmp(const void *a, const void *b, size_t n);
size_t strlen(const char *s);

/* ---- frame.c: physical page frames ---- */
void frames_init(uint32_t first_free, uint32_t ram_bytes);
void *frame_alloc(void);          /* zeroed, with one reference; NULL when only reserved frames are left */
void *frame_alloc_reserved(void); /* one of the frames that frames_reserve has set aside; never fails */
bool frames_reserve(uint32_t n);  /* sets n frames aside; false, and none, when fewer are left */
void frames_unreserve(uint32_t n);
void frame_ref(void *frame);  /* one more reference */
void frame_drop(void *frame); /* one less; the last one frees the frame */
uint32_t frame_refs(void *frame);
uint32_t frames_free(void);        /* neither used nor reserved, and within the running process's limit */
uint32_t frame_owner(void *frame); /* the number of the container that it counts for; 0: none */
void frames_pass_on(uint32_t owner, uint32_t heir); /* a container's frames count for another one */
/* What heaps and files must leave: so that a program to which malloc has said no can still say so. */
enum { SPARE_PAGES = 8 };

/* ---- cell.c: CELL_BYTES at a time ---- */
void *cell_alloc(void); /* zeroed; NULL: no memory */
void cell_free(void *cell);

/* ---- tlb.c and asid.c: the TLB and the ASIDs. hi and lo are the two words of tlbw. ---- */
void tlb_init(void);
uint32_t tlb_entries(void);                     /* that the hardware has */
uint32_t tlb_install(uint32_t hi, uint32_t lo); /* no entry has this VPN and ASID. Returns the slot used */
void tlb_drop(uint32_t slot, uint32_t hi);      /* invalidates the entry if it is still in the slot */
void tlb_drop_page(uint32_t hi);                /* invalidates the entry in whichever slot it is */
void tlb_drop_asids(uint8_t *asids); /* those of all a with asids[a] = 1; asids[0] is 0. Changes asids[] */
void asid_get(uint8_t *holder);      /* sets *holder to an ASID, which may be taken from another holder */
void asid_put(uint8_t *holder); /* gives the ASID back, so that no entry is in reach; *holder is 0 then */
void asids_put(uint8_t *holder, uint32_t n); /* the same for n in a row; both are multiples of 4 */

/* ---- space.c: user address spaces ---- */
void space_free(struct proc *p);                             /* its pages, tables and ASID */
bool space_copy(struct proc *child, struct proc *parent);    /* copy-on-write; false: no memory */
bool space_fill(struct proc *p, uint32_t *pte, void *frame); /* an entry gets a frame; false: that is NULL */
uint32_t *space_pte(struct proc *p, uint32_t va); /* the page table's entry for va; NULL: there is no table */
uint32_t *space_pte_make(struct proc *p, uint32_t va); /* the same, but makes the table; NULL: no memory */
/* The physical address of va for an access that needs `right` (TLB_R, TLB_W or TLB_X). Brings the page in or
 * makes it private as the access requires. NULL if the process has no such right at va, or if there is no
 * memory. */
void *space_reach(struct proc *p, uint32_t va, uint32_t right);
int space_error(struct proc *p, uint32_t va, uint32_t right); /* why it was NULL: -EFAULT, or -ENOMEM */
/* The heap's end moves: frames are reserved (false: there are none), or the pages wholly in [from, to) are freed. */
bool space_grow(struct proc *p, uint32_t from, uint32_t to);
int space_shrink(struct proc *p, uint32_t from, uint32_t to);
/* From the process, and to it: 0, or space_error's. Before the error a part may have been copied. */
int copy_in(struct proc *p, void *to, uint32_t from, uint32_t n);
int copy_out(struct proc *p, uint32_t to, const void *from, uint32_t n);
int copy_in_string(struct proc *p, char *to, uint32_t from, uint32_t size); /* the length, or an error */

/* ---- proc.c: processes, and whose turn it is ---- */
extern struct proc procs[NPROC], *procs_end; /* procs_end: behind the last slot that is in use */
struct proc *proc_new(struct container *c);  /* PROC_BLOCKED, without pages; NULL: no slot or no memory */
void proc_rename(struct proc *p, const char *path);
void proc_free(struct proc *p);                  /* its slot is free */
void proc_mark_name(struct proc *p);             /* tells the recorder */
void proc_exit(struct proc *p, uint32_t status); /* never returns */
void proc_end(struct proc *p, uint32_t signal);  /* ends it as soon as it would run */
bool proc_can_run(struct proc *p);               /* does it want the CPU, and may it have it? */
void proc_claim(struct proc *p);                 /* p wants the CPU, perhaps, after a stop */
struct proc *proc_foreground(void);              /* the process that ^C is for; NULL: none */
void proc_ready(struct proc *p);                 /* a blocked process may run again */
int proc_block(struct proc *p, uint64_t deadline, uint32_t events); /* blocks the caller; returns 0 */
void proc_wake_events(uint32_t events);        /* wakes the processes that wait for one of them */
void proc_tell_parent(struct proc *p);         /* p has ended, or has been stopped */
void proc_resume(struct proc *p);              /* never returns: the process goes on */
void proc_resume_vmm(struct proc *p);          /* the same at the end of vm_run, after a trap out of the VM */
void proc_end_run(struct proc *p, int result); /* the same where vm_run ends otherwise, with that result */
/* What the kernel does for a VM counts as the turn of its process, by estimates in instructions; so do a few things that
 * any process can ask for. Otherwise one that keeps the kernel busy would get more than its share of the CPU. What the
 * turn is too short for is taken from the next ones. */
static inline void charge(uint32_t instructions) {
  uint32_t had = slice, left = had - instructions; /* one load, for the low core is volatile */
  if (had < instructions) {
    if (current) current->owed += instructions - had;
    left = 0;
  }
  slice = left;
}
void schedule(void); /* never returns: gives the CPU to the next process that can use it */

/* ---- signal.c ---- */
enum { SIG_DFL = 0, SIG_IGN = 1 };
void signal_send(struct proc *p, uint32_t signal); /* 1 to 31 */
void signal_deliver(struct proc *p); /* the process is about to run: what is pending takes its course */
void signal_group(struct proc *member, uint32_t signal); /* to all of its group, in its container */
void signal_exec(struct proc *p);

/* ---- exec.c ---- */
/* p gets a new program. argv and environment are arrays of strings' addresses, in the memory of `from`, or in the
 * kernel's if that is NULL. Returns 0, or minus an error with the old program intact. */
int exec(struct proc *p, const char *path, struct proc *from, uint32_t argv, uint32_t environment);

/* ---- trap.c ---- */
void trap(void); /* from entry.S; never returns */

/* ---- syscall.c ---- */
int32_t system_call(struct proc *p); /* the call that p's registers describe; what goes to its a0 */

/* Each call of platform.h is a function of the same type, so that a table can hold them all, in the file of what it is
 * about. CALL<n> defines the call of a name with n arguments, for example
 *
 *   CALL2(stat, path, to) { ... }
 *
 * whose body sees the process p and its two arguments. What the body returns goes to the process's a0. */
typedef int32_t call(struct proc *p, uint32_t a, uint32_t b, uint32_t c);
#define S(number, name, arguments) \
  call sys_##name;                 \
  enum { SYS_##name = number, ARGUMENTS_##name = arguments };
PG32_SYSCALLS(S)
#undef S
#define UNUSED __attribute__((unused))
#define CALL(n, name, a, b, c)                                                       \
  _Static_assert(ARGUMENTS_##name == n, #name " has other arguments in platform.h"); \
  int32_t sys_##name(struct proc *p UNUSED, uint32_t a UNUSED, uint32_t b UNUSED, uint32_t c UNUSED)
#define CALL0(name) CALL(0, name, a0, a1, a2)
#define CALL1(name, a) CALL(1, name, a, a1, a2)
#define CALL2(name, a, b) CALL(2, name, a, b, a2)
#define CALL3(name, a, b, c) CALL(3, name, a, b, c)

/* ---- console.c ---- */
void console_takes_data(void); /* from now on the mode is CONSOLE_RAW unless a process sets another */
void console_interrupt(void);  /* takes what the device has received, and wakes readers */
bool console_readable_by(struct proc *p); /* would this process's read not wait? */
void console_passed_on(void);             /* to call when another process may have become the one to read */
int console_read(struct proc *p, uint32_t buf, uint32_t n);
int console_write(struct proc *p, uint32_t buf, uint32_t n);
void console_release(struct proc *p); /* the process is about to end */

/* ---- node.c: the bytes of files ---- */
struct node *node_new(uint32_t kind); /* without names and refs; NULL: no memory */
void node_drop(struct node *n);       /* one ref less */
/* *count bytes of the file from `offset` on, which is below its size; *count may get less, but not 0. */
const uint8_t *node_bytes(struct node *n, uint32_t offset, uint32_t *count);
/* Copies from the process's buf. Returns how many bytes, fewer if memory ran out; offset + bytes <= INT32_MAX. */
int node_write(struct proc *p, struct node *n, uint32_t offset, uint32_t buf, uint32_t bytes);
void node_resize(struct node *n, uint32_t size); /* cuts it off, or adds zeros that take no memory */

/* ---- path.c: names and directories ---- */
void path_init(void);
/* Follows the path from a directory (NULL: the root). 0 also if only the last name is missing. `to` points into the
 * path, and holds until the next change of a directory. */
int path_find(struct node *from, const char *path, struct place *to);
/* The same for a path in the process's memory; `to` holds until the next such call at the latest. */
int path_in_call(struct proc *p, uint32_t path, struct place *to);
int path_make(struct place *to, uint32_t kind);  /* makes a node there; to->node leads to it */
int path_link(struct node *n, struct place *to); /* one more name for n */
bool path_entry(struct node *dir, uint32_t index, struct pg32_dirent *d); /* false: no more entries */

/* ---- initrd.c: the first files ---- */
void initrd_init(void);

/* ---- pipe.c ---- */
struct pipe *pipe_new(void); /* with one open file for each end; NULL: no memory */
void pipe_close(struct pipe *pipe, bool writing);
int pipe_read(struct proc *p, struct pipe *pipe, uint32_t buf, uint32_t n);
int pipe_write(struct proc *p, struct pipe *pipe, uint32_t buf, uint32_t n);

/* ---- file.c: descriptors ---- */
void files_standard(struct proc *p); /* descriptors 0, 1 and 2: the console */
void files_copy(struct proc *child, struct proc *parent);
void files_close(struct proc *p);
void file_directory(struct proc *p, struct node *directory); /* is its working directory now */
void files_exec(struct proc *p);                             /* closes those that are to be closed by exec */
uint32_t node_mode(struct node *n);                          /* MODE_... */

/* ---- disk.c: the block device. offset and n are multiples of a sector's size. ---- */
uint32_t disk_bytes(void); /* 0: there is no disk */
/* Between the process's buf and the disk; which: BLOCK_READ or BLOCK_WRITE. The bytes moved, or an error. */
int disk_move(struct proc *p, uint32_t which, uint32_t offset, uint32_t buf, uint32_t n);

/* ---- vm.c: virtual machines of user processes ---- */
void vm_run(uint32_t id, struct proc *p); /* never returns: the result goes to p's registers */
void vm_release_all(struct proc *p);      /* destroys the process's VMs */
bool vm_owned(struct proc *p);            /* has the process a VM? */
bool vm_pins(struct proc *p, uint32_t from, uint32_t to); /* does a VM use memory of p in [from, to)? */
void vm_tell(struct proc *p, struct pg32_procinfo *info); /* of its VMs */
void vm_trap(struct vm *vm, uint32_t cause);              /* never returns: a trap out of the VM */
void vm_enter(struct vm *vm);                             /* never returns: the VM goes on */

#include "container.h"
#endif
