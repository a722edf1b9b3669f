/* test_tlb.c - the TLB as software sees it, and the host TLB that must never show. */
#include "kit.h"

#define T_ON (ST_T | 0x0700) /* translation on, ASID 7 */

static void tlbw_replaces_in_place_or_at_the_pointer(void **state) {
  (void)state;
  struct machine *m = new_machine_with((struct machine_config){.tlb_entries = 3});
  map(m, 0x1000, 1, 0x4000, TLB_R);
  map(m, 0x2000, 1, 0x5000, TLB_R);
  assert_int_equal(machine_tlb_pointer(m), 2);
  map(m, 0x1000, 1, 0x6FF8, TLB_W); /* ignored bits 3..11 */
  assert_int_equal(machine_tlb_pointer(m), 2);
  assert_int_equal(machine_tlb_get(m, 0).lo, 0x6000 | TLB_W);
  map(m, 0x1F00, 2, 0x4000, 0); /* other ASID: another entry; bits 8..11 of hi ignored */
  assert_int_equal(machine_tlb_get(m, 2).hi, 0x1002);
  assert_true(machine_tlb_get(m, 2).valid);
  assert_int_equal(machine_tlb_pointer(m), 0);
  map(m, 0x9000, 1, 0x7000, TLB_X); /* the oldest goes */
  assert_int_equal(machine_tlb_get(m, 0).hi, 0x9001);
  assert_int_equal(machine_tlb_pointer(m), 1);
  machine_free(m);
}

static void tlbi(struct machine *m, uint32_t hi, int scope) {
  poke(m, 0x2000, insn(PG32_tlbi, 0, T0, 0, scope));
  enter(m, 0x2000, 0, 0);
  set_x(m, T0, hi);
  step(m, 1);
}

static void tlbi_scopes(void **state) {
  (void)state;
  struct machine *m = new_machine_with((struct machine_config){.tlb_entries = 8});
  map(m, 0x1000, 1, 0x4000, 7);
  map(m, 0x2000, 1, 0x4000, 7);
  map(m, 0x1000, 2, 0x4000, 7);
  map(m, 0x3000, 3, 0x4000, 7);
  tlbi(m, 0x1001, TLBI_PAGE);
  assert_false(machine_tlb_get(m, 0).valid);
  assert_true(machine_tlb_get(m, 1).valid && machine_tlb_get(m, 2).valid);
  tlbi(m, 0x99999001, TLBI_ASID);
  assert_false(machine_tlb_get(m, 1).valid);
  assert_true(machine_tlb_get(m, 2).valid && machine_tlb_get(m, 3).valid);
  tlbi(m, 0x12345678, TLBI_ALL);
  for (uint32_t i = 0; i < 8; i++) assert_false(machine_tlb_get(m, i).valid);
  assert_int_equal(machine_tlb_pointer(m), 4);
  machine_free(m);
}

static void tlbi_spares_an_asid(void **state) {
  (void)state;
  struct machine *m =
      new_machine_with((struct machine_config){.tlb_entries = 4, .cpu = CPU_WITH(CPU_SPARE, 2)});
  map(m, 0x1000, 1, 0x4000, 7);
  map(m, 0x1000, 2, 0x4000, 7);
  tlbi(m, 0x12345678, TLBI_ALL);
  assert_true(!machine_tlb_get(m, 0).valid && machine_tlb_get(m, 1).valid);
  tlbi(m, 2, TLBI_ASID);
  assert_false(machine_tlb_get(m, 1).valid);
  machine_free(m);
}

