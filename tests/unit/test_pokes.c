/* test_pokes.c - what is changed from outside is part of the run: gone before its position, there again behind
 * it, in a session's file, and seen by each engine at once, code included. */
#include <stdio.h>
#include <unistd.h>

#include "machine/timeline/internal.h"
#include "timeline_kit.h"

static struct timeline *timeline_of(struct machine *m) {
  struct timeline *t = timeline_new(m, NULL);
  assert_non_null(t);
  t->spacing = 500;
  return t;
}

static uint64_t hash_at(struct timeline *t, uint64_t position) {
  assert_int_equal(timeline_go(t, position), TIMELINE_THERE);
  return machine_hash(timeline_machine(t));
}

#define PLACE 0x5102 /* of RAM, not aligned */
static const uint8_t BYTES[] = {1, 2, 3, 4, 5, 6, 7, 8, 9};

static void poke_all(struct timeline *t) {
  assert_true(timeline_poke(t, PLACE, BYTES, sizeof BYTES));
  assert_true(timeline_poke_register(t, A5, 0x12345678));
  assert_true(timeline_poke_register(t, TIMELINE_PC, IMAGE_BASE));
}

static void a_poke_is_part_of_the_past(void **state) {
  (void)state;
  struct timeline *t = timeline_of(busy_machine());
  const uint64_t before = hash_at(t, 2999), other = hash_at(t, 6000), unpoked = hash_at(t, 3000);
  timeline_fork(t);
  poke_all(t);
  const uint64_t poked = hash_at(t, 3000), later = hash_at(t, 6000);
  assert_int_not_equal(poked, unpoked);
  assert_int_not_equal(later, other);
  assert_int_equal(hash_at(t, 2999), before);
  assert_int_equal(hash_at(t, 3000), poked);
  assert_int_equal(hash_at(t, 4500), hash_at(t, 4500));
  assert_int_equal(hash_at(t, 6000), later);
  hash_at(t, 2999);
  timeline_fork(t); /* the poke comes no more */
  assert_int_equal(hash_at(t, 3000), unpoked);
  assert_int_equal(hash_at(t, 6000), other);
  timeline_free(t);
}

static void a_plain_machine_agrees(void **state) {
  (void)state;
  const struct machine_limits all = {UINT64_MAX, UINT64_MAX, false};
  struct timeline *t = timeline_of(busy_machine());
  struct machine *m = busy_machine();
  machine_run_to(m, &all, 1234);
  machine_poke(m, PHYSICAL, PLACE, BYTES, sizeof BYTES);
  set_x(m, A5, 0x12345678);
  enter(m, IMAGE_BASE, regs(m).status, regs(m).timer);
  machine_run_to(m, &all, 5000);
  hash_at(t, 1234);
  poke_all(t);
  assert_int_equal(hash_at(t, 5000), machine_hash(m));
  machine_free(m);
  timeline_free(t);
}

/* A loop that counts by 1, and from the poke on by 3. */
static void code_changes_at_once(void **state) {
  (void)state;
  for (uint64_t turns = 10; turns <= 100000; turns *= 10) {
    struct machine *m = new_machine();
    const uint32_t by_three = RRI(addi, A5, A5, 3);
    PROGRAM(m, IMAGE_BASE, RRI(addi, A5, A5, 1), RRI(addi, A4, A4, 1), JAL(ZERO, -8));
    struct timeline *t = timeline_of(m);
    t->spacing = 1000000;
    timeline_go(t, 3 * turns);
    assert_true(timeline_poke(t, IMAGE_BASE, &by_three, 4));
    for (int again = 0; again < 2; again++) {
      timeline_go(t, 6 * turns);
      assert_int_equal(x(m, A5), 4 * turns);
      assert_int_equal(x(m, A4), 2 * turns);
      timeline_go(t, 3 * turns - 3);
      assert_int_equal(x(m, A5), turns - 1);
      assert_int_equal(peek(m, IMAGE_BASE), RRI(addi, A5, A5, 1));
    }
    timeline_free(t);
  }
}

static void what_cannot_be_poked_is_refused(void **state) {
  (void)state;
  struct timeline *t = timeline_of(busy_machine());
  const uint64_t there = hash_at(t, 100);
  assert_false(timeline_poke(t, RAM_BYTES - 2, BYTES, 3));
  assert_false(timeline_poke(t, 0xF0000000, BYTES, 1));
  assert_false(timeline_poke_register(t, ZERO, 1));
  assert_false(timeline_poke_register(t, TIMELINE_PC + 1, 1));
  assert_true(timeline_poke(t, RAM_BYTES, BYTES, 0));
  assert_int_equal(machine_hash(timeline_machine(t)), there);
  timeline_go(t, 99);
  assert_false(timeline_poke(t, PLACE, BYTES, 1));
  assert_false(timeline_poke_register(t, A5, 1));
  assert_int_equal(hash_at(t, 100), there);
  timeline_free(t);
}

