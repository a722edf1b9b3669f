/* vmtests [NAME...] - tests of vm_create, vm_run and vm_destroy. The guests are a few words of PG32 each,
 * put together here from the instruction table. */
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "pg32.h"
#include "usertest.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))
#define RAM_PAGES 8
#define RAM_BYTES (RAM_PAGES * PAGE_SIZE)
#define PAGE_WORDS (PAGE_SIZE / sizeof(uint32_t))
#define UNLIMITED 0xFFFFFFFF
#define OUTSIDE 0xF0000000 /* no guest has memory there */

/* ---- words of PG32 ---- */

#define R(op, rd, rs1, rs2) ((uint32_t)PG32_OP_##op << 25 | (rd) << 20 | (rs1) << 15 | (rs2) << 10)
#define I(op, rd, rs1, imm) ((uint32_t)PG32_OP_##op << 25 | (rd) << 20 | (rs1) << 15 | ((imm)&0x7FFF))
#define ADDI(rd, rs1, imm) I(addi, rd, rs1, imm)
#define LW(rd, imm, rs1) I(lw, rd, rs1, imm)
#define SW(rs2, imm, rs1) I(sw, rs2, rs1, imm)
#define JUMP(words) ((uint32_t)PG32_OP_jal << 25 | ((words)&0xFFFFF)) /* from itself */
#define SYSCALL R(syscall, 0, 0, 0)

/* ---- a VM ---- */

static struct vm_state *state;
static uint32_t *ram;
static int vm;

static void make_memory(void) {
  state = aligned_alloc(PAGE_SIZE, PAGE_SIZE + RAM_BYTES);
  CHECK(state != NULL);
  memset(state, 0, PAGE_SIZE);
  ram = (uint32_t *)((char *)state + PAGE_SIZE);
  state->version = VM_VERSION;
  state->budget = UNLIMITED;
}

static void make_vm(void) {
  make_memory();
  vm = vm_create(state, ram, RAM_BYTES);
  CHECK(vm > 0);
}

/* A VM with that program at guest-physical address 0. */
#define GUEST(...)                                  \
  do {                                              \
    static const uint32_t words_[] = {__VA_ARGS__}; \
    make_vm();                                      \
    memcpy(ram, words_, sizeof words_);             \
  } while (0)

static void run(void) { CHECK_EQUAL(vm_run(vm), 0); }

/* Runs until the guest traps, and checks cause, pc and count. */
static void run_to_trap(uint32_t cause, uint32_t pc, uint32_t retired) {
  run();
  CHECK_EQUAL(state->reason, VM_TRAP);
  CHECK_EQUAL(state->cause, cause);
  CHECK_EQUAL(state->pc, pc);
  CHECK_EQUAL(state->retired, retired);
}

static void set_slot(uint32_t slot, uint32_t space, uint32_t vpn, uint32_t gpn, uint32_t rights) {
  state->op[state->nops++] = (struct vm_op){(uint16_t)slot, (uint16_t)space, vpn, gpn << PAGE_SHIFT | rights};
}

/* ---- vm_create ---- */

static void test_create(void) {
  make_vm();
  CHECK(state->tlb_entries >= 2);
  CHECK_EQUAL(vm_destroy(vm), 0);
}

static void test_create_wrong_version(void) {
  make_memory();
  state->version = VM_VERSION + 1;
  CHECK_ERROR(vm_create(state, ram, RAM_BYTES), EINVAL);
  state->version = 0;
  CHECK_ERROR(vm_create(state, ram, RAM_BYTES), EINVAL);
}

static void test_create_unaligned(void) {
  make_memory();
  CHECK_ERROR(vm_create((void *)((char *)state + 4), ram, RAM_BYTES), EINVAL);
  CHECK_ERROR(vm_create(state, ram + 1, RAM_BYTES), EINVAL);
  CHECK_ERROR(vm_create(state, ram, RAM_BYTES - 4), EINVAL);
  CHECK_ERROR(vm_create(state, ram, 0), EINVAL);
}

