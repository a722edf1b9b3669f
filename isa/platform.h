/* platform.h - what the programs of the machine know about the machine and about the kernel.
 *
 * The kernel, the VMM, the user programs and the simulator share this header: low core, STATUS, words of the
 * TLB, devices, boot, kinds of `mark`, system calls, and the interface of vm_run. C programs on both sides
 * include it, and assembly does, too (under __ASSEMBLER__). isa/MANUAL.md explains the machine in full. */
#ifndef PG32_PLATFORM_H
#define PG32_PLATFORM_H

/* ---- instructions and causes, from the one table ---- */
#include "cause.h"
#ifndef __ASSEMBLER__
#include <stdint.h>

enum {
#define PG32_INSN(name, opcode, shape, class, meaning) PG32_OP_##name = opcode,
#include "pg32.def"
};
#else
/* clang-format off */
#define PG32_INSN(name, opcode, shape, class, meaning) .equ PG32_OP_##name, opcode
#include "pg32.def"
/* clang-format on */
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
#define FACTS_CPU 0x1C         /* what the CPU has beyond PG32: CPU_FEATURE_... */

/* The features of a CPU. None: pg32. Only L is built so far. */
#define CPU_FEATURE_L 0x1       /* leaky: in user mode mfst and mtst do not trap */
#define CPU_L_WINDOW 0xFFFFC000 /* on it, the addresses from here on are loaded and stored by base x0 alone */
#define CPU_FEATURE_W 0x2       /* walks page tables by itself */
#define CPU_FEATURE_H 0x4       /* has a guest mode; needs W */

/* ---- boot ----
 * The loader (the machine's and the VMM's alike) zeroes RAM, copies the image's segments to their
 * physical addresses, the initrd to the next page boundary, the boot arguments to the page boundary
 * after that, and starts at the entry point with all registers 0, STATUS = TIMER = 0. */
#define IMAGE_BASE 0x1000 /* where kernel and bare images are linked */

/* ---- user address space ---- */
#define USER_BASE 0x00010000
#define USER_TOP 0x7FFFF000    /* the stack grows down from here, on demand, */
#define STACK_BYTES 0x00800000 /* to so many bytes at most; */
#define STACK_GUARD 0x00010000 /* below it so many are never used: a stack that is too deep is noticed */
#define STACK_END (USER_TOP - STACK_BYTES)
#define HEAP_LIMIT (STACK_END - STACK_GUARD)

/* clang-format off */
/* ---- kinds of mark (mark kind, a, b) ---- */
#define MARK_PROC 1  /* kernel, about to resume process a with ASID b */
#define MARK_VM 2    /* kernel, about to resume VM a whose vm_state.vstatus is b */
#define VM_PARAVIRTUAL 0x40000000 /* in that b: the guest's kernel knows that it is one (VM_PARA) */
#define MARK_NAME 3  /* kernel: four more characters (b, little endian) of the name of process a; a
                        name starts anew after another kind of mark, or another a */
#define MARK_IDLE 4  /* kernel, about to idle */
#define MARK_CLAIM 6 /* VMM that translates: what a word of the window stands for. a: its address | CLAIM_..., or 0: forget all */
#define CLAIM_BEGINS 0  /* an instruction of the guest begins here: its address */
#define CLAIM_WORD 1    /* that instruction's word */
#define CLAIM_BETWEEN 2 /* no instruction is under way here: the guest's PC. With CLAIM_INSIDE: the one there is */
#define CLAIM_INSIDE 1
#define CLAIM_DONE 3    /* if this word traps as illegal, the instruction under way is done: the guest's PC */
/* Without claims: from CLAIM_JUMPED on, x4 has the guest's PC, unless bit 1 of x4 is set, which means that the jump
 * faults. The guest's registers in CLAIM_OURS, and its STATUS, are in the window's last page. */
