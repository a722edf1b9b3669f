/* lists.S - small kernels without marks, each with a way of its own to come back to its processes; tests/lists.t says
 * which lists they make. Each is built with -DSWITCH, -DRESTART and so on. */
#include <isa/platform.h>

#define PROCESS(asid) (ST_U | ST_T | (asid) << ST_ASID_SHIFT)
#define DATA 0x70000000

        .macro  enter pc, status
        la      t0, \pc
        sw      t0, LC_PC(zero)
        li      t0, \status
        sw      t0, LC_STATUS(zero)
        rfe
        .endm
        .macro  map page, frame, rights, asid
        la      t0, \page
        ori     t0, t0, \asid
        la      t1, \frame
        ori     t1, t1, \rights
        tlbw    t0, t1
        .endm

        .globl  _start
_start: la      t0, vector
        sw      t0, LC_VECTOR(zero)
        map     user, user, TLB_R | TLB_X, 1
        map     user, user, TLB_R | TLB_X, 2

#ifdef SWITCH   /* each system call goes on with the other of two processes; a1 says which runs */
        li      s0, 5
        la      s1, user
        li      s2, PROCESS(2)
        li      a1, 1
        li      s3, 2
        enter   user, PROCESS(1)
vector: beqz    s0, off
        addi    s0, s0, -1
        lw      t0, LC_PC(zero)
        lw      t1, LC_STATUS(zero)
        mv      t2, a1
        sw      s1, LC_PC(zero)
        sw      s2, LC_STATUS(zero)
        mv      a1, s3
        mv      s1, t0
        mv      s2, t1
        mv      s3, t2
        mv      a0, a1
        rfe
        .balign PAGE_SIZE
user:   syscall
        j       user
#endif

#ifdef TWINS    /* two processes take turns in one ASID, whose entries are invalidated between them. They wait at one
                 * address with the same registers, so nothing that can be seen tells which of them goes on */
        li      t0, 0
        li      t1, 0
        enter   user, PROCESS(1)
vector: la      t0, data                # traps so far
        lw      t1, 0(t0)
        addi    t1, t1, 1
        sw      t1, 0(t0)
        addi    t0, t1, -6
        beqz    t0, off
        addi    t1, t1, -1
        bnez    t1, 1f
        la      t0, user                # the second process begins
        sw      t0, LC_PC(zero)
1:      li      t0, 1
        tlbi    t0, TLBI_ASID
        map     user, user, TLB_R | TLB_X, 1
        li      t0, PROCESS(1)
        li      t1, 0
        rfe
        .balign PAGE_SIZE
user:   syscall
        j       user
#endif

#ifdef SUCCESSOR /* another program is given the ASID, and begins where the first one's call would return */
        enter   user, PROCESS(1)
vector: bnez    s1, off
        li      t0, 1
        tlbi    t0, TLBI_ASID
        map     user, user, TLB_R | TLB_X, 1
        li      s1, 1
        li      s2, 2
        li      a1, 3
        li      a2, 4
        rfe
        .balign PAGE_SIZE
user:   syscall
        syscall
#endif

#ifdef UPCALL   /* a process goes on in an upcall, and from there where its call returns, by itself */
        enter   user, PROCESS(1)
vector: addi    s0, s0, 1
        addi    t0, s0, -2
        beqz    t0, off
        enter   upcall, PROCESS(1)
        .balign PAGE_SIZE
user:   syscall
        syscall
upcall: xor     a0, a0, a0
        j       user + 4
#endif

#ifdef MOVED    /* a process whose ASID another one has taken goes on in an upcall, in a second ASID, and from there
                 * where its call returns, by itself */
        enter   user, PROCESS(1)
vector: addi    s0, s0, 1
        addi    t0, s0, -2
        beqz    t0, 1f
        addi    t0, s0, -3
        beqz    t0, off
        li      t0, 1
        tlbi    t0, TLBI_ASID
        map     user, user, TLB_R | TLB_X, 1
        enter   second, PROCESS(1)
1:      enter   upcall, PROCESS(2)
        .balign PAGE_SIZE
user:   syscall
        syscall
second: syscall
upcall: xor     a0, a0, a0
        j       user + 4
#endif

#ifdef FORK     /* the child begins where the call returns, in an ASID of its own; the parent's entries are
                 * invalidated, as for copy on write; the child's call goes back to the parent */
        li      a0, 7
        enter   user, PROCESS(1)
vector: la      t0, data
        lw      t1, 0(t0)
        addi    t1, t1, 1
        sw      t1, 0(t0)
        addi    t0, t1, -3
        beqz    t0, off
        addi    t0, t1, -1
        bnez    t0, 1f
        li      t0, 1
        tlbi    t0, TLBI_ASID
        map     user, user, TLB_R | TLB_X, 1
        li      a0, 0
        enter   user + 4, PROCESS(2)
1:      li      a0, 1
        enter   user + 4, PROCESS(1)
        .balign PAGE_SIZE
user:   syscall
        syscall
#endif

#ifdef CLONE    /* a thread of the same address space begins where the system call returns, on a stack of its
                 * own, and its call goes back to the first one */
        li      sp, 0x5000
        enter   user, PROCESS(1)
vector: addi    s0, s0, 1
        addi    t0, s0, -3
        beqz    t0, off
        addi    t0, s0, -1
        bnez    t0, 1f
        li      sp, 0x6000
        li      a0, 0
        rfe
1:      li      sp, 0x5000
        li      a0, 1
        la      t0, user + 4
        sw      t0, LC_PC(zero)
        rfe
        .balign PAGE_SIZE