static void test_create_bad_memory(void) {
  static const uint32_t bad[] = {0,         USER_BASE - PAGE_SIZE, 0x40000000, USER_TOP, 0x80000000, OUTSIDE,
                                 0xFFFFF000};
  make_memory();
  for (size_t i = 0; i < COUNT(bad); i++) {
    CHECK_ERROR(vm_create((void *)bad[i], ram, RAM_BYTES), EFAULT);
    CHECK_ERROR(vm_create(state, (void *)bad[i], RAM_BYTES), EFAULT);
  }
  CHECK_ERROR(vm_create(state, ram, 0x7FFFF000), EFAULT);
  CHECK_ERROR(vm_create(state, ram, -(uint32_t)(uintptr_t)ram), EFAULT);
  CHECK_ERROR(vm_create(state, ram, 0xFFFFF000), EFAULT);
}

static void test_create_overlapping(void) {
  make_vm();
  struct vm_state *other = aligned_alloc(PAGE_SIZE, PAGE_SIZE);
  other->version = ram[PAGE_WORDS] = VM_VERSION;
  CHECK_ERROR(vm_create((void *)ram, ram, RAM_BYTES), EINVAL);
  CHECK_ERROR(vm_create((void *)(ram + PAGE_WORDS), ram, RAM_BYTES), EINVAL);
  CHECK_ERROR(vm_create(state, ram, RAM_BYTES), EBUSY);
  CHECK_ERROR(vm_create(other, ram + PAGE_WORDS, PAGE_SIZE), EBUSY);
  CHECK_ERROR(vm_create(other, state, PAGE_SIZE), EBUSY);
}

/* A window that the machine has no frames for is refused at once, not when it is used: there is no such heap. */
static void test_create_too_big(void) {
  make_memory();
  struct pg32_sysinfo info;
  sysinfo(&info);
  CHECK_ERROR((intptr_t)sbrk((intptr_t)info.free_pages * PAGE_SIZE), ENOMEM);
  CHECK_ERROR(vm_create(state, ram, info.free_pages * PAGE_SIZE), EFAULT);
}

static void test_create_many(void) {
  int ids[100], n = 0;
  for (; n < 100; n++) {
    make_memory();
    if ((ids[n] = vm_create(state, ram, RAM_BYTES)) < 0) break;
  }
  CHECK(n >= 2 && n < 100);
  CHECK_EQUAL(errno, EAGAIN);
  for (int i = 0; i < n; i++) CHECK_EQUAL(vm_destroy(ids[i]), 0);
}

/* ---- ids and owners ---- */

static void test_wrong_ids(void) {
  make_vm();
  CHECK_ERROR(vm_run(0), EINVAL);
  CHECK_ERROR(vm_run(-1), EINVAL);
  CHECK_ERROR(vm_run(vm + 1), EINVAL);
  CHECK_ERROR(vm_run(1000000), EINVAL);
  CHECK_ERROR(vm_destroy(vm + 1), EINVAL);
  CHECK_EQUAL(vm_destroy(vm), 0);
  CHECK_ERROR(vm_destroy(vm), EINVAL);
  CHECK_ERROR(vm_run(vm), EINVAL);
}

/* The child tries every id while its parent has a VM. */
static void test_foreign_vm(void) {
  pid_t child = usertest_fork();
  if (child == 0) {
    sleep_ticks(200000);
    for (int id = 0; id < 20; id++) {
      CHECK_ERROR(vm_run(id), EINVAL);
      CHECK_ERROR(vm_destroy(id), EINVAL);
    }
    exit(0);
  }
  GUEST(SYSCALL);
  CHECK_EQUAL(usertest_wait(child), 0);
  run_to_trap(CAUSE_SYSCALL, 4, 1);
}

static void exit_at_once(void) {}

static void test_pinned_memory(void) {
  make_vm();
  CHECK_ERROR(fork(), EBUSY);
  CHECK_ERROR((intptr_t)sbrk(-((intptr_t)sbrk(0) - (intptr_t)ram)), EBUSY);
  CHECK_EQUAL(vm_destroy(vm), 0);
  CHECK_EQUAL(usertest_in_child(exit_at_once), 0);
}

/* ---- vm_run: what is checked before anything happens ---- */

