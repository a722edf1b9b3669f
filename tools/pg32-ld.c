/* pg32-ld - links PG32 objects and archives into an executable; the work is done by isa/ld/.
 *
 * Options of GNU's linker that change nothing here are taken and ignored; those that ask for what PG32 does not
 * have are refused with the reason. */
#define _GNU_SOURCE /* asprintf */
#include "isa/ld.h"
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "tools/common/argp.h"
#include "tools/version.h"

const char *argp_program_version = TRAPEZE_VERSION_OF("pg32-ld");

enum {
  GC_SECTIONS = 256,
  NO_GC_SECTIONS,
  MAP,
  DEFSYM,
  WRAP,
  WHOLE_ARCHIVE,
  NO_WHOLE_ARCHIVE,
  IGNORED,
  REFUSED /* and those behind it */
};

static const struct {
  const char *name; /* in GNU's spelling */
  const char *why;
} refused[] = {
    {"-r", "pg32-ld makes executables only; `ar` collects objects for a later link"},
    {"-shared", "PG32 has no shared libraries: everything is linked into the executable"},
    {"-pie", "a PG32 executable is linked for one address"},
    {"--emit-relocs", "a PG32 executable has no relocations"},
    {"--script", "the layout is one of -T user, -T kernel and -T bare; there are no linker scripts"},
};

struct arguments {
  struct pg32_ld_options options;
  const char *output, *map_file;
  bool map;
  struct input {
    int kind; /* 'f'ile, 'l'ibrary, folder 'L', or the option's key */
    const char *text;
  } * inputs;
  size_t ninputs;
};

static const struct argp_option options[] = {
    {NULL, 'T', "LAYOUT", 0, "user (the default), kernel or bare", 0},
    {"output", 'o', "FILE", 0, "Write FILE (default: a.out)", 0},
    {"entry", 'e', "SYMBOL", 0, "Start at SYMBOL (default: _start)", 0},
    {"library", 'l', "LIB", 0, "Link with libLIB.a", 0},
    {"library-path", 'L', "DIR", 0, "Look for libraries in DIR", 0},
    {"print-map", 'M', NULL, 0, "Print where each section went", 0},
    {"Map", MAP, "FILE", 0, "The same into FILE", 0},
    {"gc-sections", GC_SECTIONS, NULL, 0, "Drop sections that nothing refers to", 0},
    {"strip-debug", 'S', NULL, 0, "Leave out debug information (also -s, --strip-all)", 0},
    {"undefined", 'u', "SYMBOL", 0, "Take the member of an archive that defines SYMBOL", 0},
    {"defsym", DEFSYM, "NAME=VALUE", 0, "Define NAME: a number, or SYMBOL+NUMBER", 0},
    {"wrap", WRAP, "NAME", 0, "Let __wrap_NAME stand for NAME, and NAME for __real_NAME", 0},
    {"whole-archive", WHOLE_ARCHIVE, NULL, 0, "Take all members of the archives that follow", 0},
    {"no-whole-archive", NO_WHOLE_ARCHIVE, NULL, 0, "Take those that are needed", 0},
    {"no-gc-sections", NO_GC_SECTIONS, NULL, OPTION_HIDDEN, NULL, 0},
    {"strip-all", 's', NULL, OPTION_HIDDEN, NULL, 0},
    {"start-group", IGNORED, NULL, OPTION_HIDDEN, NULL,
     0}, /* archives are searched until nothing more is found */
    {"end-group", IGNORED, NULL, OPTION_HIDDEN, NULL, 0},
    {"as-needed", IGNORED, NULL, OPTION_HIDDEN, NULL, 0},
    {"no-as-needed", IGNORED, NULL, OPTION_HIDDEN, NULL, 0},
    {"build-id", IGNORED, "STYLE", OPTION_HIDDEN | OPTION_ARG_OPTIONAL, NULL, 0},
    {"hash-style", IGNORED, "STYLE", OPTION_HIDDEN, NULL, 0},
    {"eh-frame-hdr", IGNORED, NULL, OPTION_HIDDEN, NULL, 0},
    {"no-relax", IGNORED, NULL, OPTION_HIDDEN, NULL, 0},
    {"relax", IGNORED, NULL, OPTION_HIDDEN, NULL, 0},
    {"no-undefined", IGNORED, NULL, OPTION_HIDDEN, NULL, 0},
    {"warn-common", IGNORED, NULL, OPTION_HIDDEN, NULL, 0},
    {"fatal-warnings", IGNORED, NULL, OPTION_HIDDEN, NULL, 0},
    {"static", IGNORED, NULL, OPTION_HIDDEN, NULL, 0},
    {"no-pie", IGNORED, NULL, OPTION_HIDDEN, NULL, 0},
    {"Bstatic", IGNORED, NULL, OPTION_HIDDEN, NULL, 0},
    {"discard-all", 'x', NULL, OPTION_HIDDEN, NULL, 0},
    {"discard-locals", 'X', NULL, OPTION_HIDDEN, NULL, 0},
    {NULL, 'z', "KEYWORD", OPTION_HIDDEN, NULL, 0},
    {NULL, 'O', "LEVEL", OPTION_HIDDEN, NULL, 0},
    {NULL, 'm', "EMULATION", OPTION_HIDDEN, NULL, 0},
    {"relocatable", 'r', NULL, OPTION_HIDDEN, NULL, 0},
    {"shared", REFUSED + 1, NULL, OPTION_HIDDEN, NULL, 0},
    {"pie", REFUSED + 2, NULL, OPTION_HIDDEN, NULL, 0},
    {"emit-relocs", REFUSED + 3, NULL, OPTION_HIDDEN, NULL, 0},
    {"script", REFUSED + 4, "FILE", OPTION_HIDDEN, NULL, 0},
    {0}};

