/* test_load.c - the ELF loader: the boot layout, and that no bytes can hurt it. */
#include <elf.h>

#include "isa/elf_pg32.h"
#include "kit.h"

struct file {
  Elf32_Ehdr header;
  Elf32_Phdr segment[2];
  uint32_t words[4];
};

static struct file good_file(void) {
  struct file f = {.words = {0x11111111, 0x22222222, 0x33333333, 0x44444444}};
  memcpy(f.header.e_ident, ELFMAG, SELFMAG);
  f.header.e_ident[EI_CLASS] = ELFCLASS32;
  f.header.e_ident[EI_DATA] = ELFDATA2LSB;
  f.header.e_machine = EM_PG32;
  f.header.e_type = ET_EXEC;
  f.header.e_entry = 0x1004;
  f.header.e_phoff = offsetof(struct file, segment);
  f.header.e_phnum = 2;
  f.header.e_phentsize = sizeof(Elf32_Phdr);
  f.segment[0] = (Elf32_Phdr){.p_type = PT_LOAD,
                              .p_offset = offsetof(struct file, words),
                              .p_vaddr = 0x80001000,
                              .p_paddr = 0x1000,
                              .p_filesz = 8,
                              .p_memsz = 8};
  f.segment[1] = (Elf32_Phdr){.p_type = PT_LOAD,
                              .p_offset = offsetof(struct file, words) + 8,
                              .p_paddr = 0x1FFC,
                              .p_filesz = 8,
                              .p_memsz = 0x1005};
  return f;
}

static struct machine *plain_machine(void) {
  struct machine *m = machine_new(&(struct machine_config){.ram_bytes = RAM_BYTES});
  assert_non_null(m);
  return m;
}

static uint32_t fact(struct machine *m, uint32_t offset) {
  struct machine_snapshot *s = machine_snapshot(m);
  poke(m, RAM_BYTES - 8, LD(lw, T0, 0, S0));
  enter(m, RAM_BYTES - 8, 0, 0);
  set_x(m, S0, DEV_FACTS + offset);
  step(m, 1);
  const uint32_t value = x(m, T0);
  machine_restore(m, s);
  machine_snapshot_free(s);
  return value;
}

static void boot_layout(void **state) {
  (void)state;
  struct machine *m = plain_machine();
  const struct file f = good_file();
  struct machine_error error;
  uint8_t initrd[5000];
  memset(initrd, 'r', sizeof initrd);
  assert_true(machine_load(m, &f, sizeof f, initrd, sizeof initrd, "init\0-v", 8, &error));
  assert_int_equal(peek(m, 0x1000), 0x11111111); /* physical addresses, not virtual */
  assert_int_equal(peek(m, 0x1FFC), 0x33333333);
  assert_int_equal(peek(m, 0x2000), 0x44444444);
  assert_int_equal(peek(m, 0x2004), 0);
  assert_int_equal(fact(m, FACTS_INITRD), 0x4000); /* 0x1FFC + 0x1005 = 0x3001 */
  assert_int_equal(fact(m, FACTS_INITRD_SIZE), 5000);
  assert_int_equal(fact(m, FACTS_ARGS), 0x6000);
  assert_int_equal(fact(m, FACTS_ARGS_SIZE), 8);
  struct machine *other = plain_machine(); /* the facts are part of a snapshot */
  struct machine_snapshot *s = machine_snapshot(m);
  machine_restore(other, s);
  assert_int_equal(fact(other, FACTS_INITRD), 0x4000);
  assert_int_equal(fact(other, FACTS_INITRD_SIZE), 5000);
  assert_int_equal(fact(other, FACTS_ARGS), 0x6000);
  assert_int_equal(fact(other, FACTS_ARGS_SIZE), 8);
  machine_snapshot_free(s);
  machine_free(other);
  assert_int_equal(peek(m, 0x4000), 0x72727272);
  assert_int_equal(peek(m, 0x6000), 0x74696E69);
  const struct machine_regs r = regs(m);
  assert_int_equal(r.pc, 0x1004);
  assert_int_equal(r.status | r.timer | r.x[2], 0);
  machine_free(m);
}

static void nothing_but_the_image(void **state) {
  (void)state;
  struct machine *m = plain_machine();
  const struct file f = good_file();
  struct machine_error error;
  assert_true(machine_load(m, &f, sizeof f, NULL, 0, NULL, 0, &error));
  assert_int_equal(fact(m, FACTS_INITRD), 0x4000);
  assert_int_equal(fact(m, FACTS_ARGS), 0x4000);
  assert_int_equal(fact(m, FACTS_INITRD_SIZE) | fact(m, FACTS_ARGS_SIZE), 0);
  machine_free(m);
}

static void refuse(const struct file *f, size_t bytes, size_t initrd_bytes, size_t args_bytes,
                   const char *why) {
  static const uint8_t filler[RAM_BYTES + 1];
  struct machine *m = plain_machine();
  struct machine_error error = {""};
  const uint64_t hash = machine_hash(m);
  assert_false(machine_load(m, f, bytes, filler, initrd_bytes, filler, args_bytes, &error));
  if (!strstr(error.text, why)) fail_msg("said \"%s\", expected \"%s\"", error.text, why);
  assert_int_equal(machine_hash(m), hash);
  machine_free(m);
}

#define REFUSES(field, value, why)   \
  do {                               \
    struct file f = good_file();     \
    f.field = value;                 \
    refuse(&f, sizeof f, 0, 0, why); \
  } while (0)

static void refuses_bad_files(void **state) {
  (void)state;
  const struct file f = good_file();
  for (size_t n = 0; n < sizeof f; n++) refuse(&f, n, 0, 0, "");
  REFUSES(header.e_ident[0], 0, "not an ELF file");
  REFUSES(header.e_ident[EI_CLASS], ELFCLASS64, "32-bit");
  REFUSES(header.e_ident[EI_DATA], ELFDATA2MSB, "little-endian");
  REFUSES(header.e_machine, EM_RISCV, "machine number is 0xf3");
  REFUSES(header.e_type, ET_REL, "not an executable");
  REFUSES(header.e_phentsize, 31, "program headers of 31 bytes");
  REFUSES(header.e_phnum, 0xFFFF, "outside the file");
  REFUSES(header.e_phnum, 0, "nothing to load");
  REFUSES(header.e_phoff, 0xFFFFFFFF, "outside the file");
  REFUSES(header.e_entry, 0x1002, "entry point");
  REFUSES(header.e_entry, 0x1008, "entry point");
  REFUSES(segment[0].p_filesz, 9, "more bytes in the file than in memory");
  REFUSES(segment[0].p_offset, 0xFFFFFFFF, "segment 0 lies outside the file");
  REFUSES(segment[1].p_memsz, RAM_BYTES, "does not fit");
  REFUSES(segment[1].p_paddr, 0xFFFFFFFF, "does not fit");
  refuse(&f, sizeof f, RAM_BYTES - 0x4000 + 1, 0, "initrd");
  refuse(&f, sizeof f, RAM_BYTES - 0x4000, 1, "boot arguments");
  refuse(&f, sizeof f, SIZE_MAX, 0, "initrd");
}

int main(void) {
  const struct CMUnitTest tests[] = {cmocka_unit_test(boot_layout), cmocka_unit_test(nothing_but_the_image),
                                     cmocka_unit_test(refuses_bad_files)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