static void test_bad_state(void) {
  GUEST(SYSCALL);
  state->space = 257;
  CHECK_ERROR(vm_run(vm), EINVAL);
  state->space = 0xFFFFFFFF;
  CHECK_ERROR(vm_run(vm), EINVAL);
  state->space = 0, state->nops = VM_OPS + 1;
  CHECK_ERROR(vm_run(vm), EINVAL);
  state->nops = 0xFFFFFFFF;
  CHECK_ERROR(vm_run(vm), EINVAL);
  state->nops = 0, state->events = 0x80;
  CHECK_ERROR(vm_run(vm), EINVAL);
  state->events = EVENT_INPUT | 2;
  CHECK_ERROR(vm_run(vm), EINVAL);
  state->events = 0;
  run_to_trap(CAUSE_SYSCALL, 4, 1);
}

/* The good change before the bad one must not have been made. */
static void check_bad_op(uint32_t slot, uint32_t space, uint32_t vpn, uint32_t gpn_rwx) {
  state->nops = 0;
  set_slot(0, 1, 0x400, 0, TLB_RIGHTS);
  state->op[state->nops++] = (struct vm_op){(uint16_t)slot, (uint16_t)space, vpn, gpn_rwx};
  CHECK_ERROR(vm_run(vm), EINVAL);
  state->nops = 0, state->space = 1, state->pc = 0x400000;
  run_to_trap(CAUSE_FETCH_MISS, 0x400000, 0);
}

static void test_bad_ops(void) {
  GUEST(SYSCALL);
  check_bad_op(state->tlb_entries, 1, 0, TLB_R);
  check_bad_op(0xFFFE, 1, 0, TLB_R);
  check_bad_op(1, 0, 0, TLB_R);
  check_bad_op(1, 257, 0, TLB_R);
  check_bad_op(1, 1, 1 << 20, TLB_R);
  check_bad_op(1, 1, 0, RAM_BYTES | TLB_R);
  check_bad_op(1, 1, 0, 0xFFFFF000 | TLB_R);
  check_bad_op(1, 1, 0, 0x8 | TLB_R);
  check_bad_op(1, 1, 0, 0x800 | TLB_R);
  check_bad_op(VM_ALL, 257, 0, 0);
}

/* ---- vm_run: the guest's instructions ---- */

static void test_system_call(void) {
  GUEST(ADDI(10, 0, 7), ADDI(10, 10, 1), SYSCALL);
  run_to_trap(CAUSE_SYSCALL, 12, 3);
  CHECK_EQUAL(state->x[10], 8);
  CHECK_EQUAL(state->badva, 0);
  CHECK_EQUAL(state->nops, 0);
}

static void test_registers(void) {
  GUEST(R(add, 0, 0, 0), R(add, 5, 0, 0), SYSCALL);
  for (uint32_t i = 0; i < 32; i++) state->x[i] = i * 0x01010101;
  run_to_trap(CAUSE_SYSCALL, 12, 3);
  CHECK_EQUAL(state->x[5], 0); /* x0 is zero whatever the state page says */
  for (uint32_t i = 1; i < 32; i++)
    if (i != 5) CHECK_EQUAL(state->x[i], i * 0x01010101);
}

/* The VMM finds in each register what the guest has left there. */
static void test_registers_out(void) {
  make_vm();
  for (uint32_t i = 1; i < 32; i++) ram[i - 1] = ADDI(i, i, i);
  ram[31] = SYSCALL;
  for (uint32_t i = 0; i < 32; i++) state->x[i] = 1000 * i;
  run_to_trap(CAUSE_SYSCALL, 128, 32);
  for (uint32_t i = 1; i < 32; i++) CHECK_EQUAL(state->x[i], 1001 * i);
}

static void test_resume(void) {
  GUEST(ADDI(5, 5, 1), SYSCALL, JUMP(-2));
  run_to_trap(CAUSE_SYSCALL, 8, 2);
  for (uint32_t i = 2; i < 100; i++) {
    run_to_trap(CAUSE_SYSCALL, 8, 3);
    CHECK_EQUAL(state->x[5], i);
  }
}