static void the_pointer_passes_locked_entries(void **state) {
  (void)state;
  struct machine *m =
      new_machine_with((struct machine_config){.tlb_entries = 3, .cpu = CPU_WITH(CPU_LOCK, 10)});
  map(m, 0x1400, 1, 0x4000, 7);
  assert_int_equal(machine_tlb_get(m, 0).lo, 0x4007 | TLB_LOCKED);
  map(m, 0x2B00, 1, 0x4000, 7); /* bits 8, 9 and 11 */
  map(m, 0x3000, 1, 0x4000, 7);
  map(m, 0x4400, 1, 0x4000, 7); /* in slot 1 */
  assert_int_equal(machine_tlb_get(m, 0).hi, 0x1001);
  assert_int_equal(machine_tlb_get(m, 1).hi, 0x4001);
  map(m, 0x3400, 1, 0x4000, 7); /* in place: all are locked now */
  assert_int_equal(machine_tlb_pointer(m), 2);
  map(m, 0x5000, 1, 0x4000, 7);
  assert_int_equal(machine_tlb_get(m, 2).hi, 0x5001);
  map(m, 0x1000, 1, 0x4000, 7); /* in place: not locked any more */
  map(m, 0x6000, 1, 0x4000, 7);
  assert_int_equal(machine_tlb_get(m, 0).hi, 0x6001);
  tlbi(m, 0x4001, TLBI_PAGE);
  map(m, 0x7000, 1, 0x4000, 7);
  assert_int_equal(machine_tlb_get(m, 1).hi, 0x7001);
  machine_free(m);
}

/* One load and one store under ASID 7, through a page that holds the code. */
static void translation_faults(void **state) {
  (void)state;
  struct machine *m = new_machine_with((struct machine_config){.tlb_entries = 8});
  const uint32_t load = LD(lbu, T0, 5, S0), store = ST(sb, T0, 5, S0);
  PROGRAM(m, 0x5000, load, store);
  enter(m, 0x10000, T_ON, 0);
  step(m, 1);
  assert_trap(m, CAUSE_FETCH_MISS, 0x10000, T_ON, 0x10000, 0);
  map(m, 0x10000, 7, 0x5000, TLB_R | TLB_W);
  enter(m, 0x10000, T_ON, 0);
  step(m, 1);
  assert_trap(m, CAUSE_FETCH_PROT, 0x10000, T_ON, 0x10000, 0);
  map(m, 0x10000, 7, 0x5000, TLB_X);
  set_x(m, S0, 0x20000);
  static const struct {
    uint32_t pa, rights, load, store;
  } rule[] = {{0x6000, 0, CAUSE_LOAD_PROT, CAUSE_STORE_PROT},
              {0x6000, TLB_R, 0, CAUSE_STORE_PROT},
              {0x6000, TLB_W, CAUSE_LOAD_PROT, 0},
              {0x6000, TLB_X, CAUSE_LOAD_PROT, CAUSE_STORE_PROT},
              {0xE0000000, TLB_R | TLB_W, CAUSE_LOAD_BUS, CAUSE_STORE_BUS}};
  for (int user = 0; user <= 1; user++) /* never a function of the mode */
    for (int i = -1; i < 5; i++) {
      if (i < 0)
        tlbi(m, 0x20007, TLBI_PAGE), set_x(m, S0, 0x20000);
      else
        map(m, 0x20000, 7, rule[i].pa, rule[i].rights);
      const uint32_t expected[] = {i < 0 ? CAUSE_LOAD_MISS : rule[i].load,
                                   i < 0 ? CAUSE_STORE_MISS : rule[i].store};
      for (int s = 0; s <= 1; s++) {
        poke(m, LC_CAUSE, 0);
        enter(m, 0x10000 + 4 * s, T_ON | user, 0);
        step(m, 1);
        if (expected[s])
          assert_trap(m, expected[s], 0x10000 + 4 * s, T_ON | user, 0x20005, s ? store : load);
        else
          assert_int_equal(peek(m, LC_CAUSE), 0);
      }
    }
  machine_free(m);
}