#define CLAIM_JUMPED (CPU_L_WINDOW - 4)
/* From CLAIM_ROUTINES to CLAIM_JUMPED are routines: x30 has the address behind the word that has called. */
#define CLAIM_ROUTINES (CLAIM_JUMPED - 192)
#define CLAIM_OURS (1u << 3 | 1u << 4 | 1u << 30 | 1u << 31)
#define CLAIM_STATUS 0              /* offset of STATUS */
#define CLAIM_REGISTER(r) (8 + 4 * (r)) /* offset of register r */
#define CLAIM_DUE 4                 /* offset of the word that is not 0 if an interrupt is due */
#define CLAIM_ON 136                /* offsets of STATUS with interrupts on, ... */
#define CLAIM_OFF 140               /* ... off, as at the entry to the translation, ... */
#define CLAIM_MASK 144              /* ... and of ST_MASK */
#define MARK_TELL 7 /* VMM that translates, with the option `tell`: a unit that it has made. a: TELL_..., in this order; b: its value */
#define TELL_PC 0       /* the guest's address that the unit is for */
#define TELL_KEY 1      /* the bits of STATUS that it is for */
#define TELL_START 2    /* its address in the window */
#define TELL_GUEST 3    /* each word of the guest that it was made from */
#define TELL_WORD 4     /* each word of the unit, not chained; and of each: */
#define TELL_PLACE 5    /* the guest's instruction, from 0 on | TELL_BOUNDARY | debt & 0xFF << 16 | cause << 24 */
#define TELL_BOUNDARY 0x100
#define TELL_EXIT_PC 6  /* of a word that is an exit: where it leads, ... */
#define TELL_EXIT_KEY 7 /* ... with which bits of STATUS ... */
#define TELL_EXIT_DEBT 8 /* ... and the debt then */
#define TELL_FACT 9 /* the words of DEV_FACTS that the VMM's guest reads, from the first on: a unit may have them within */
#define TELL_END 10
#define MARK_POSTED 8 /* VMM that translates: its guest has executed `tlbw a, b` without a trap, since it was entered last */
#define POSTED_TLBI 0x100 /* in a: no, but `tlbi a, b` */
#define MARK_INPUT 5 /* VMM: guest receives byte a & 255 (256 = hang-up) at tick b + (a >> 16 << 32) of its own */

/* ---- errors: a system call that fails returns minus one of these ----
 * The C library's functions use some more of them than the kernel does. */
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
  E(EEXIST, 17, "file exists") \
  E(ENODEV, 19, "no such device") \
  E(ENOTDIR, 20, "not a directory") \
  E(EISDIR, 21, "is a directory") \
  E(EINVAL, 22, "invalid argument") \
  E(ENFILE, 23, "too many open files in all processes") \
  E(EMFILE, 24, "too many open files") \
  E(ENOTTY, 25, "not a terminal") \
  E(EFBIG, 27, "file too large") \
  E(ENOSPC, 28, "no space left") \
  E(ESPIPE, 29, "cannot seek") \
  E(EROFS, 30, "read-only file system") \
  E(EPIPE, 32, "broken pipe") \
  E(EDOM, 33, "argument outside the domain") \
  E(ERANGE, 34, "result out of range") \
  E(ENAMETOOLONG, 36, "name too long") \
  E(ENOSYS, 38, "no such system call") \
  E(ENOTEMPTY, 39, "directory not empty")