static void check_trap_of(uint32_t word, uint32_t cause, uint32_t retired) {
  ram[1] = word;
  state->pc = 0;
  run_to_trap(cause, 4 + 4 * retired, 1 + retired);
  CHECK_EQUAL(state->badinst, word);
}

static void test_trapping_instructions(void) {
  GUEST(ADDI(5, 0, 0));
  check_trap_of(R(mfst, 5, 0, 0), CAUSE_PRIVILEGED, 0);
  check_trap_of(R(mtst, 0, 5, 0), CAUSE_PRIVILEGED, 0);
  check_trap_of(R(rfe, 0, 0, 0), CAUSE_PRIVILEGED, 0);
  check_trap_of(R(tlbw, 0, 5, 6), CAUSE_PRIVILEGED, 0);
  check_trap_of(I(tlbi, 0, 5, TLBI_ALL), CAUSE_PRIVILEGED, 0);
  check_trap_of(R(wait, 0, 0, 0), CAUSE_PRIVILEGED, 0);
  check_trap_of(0, CAUSE_ILLEGAL, 0);
  check_trap_of(0xFFFFFFFF, CAUSE_ILLEGAL, 0);
  check_trap_of(R(hcall, 0, 0, 0), CAUSE_HCALL, 1);
  check_trap_of(R(break, 0, 0, 0), CAUSE_BREAK, 1);
}

static void test_code_that_changes(void) {
  GUEST(SW(6, 8, 0), ADDI(5, 0, 1), ADDI(5, 0, 2), SYSCALL);
  state->x[6] = ADDI(5, 0, 99);
  run_to_trap(CAUSE_SYSCALL, 16, 4);
  CHECK_EQUAL(state->x[5], 99);
}

/* ---- budget, preemption, events ---- */

/* x5 counts turns of two instructions each. */
static void check_budget(uint32_t budget) {
  state->pc = 0, state->x[5] = 0, state->budget = budget;
  run();
  CHECK_EQUAL(state->reason, VM_BUDGET);
  CHECK_EQUAL(state->retired, budget);
  CHECK_EQUAL(state->x[5], (budget + 1) / 2);
  CHECK_EQUAL(state->pc, budget % 2 * 4);
}

static void test_budget(void) {
  static const uint32_t budgets[] = {0, 1, 2, 3, 1000, 19999, 20000, 20001, 123457};
  GUEST(ADDI(5, 5, 1), JUMP(-1));
  for (size_t i = 0; i < COUNT(budgets); i++) check_budget(budgets[i]);
}

/* The trap of the last instruction that the budget allows comes first. */
static void test_budget_and_trap(void) {
  GUEST(ADDI(5, 0, 1), SYSCALL, ADDI(5, 0, 2));
  state->budget = 2;
  run_to_trap(CAUSE_SYSCALL, 8, 2);
}

static void spin(void) {
  for (;;) __asm__ volatile("");
}

/* Other processes have turns in between; the count stays exact. */
static void test_budget_among_others(void) {
  pid_t child = usertest_fork();
  if (child == 0) spin();
  GUEST(ADDI(5, 5, 1), JUMP(-1));
  check_budget(1);
  check_budget(300001);
  kill(child, SIGKILL);
  CHECK_EQUAL(usertest_wait(child), SIGKILL);
}

static void run_forever(void) {
  GUEST(JUMP(0));
  vm_run(vm);
}

static void test_kill(void) {
  pid_t child = usertest_fork();
  if (child == 0) run_forever();
  sleep_ticks(100000);
  CHECK_EQUAL(kill(child, SIGKILL), 0);
  CHECK_EQUAL(usertest_wait(child), SIGKILL);
}

/* Tests nothing unless a read of the console would not wait, as at the end of its input. */
static void test_event(void) {
  if (poll_events(EVENT_INPUT, 0) != EVENT_INPUT) return;
  GUEST(JUMP(0));
  state->events = EVENT_INPUT;
  run();
  CHECK_EQUAL(state->reason, VM_EVENT);
}

/* ---- memory, untranslated ---- */

