/* pg32-ld - links PG32 objects and archives into an executable; the work is done by isa/ld/. */
#include "isa/ld.h"
#include <argp.h>
#include <stdlib.h>
#include <string.h>

#include "tools/version.h"

const char *argp_program_version = TRAPEZE_VERSION_OF("pg32-ld");

enum { GC_SECTIONS = 256, STRIP_DEBUG };

struct arguments {
  struct pg32_ld_options options;
  const char *output;
  bool map;
  struct input {
    char kind;
    const char *text;
  } * inputs; /* kind: 'f'ile, 'l'ibrary, folder 'L' */
  size_t ninputs;
};

static const struct argp_option options[] = {
    {NULL, 'T', "LAYOUT", 0, "user (the default), kernel or bare", 0},
    {"output", 'o', "FILE", 0, "Write FILE (default: a.out)", 0},
    {"entry", 'e', "SYMBOL", 0, "Start at SYMBOL (default: _start)", 0},
    {"library", 'l', "LIB", 0, "Link with libLIB.a", 0},
    {"library-path", 'L', "DIR", 0, "Look for libraries in DIR", 0},
    {"print-map", 'M', NULL, 0, "Print where each section went", 0},
    {"gc-sections", GC_SECTIONS, NULL, 0, "Drop sections that nothing refers to", 0},
    {"strip-debug", STRIP_DEBUG, NULL, 0, "Leave out debug information", 0},
    {0}};

static error_t set_layout(struct pg32_ld_options *to, const char *name, struct argp_state *state) {
  static const char *const names[] = {
      [PG32_LD_USER] = "user", [PG32_LD_KERNEL] = "kernel", [PG32_LD_BARE] = "bare"};
  for (int i = PG32_LD_USER; i <= PG32_LD_BARE; i++) {
    if (strcmp(name, names[i])) continue;
    to->layout = (enum pg32_ld_layout)i;
    return 0;
  }
  argp_error(state, "-T %s: expected user, kernel or bare", name);
  return EINVAL;
}

static error_t parse(int key, char *text, struct argp_state *state) {
  struct arguments *to = state->input;
  switch (key) {
  case 'T': return set_layout(&to->options, text, state);
  case 'o': to->output = text; return 0;
  case 'e': to->options.entry = text; return 0;
  case 'M': to->map = true; return 0;
  case GC_SECTIONS: to->options.gc_sections = true; return 0;
  case STRIP_DEBUG: to->options.strip_debug = true; return 0;
  case 'l':
  case 'L': to->inputs[to->ninputs++] = (struct input){(char)key, text}; return 0;
  case ARGP_KEY_ARG: to->inputs[to->ninputs++] = (struct input){'f', text}; return 0;
  case ARGP_KEY_NO_ARGS:
    if (!to->ninputs) argp_error(state, "no input files");
    return 0;
  default: return ARGP_ERR_UNKNOWN;
  }
}

static void report(void *context, const char *message) {
  (void)context;
  fprintf(stderr, "pg32-ld: %s\n", message);
}

static bool add_inputs(struct pg32_ld *ld, const struct arguments *from) {
  bool good = true;
  for (size_t i = 0; i < from->ninputs; i++)
    if (from->inputs[i].kind == 'L') good &= pg32_ld_add_folder(ld, from->inputs[i].text);
  for (size_t i = 0; i < from->ninputs; i++) switch (from->inputs[i].kind) {
    case 'f': good &= pg32_ld_add_file(ld, from->inputs[i].text); break;
    case 'l': good &= pg32_ld_add_library(ld, from->inputs[i].text); break;
    }
  return good;
}

int main(int argc, char **argv) {
  static const struct argp argp = {options,
                                   parse,
                                   "FILES...",
                                   "Links PG32 objects and archives into an executable.\v"
                                   "Given one executable, pg32-ld copies it.",
                                   NULL,
                                   NULL,
                                   NULL};
  argp_err_exit_status = EXIT_FAILURE;
  struct arguments arguments = {.output = "a.out", .options.report = report};
  arguments.inputs = calloc((size_t)argc, sizeof *arguments.inputs);
  if (!arguments.inputs || argp_parse(&argp, argc, argv, 0, NULL, &arguments)) return EXIT_FAILURE;
  struct pg32_ld *ld = pg32_ld_new(&arguments.options);
  if (!ld) fputs("pg32-ld: out of memory\n", stderr);
  bool good = ld && add_inputs(ld, &arguments) && pg32_ld_link(ld) && pg32_ld_write(ld, arguments.output);
  if (good && arguments.map) pg32_ld_print_map(ld, stdout);
  pg32_ld_free(ld);
  free(arguments.inputs);
  return good ? EXIT_SUCCESS : EXIT_FAILURE;
}