/* ---- system calls ----
 *
 * A program puts the call's number into a7 and the arguments into a0, a1 and a2, and executes `syscall`. The
 * result comes back in a0; a result below zero is minus an error number. The other registers do not change.
 * (The C library's stubs set errno and return -1 instead.) A number that no call has gives ENOSYS.
 *
 * Arguments such as path and buf are addresses in the caller's memory. EFAULT means that the caller may not
 * load from such an address, or may not store to it where the kernel would have to store. In its place, such a call can
 * give ENOMEM: the page is the caller's, but there is no memory for a copy of it (after a fork), or for the stack.
 *
 * A path starts at the root if it begins with a slash, else at the caller's working directory; . is a directory itself
 * and .. the one it is in. Each call with a path can fail with
 *       EFAULT
 *       ENAMETOOLONG  the path has more than 255 bytes, or one of its names more than 55
 *       ENOENT  there is no such file, or the path is empty
 *       ENOTDIR a file that is no directory stands before a slash
 * and calls that make a name also with
 *       EEXIST  the name is there already
 *       ENOSPC  the memory for files is used up
 *
 * Processes
 *   _exit(int status)  Does not return. The low 8 bits of status are the exit status. When process 1
 *         exits, the machine is switched off.
 *   fork()  -> 0 in the child, the child's pid in the parent. The child has a copy of the memory, and
 *         shares the open files, offsets included.
 *       EBUSY   the caller has a VM
 *       EAGAIN  there are 250 processes already, or there is no memory for a page directory
 *       ENOMEM  there is no memory for the child's page tables
 *   execve(path, argv, environment)  Replaces the program. argv and environment are arrays of addresses of
 *         strings, ended by 0; environment may be 0. A file that begins with #! names the program that reads
 *         it: "#!/bin/sh -e" in the file x makes `x y` be `/bin/sh -e x y`. Destroys the caller's VMs, and
 *         closes the descriptors with FD_CLOEXEC. Returns only if it fails, and then nothing has changed.
 *       EFAULT  of path, of an array, or of one of the strings
 *       ENAMETOOLONG, ENOENT, ENOTDIR
 *       EISDIR  path is not a file of data: a directory or a device
 *       ENOEXEC the file is not a PG32 executable, or its headers are damaged
 *       E2BIG   the strings have more than 128 KiB, each with its NUL and its address
 *       ENOMEM
 *   waitpid(pid, status, options)  -> the pid of a child that has ended, after its end. pid: a child's,
 *         or -1 for any. Unless status is 0, a word there tells how the child ended: exit status << 8, or
 *         the signal. Options: with WNOHANG the result is 0 if none of the children has ended.
 *       ECHILD  the caller has no such child
 *       EFAULT  of status; the child can be waited for again
 *         pid 0 means the children of the caller's group, -N those of group N. With WUNTRACED a child that has
 *         been stopped is told, too, once: 0x7F, and the signal << 8.
 *   kill(pid, signal)  -> 0. pid 0 means all processes of the caller's group, -N those of group N, and -1 all but the
 *         caller and process 1. Signal 0 does nothing. What another one does, __sigaction has said; else SIGSTOP,
 *         SIGTSTP, SIGTTIN and SIGTTOU stop the process, SIGCONT lets it go on, SIGCHLD, SIGURG and SIGWINCH do
 *         nothing, and each other one ends it. SIGKILL and SIGSTOP cannot be caught, ignored or blocked.
 *       ESRCH   there is no such process, or it has ended
 *       EINVAL  signal is above 31
 *   __sigaction(signal, action, restorer)  -> 0. action: 0 (SIG_DFL), 1 (SIG_IGN), or the address of a handler, which is
 *         called with the number of the signal, while the signal is blocked, and returns to the restorer, code that
 *         calls __sigreturn. A system call that waits ends with EINTR; with SIGNAL_RESTARTS added to the signal, it is made
 *         again. fork keeps actions; execve keeps those that are SIG_IGN.
 *       EINVAL  there is no such signal, or it cannot be caught
 *   __sigmask(mask)  -> the old mask. Signals whose bits are set wait until the bits are not.
 *   __sigreturn()  Ends a handler: loads the registers that were stored at sp. Returns only if it fails.
 *       EFAULT
 *   __sigpending()  -> the signals that wait.
 *   __sigsuspend(mask)  Waits for a signal; until its handler returns, the signals that are blocked are those of mask.
 *       EINTR   a handler has run
 *   setpgid(pid, group)  -> 0. The process, the caller (pid 0) or a child, belongs to that group; 0: to one of its own.
 *       ESRCH   there is no such child
 *       EINVAL  group is negative
 *   getpgid(pid)  -> the group of the process, or of the caller (pid 0).
 *       ESRCH
 *   getpid()  -> the caller's pid. Never fails.
 *   sbrk(int bytes)  -> the old end of the heap, which moves by so many bytes, up or down. Pages are
 *         zero. Their memory is set aside at once, so that it cannot be lacking when they are first used.
 *       ENOMEM  the machine has not so much memory left, or the heap would reach the stack
 *       EINVAL  the heap would end before its start
 *       EBUSY   memory that would go belongs to a VM
 *   procinfo(slot, struct pg32_procinfo *)  -> 0. The process in that slot of the kernel's table, from 0
 *         on.
 *       EINVAL  slot is past the last one
 *       ESRCH   the slot is free
 *       EFAULT
 *
 * Time and the CPU
 *   sleep_ticks(uint32_t ticks)  -> 0, after at least so many ticks.
 *       EINTR   a handler has run; so in each call that waits
 *   __alarm(low, high, uint64_t *left)  -> 0. After so many ticks, high << 32 | low, the caller gets SIGALRM; 0:
 *         never. Unless left is 0, the ticks that were left of the alarm before go there; 0: there was none.
 *       EFAULT
 *   sched_yield()  -> 0, after other processes have had a turn. Never fails.
 *   clock_ticks(uint64_t *)  -> 0. The tick since the machine's reset: instructions and idle time.
 *       EFAULT
 *   cpu_share(share)  -> the old share. The turns of the caller, and of children that it makes from now
 *         on, are share times as long as usual: 1 (at first) to SHARE_MAX.
 *       EINVAL  share is 0 or above SHARE_MAX
 *   poll_events(events, uint32_t ticks)  -> those of the events that hold; 0 if none holds within so many
 *         ticks. events: 0 or EVENT_INPUT. ticks: POLL_FOREVER means no limit.
 *       EINVAL  events has other bits
 *
 * Files and the console
 *   open(path, flags)  -> the lowest descriptor that is free. flags: O_RDONLY, O_WRONLY or O_RDWR, with
 *         O_CREAT (makes the file if it is not there), O_EXCL (with O_CREAT: must make it), O_TRUNC (empties a
 *         file that may be written), O_APPEND (each write goes to the end), O_DIRECTORY, O_CLOEXEC; other bits
 *         are ignored. Files are in memory, and gone when the machine is switched off.
 *       EINVAL  flags has 3 where O_RDWR stands
 *       EISDIR  a directory is opened for writing, or to be made
 *       ENOTDIR also: O_DIRECTORY, and it is none
 *       EMFILE  the caller has 64 descriptors open
 *       ENFILE  512 files are open in all processes together
 *       EEXIST, ENOSPC  with O_CREAT
 *   close(fd)  -> 0
 *       EBADF   fd is not open; so in all the calls below
 *   dup2(fd, to)  -> to, which is closed first if it is open, and then leads to the same open file as fd.
 *       EBADF   also: to is not below 64
 *   pipe(int fds[2])  -> 0. What is written to fds[1] can be read from fds[0], in order.
 *       EFAULT, EMFILE, ENFILE
 *       ENOMEM
 *   fcntl(fd, command, argument)  F_DUPFD -> the lowest free descriptor from argument on, as dup2; F_GETFD ->
 *         FD_CLOEXEC or 0, and F_SETFD sets it; F_GETFL -> the access and O_APPEND, and F_SETFL sets O_APPEND.
 *       EBADF, EMFILE
 *       EINVAL  another command, or a descriptor that is not below 64
 *   read(fd, buf, n)  -> bytes read, at most n; 0 at the end of the file. A directory gives one struct
 *         pg32_dirent for each entry, as many as fit. The console waits for input, and gives one line at
 *         most unless the mode is CONSOLE_RAW. Ctrl-D ends a line without a newline: abc Ctrl-D is read as
 *         3 bytes, and Ctrl-D alone as 0, the end. A pipe gives what is there, waits if nothing is, and ends
 *         when nobody can write to it any more. /dev/disk is read in whole sectors.
 *       EBADF   also: fd is open for writing only
 *       EFAULT
 *       EINVAL  n is above 0x7FFFFFFF; or offset or n is not a whole number of sectors
 *       ENODEV  there is no disk
 *   write(fd, buf, n)  -> bytes written: n, or fewer at the end of the disk or of the memory, or before an
 *         address of buf that the caller may not load from. A pipe takes all n, and waits until it has.
 *       EBADF   fd is not open for writing
 *       EFAULT  of the first byte
 *       EINVAL, ENODEV  as read
 *       ENOSPC  the offset is at the end of the disk; or the memory for files is used up
 *       EFBIG   the offset is at 0x7FFFFFFF
 *       EPIPE   nobody reads from the pipe; and SIGPIPE does not end the caller
 *   lseek(fd, int offset, whence)  -> the new offset: offset bytes from the start (whence 0, SEEK_SET),
 *         from the old offset (1, SEEK_CUR) or from the end (2, SEEK_END). For a directory, whence must
 *         be SEEK_SET, and the offset counts entries.
 *       EBADF
 *       ESPIPE  fd is the console or a pipe
 *       EINVAL  another whence, or the new offset would be below 0 or above 0x7FFFFFFF
 *   ftruncate(fd, size)  -> 0. The file gets that size: bytes behind it are gone, bytes that it gains are zero.
 *       EBADF
 *       EINVAL  fd is no file of data open for writing, or size is above 0x7FFFFFFF
 *   fstat(fd, struct pg32_stat *)  -> 0
 *       EBADF, EFAULT
 *   stat(path, struct pg32_stat *)  -> 0
 *       EFAULT
 *   mkdir(path)  -> 0
 *       EEXIST, ENOSPC
 *   link(old, new)  -> 0. The file old has the name new, too.
 *       EPERM   old is a directory
 *       EEXIST, ENOSPC
 *   unlink(path)  -> 0. The name is gone; the file with its last name, when nobody has it open any more.
 *       EISDIR, EBUSY (the root)
 *   rmdir(path)  -> 0
 *       ENOTDIR, ENOTEMPTY
 *       EINVAL  the path ends with . or ..
 *       EBUSY   the root
 *   rename(old, new)  -> 0. What had the name new before is removed; an empty directory may be.
 *       EISDIR, ENOTDIR  a file would replace a directory, or a directory a file
 *       ENOTEMPTY
 *       EINVAL  a directory would come to lie in itself, or a path ends with . or ..
 *       EBUSY   the root
 *   chdir(path)  -> 0. Sets the working directory, which children inherit; at first it is the root.
 *   __getcwd(buf, size)  -> the bytes of the working directory's path, its NUL included.
 *       EFAULT
 *       ERANGE  the path does not fit
 *       ENOENT  the directory has been removed
 *   console_mode(mode)  -> the old mode. Sets the mode of the console while input is for the caller, or
 *         for a descendant that has set none: CONSOLE_COOKED, CONSOLE_RAW or CONSOLE_ECHO.
 *       EINVAL  another mode
 *   sysinfo(struct pg32_sysinfo *)  -> 0
 *       EFAULT
 *   keep_file(fd, path, const uint32_t part[2])  -> 0. Makes a file whose bytes are the part[1] bytes from part[0] on of
 *         the file fd, where they stay until the new file is written to, page by page. As long as such a file is
 *         there, fd's file cannot be changed: opening it for writing, and writing to it, are EROFS.
 *       EBADF, EFAULT, EEXIST, ENOSPC
 *       EINVAL  fd is no file of data open for reading, or has not so many bytes
 *       EISDIR  the path ends with a slash
 *
 * Containers; see chapter 16 of isa/MANUAL.md
 *   container_new(root, const struct pg32_container *)  -> 0. Makes a container, whose first process the caller is: it
 *         has pid 1 and the group 1 there, and the directory root is / for it. Descriptors from 3 on are closed, and so
 *         are 0, 1 and 2 if they lead to a directory; the working directory is the root. The caller's children will be
 *         inside, too. When the first process ends, all others inside are killed. From outside each process inside has
 *         the pid that it would have without a container. Inside, a pid (and a group) is that of a process of the same
 *         container or of one within; no other is there.
 *       EINVAL  name or host has no NUL, or a space, a slash or a colon; cpu is above 100; flags has other bits
 *       EBUSY   the caller has children, or a VM
 *       ENOENT, ENOTDIR  of root
 *       EAGAIN  there are 64 containers already; or 3 are around the caller
 *       ENOMEM  the caller's heap is above the limit of frames
 *       EFAULT
 *   container_join(pid)  -> 0. The caller comes into the container of the process pid, as one more process of it, with
 *         descriptors and working directory as container_new leaves them.
 *       ESRCH   there is no such process, or it has ended
 *       EINVAL  the process is in the caller's own container
 *       EBUSY   the caller has children, or a VM
 *       EAGAIN, ENOMEM  the container's limit
 *   container_info(pid, struct pg32_container *)  -> 0. Tells of the container of a process, or of the caller (pid 0).
 *       ESRCH, EFAULT
 *   __hostname(char *name, size, set)  -> 0. Tells the name of the caller's host, with its NUL; or, if set is not 0,
 *         changes the name, of size bytes.
 *       EFAULT
 *       ENAMETOOLONG  the name does not fit
 *       EINVAL  the new name has more than 31 bytes, or none, or a space, a slash or a colon
 *
 * Virtual machines; see "vm_run" below
 *   vm_create(struct vm_state *state, void *ram, uint32_t bytes)  -> the id of a new VM, from 1 on. state
 *         is its state page, whose version is set; ram and bytes are its memory. Both must be parts of
 *         the caller's heap, and stay there as long as the VM. Sets state->tlb_entries and state->cpu.
 *       EINVAL  state or ram is not at a page boundary; bytes is 0 or not a multiple of PAGE_SIZE; state
 *               lies in the RAM; or state->version is not VM_VERSION
 *       EFAULT  state or the RAM is not within the heap
 *       EBUSY   state or the RAM overlaps memory of another VM
 *       EAGAIN  there are 8 VMs already
 *       ENOMEM  there is no memory for page tables, or for copies of pages that the caller shares
 *   vm_run(id)  -> 0, when something has happened that the caller must know; state->reason tells what. Of the
 *         caller's registers it keeps sp and s0 alone, in whatever way it ends; the others are the guest's, or 0.
 *       EINVAL  id is not the id of one of the caller's VMs; state->nops is above VM_OPS; an element of
 *               state->op is not as struct vm_op demands (then none has been applied); state->space is
 *               none of those below; or state->events has bits other than EVENT_INPUT (for these two the elements
 *               of op have been applied)
 *   vm_window(id, void *pages, uint8_t *map)  -> 0. From now on the VM has a window, of which `pages` are the
 *         VM_WINDOW_BYTES, and a map, which has a bit for each page of its RAM; see "the window" below. Both
 *         must be parts of the caller's heap, and stay there as long as the VM.
 *       EINVAL  id is not the id of one of the caller's VMs; pages or map is not at a page boundary; or the
 *               VM has a window already
 *       EFAULT  pages or map is not within the heap
 *       ENOMEM
 *   vm_destroy(id)  -> 0. The memory is the caller's again. A process that ends destroys its VMs.
 *       EINVAL  id is not the id of one of the caller's VMs
 *
 * S(number, name, arguments) describes a call. The kernel's table and the C library's stubs are made from
 * this list. */
