/* test_diskfs.c - the file system of --disk: what is put can be got, full disks, damage, and above all: a cut at any write
 * of a workload leaves the files as they were before, or as they are after, the change that was under way. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "isa/diskfs.h"

enum { SECTORS = 64, STEPS = 24, NAMES = 5 };

/* A disk in memory, on which a number of sector writes can be done; then the power is gone. */
struct memory {
  uint8_t bytes[SECTORS * DISKFS_SECTOR];
  long writes;
  bool torn; /* the sector that is cut off is half written */
};

static bool read_memory(void *arg, uint32_t sector, void *to, uint32_t n) {
  assert_true(sector + n <= SECTORS);
  memcpy(to, ((struct memory *)arg)->bytes + sector * DISKFS_SECTOR, n * DISKFS_SECTOR);
  return true;
}

static bool write_memory(void *arg, uint32_t sector, const void *from, uint32_t n) {
  struct memory *m = arg;
  assert_true(sector + n <= SECTORS);
  for (uint32_t i = 0; i < n; i++) {
    uint8_t *to = m->bytes + (sector + i) * DISKFS_SECTOR;
    const uint8_t *bytes = (const uint8_t *)from + i * DISKFS_SECTOR;
    if (m->writes-- > 0) {
      memcpy(to, bytes, DISKFS_SECTOR);
      continue;
    }
    if (m->writes == -1 && m->torn) memcpy(to, bytes, DISKFS_SECTOR / 2);
    return false;
  }
  return true;
}

static struct diskfs_device device(struct memory *m) {
  return (struct diskfs_device){SECTORS, read_memory, write_memory, m};
}

/* ---- the workload, and what should be there after each step ---- */

/* The bytes of a file as step `step` writes it; 0: the step removes it. Sizes from less than a sector to many. */
static uint32_t bytes_of(int step, uint8_t *to) {
  static const uint32_t sizes[] = {10, 3000, 512, 0, 5000, 511, 1, 2048, 513, 4000};
  uint32_t n = sizes[step % 10];
  for (uint32_t i = 0; i < n; i++) to[i] = (uint8_t)(step * 31 + i * 7);
  return n;
}

static const char *name_of(int step) {
  static const char *const names[NAMES] = {"a", "notes/today", "c", "a long name with blanks", "e"};
  return names[(step * 3) % NAMES];
}

static bool removes(int step) { return step % 6 == 5; }

static bool do_step(struct diskfs *fs, int step) {
  uint8_t bytes[8192];
  if (removes(step)) return !pg32_diskfs_find(fs, name_of(step)) || pg32_diskfs_remove(fs, name_of(step));
  uint32_t n = bytes_of(step, bytes);
  return pg32_diskfs_put(fs, name_of(step), bytes, n);
}

/* The last of the first `steps` steps that has changed the file; -1: it is not there. */
static int last_change(const char *name, int steps) {
  for (int s = steps - 1; s >= 0; s--)
    if (strcmp(name_of(s), name) == 0) return removes(s) ? -1 : s;
  return -1;
}

/* Do the files have the bytes that they have after so many steps? */
static bool agrees(struct diskfs *fs, int steps) {
  uint8_t want[8192], got[8192];
  for (int s = 0; s < NAMES; s++) {
    int last = last_change(name_of(s), steps);
    const struct diskfs_file *f = pg32_diskfs_find(fs, name_of(s));
    if ((last < 0) != (f == NULL)) return false;
    if (!f) continue;
    if (f->size != bytes_of(last, want) || !pg32_diskfs_get(fs, f, got) || memcmp(got, want, f->size) != 0)
      return false;
  }
  return true;
}

static void fail_bad(const char *name, const char *why) { fail_msg("%s: %s", name, why); }

/* Runs the workload with so many writes. Returns the steps that were done. */
static int work(struct memory *m, long writes) {
  struct diskfs fs;
  memset(m->bytes, 0xA5, sizeof m->bytes);
  m->writes = 1000000;
  assert_true(pg32_diskfs_format(&fs, device(m)));
  m->writes = writes;
  int step = 0;
  while (step < STEPS && do_step(&fs, step)) step++;
  pg32_diskfs_close(&fs);
  return step;
}

