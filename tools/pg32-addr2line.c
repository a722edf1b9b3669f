/* pg32-addr2line - tells the source line and the function of addresses.
 *
 * An object is linked in memory first, as .debug_line has relocations; its addresses are offsets in a section. */
#include "isa/ld.h"
#include "isa/lines.h"
#include "tools/common/argp.h"
#include "tools/base_name.h"
#include "tools/objdump/contents.h"
#include "tools/version.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

const char *argp_program_version = TRAPEZE_VERSION_OF("pg32-addr2line");

struct command {
  const char *path, *section;
  uint32_t base; /* what an address is counted from: 0, or the section's address in the image */
  bool functions, addresses, short_names, one_line;
  char **words; /* the addresses of the command line */
  int nwords;
};

static const struct argp_option options[] = {
    {"exe", 'e', "FILE", 0, "The program (default: a.out)", 0},
    {"section", 'j', "NAME", 0, "In an object: addresses are offsets in this section (default: .text)", 0},
    {"functions", 'f', NULL, 0, "Show the function, too, before the line", 0},
    {"addresses", 'a', NULL, 0, "Show the address, too, first", 0},
    {"basenames", 's', NULL, 0, "Show the source's name without its folders", 0},
    {"pretty-print", 'p', NULL, 0, "Show all of an address in one line", 0},
    {0}};

static error_t parse(int key, char *text, struct argp_state *state) {
  struct command *c = state->input;
  switch (key) {
  case 'e': c->path = text; return 0;
  case 'j': c->section = text; return 0;
  case 'f': c->functions = true; return 0;
  case 'a': c->addresses = true; return 0;
  case 's': c->short_names = true; return 0;
  case 'p': c->one_line = true; return 0;
  case ARGP_KEY_ARGS:
    c->words = state->argv + state->next;
    c->nwords = state->argc - state->next;
    return 0;
  default: return ARGP_ERR_UNKNOWN;
  }
}

static void die(const char *what, const char *why) {
  fprintf(stderr, "pg32-addr2line: %s: %s\n", what, why);
  exit(EXIT_FAILURE);
}

static void show(const struct command *c, const struct pg32_lines *lines, const char *word) {
  struct pg32_lines_place place;
  char *end;
  errno = 0;
  unsigned long long address = strtoull(word, &end, 16);
  if (end == word || *end || errno || address > UINT32_MAX)
    die(word, "expected an address in hexadecimal, such as 10054 or 0x10054");
  if (!pg32_lines_at(lines, c->base + (uint32_t)address, &place)) place = (struct pg32_lines_place){0};
  if (c->addresses) printf("0x%08" PRIx32 "%s", (uint32_t)address, c->one_line ? ": " : "\n");
  if (c->functions) printf("%s%s", place.function ? place.function : "??", c->one_line ? " at " : "\n");
  const char *file = place.file ? place.file : "??";
  printf("%s:%d\n", c->short_names ? base_name(file) : file, place.line);
}

static void report(void *context, const char *message) {
  (void)context;
  fprintf(stderr, "pg32-addr2line: %s\n", message);
}

/* An object that is linked for its lines, as a file; -1 after a message. */
static int link_object(const char *path, struct pg32_ld **link) {
  struct pg32_ld_options options = {.layout = PG32_LD_BARE, .allow_undefined = true, .report = report};
  *link = pg32_ld_new(&options);
  bool good = *link && pg32_ld_add_file(*link, path) && pg32_ld_link(*link);
  return good ? pg32_ld_open_image(*link) : -1;
}

/* The place of the section in the image of the linked object. */
static uint32_t section_place(const struct command *c, const struct pg32_ld *link, int fd) {
  uint32_t address = 0;
  bool found = false;
  elf_version(EV_CURRENT);
  Elf *elf = elf_begin(fd, ELF_C_READ_MMAP, NULL);
  for (Elf_Scn *s = NULL; (s = elf_nextscn(elf, s)) && !found;)
    found = !strcmp(section_name(elf, s), c->section) &&
            pg32_ld_section_address(link, (uint32_t)elf_ndxscn(s), &address);
  elf_end(elf);
  if (!found) die(c->path, "no code in the section of --section");
  return address;
}

/* Whether the file is an object: its e_type, the half after e_ident, is ET_REL. */
static bool is_object(int fd) {
  unsigned char start[18];
  return pread(fd, start, sizeof start, 0) == sizeof start && start[16] == 1 && start[17] == 0;
}

static void show_all(const struct command *c, const struct pg32_lines *lines) {
  char word[64];
  for (int i = 0; i < c->nwords; i++) show(c, lines, c->words[i]);
  while (!c->nwords && scanf("%63s", word) == 1) {
    show(c, lines, word);
    fflush(stdout);
  }
}

int main(int argc, char **argv) {
  static const struct argp argp = {
      options, parse, "[ADDRESS...]",
      "Tells the source lines of addresses, which are hexadecimal. Without addresses they "
      "are read from the standard input.",
      NULL};
  struct command c = {.path = "a.out", .section = ".text"};
  struct pg32_ld *link = NULL;
  const char *why = NULL;
  argp_err_exit_status = EXIT_FAILURE;
  if (argp_parse(&argp, argc, argv, 0, &c)) return EXIT_FAILURE;
  int fd = open(c.path, O_RDONLY | O_CLOEXEC);
  if (fd < 0) die(c.path, strerror(errno));
  int image = is_object(fd) ? link_object(c.path, &link) : fd;
  struct pg32_lines *lines = image >= 0 ? pg32_lines_open(image, &why) : NULL;
  if (!lines) die(c.path, why ? why : "cannot be read");
  if (link) c.base = section_place(&c, link, fd);
  show_all(&c, lines);
  pg32_lines_close(lines);
  if (image != fd) close(image);
  close(fd);
  pg32_ld_free(link);
  if (fflush(stdout) || ferror(stdout)) die("standard output", "cannot be written");
  return EXIT_SUCCESS;
}