#define PG32_SYSCALLS(S) \
  S(1, _exit, 1) \
  S(2, fork, 0) \
  S(3, execve, 3) \
  S(4, waitpid, 3) \
  S(5, kill, 2) \
  S(6, sbrk, 1) \
  S(7, sleep_ticks, 1) \
  S(8, sched_yield, 0) \
  S(9, getpid, 0) \
  S(10, open, 2) \
  S(11, close, 1) \
  S(12, read, 3) \
  S(13, write, 3) \
  S(14, lseek, 3) \
  S(15, fstat, 2) \
  S(16, console_mode, 1) \
  S(17, poll_events, 2) \
  S(18, clock_ticks, 1) \
  S(19, procinfo, 2) \
  S(20, sysinfo, 1) \
  S(21, vm_create, 3) \
  S(22, vm_run, 1) \
  S(23, vm_destroy, 1) \
  S(24, cpu_share, 1) \
  S(25, vm_window, 3) \
  S(26, dup2, 2) \
  S(27, pipe, 1) \
  S(28, fcntl, 3) \
  S(29, ftruncate, 2) \
  S(30, stat, 2) \
  S(31, mkdir, 1) \
  S(32, link, 2) \
  S(33, unlink, 1) \
  S(34, rmdir, 1) \
  S(35, rename, 2) \
  S(36, chdir, 1) \
  S(37, __getcwd, 2) \
  S(38, __sigaction, 3) \
  S(39, __sigmask, 1) \
  S(40, __sigreturn, 0) \
  S(41, __sigpending, 0) \
  S(42, __sigsuspend, 1) \
  S(43, setpgid, 2) \
  S(44, getpgid, 1) \
  S(45, __alarm, 3) \
  S(46, keep_file, 3) \
  S(47, container_new, 2) \
  S(48, container_join, 1) \
  S(49, container_info, 2) \
  S(50, __hostname, 3)