user:   syscall
        syscall
#endif

#ifdef RESTART  /* each system call is made twice */
        enter   user, PROCESS(1)
vector: addi    s0, s0, 1
        addi    t0, s0, -3
        beqz    t0, off
        andi    t0, s0, 1
        beqz    t0, 1f
        lw      t0, LC_PC(zero)
        addi    t0, t0, -4
        sw      t0, LC_PC(zero)
1:      rfe
        .balign PAGE_SIZE
user:   li      a7, 1
        syscall
        li      a7, 2
        syscall
#endif

#ifdef JUMP     /* the kernel goes back by mtst and a jump, from a page that both share */
        la      s1, first
        j       leave
vector: lw      s1, LC_PC(zero)
        addi    s2, s2, 1
        addi    t0, s2, -2
        beqz    t0, off
        li      a0, 77
        j       leave
        .balign PAGE_SIZE
user:
leave:  li      t0, PROCESS(1)
        mtst    t0
        jr      s1
first:  li      a7, 5
        syscall
        li      a7, 6
        syscall
#endif

#ifdef NESTED   /* system calls from which the kernel returns by mtst, after it has trapped itself */
        la      s1, first
        j       leave
vector: lw      t0, LC_CAUSE(zero)
        addi    t0, t0, -CAUSE_BREAK
        beqz    t0, 1f
        lw      s1, LC_PC(zero)
        break
        addi    s2, s2, 1
        addi    t0, s2, -12
        beqz    t0, off
        j       leave
1:      rfe
        .balign PAGE_SIZE
user:
leave:  li      t0, PROCESS(1)
        mtst    t0
        jr      s1
first:  syscall
        j       first
#endif

#ifdef NEIGHBOUR /* at a fault of process 1 the kernel first loads the same page for process 2 */
        enter   user, PROCESS(1)
vector: lw      t0, LC_CAUSE(zero)
        addi    t0, t0, -CAUSE_LOAD_MISS
        bnez    t0, off
        addi    s0, s0, 1
        addi    t0, s0, -1
        bnez    t0, 1f
        map     DATA, data, TLB_R, 2
        rfe
1:      map     DATA, data, TLB_R, 1
        rfe
        .balign PAGE_SIZE
user:   lui     a1, DATA >> PAGE_SHIFT
        lw      a0, 0(a1)
        syscall
#endif

#ifdef PAGER    /* process 2 loads what process 1 lacks, and only then 1 goes on */
        enter   user, PROCESS(1)
vector: lw      t0, LC_CAUSE(zero)
        addi    t0, t0, -CAUSE_LOAD_MISS
        bnez    t0, 1f
        li      s1, 1
        enter   second, PROCESS(2)
1:      beqz    s1, off
        li      s1, 0
        map     DATA, data, TLB_R, 1
        enter   user + 4, PROCESS(1)
        .balign PAGE_SIZE
user:   lui     a1, DATA >> PAGE_SHIFT
        lw      a0, 0(a1)
        syscall
second: syscall
#endif

#ifdef SKIP     /* a store that is not allowed is skipped */
        map     DATA, data, TLB_R, 1
        enter   user, PROCESS(1)
vector: lw      t0, LC_CAUSE(zero)
        addi    t0, t0, -CAUSE_STORE_PROT
        bnez    t0, off
        lw      t0, LC_PC(zero)
        addi    t0, t0, 4
        sw      t0, LC_PC(zero)
        rfe
        .balign PAGE_SIZE
user:   lui     a1, DATA >> PAGE_SHIFT
        sw      a0, 0(a1)
        syscall
#endif

#ifdef COPY     /* the first store to a page gets a frame of its own; before, entries that do not allow the store */
        map     DATA, data, TLB_R, 1
        enter   user, PROCESS(1)
vector: lw      t0, LC_CAUSE(zero)
        addi    t0, t0, -CAUSE_STORE_PROT
        bnez    t0, off
        map     DATA, data, 0, 1
        map     DATA, data, TLB_R, 1
        map     DATA, data + PAGE_SIZE, TLB_R | TLB_W, 1
        rfe
        .balign PAGE_SIZE
user:   lui     a1, DATA >> PAGE_SHIFT
        sw      a0, 0(a1)
        syscall
#endif

#ifdef INTERRUPTED /* a timer interrupt comes as soon as the system call has returned */
        enter   user, PROCESS(1)
vector: lw      t0, LC_CAUSE(zero)
        addi    t0, t0, -CAUSE_SYSCALL
        beqz    t0, 1f
        addi    s0, s0, 1
        addi    t0, s0, -2
        beqz    t0, off
        li      t0, 100
        sw      t0, LC_TIMER(zero)
        rfe
1:      sw      zero, LC_TIMER(zero)
        li      t0, PROCESS(1) | ST_IE
        sw      t0, LC_STATUS(zero)
        rfe
        .balign PAGE_SIZE
user:   syscall
        syscall
#endif

#ifdef FAKE     /* the kernel says that it is about to run a VM, and has none */
        enter   user, PROCESS(1)
vector: addi    s0, s0, 1
        addi    t0, s0, -3
        beqz    t0, off
        li      t1, 5
        mark    MARK_VM, t1, t1
        rfe
        .balign PAGE_SIZE
user:   syscall
        syscall
        syscall
#endif

        .text
off:    li      t0, DEV_POWER
        sw      zero, POWER_OFF(t0)
        .bss
        .balign PAGE_SIZE
data:   .space  2 * PAGE_SIZE