static void the_last_poke_is_known(void **state) {
  (void)state;
  struct timeline *t = timeline_of(busy_machine());
  uint64_t position;
  assert_false(timeline_last_poke(t, PLACE, &position));
  for (uint64_t at = 100; at <= 200; at += 100) timeline_go(t, at), poke_all(t);
  timeline_go(t, 300);
  assert_true(timeline_last_poke(t, PLACE + sizeof BYTES - 1, &position));
  assert_int_equal(position, 200);
  assert_false(timeline_last_poke(t, PLACE + sizeof BYTES, &position));
  assert_false(timeline_last_poke(t, PLACE - 1, &position));
  assert_true(timeline_last_poke_register(t, TIMELINE_PC, &position));
  assert_false(timeline_last_poke_register(t, A4, &position));
  timeline_go(t, 199);
  assert_true(timeline_last_poke_register(t, A5, &position));
  assert_int_equal(position, 100);
  assert_true(timeline_last_poke(t, PLACE + 4, &position));
  assert_int_equal(position, 100);
  timeline_free(t);
}

static void a_session_keeps_pokes(void **state) {
  (void)state;
  char name[] = "/tmp/trapeze-pokes-XXXXXX";
  struct machine_error error = {""};
  struct timeline *t = timeline_of(busy_machine());
  close(mkstemp(name));
  timeline_go(t, 3000);
  poke_all(t);
  const uint64_t later = hash_at(t, 5000);
  assert_true(timeline_save(t, name, &error));
  struct timeline *copy = timeline_load(name, NULL, &error);
  if (!copy) fail_msg("%s", error.text);
  for (uint64_t p = 2999; p <= 3001; p++) assert_int_equal(hash_at(copy, p), hash_at(t, p));
  assert_int_equal(hash_at(copy, 5000), later);
  timeline_free(copy);
  timeline_free(t);
  unlink(name);
}

/* A session's file with one entry in its log, and then with another one. */
static void nonsense_in_a_session_is_refused(void **state) {
  (void)state;
  static const struct {
    uint64_t kind, place, value;
    bool good;
  } cases[] = {
      {3, 0x100, 0xFF, true},         {3, 0x100, 0x100, false},  {3, RAM_BYTES - 1, 1, true},
      {3, RAM_BYTES, 1, false},       {3, 0xF0000000, 1, false}, {4, RAM_BYTES - 4, UINT32_MAX, true},
      {4, RAM_BYTES - 3, 1, false},   {4, UINT32_MAX, 1, false}, {5, 1, UINT32_MAX, true},
      {5, TIMELINE_PC, 0x1001, true}, {5, 0, 1, false},          {5, TIMELINE_PC + 1, 1, false},
      {5, 0xFFFFFFFF, 1, false},      {6, 0, 1, false},
  };
  char name[] = "/tmp/trapeze-pokes-XXXXXX";
  struct machine_error error = {""};
  struct session session;
  uint8_t *bytes = malloc(1 << 20);
  struct timeline *t = timeline_of(busy_machine());
  close(mkstemp(name));
  timeline_go(t, 10);
  assert_true(timeline_poke_register(t, A5, 1));
  assert_true(timeline_save(t, name, &error));
  timeline_free(t);
  FILE *in = fopen(name, "rb");
  const size_t n = fread(bytes, 1, 1 << 20, in) - 8; /* without the checksum */
  fclose(in);
  unlink(name);
  for (uint8_t version = 0; version <= 3; version++) { /* that of files without pokes is read, too */
    bytes[16] = version;
    t = timeline_session_open(bytes, n, NULL, &session, &error);
    assert_int_equal(t != NULL, version == 1 || version == 2);
    timeline_free(t);
  }
  bytes[16] = 2;
  uint8_t *entry = bytes + n - 3 * 8 - 20; /* the last one; behind it are position, latest, hash */
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    const uint64_t value = cases[i].place << 32 | cases[i].value;
    memcpy(entry + 8, &value, 8);
    memcpy(entry + 16, &cases[i].kind, 4);
    t = timeline_session_open(bytes, n, NULL, &session, &error);
    if (!!t != cases[i].good) fail_msg("case %zu: %s", i, t ? "accepted" : error.text);
    if (t) timeline_go(t, 100);
    timeline_free(t);
  }
  free(bytes);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_poke_is_part_of_the_past),
      cmocka_unit_test(a_plain_machine_agrees),
      cmocka_unit_test(code_changes_at_once),
      cmocka_unit_test(what_cannot_be_poked_is_refused),
      cmocka_unit_test(the_last_poke_is_known),
      cmocka_unit_test(a_session_keeps_pokes),
      cmocka_unit_test(nonsense_in_a_session_is_refused),
  };
  return RUN_ON_EACH_ENGINE(tests);
}
