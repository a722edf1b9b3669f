/* test_vm_timer.c - the virtual TIMER that the recorder derives is the one that the VMM keeps, at each depth.
 *
 * The VMM's own is read from its memory when it calls vm_run: there `struct vm vm` begins with the address of
 * the state page and the TIMER. That address, and the budget in that page, which is the TIMER while virtual
 * interrupts are on, show that the place is right. */
#include <elf.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <cmocka.h>
#include <gelf.h>

#include "isa/platform.h"
#include "machine/recorder.h"
#include "normal_tlb.h"
#include "tools/trapeze/trapeze.h"

enum {
#define S(number, name, arguments) SYS_##name = number,
  PG32_SYSCALLS(S)
#undef S
};
#define DEPTHS 3
#define A0 10
#define A7 17

/* ---- where the VMM keeps it ---- */

static uint32_t symbol_in(Elf *elf, const char *name) {
  Elf_Scn *section = NULL;
  GElf_Shdr header;
  GElf_Sym symbol;
  while ((section = elf_nextscn(elf, section))) {
    if (!gelf_getshdr(section, &header) || header.sh_type != SHT_SYMTAB) continue;
    Elf_Data *data = elf_getdata(section, NULL);
    for (int i = 0; gelf_getsym(data, i, &symbol); i++)
      if (GELF_ST_TYPE(symbol.st_info) == STT_OBJECT &&
          !strcmp(elf_strptr(elf, header.sh_link, symbol.st_name), name))
        return (uint32_t)symbol.st_value;
  }
  fail_msg("no variable %s", name);
  return 0;
}

static uint32_t address_of_vm(void) {
  char path[256];
  const char *build = getenv("BUILD");
  snprintf(path, sizeof path, "%s/guest/bin/vmm", build ? build : "build");
  elf_version(EV_CURRENT);
  const int fd = open(path, O_RDONLY);
  assert_true(fd >= 0);
  Elf *elf = elf_begin(fd, ELF_C_READ, NULL);
  const uint32_t address = symbol_in(elf, "vm");
  elf_end(elf);
  close(fd);
  return address;
}

/* ---- a run, compared ---- */

struct watch {
  struct recorder *r;
  struct machine_observer recording;
  uint32_t vm;
  uint32_t state[DEPTHS + 1]; /* index: the level of the VM. The state page, as given to vm_create */
  bool expects[DEPTHS + 1];   /* the VMM has called vm_run: with this TIMER */
  uint32_t expected[DEPTHS + 1];
  struct machine_trap exit[DEPTHS + 1]; /* the last out of a VM of that level */
  uint32_t timer_then[DEPTHS + 1];      /* and its TIMER as of then */
  unsigned reflections[DEPTHS + 1], compared[DEPTHS + 1];
  unsigned with_interrupts[DEPTHS + 1], without[DEPTHS + 1],
      running[DEPTHS + 1]; /* calls of vm_run; TIMER > 0 */
};

static bool is_vmm(const struct lane *l) {
  const size_t n = strlen(l->name);
  return l->kind == LANE_PROCESS && n > 4 && strcmp(l->name + n - 4, "/vmm") == 0;
}

/* The VMM is about to let the VM of that level run. */
static void note_vm_run(struct watch *w, const struct machine *m, struct machine_space of, uint32_t level) {
  struct vm_state state;
  uint32_t words[2];
  if (machine_peek(m, of, w->vm, words, sizeof words) != sizeof words) return; /* the TLB has lost it */
  assert_int_equal(words[0], w->state[level]);
  w->expects[level] = true;
  w->expected[level] = words[1];
  if (machine_peek(m, of, words[0], &state, sizeof state) != sizeof state) return;
  if (state.vstatus & ST_IE) assert_int_equal(words[1], state.budget);
  ++*(state.vstatus & ST_IE ? &w->with_interrupts[level] : &w->without[level]);
  w->running[level] += words[1] > 0;
}

static void note_exit(struct watch *w, const struct machine_trap *trap, const struct lane *l) {
  struct lane_vm vm;
  for (uint32_t level = 1; level <= l->depth; level++) {
    assert_true(recorder_lane_vm(w->r, l->id, level, &vm));
    w->timer_then[level] = vm.timer;
    w->exit[level] = *trap;
  }
}

static void on_trap(void *arg, struct machine *m, const struct machine_trap *trap) {
  struct watch *w = arg;
  const struct lane *l = recorder_lane(w->r, recorder_current(w->r));
  struct machine_regs regs;
  machine_get_regs(m, &regs);
  if (trap->cause == CAUSE_SYSCALL && is_vmm(l) && l->depth < DEPTHS) {
    const struct machine_space of = {true, status_asid(trap->status)};
    if (regs.x[A7] == SYS_vm_create) w->state[l->depth + 1] = regs.x[A0];
    if (regs.x[A7] == SYS_vm_run) note_vm_run(w, m, of, l->depth + 1);
  }
  w->recording.trap(w->recording.arg, m, trap);
  if (l->depth) note_exit(w, trap, l);
}