#define SYS_VM_RUN 22 /* for the assembly of the kernel, and of programs */

/* The highest number of the list, in C only: a union is as large as its largest member. */
#define SYSCALL_SIZE(number, name, arguments) char name##_[number + 1];
#define SYSCALL_MAX (sizeof(union { PG32_SYSCALLS(SYSCALL_SIZE) }) - 1)
#define SHARE_MAX 100

/* open's flags, lseek's whence, fcntl's commands; the numbers are Linux's, whose headers a host program includes */
#ifndef __linux__
#define O_RDONLY 0
#define O_WRONLY 1
#define O_RDWR 2
#define O_ACCMODE 3
#define O_CREAT 0x40
#define O_EXCL 0x80
#define O_TRUNC 0x200
#define O_APPEND 0x400
#define O_DIRECTORY 0x10000
#define O_CLOEXEC 0x80000
#define SEEK_SET 0
#define SEEK_CUR 1
#define SEEK_END 2
#define F_DUPFD 0
#define F_GETFD 1
#define F_SETFD 2
#define F_GETFL 3
#define F_SETFL 4
#define FD_CLOEXEC 1
#endif

#define WNOHANG 1
#define WUNTRACED 2
#define SIGNAL_RESTARTS 0x100
#define EVENT_INPUT 0x1    /* a read of the console would not block */
#define POLL_FOREVER 0xFFFFFFFF
#define CONSOLE_COOKED 0    /* lines with editing, ^C, ^D */
#define CONSOLE_RAW 1       /* each byte as it comes */
#define CONSOLE_ECHO 2      /* cooked, and what is typed is shown */