/* After a page has been used, each way to change its translation must be seen at the next access. */
static void changes_are_seen_at_once(void **state) {
  (void)state;
  struct machine *m = new_machine_with((struct machine_config){.tlb_entries = 3});
  PROGRAM(m, 0x5000, LD(lw, T0, 0, S0), JAL(ZERO, -4));
  poke(m, 0x6000, 66);
  poke(m, 0x7000, 77);
  map(m, 0x10000, 7, 0x5000, TLB_X);
  map(m, 0x20000, 7, 0x6000, TLB_R);
  set_x(m, S0, 0x20000);
  enter(m, 0x10000, T_ON, 0);
  step(m, 10);
  assert_int_equal(x(m, T0), 66);
  map(m, 0x20000, 7, 0x7000, TLB_R); /* replaced in place */
  step(m, 2);
  assert_int_equal(x(m, T0), 77);
  enter(m, 0x10000, ST_T | 0x0800, 0); /* another ASID knows nothing of it */
  step(m, 1);
  assert_int_equal(peek(m, LC_CAUSE), CAUSE_FETCH_MISS);
  map(m, 0x50000, 1, 0, 0);
  map(m, 0x60000, 1, 0, 0); /* the victim is the code's entry */
  enter(m, 0x10000, T_ON, 0);
  step(m, 1);
  assert_int_equal(peek(m, LC_CAUSE), CAUSE_FETCH_MISS);
  map(m, 0x10000, 7, 0x5000, TLB_X); /* and now the data's */
  enter(m, 0x10000, T_ON, 0);
  step(m, 1);
  assert_int_equal(peek(m, LC_CAUSE), CAUSE_LOAD_MISS);
  machine_free(m);
}

/* Two virtual pages, one frame: both run the same decoded code at their own addresses. */
static void aliases_of_code(void **state) {
  (void)state;
  struct machine *m = new_machine_with((struct machine_config){.tlb_entries = 4});
  PROGRAM(m, 0x5000, insn(PG32_auipc, T0, 0, 0, 0), JAL(RA, 0x2000), OP(fence));
  map(m, 0x10000, 7, 0x5000, TLB_X);
  map(m, 0x80000, 7, 0x5000, TLB_X);
  for (uint32_t va = 0x10000; va <= 0x80000; va += 0x70000) {
    enter(m, va, T_ON, 0);
    step(m, 2);
    assert_int_equal(x(m, T0), va);
    assert_int_equal(x(m, RA), va + 8);
    assert_int_equal(regs(m).pc, va + 0x2004);
  }
  machine_free(m);
}

static void translate_and_peek(void **state) {
  (void)state;
  struct machine *m = new_machine_with((struct machine_config){.tlb_entries = 4});
  uint32_t pa, word = 0;
  bool ok;
  map(m, 0x20000, 7, 0x6000, TLB_R);
  map(m, 0x30000, 7, 0x7000, 0);
  assert_int_equal(machine_translate(m, 0x20123, ACCESS_LOAD, true, 7, &pa), 0);
  assert_int_equal(pa, 0x6123);
  assert_int_equal(machine_translate(m, 0x20123, ACCESS_STORE, true, 7, &pa), CAUSE_STORE_PROT);
  assert_int_equal(machine_translate(m, 0x20123, ACCESS_FETCH, true, 8, &pa), CAUSE_FETCH_MISS);
  assert_int_equal(machine_translate(m, 0x20123, ACCESS_FETCH, false, 7, &pa), 0);
  assert_int_equal(pa, 0x20123);
  const struct machine_space space = {true, 7};
  poke(m, 0x6FFC, 0xCAFE);
  assert_int_equal(machine_peek_word(m, space, 0x20FFC, &ok), 0xCAFE);
  assert_true(ok);
  machine_peek_word(m, space, 0x20FFE, &ok); /* runs off the mapped page */
  assert_false(ok);
  assert_int_equal(machine_poke(m, space, 0x30000, &word, 4), 4); /* rights are ignored */
  assert_int_equal(machine_poke(m, space, 0x40000, &word, 4), 0);
  assert_int_equal(machine_peek(m, PHYSICAL, DEV_CONSOLE, &word, 4), 0);
  assert_int_equal(machine_peek(m, PHYSICAL, RAM_BYTES - 2, &word, 4), 2);
  machine_free(m);
}

int main(void) {
  const struct CMUnitTest tests[] = {cmocka_unit_test(tlbw_replaces_in_place_or_at_the_pointer),
                                     cmocka_unit_test(tlbi_scopes),
                                     cmocka_unit_test(tlbi_spares_an_asid),
                                     cmocka_unit_test(the_pointer_passes_locked_entries),
                                     cmocka_unit_test(translation_faults),
                                     cmocka_unit_test(changes_are_seen_at_once),
                                     cmocka_unit_test(aliases_of_code),
                                     cmocka_unit_test(translate_and_peek)};
  return RUN_ON_EACH_ENGINE(tests);
}
