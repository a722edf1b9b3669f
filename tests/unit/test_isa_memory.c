/* test_isa_memory.c - libisa without memory: the n-th allocation fails, for n = 1, 2, ... until none is left
 * to fail.
 *
 * The assembler, the linker and the line tables then give their answer for a lack of memory, and nothing
 * else: no crash, no other message, and (under AddressSanitizer) no leak. The allocations of libelf and libdw
 * fail, too; under AddressSanitizer, whose malloc cannot be replaced, only our own do. */
#define _GNU_SOURCE
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "isa/as.h"
#include "isa/ld.h"
#include "isa/lines.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/mman.h>
#include <unistd.h>

/* ---- allocations that fail ---- */

static unsigned long left; /* allocations until the one that fails; 0: none does */
static bool failed;        /* one has */
static bool ours_only;     /* those of shared libraries succeed and are not counted */
static size_t at_least;    /* bytes; smaller ones succeed and are not counted */

extern const char __executable_start[], etext[];

static bool is_ours(const void *caller) {
  return (const char *)caller >= __executable_start && (const char *)caller < etext;
}

static bool fails(const void *caller, size_t size) {
  if (!left || size < at_least || (ours_only && !is_ours(caller)) || --left) return false;
  failed = true;
  errno = ENOMEM;
  return true;
}

#ifdef __SANITIZE_ADDRESS__ /* the Makefile links with --wrap */
#define MINE(name) __wrap_##name
#define REAL(name) __real_##name
#else
#define MINE(name) name
#define REAL(name) __libc_##name
#endif
void *REAL(malloc)(size_t size);
void *REAL(calloc)(size_t count, size_t size);
void *REAL(realloc)(void *old, size_t size);
void *MINE(malloc)(size_t size);
void *MINE(calloc)(size_t count, size_t size);
void *MINE(realloc)(void *old, size_t size);
void *MINE(reallocarray)(void *old, size_t count, size_t size);

#define CALLER __builtin_return_address(0)
void *MINE(malloc)(size_t size) { return fails(CALLER, size) ? NULL : REAL(malloc)(size); }
void *MINE(calloc)(size_t n, size_t size) { return fails(CALLER, n * size) ? NULL : REAL(calloc)(n, size); }
void *MINE(realloc)(void *old, size_t size) { return fails(CALLER, size) ? NULL : REAL(realloc)(old, size); }
void *MINE(reallocarray)(void *old, size_t n, size_t size) {
  return fails(CALLER, n * size) ? NULL : REAL(realloc)(old, n * size);
}

/* ---- what is assembled and linked ---- */

static const char source[] = "# 1 \"main.c\"\n"
                             ".file 1 \"/src\" \"main.c\"\n"
                             ".include \"other.s\"\n"
                             ".macro twice a, b=2\n addi \\a, \\a, \\b\n addi \\a, \\a, \\b\n.endm\n"
                             ".section .text.start,\"ax\",@progbits\n"
                             ".globl _start\n.type _start,@function\n"
                             "_start: .loc 1 3 1\n twice a0\n la a1, message\n call helper\n"
                             "1: .loc 1 4 1\n bnez a0, 1b\n lw a2, counter\n j 1b\n"
                             ".rept 40\n nop\n.endr\n"
                             ".size _start, .-_start\n"
                             ".data\nmessage: .asciz \"hello\"\n.p2align 2\n.word message, _start - message\n"
                             ".comm counter, 64, 4\n"
                             ".section .init_array,\"aw\",@init_array\n.word _start\n"
                             ".data\n.if 1\n.uleb128 2f - 1f\n1: .byte 1\n2:\n.endif\n"
                             ".section .debug_abbrev,\"\",@progbits\n"
                             ".uleb128 1, 0x11\n.byte 0\n.uleb128 0x10, 0x17, 0x03, 0x08, 0, 0, 0\n"
                             ".section .debug_info,\"\",@progbits\n"
                             ".word 4f - 3f\n3: .half 4\n.word .debug_abbrev\n.byte 4\n"
                             ".uleb128 1\n.word .debug_line\n.asciz \"main.c\"\n4:\n";