static void test_memory(void) {
  GUEST(LW(5, 0, 6), ADDI(5, 5, 1), SW(5, 4, 6), SYSCALL);
  for (uint32_t page = 1; page < RAM_PAGES; page++) {
    ram[page * PAGE_WORDS] = 100 * page;
    state->pc = 0, state->x[6] = page * PAGE_SIZE;
    run_to_trap(CAUSE_SYSCALL, 16, 4);
    CHECK_EQUAL(ram[page * PAGE_WORDS + 1], 100 * page + 1);
  }
}

static void check_access(uint32_t word, uint32_t address, uint32_t cause) {
  ram[1] = word;
  state->pc = 0, state->x[6] = address;
  run_to_trap(cause, 4, 1);
  CHECK_EQUAL(state->badva, address);
}

static void test_outside_memory(void) {
  GUEST(ADDI(7, 0, 1));
  check_access(LW(5, 0, 6), RAM_BYTES, CAUSE_LOAD_MISS);
  check_access(SW(5, 0, 6), RAM_BYTES, CAUSE_STORE_MISS);
  check_access(LW(5, 0, 6), OUTSIDE, CAUSE_LOAD_MISS);
  check_access(SW(5, 0, 6), OUTSIDE, CAUSE_STORE_MISS);
  check_access(LW(5, 0, 6), (uint32_t)(uintptr_t)ram, CAUSE_LOAD_MISS);
  check_access(LW(5, 0, 6), 2, CAUSE_LOAD_MISALIGNED);
  check_access(SW(5, 0, 6), OUTSIDE + 1, CAUSE_STORE_MISALIGNED);
  state->pc = RAM_BYTES;
  run_to_trap(CAUSE_FETCH_MISS, RAM_BYTES, 0);
  state->pc = 2;
  run_to_trap(CAUSE_FETCH_MISALIGNED, 2, 0);
}

/* ---- memory, translated: code at 0x400000 in space 1 is guest-physical page 0 ---- */

#define CODE_VPN 0x400
#define CODE_VA 0x400000
#define DATA_VPN 0x500
#define DATA_VA 0x500000

static void enter_space(uint32_t space) {
  state->space = space, state->pc = CODE_VA, state->x[6] = DATA_VA;
  set_slot(space - 1, space, CODE_VPN, 0, TLB_R | TLB_X);
}

static void test_translated(void) {
  GUEST(LW(5, 0, 6), SYSCALL);
  ram[PAGE_WORDS] = 0x1234;
  enter_space(1);
  run_to_trap(CAUSE_LOAD_MISS, CODE_VA, 0);
  CHECK_EQUAL(state->badva, DATA_VA);
  CHECK_EQUAL(state->nops, 0);
  set_slot(1, 1, DATA_VPN, 1, TLB_R);
  run_to_trap(CAUSE_SYSCALL, CODE_VA + 8, 2);
  CHECK_EQUAL(state->x[5], 0x1234);
}

static void test_rights(void) {
  GUEST(SW(5, 0, 6), LW(5, 0, 6), SYSCALL);
  enter_space(1);
  set_slot(1, 1, DATA_VPN, 1, TLB_R);
  run_to_trap(CAUSE_STORE_PROT, CODE_VA, 0);
  CHECK_EQUAL(state->badva, DATA_VA);
  set_slot(1, 1, DATA_VPN, 1, TLB_W);
  run_to_trap(CAUSE_LOAD_PROT, CODE_VA + 4, 1);
  set_slot(1, 1, DATA_VPN, 1, TLB_R | TLB_W);
  run_to_trap(CAUSE_SYSCALL, CODE_VA + 12, 2);
  set_slot(0, 1, CODE_VPN, 0, TLB_R | TLB_W);
  run_to_trap(CAUSE_FETCH_PROT, CODE_VA + 12, 0);
}