static error_t set_layout(struct pg32_ld_options *to, const char *name, struct argp_state *state) {
  static const char *const names[] = {
      [PG32_LD_USER] = "user", [PG32_LD_KERNEL] = "kernel", [PG32_LD_BARE] = "bare"};
  for (int i = PG32_LD_USER; i <= PG32_LD_BARE; i++) {
    if (strcmp(name, names[i])) continue;
    to->layout = (enum pg32_ld_layout)i;
    return 0;
  }
  argp_error(state, "-T %s: expected user, kernel or bare; there are no linker scripts", name);
  return EINVAL;
}

static error_t refuse(int key, struct argp_state *state) {
  argp_failure(state, EXIT_FAILURE, 0, "%s: %s", refused[key - REFUSED].name, refused[key - REFUSED].why);
  return EINVAL;
}

static error_t add_input(struct arguments *to, int kind, const char *text) {
  to->inputs[to->ninputs++] = (struct input){kind, text};
  return 0;
}

static error_t parse(int key, char *text, struct argp_state *state) {
  struct arguments *to = state->input;
  switch (key) {
  case 'T': return set_layout(&to->options, text, state);
  case 'o': to->output = text; return 0;
  case 'e': to->options.entry = text; return 0;
  case 'M': to->map = true; return 0;
  case MAP: to->map_file = text; return 0;
  case GC_SECTIONS: to->options.gc_sections = true; return 0;
  case NO_GC_SECTIONS: to->options.gc_sections = false; return 0;
  case 's':
  case 'S': to->options.strip_debug = true; return 0;
  case 'l':
  case 'L':
  case 'u':
  case DEFSYM:
  case WRAP:
  case WHOLE_ARCHIVE:
  case NO_WHOLE_ARCHIVE: return add_input(to, key, text);
  case 'x':
  case 'X':
  case 'z':
  case 'O':
  case 'm':
  case IGNORED: return 0;
  case 'r': return refuse(REFUSED, state);
  case REFUSED + 1:
  case REFUSED + 2:
  case REFUSED + 3:
  case REFUSED + 4: return refuse(key, state);
  case ARGP_KEY_ARG: return add_input(to, 'f', text);
  case ARGP_KEY_NO_ARGS:
    for (size_t i = 0; i < to->ninputs; i++)
      if (to->inputs[i].kind == 'l') return 0;
    argp_error(state, "no input files");
    return EINVAL;
  default: return ARGP_ERR_UNKNOWN;
  }
}