static const char other[] = ".text\n.globl helper\n.type helper,@function\nhelper: li a0, 0x12345678\n ret\n";

static char *load(void *user, const char *name, size_t *size) {
  (void)user, (void)name;
  *size = strlen(other);
  char *copy = malloc(*size);
  if (copy) memcpy(copy, other, *size);
  return copy;
}

static void as_report(void *user, const struct pg32_as_diagnostic *d) {
  if (strncmp(d->text, "cannot read", 11)) *(const char **)user = "an error in a source without one";
}

static enum pg32_as_result assemble(char **object, size_t *size) {
  const char *wrong = NULL;
  struct pg32_as_options options = {.name = "main.s", .user = &wrong, .report = as_report, .load = load};
  enum pg32_as_result result = pg32_assemble(source, strlen(source), &options, object, size);
  left = 0;
  assert_null(wrong);
  return result;
}

/* ---- the assembler ---- */

/* `load` fails as an unreadable file would: the one allocation that is the caller's. */
static void assembler(void **state) {
  (void)state;
  unsigned long n = 0, callers = 0;
  do {
    char *object;
    size_t size;
    left = ++n;
    failed = false;
    enum pg32_as_result result = assemble(&object, &size);
    if (!failed) assert_int_equal(result, PG32_AS_OK);
    if (failed && result != PG32_AS_NO_MEMORY) callers++, assert_int_equal(result, PG32_AS_ERRORS);
    if (result != PG32_AS_OK) assert_true(!object && !size);
    free(object);
  } while (failed);
  assert_true(n > 4);
  assert_int_equal(callers, 1);
}

/* ---- the linker ---- */

struct input {
  char *object;
  size_t size;
  char name[32], archive[32], output[32];
};

static void write_all(const char *path, const char *head, const void *bytes, size_t size) {
  FILE *file = fopen(path, "wb");
  assert_non_null(file);
  fputs(head, file);
  assert_int_equal(fwrite(bytes, 1, size, file), size);
  if (size & 1) fputc('\n', file);
  assert_int_equal(fclose(file), 0);
}

/* The object as a file, and as the one member of an archive. */
static int prepare(void **state) {
  static struct input input;
  char head[80];
  if (assemble(&input.object, &input.size) != PG32_AS_OK) return -1;
  strcpy(input.name, "/tmp/test_isa_memory.XXXXXX");
  int fd = mkstemp(input.name);
  if (fd < 0) return -1;
  close(fd);
  snprintf(input.archive, sizeof input.archive, "%s.a", input.name);
  snprintf(input.output, sizeof input.output, "%s.x", input.name);
  write_all(input.name, "", input.object, input.size);
  snprintf(head, sizeof head, "!<arch>\n%-16s%-12d%-6d%-6d%-8o%-10zu`\n", "main.o/", 0, 0, 0, 0644,
           input.size);
  write_all(input.archive, head, input.object, input.size);
  *state = &input;
  return 0;
}

static int tidy(void **state) {
  const struct input *input = *state;
  unlink(input->name);
  unlink(input->archive);
  unlink(input->output);
  free(input->object);
  return 0;
}

static void ld_report(void *context, const char *message) {
  if (!strcmp(message, "out of memory")) return;
  *(bool *)context = true;
  print_message("# %s\n", message);
}

static bool link_it(struct pg32_ld *ld, const struct input *input, const char *path) {
  return pg32_ld_add_folder(ld, "/") && pg32_ld_add_file(ld, path) && pg32_ld_link(ld) &&
         pg32_ld_write(ld, input->output);
}