/* Emptying or replacing a slot takes effect at once. */
static void test_slots(void) {
  GUEST(LW(5, 0, 6), SYSCALL);
  enter_space(1);
  set_slot(1, 1, DATA_VPN, 1, TLB_R);
  run_to_trap(CAUSE_SYSCALL, CODE_VA + 8, 2);
  state->pc = CODE_VA;
  set_slot(1, 1, 0, 0, 0);
  run_to_trap(CAUSE_LOAD_MISS, CODE_VA, 0);
  set_slot(1, 1, DATA_VPN, 1, TLB_R);
  run_to_trap(CAUSE_SYSCALL, CODE_VA + 8, 2);
  state->pc = CODE_VA;
  set_slot(1, 1, DATA_VPN + 1, 1, TLB_R);
  run_to_trap(CAUSE_LOAD_MISS, CODE_VA, 0);
  set_slot(VM_ALL, 1, 0, 0, 0);
  run_to_trap(CAUSE_FETCH_MISS, CODE_VA, 0);
  set_slot(0, 1, CODE_VPN, 0, TLB_R | TLB_X);
  set_slot(VM_ALL, VM_ALL, 0, 0, 0);
  run_to_trap(CAUSE_FETCH_MISS, CODE_VA, 0);
}

/* Of two slots with the same page, the newer one counts. */
static void test_twin_slots(void) {
  GUEST(LW(5, 0, 6), SYSCALL);
  ram[PAGE_WORDS] = 111, ram[2 * PAGE_WORDS] = 222;
  if (state->tlb_entries < 3) return; /* no room for two besides the code */
  enter_space(1);
  set_slot(1, 1, DATA_VPN, 1, TLB_R);
  set_slot(2, 1, DATA_VPN, 2, TLB_R);
  run_to_trap(CAUSE_SYSCALL, CODE_VA + 8, 2);
  CHECK_EQUAL(state->x[5], 222);
  state->pc = CODE_VA;
  set_slot(2, 1, 0, 0, 0);
  run_to_trap(CAUSE_LOAD_MISS, CODE_VA, 0);
}

static void test_spaces(void) {
  GUEST(LW(5, 0, 6), SYSCALL);
  ram[PAGE_WORDS] = 111, ram[2 * PAGE_WORDS] = 222;
  if (state->tlb_entries < 8) return; /* not room enough for two spaces at once */
  for (uint32_t space = 1; space <= 2; space++) {
    enter_space(space);
    set_slot(3 + space, space, DATA_VPN, space, TLB_R);
    run_to_trap(CAUSE_SYSCALL, CODE_VA + 8, 2);
    CHECK_EQUAL(state->x[5], 111 * space);
  }
  for (uint32_t space = 2; space >= 1; space--) {
    state->space = space, state->pc = CODE_VA;
    run_to_trap(CAUSE_SYSCALL, CODE_VA + 8, 2);
    CHECK_EQUAL(state->x[5], 111 * space);
  }
}

static void load_through(uint32_t slot) {
  state->pc = CODE_VA, state->x[6] = DATA_VA + slot * PAGE_SIZE;
  run_to_trap(CAUSE_SYSCALL, CODE_VA + 8, 2);
  CHECK_EQUAL(state->x[5], slot % RAM_PAGES);
}

/* Every slot of the virtual TLB is in use, and each leads to its own page. */
static void test_full_tlb(void) {
  enum { WORD = 8 }; /* of each page says which it is */
  GUEST(LW(5, 4 * WORD, 6), SYSCALL);
  for (uint32_t page = 0; page < RAM_PAGES; page++) ram[page * PAGE_WORDS + WORD] = page;
  enter_space(1);
  for (uint32_t slot = 1; slot < state->tlb_entries; slot++) {
    set_slot(slot, 1, DATA_VPN + slot, slot % RAM_PAGES, TLB_R);
    load_through(slot);
  }
  for (uint32_t slot = 1; slot < state->tlb_entries; slot++) load_through(slot);
}

#define HELD 240 /* ASIDs, of 255 */

/* A VM with that many spaces leaves few ASIDs to others. */
static void hold_asids(void) {
  GUEST(SYSCALL);
  for (uint32_t space = 1; space <= HELD; space++) {
    set_slot(space - 1, space, CODE_VPN, 0, TLB_R);
    state->pc = 0;
    if (state->nops == VM_OPS) run_to_trap(CAUSE_SYSCALL, 4, 1);
  }
}