/* GNU's linker takes some long options with one dash, too: -Map=FILE, -static. Others begin with a short option
 * for argp: -M. */
static void lengthen(int argc, char **argv, char **longer) {
  static const char *const names[] = {"Map",    "shared",  "pie",    "no-pie",
                                      "static", "Bstatic", "defsym", "wrap"};
  for (int i = 1; i < argc; i++)
    for (size_t j = 0; argv[i][0] == '-' && j < sizeof names / sizeof *names; j++) {
      const size_t n = strlen(names[j]);
      if (strncmp(argv[i] + 1, names[j], n) || (argv[i][n + 1] && argv[i][n + 1] != '=')) continue;
      if (asprintf(&longer[i], "-%s", argv[i]) < 0) abort();
      argv[i] = longer[i];
    }
}

static void report(void *context, const char *message) {
  (void)context;
  fprintf(stderr, "pg32-ld: %s\n", message);
}

static bool add_one(struct pg32_ld *ld, const struct input *input) {
  switch (input->kind) {
  case 'f': return pg32_ld_add_file(ld, input->text);
  case 'l': return pg32_ld_add_library(ld, input->text);
  case WHOLE_ARCHIVE: return pg32_ld_whole_archives(ld, true), true;
  case NO_WHOLE_ARCHIVE: return pg32_ld_whole_archives(ld, false), true;
  default: return true;
  }
}

/* Folders and names first, wherever they stand. */
static bool add_inputs(struct pg32_ld *ld, const struct arguments *from) {
  bool good = true;
  for (size_t i = 0; i < from->ninputs; i++) switch (from->inputs[i].kind) {
    case 'L': good &= pg32_ld_add_folder(ld, from->inputs[i].text); break;
    case 'u': good &= pg32_ld_require(ld, from->inputs[i].text); break;
    case DEFSYM: good &= pg32_ld_define(ld, from->inputs[i].text); break;
    case WRAP: good &= pg32_ld_wrap(ld, from->inputs[i].text); break;
    }
  for (size_t i = 0; i < from->ninputs; i++) good &= add_one(ld, &from->inputs[i]);
  return good;
}

static bool write_map(const struct pg32_ld *ld, const char *path) {
  FILE *f = fopen(path, "w");
  if (f) pg32_ld_print_map(ld, f);
  bool good = f && !ferror(f);
  if (f) good &= fclose(f) == 0;
  if (!good) fprintf(stderr, "pg32-ld: -Map %s: %s\n", path, strerror(errno));
  return good;
}

static bool show(const struct pg32_ld *ld, const struct arguments *arguments) {
  if (arguments->map) pg32_ld_print_map(ld, stdout);
  if (fflush(stdout) || ferror(stdout)) return perror("pg32-ld: standard output"), false;
  return !arguments->map_file || write_map(ld, arguments->map_file);
}

int main(int argc, char **argv) {
  static const struct argp argp = {options, parse, "FILES...",
                                   "Links PG32 objects and archives into an executable.\v"
                                   "Given one executable, pg32-ld copies it.",
                                   NULL};
  argp_err_exit_status = EXIT_FAILURE;
  struct arguments arguments = {.output = "a.out", .options.report = report};
  arguments.inputs = calloc((size_t)argc, sizeof *arguments.inputs);
  char **longer = calloc((size_t)argc, sizeof *longer);
  if (!arguments.inputs || !longer) return EXIT_FAILURE;
  lengthen(argc, argv, longer);
  if (argp_parse(&argp, argc, argv, 0, &arguments)) return EXIT_FAILURE;
  struct pg32_ld *ld = pg32_ld_new(&arguments.options);
  if (!ld) fputs("pg32-ld: out of memory\n", stderr);
  bool good = ld && add_inputs(ld, &arguments) && pg32_ld_link(ld) && pg32_ld_write(ld, arguments.output) &&
              show(ld, &arguments);
  pg32_ld_free(ld);
  for (int i = 0; i < argc; i++) free(longer[i]);
  free(longer);
  free(arguments.inputs);
  return good ? EXIT_SUCCESS : EXIT_FAILURE;
}