/* waitpid's status: exit status << 8, or the signal that ended it, or 0x7F and the signal that stopped it << 8 */
#define SIGINT 2
#define SIGILL 4
#define SIGTRAP 5
#define SIGBUS 7
#define SIGKILL 9
#define SIGSEGV 11
#define SIGPIPE 13
#define SIGALRM 14
#define SIGTERM 15
#define SIGCHLD 17
#define SIGCONT 18
#define SIGSTOP 19
#define SIGTSTP 20
#define SIGTTIN 21
#define SIGTTOU 22
#define SIGURG 23
#define SIGWINCH 28

#ifndef __ASSEMBLER__
/* clang-format on */

struct pg32_dirent { /* one record of a directory; exactly 64 bytes */
  uint32_t size;     /* bytes */
  uint32_t mode;     /* as pg32_stat */
  char name[56];
};

#define MODE_DIR 0x4000 /* none of these: a file of data */
#define MODE_CHAR 0x2000
#define MODE_FIFO 0x1000
struct pg32_stat {
  uint32_t mode, size;
  uint32_t number; /* no other file has had it */
  uint32_t links;  /* names that lead to it */
  uint32_t device; /* of MODE_CHAR: 1 the console, 2 the disk, 3 /dev/null, 4 /dev/zero */
  uint32_t zero;
  uint64_t changed; /* the tick of the last change */
};