/* VMs that get the same ASIDs, soon after one another: none finds what the TLB holds of an earlier one. */
static void test_asid_reuse(void) {
  make_vm();
  if (state->tlb_entries < HELD) return;
  CHECK_EQUAL(vm_destroy(vm), 0);
  hold_asids();
  make_memory();
  for (uint32_t i = 0; i < 4 * (ASIDS - HELD); i++) {
    CHECK((vm = vm_create(state, ram, RAM_BYTES)) > 0);
    ram[0] = SYSCALL;
    state->space = 1, state->pc = CODE_VA;
    run_to_trap(CAUSE_FETCH_MISS, CODE_VA, 0);
    enter_space(1);
    run_to_trap(CAUSE_SYSCALL, CODE_VA + 4, 1);
    CHECK_EQUAL(vm_destroy(vm), 0);
  }
}

/* Ending without vm_destroy must give everything back: the harness counts pages. */
static void test_exit_destroys(void) {
  GUEST(SYSCALL);
  run_to_trap(CAUSE_SYSCALL, 4, 1);
}

static void test_exec_destroys(void) {
  GUEST(SYSCALL);
  run();
  char *argv[] = {"sh", "-c", "exit 0", NULL};
  execv("/bin/sh", argv);
  CHECK(false);
}

/* ---- the window ---- */

static uint32_t *window;
static uint8_t *map;

static void make_window(void) {
  window = aligned_alloc(PAGE_SIZE, VM_WINDOW_BYTES);
  map = aligned_alloc(PAGE_SIZE, PAGE_SIZE);
  CHECK(window != NULL && map != NULL);
  memset(window, 0, VM_WINDOW_BYTES);
  memset(map, 0, PAGE_SIZE);
  CHECK_EQUAL(vm_window(vm, window, map), 0);
}

/* The word of the window that the guest has at that address. */
static uint32_t *in_window(uint32_t va) { return window + (va - VM_WINDOW_START) / 4; }

#define LAST_PAGE (0u - PAGE_SIZE)

static void test_window(void) {
  GUEST(SYSCALL);
  make_window();
  *in_window(VM_WINDOW_START) = SW(10, -8, 0);
  *in_window(VM_WINDOW_START + 4) = LW(11, -8, 0);
  *in_window(VM_WINDOW_START + 8) = SYSCALL;
  state->pc = VM_WINDOW_START;
  state->space = VM_WINDOW;
  state->x[10] = 77;
  run_to_trap(CAUSE_SYSCALL, VM_WINDOW_START + 12, 3);
  CHECK_EQUAL(state->x[11], 77);
  CHECK_EQUAL(*in_window(0u - 8), 77);
  state->pc = 0; /* its own memory is where it was */
  run_to_trap(CAUSE_SYSCALL, 4, 1);
  state->space = VM_MAPPED; /* there the window is not to be seen */
  state->pc = VM_WINDOW_START;
  run_to_trap(CAUSE_FETCH_MISS, VM_WINDOW_START, 0);
}

/* The last page cannot be executed, and the others cannot be loaded or stored. */
static void test_window_rights(void) {
  GUEST(LW(11, -8 - 4096, 0), SW(11, -8 - 4096, 0));
  make_window();
  state->space = VM_WINDOW;
  run();
  CHECK_EQUAL(state->reason, VM_TRAP);
  CHECK(state->cause == CAUSE_LOAD_MISS || state->cause == CAUSE_LOAD_PROT);
  CHECK_EQUAL(state->pc, 0);
  state->pc = 4;
  run();
  CHECK(state->cause == CAUSE_STORE_MISS || state->cause == CAUSE_STORE_PROT);
  CHECK_EQUAL(state->pc, 4);
  state->pc = LAST_PAGE;
  run();
  CHECK(state->cause == CAUSE_FETCH_MISS || state->cause == CAUSE_FETCH_PROT);
  CHECK_EQUAL(state->pc, LAST_PAGE);
}

/* What procinfo tells of the VMs of this process. */
static void check_told(uint32_t vms, uint64_t ticks) {
  struct pg32_procinfo p;
  for (int slot = 0; procinfo(slot, &p) != 0 || p.pid != (uint32_t)getpid(); slot++) continue;
  CHECK_EQUAL(p.vms, vms);
  CHECK_EQUAL(p.vm_pages, vms * RAM_PAGES);
  CHECK(p.vm_ticks == ticks);
}