/* Links `path` while the n-th allocation fails; an output there is only after success. */
static void link_without(const struct input *input, const char *path, struct pg32_ld_options options,
                         unsigned long n) {
  bool wrong = false;
  options.report = ld_report;
  options.context = &wrong;
  unlink(input->output);
  left = n;
  failed = false;
  struct pg32_ld *ld = pg32_ld_new(&options);
  bool good = ld && link_it(ld, input, path);
  left = 0;
  assert_int_equal(good, !failed);
  assert_false(wrong);
  if (ld) assert_int_equal(pg32_ld_no_memory(ld), failed);
  if (ld && failed) assert_false(pg32_ld_link(ld));
  assert_int_equal(access(input->output, F_OK) == 0, good);
  pg32_ld_free(ld);
}

static unsigned open_files(void) {
  unsigned n = 0;
  for (int fd = 0; fd < 256; fd++) n += fcntl(fd, F_GETFD) >= 0;
  return n;
}

static void link_until_good(const struct input *input, const char *path, struct pg32_ld_options options) {
  unsigned before = open_files();
  unsigned long n = 0;
  do link_without(input, path, options, ++n);
  while (failed);
  assert_true(n > 10);
  assert_int_equal(open_files(), before);
}

static void linker(void **state) {
  const struct input *input = *state;
  struct pg32_ld_options options = {.layout = PG32_LD_USER, .entry = "_start"};
  link_until_good(input, input->name, options);
  link_until_good(input, input->archive, options);
  options.gc_sections = options.strip_debug = true;
  link_until_good(input, input->archive, options);
}

static void copying(void **state) {
  const struct input *input = *state;
  char executable[40];
  struct pg32_ld_options options = {.layout = PG32_LD_BARE};
  link_without(input, input->name, options, 0);
  snprintf(executable, sizeof executable, "%s.y", input->name);
  assert_int_equal(rename(input->output, executable), 0);
  link_until_good(input, executable, options);
  unlink(executable);
}

/* ---- lines ---- */

static int image_of(const struct input *input) {
  bool wrong = false;
  struct pg32_ld_options options = {.layout = PG32_LD_USER, .report = ld_report, .context = &wrong};
  struct pg32_ld *ld = pg32_ld_new(&options);
  bool good = pg32_ld_add_file(ld, input->name) && pg32_ld_link(ld);
  int image = good ? pg32_ld_open_image(ld) : -1;
  pg32_ld_free(ld);
  return image;
}

/* What the source says of its entry. */
static bool is_complete(const struct pg32_lines *lines) {
  struct pg32_lines_place place;
  uint32_t start, line;
  return pg32_lines_find_symbol(lines, "_start", &start) && pg32_lines_find_line(lines, "main.c", 3, &line) &&
         line == start && pg32_lines_at(lines, start, &place) && !strcmp(place.function, "_start") &&
         place.line == 3;
}

static void lines_without(int image, unsigned long n) {
  const char *why;
  left = n;
  failed = false;
  struct pg32_lines *lines = pg32_lines_open(image, &why);
  left = 0;
  assert_int_equal(lines != NULL, !failed);
  assert_ptr_equal(why, failed ? pg32_lines_no_memory : NULL);
  if (lines) assert_true(is_complete(lines));
  pg32_lines_close(lines);
}

/* Ours only: libdw crashes when some of its own fail (elfutils 0.188, __libdw_findcu's hash tables). */
static void lines(void **state) {
  int image = image_of(*state);
  unsigned long n = 0;
  assert_true(image >= 0);
  ours_only = true;
  do lines_without(image, ++n);
  while (failed);
  ours_only = false;
  assert_true(n > 3);
  close(image);
}

/* The blocks that libdw allocates from have more than 4000 bytes; without one it would end the process. */
static void libdw_does_not_exit(void **state) {
  int image = image_of(*state);
  unsigned long n = 0;
  assert_true(image >= 0);
  at_least = 4000;
  do lines_without(image, ++n);
  while (failed);
  at_least = 0;
  close(image);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(assembler),
      cmocka_unit_test(linker),
      cmocka_unit_test(copying),
      cmocka_unit_test(lines),
      cmocka_unit_test(libdw_does_not_exit),
  };
  return cmocka_run_group_tests_name("isa_memory", tests, prepare, tidy);
}