#define PROC_NAME 16
struct pg32_procinfo {
  uint32_t pid, parent, state; /* state: PROC_... below */
  uint32_t pages;              /* resident */
  char name[PROC_NAME];
  uint32_t vms, vm_pages; /* its VMs, and the RAM of these together */
  uint64_t vm_ticks;      /* ticks of their clocks together, of those with state->clock */
};
enum { PROC_UNUSED, PROC_RUNNABLE, PROC_RUNNING, PROC_BLOCKED, PROC_ZOMBIE };

#define HOST_NAME 32
#define CONTAINER_DETACHED \
  1 /* flags: the console is not for it: console_mode fails with ENOTTY, and no input comes */
struct pg32_container {
  char name[PROC_NAME]; /* for people; the kernel does not use it */
  char host[HOST_NAME];
  uint32_t flags;
  uint32_t frames, processes; /* of it, and of containers within, at most; 0: no limit */
  uint32_t cpu;               /* percent of the CPU at most; 0: no limit */
  /* What container_info tells, too: */
  uint32_t level; /* containers around it that the caller sees; 0: it is the caller's own */
  uint32_t first; /* the pid of its first process; 0: the caller sees none */
  uint32_t self;  /* the pid that the process has in it */
  uint32_t frames_used, processes_used; /* by it and by those within */
  uint32_t periods;                     /* of CPU_PERIOD ticks that have begun */
  int32_t left;                         /* ticks that it may still use in this one; up to 5/4 of its share */
  uint64_t ticks;                       /* that it has used */
};

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

/* ---- vm_run: how a VMM and the kernel talk about a virtual machine ----
 *
 * The VMM keeps the virtual machine; the kernel runs its guest on the real CPU, in user mode. The guest's
 * memory is the RAM that vm_create was given. The guest's registers, and all that the two tell each other,
 * are in the state page.
 *
 * The kernel translates the guest's addresses. In space 0 the guest runs untranslated: address a is byte a of
 * the RAM. In space 1 + n the guest runs translated with virtual ASID n: the kernel uses the pages of the
 * virtual TLB that the VMM has told it by struct vm_op.
 *
 * The window is for a VMM that does not run its guest's kernel as it stands, but a translation. vm_window gives
 * the VM the window's pages. In a space with VM_WINDOW they are the last ones of the guest's addresses,
 * whatever the guest has there: the last page can be loaded and stored, the others can be executed only. In
 * the other spaces the window is not to be seen. The map says which pages of RAM must not be stored to in the
 * untranslated spaces VM_MAPPED and VM_WINDOW: bit (n & 7) of byte n / 8 is set for page n. In the other
 * spaces the rights that struct vm_op gives say so. A VM with a window uses VM_MAPPED in place of space 0.
 *
 * vm_run ends with VM_TRAP when the guest traps, unless the kernel can deal with the trap itself. That is so
 * for the machine's own interrupts, and for a miss of the real TLB on a page that the guest has.
 *
 * VM_PARA, in place of a space, is for a guest whose kernel knows that it is a guest (isa/para.h). A kernel with the
 * hypervisor's part, such as `trapeze run --way para` boots, then gives the traps of the guest's processes to the
 * guest's kernel itself, and answers its hypercalls; another kernel refuses it with EINVAL. vstatus is in and out: the
 * guest's STATUS. vm_run ends with VM_KICK, or with VM_TRAP at a trap of the guest's kernel that is for the VMM: its
 * HCALL_WAIT, or its access to a device. budget, op and retired are not used. */