static void test_told(void) {
  static uint64_t clock;
  clock = 7;
  check_told(0, 0);
  make_vm();
  check_told(1, 0); /* its clock is not told */
  state->clock = (uint32_t)&clock;
  check_told(1, 7);
  clock += 1ull << 32;
  check_told(1, (1ull << 32) + 7);
  state->clock = 0xFFFFFFFC; /* nowhere */
  check_told(1, 0);
  CHECK_EQUAL(vm_destroy(vm), 0);
  check_told(0, 0);
}

static void test_window_bad(void) {
  GUEST(SYSCALL);
  state->space = VM_WINDOW;
  CHECK_ERROR(vm_run(vm), EINVAL); /* it has none yet */
  state->space = VM_MAPPED;
  CHECK_ERROR(vm_run(vm), EINVAL);
  window = aligned_alloc(PAGE_SIZE, VM_WINDOW_BYTES);
  CHECK_ERROR(vm_window(vm, window + 1, window), EINVAL);
  CHECK_ERROR(vm_window(vm, window, (char *)window + 8), EINVAL);
  CHECK_ERROR(vm_window(vm + 1, window, window), EINVAL);
  CHECK_ERROR(vm_window(vm, (void *)USER_TOP, window), EFAULT);
  CHECK_ERROR(vm_window(vm, window, (void *)LAST_PAGE), EFAULT);
  make_window();
  CHECK_ERROR(vm_window(vm, window, map), EINVAL); /* it has one */
  state->space = VM_WINDOW | 257;
  CHECK_ERROR(vm_run(vm), EINVAL);
  state->space = 257;
  CHECK_ERROR(vm_run(vm), EINVAL);
  CHECK_ERROR((int)sbrk((char *)window - (char *)sbrk(0)), EBUSY);
}

/* A page whose bit is set in the map cannot be stored to. */
static void test_map(void) {
  GUEST(SW(10, 0, 12), LW(11, 0, 12), SYSCALL);
  make_window();
  state->space = VM_MAPPED;
  state->x[10] = 5, state->x[12] = PAGE_SIZE;
  run_to_trap(CAUSE_SYSCALL, 12, 3);
  map[0] = 1 << 1;
  state->op[0] = (struct vm_op){.slot = VM_PAGE, .vpn = 1};
  state->nops = 1;
  state->pc = 0, state->x[10] = 6;
  run();
  CHECK(state->cause == CAUSE_STORE_MISS || state->cause == CAUSE_STORE_PROT);
  CHECK_EQUAL(state->badva, PAGE_SIZE);
  state->pc = 4;
  run_to_trap(CAUSE_SYSCALL, 12, 2); /* to load is allowed */
  CHECK_EQUAL(state->x[11], 5);
  state->x[12] = 2 * PAGE_SIZE, state->pc = 0; /* another page */
  run_to_trap(CAUSE_SYSCALL, 12, 3);
}

/* clang-format off */
#define TESTS(T) \
  T(window) T(window_rights) T(window_bad) T(map) T(told) \
  T(create) T(create_wrong_version) T(create_unaligned) T(create_bad_memory) T(create_overlapping) \
  T(create_too_big) T(create_many) \
  T(wrong_ids) T(foreign_vm) T(pinned_memory) T(bad_state) T(bad_ops) \
  T(system_call) T(registers) T(registers_out) T(resume) T(trapping_instructions) T(code_that_changes) \
  T(budget) T(budget_and_trap) T(budget_among_others) T(kill) T(event) \
  T(memory) T(outside_memory) T(translated) T(rights) T(slots) T(twin_slots) T(spaces) T(full_tlb) T(asid_reuse) \
  T(exit_destroys) T(exec_destroys)
/* clang-format on */

int main(int argc, char **argv) {
#define T(name) {#name, test_##name},
  static const struct usertest tests[] = {TESTS(T)};
#undef T
  return usertest_main(argc, argv, tests, COUNT(tests));
}