/* The guest of that level is at its vector with the last exit, be it that of a VM in it: its VMM has saved
 * there what TIMER was. */
static void compare_reflected(struct watch *w, const struct machine *m, uint32_t level) {
  struct machine_regs regs;
  struct recorder_vm vm;
  machine_get_regs(m, &regs);
  if (!recorder_vm(w->r, level, &vm) || !vm.low_known || (vm.status & ST_U)) return;
  const uint32_t *e = vm.low_core;
  const struct machine_trap *exit = &w->exit[level];
  if (regs.pc != e[LC_VECTOR / 4] || e[LC_PC / 4] != exit->pc || e[LC_CAUSE / 4] != exit->cause) return;
  assert_int_equal(w->timer_then[level], e[LC_TIMER / 4]);
  w->reflections[level]++;
}

static void on_rfe(void *arg, struct machine *m) {
  struct watch *w = arg;
  w->recording.rfe(w->recording.arg, m);
  const uint32_t lane = recorder_current(w->r), depth = recorder_lane(w->r, lane)->depth;
  struct lane_vm vm;
  if (depth) compare_reflected(w, m, depth);
  for (uint32_t level = 1; level <= depth; level++) {
    if (!w->expects[level]) continue;
    w->expects[level] = false;
    assert_true(recorder_lane_vm(w->r, lane, level, &vm));
    assert_true(vm.timer_known);
    assert_int_equal(vm.timer, w->expected[level]);
    w->compared[level]++;
  }
}

static void on_tlbw(void *arg, struct machine *m, uint32_t slot, uint32_t hi, uint32_t lo) {
  const struct machine_observer *r = &((struct watch *)arg)->recording;
  r->tlbw(r->arg, m, slot, hi, lo);
}
static void on_tlbi(void *arg, struct machine *m, uint32_t hi, uint32_t scope) {
  const struct machine_observer *r = &((struct watch *)arg)->recording;
  r->tlbi(r->arg, m, hi, scope);
}
static void on_device(void *arg, struct machine *m, const struct machine_device_access *access) {
  const struct machine_observer *r = &((struct watch *)arg)->recording;
  r->device(r->arg, m, access);
}
static void on_mark(void *arg, struct machine *m, uint32_t kind, uint32_t a, uint32_t b) {
  const struct machine_observer *r = &((struct watch *)arg)->recording;
  r->mark(r->arg, m, kind, a, b);
}

static struct watch compare(unsigned depth, char **words, int n) {
  struct options o;
  options_defaults(&o);
  o.depth = depth, o.argc = n, o.argv = words;
  struct boot b = boot_assemble(&o);
  struct machine *m = boot_machine(&o, &b);
  boot_free(&b);
  struct watch w = {.r = recorder_new(m, NULL, NULL), .vm = address_of_vm()};
  assert_non_null(w.r);
  w.recording = recorder_observer(w.r);
  machine_observe(m, &(struct machine_observer){.trap = on_trap,
                                                .rfe = on_rfe,
                                                .tlbw = on_tlbw,
                                                .tlbi = on_tlbi,
                                                .device = on_device,
                                                .mark = on_mark,
                                                .arg = &w});
  assert_int_equal(machine_run(m, &(struct machine_limits){.insns = 400000000, .until_tick = UINT64_MAX}),
                   EXIT_POWER);
  recorder_free(w.r);
  machine_free(m);
  return w;
}

static void it_is_the_vmms_at(unsigned depth, char *program, char *argument) {
  char *words[] = {program, argument};
  const struct watch w = compare(depth, words, argument ? 2 : 1);
  for (unsigned level = 1; level <= depth; level++) {
    assert_true(w.compared[level] >= 40);
    assert_true(w.reflections[level] >= 10);
    assert_true(w.with_interrupts[level] >= 10);
    assert_true(w.without[level] >= 10);
    assert_true(w.running[level] >= 30);
  }
}

static void it_is_the_vmms_at_depth_1(void **state) {
  (void)state;
  it_is_the_vmms_at(1, "lecture", NULL);
  it_is_the_vmms_at(1, "sleep", "1");
  it_is_the_vmms_at(1, "spin", "30"); /* over several time slices of the guest and of the host */
}

static void it_is_the_vmms_at_depth_2(void **state) {
  (void)state;
  it_is_the_vmms_at(2, "lecture", NULL);
  it_is_the_vmms_at(2, "sleep", "1");
}

int main(void) {
  NEEDS_THE_NORMAL_TLB();
  const struct CMUnitTest tests[] = {cmocka_unit_test(it_is_the_vmms_at_depth_1),
                                     cmocka_unit_test(it_is_the_vmms_at_depth_2)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
