/* test_memory.c - a machine's own memory is bounded: with everything full that can be, it is under 128 MiB
 * beside guest RAM. */
#include <stdio.h>

#include "kit.h"
#include "machine/interp/code.h"
#include "machine/jit/jit.h"

#define MOST_KIB (128ul << 10)
#define RAM_PAGES 2048u
#define FIRST_PAGE 2u
#define MANY_ENTERED (JIT_PAGES < 100 ? JIT_PAGES : 100u) /* pages of code, */
#define ENTRIES 64u                                       /* and the entries of each */
_Static_assert(JIT_PAGES >= CODE_PAGES, "fill_cache fills the pages of both");

#if defined __SANITIZE_ADDRESS__
#define SANITIZED 1
#elif defined __has_feature
#if __has_feature(address_sanitizer)
#define SANITIZED 1
#endif
#endif
#ifndef SANITIZED
#define SANITIZED 0
#endif

/* What this process has of memory; what is mapped twice counts once. 0 = the host does not say. */
static unsigned long own_kib(void) {
  char line[200];
  unsigned long kib = 0;
  FILE *f = fopen("/proc/self/smaps_rollup", "r");
  while (f && fgets(line, sizeof line, f))
    if (sscanf(line, "Pss: %lu kB", &kib) == 1) break;
  if (f) fclose(f);
  return kib;
}

static unsigned long guest_kib(const struct machine *m) {
  unsigned long pages = 0;
  for (uint32_t i = 0; i < RAM_PAGES; i++) pages += m->pages[i].written;
  return pages * PAGE_SIZE / 1024;
}

/* A page of loads, branches and sums, which goes on A5 bytes beyond its last three words. */
static void write_page(struct machine *m, uint32_t page) {
  uint32_t word[PAGE_WORDS];
  for (uint32_t i = 0; i < PAGE_WORDS - 3; i++)
    word[i] = i % 4 == 0   ? LD(lw, A2, (int32_t)(i % 512) * 4, A0)
              : i % 4 == 2 ? RRR(add, A3, A3, A2)
                           : BR(bne, A1, A1, 8);
  word[PAGE_WORDS - 3] = JAL(T0, 4);
  word[PAGE_WORDS - 2] = RRR(add, T0, T0, A5);
  word[PAGE_WORDS - 1] = RRI(jalr, ZERO, T0, 0);
  assert_int_equal(machine_poke(m, PHYSICAL, page, word, sizeof word), sizeof word);
}

/* Runs through pages of code, entering each at the same word. */
static void run_through(struct machine *m, uint32_t pages, uint32_t word) {
  set_x(m, A5, 2 * 4 + word * 4);
  enter(m, FIRST_PAGE * PAGE_SIZE + word * 4, 0, 0);
  step(m, (uint64_t)pages * (PAGE_WORDS - word));
}

/* Translated code for each page, and then, in a few pages with many entries, more of it than there is room
 * for: a trace that begins at another word is another block. */
static void fill_cache(struct machine *m) {
  const struct jit *j = m->jit;
  for (uint32_t i = 0; i < JIT_PAGES; i++) write_page(m, (FIRST_PAGE + i) * PAGE_SIZE);
  run_through(m, JIT_PAGES, 0);
  for (uint32_t round = 0; round < JIT_THRESHOLD + 8 && j->segments < JIT_SEGMENTS; round++)
    for (uint32_t word = 0; word < ENTRIES; word++) run_through(m, MANY_ENTERED, word);
}

/* New entries of the TLB for other and other address spaces, until the tables are full. */
static void fill_tables(struct machine *m) {
  const uint32_t at = PAGE_SIZE;
  PROGRAM(m, at, RRR(tlbw, 0, S0, S1), RRR(add, S0, S0, A0), JAL(ZERO, -8));
  set_x(m, S0, 0);
  set_x(m, S1, at | TLB_RIGHTS);
  set_x(m, A0, (512u << PAGE_SHIFT) + 1);
  enter(m, at, 0, 0);
  for (uint32_t i = 0; i < 2000 && m->jit->tables.parts_in_use < JIT_TABLE_PAGES / TABLES; i++) step(m, 3);
  assert_int_equal(m->jit->tables.parts_in_use, JIT_TABLE_PAGES / TABLES);
}

static void a_full_machine_is_under_128_mib(void **state) {
  (void)state;
  const unsigned long before = own_kib();
  struct machine *m =
      machine_new(&(struct machine_config){.engine = ENGINE_JIT, .ram_bytes = RAM_PAGES * PAGE_SIZE});
  set_x(m, A0, (RAM_PAGES - 1) * PAGE_SIZE);
  const struct jit *j = m->jit;
  fill_cache(m);
  fill_tables(m);
  assert_true(m->pool[CODE_PAGES - 1].live);
  assert_true(j->pages[JIT_PAGES - 1].live);
  assert_int_equal(j->segments, JIT_SEGMENTS);
  const unsigned long own = own_kib() - before - guest_kib(m);
  print_message("# %lu KiB\n", own);
  if (before) assert_in_range(own, 1, MOST_KIB);
  machine_free(m);
}

int main(void) {
  const struct CMUnitTest tests[] = {cmocka_unit_test(a_full_machine_is_under_128_mib)};
  if (!kit_has_jit() || SANITIZED) {
    print_message("1..0 # skip %s\n",
                  SANITIZED ? "sanitizers have memory of their own" : "no JIT for this host");
    return 0;
  }
  return cmocka_run_group_tests(tests, NULL, NULL);
}