static void a_cut_at_any_write(void **state) {
  (void)state;
  static struct memory m;
  int done = 0;
  for (long writes = 0; done < STEPS; writes++)
    for (int torn = 0; torn < 2; torn++) {
      struct diskfs fs;
      m.torn = torn;
      done = work(&m, writes);
      m.writes = 1000000;
      if (!pg32_diskfs_open(&fs, device(&m)))
        fail_msg("after %ld writes (torn %d): %s", writes, torn, fs.why);
      pg32_diskfs_check(&fs, fail_bad);
      if (!agrees(&fs, done) && !agrees(&fs, done + 1))
        fail_msg("after %ld writes (torn %d): other files", writes, torn);
      assert_true(pg32_diskfs_put(&fs, "e", "goes on", 7)); /* and the disk can be used */
      pg32_diskfs_close(&fs);
    }
}

static void full_means_no_space_and_nothing_is_lost(void **state) {
  (void)state;
  static struct memory m;
  static uint8_t large[SECTORS * DISKFS_SECTOR];
  struct diskfs fs;
  work(&m, 1000000);
  assert_true(pg32_diskfs_open(&fs, device(&m)));
  assert_false(pg32_diskfs_put(&fs, "large", large, sizeof large));
  assert_string_equal(fs.why, "no space left on the disk");
  assert_true(agrees(&fs, STEPS));
  assert_null(pg32_diskfs_find(&fs, "large"));
  uint64_t before = pg32_diskfs_free(&fs);
  for (int i = 0; i < 50; i++)
    assert_true(pg32_diskfs_put(&fs, "again", large, 5000)); /* room is found again */
  assert_true(pg32_diskfs_remove(&fs, "again"));
  assert_int_equal(pg32_diskfs_free(&fs), before);
  assert_false(pg32_diskfs_remove(&fs, "again"));
  pg32_diskfs_close(&fs);
}

static unsigned damaged;
static void count_bad(const char *name, const char *why) { (void)name, (void)why, damaged++; }

/* Each byte of the disk is changed once: the change is noticed, or was where nothing is. */
static void damage_is_noticed(void **state) {
  (void)state;
  static struct memory m;
  unsigned noticed = 0;
  work(&m, 1000000);
  for (size_t at = 0; at < sizeof m.bytes; at += 97) {
    struct diskfs fs;
    m.bytes[at] ^= 0x40;
    damaged = 0;
    bool opened = pg32_diskfs_open(&fs, device(&m));
    if (opened) pg32_diskfs_check(&fs, count_bad);
    bool as_before = opened && agrees(&fs, STEPS), older = opened && fs.generation == STEPS;
    if (!opened || damaged > 0 || older) noticed++;
    assert_true(as_before || !opened || damaged > 0 || older);
    pg32_diskfs_close(&fs);
    m.bytes[at] ^= 0x40;
  }
  assert_true(noticed > 10);
}

static void bad_names_and_small_disks(void **state) {
  (void)state;
  static struct memory m;
  struct diskfs fs;
  char name[DISKFS_NAME_MAX + 2] = {0};
  work(&m, 1000000);
  assert_true(pg32_diskfs_open(&fs, device(&m)));
  assert_false(pg32_diskfs_put(&fs, "", "x", 1));
  memset(name, 'n', DISKFS_NAME_MAX + 1);
  assert_false(pg32_diskfs_put(&fs, name, "x", 1));
  name[DISKFS_NAME_MAX] = 0;
  assert_true(pg32_diskfs_put(&fs, name, "x", 1));
  pg32_diskfs_close(&fs);
  struct diskfs_device small = device(&m);
  small.sectors = 3;
  assert_false(pg32_diskfs_format(&fs, small));
  pg32_diskfs_close(&fs);
  memset(m.bytes, 0, sizeof m.bytes);
  assert_false(pg32_diskfs_open(&fs, device(&m)));
  assert_string_equal(fs.why, "there is no file system of ours on the disk");
  pg32_diskfs_close(&fs);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_cut_at_any_write), cmocka_unit_test(full_means_no_space_and_nothing_is_lost),
      cmocka_unit_test(damage_is_noticed), cmocka_unit_test(bad_names_and_small_disks)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