#define VM_VERSION 1
#define VM_OPS 16

#define VM_WINDOW 0x8000 /* with a space, 0 to 256: the same with the window */
#define VM_FRESH 0x4000  /* with VM_WINDOW: slots of that space have changed since it was entered last */
#define VM_MAPPED 0x2000 /* the guest's physical memory, with the rights that the map leaves */
#define VM_TRANSLATED 0x80000000 /* in vstatus */
#define VM_PARA 0x1000           /* a paravirtual guest: isa/para.h */
#define VM_WINDOW_BYTES (20 * PAGE_SIZE)
#define VM_WINDOW_START (0u - VM_WINDOW_BYTES) /* its first address in the guest */

/* A change of the virtual TLB: what slot `slot` holds now. Two slots never have the same page of the same
 * space: if an older one has, the kernel empties it. */
#define VM_ALL 0xFFFF
#define VM_PAGE 0xFFFE /* as a slot: page vpn of RAM; its bit in the map has changed */
struct vm_op {
  uint16_t slot;    /* below tlb_entries; or VM_ALL: every slot of `space` is emptied; or VM_PAGE */
  uint16_t space;   /* 1 to 256: 1 + virtual ASID. With slot VM_ALL: 0 to 256, or VM_ALL for every space */
  uint32_t vpn;     /* guest-virtual page number, below 1 << 20 */
  uint32_t gpn_rwx; /* guest-physical page in place, within the RAM, and rights: TLB_R, TLB_W, TLB_X. Bits 3
                       to 11 are 0. Without rights the slot is emptied; then space and vpn do not matter. */
};

/* Why vm_run has returned 0. */
enum {
  VM_TRAP = 1,   /* the guest has trapped: cause, badva and badinst tell how */
  VM_BUDGET = 2, /* it has retired as many instructions as budget allows */
  VM_EVENT = 3,  /* one of `events` holds */
  VM_KICK = 4,   /* VM_PARA: the guest wants the VMM to look at the rings */
};

/* The state page. The fields marked "in" are the VMM's to set, and the kernel only reads them, at the
 * beginning of vm_run. The fields marked "out" are written before vm_run returns 0. The kernel trusts no
 * field: the worst that a wrong value can do is EINVAL, or a guest that misbehaves within its own RAM. */
struct vm_state {
  uint32_t version; /* in, for vm_create: VM_VERSION */
  uint32_t x[32];   /* in and out: the guest's registers; x[0] is ignored */

  /* In and out. After VM_TRAP it is the PC that a real trap would have saved: for example, the address of the
   * instruction behind a syscall, or of the instruction that has faulted. */
  uint32_t pc;

  /* In: 0 to 256, as above; VM_MAPPED; VM_PARA; or VM_WINDOW, perhaps with VM_FRESH, with 0 to 256. */
  uint32_t space;

  /* In: the virtual STATUS, for a recorder of the run; the kernel does not use it. With VM_TRANSLATED, what runs is
   * a translation of the guest's code (MARK_CLAIM), and the STATUS is that with which the translation is entered. */
  uint32_t vstatus;
  uint32_t budget;  /* in: instructions that the guest may retire; 0: none; 0xFFFFFFFF: as good as no limit */
  uint32_t events;  /* in: EVENT_... that end vm_run, also if they hold already; 0: none */
  uint32_t nops;    /* in: elements of op to apply, 0 to VM_OPS; the kernel sets it to 0 */
  uint32_t reason;  /* out: VM_TRAP, VM_BUDGET or VM_EVENT */
  uint32_t retired; /* out: instructions that the guest has retired in this vm_run, exactly */

  /* Out, with VM_TRAP only: CAUSE, BADVA and BADINST of the real trap. If it was about an address, the
   * virtual machine might have trapped for another cause, or not at all: the VMM has to find out. */
  uint32_t cause, badva, badinst;

  uint32_t tlb_entries;    /* out, by vm_create: slots of the virtual TLB, as many as the machine's TLB has */
  struct vm_op op[VM_OPS]; /* in: changes of the virtual TLB, applied in order before the guest runs */
  uint32_t cpu;   /* out, by vm_create: FACTS_CPU of the machine, which runs the guest's instructions */
  uint32_t timer; /* in and out, with VM_PARA: the virtual TIMER, which counts down while vstatus has IE */
  uint32_t clock; /* in: the address of the guest's clock, a uint64_t, for procinfo; 0: it is not told */
};

#endif /* __ASSEMBLER__ */
#endif
