/* verify.c - trapeze verify: the measurements, in one table. */
#include <string.h>
#include <unistd.h>

#include "verify.h"

static const struct claim {
  const char *name;
  int (*run)(int argc, char **argv);
  const char *what;
} claims[] = {
    {"fidelity", verify_fidelity, "a guest executes the same instructions bare and in a VM"},
    {"performance", verify_performance, "most of a guest runs directly on the machine; what the rest costs"},
    {"safety", verify_safety, "hostile guests change nothing for their neighbours"},
    {"translation", verify_translation, "each unit of a translation does what the guest's own code does"},
};
#define CLAIMS (sizeof claims / sizeof *claims)

struct bytes verify_stdin(void) {
  struct bytes b = {0};
  uint8_t part[4096];
  ssize_t n;
  if (isatty(STDIN_FILENO)) return b;
  while ((n = read(STDIN_FILENO, part, sizeof part)) > 0) bytes_append(&b, part, (size_t)n);
  return b;
}

void verify_random(struct options *o, const char *seed, struct argp_state *state) {
  uint64_t n;
  if (!parse_size(seed, UINT64_MAX, &n)) argp_error(state, "--random %s: expected a number", seed);
  fuzz_options(o, n);
}

static void usage(FILE *f) {
  fputs("Usage: trapeze verify CLAIM [OPTION...] [PROG [ARGS...]]\n"
        "Measures what Popek and Goldberg ask of a VMM.\n"
        "Exit status: 0 the claim holds, 1 it does not.\n\n",
        f);
  for (size_t i = 0; i < CLAIMS; i++) fprintf(f, "  %-12s %s\n", claims[i].name, claims[i].what);
  help_print(f, "\n`trapeze verify CLAIM --help` gives details.\n"
                "{doc}/vmm/PROPERTIES.md explains the claims.\n");
}

int command_verify(int argc, char **argv) {
  if (argc < 2) {
    usage(stderr);
    return STATUS_USAGE;
  }
  if (help_wanted(argv[1])) {
    usage(stdout);
    return 0;
  }
  if (version_wanted(argv[1])) return 0;
  for (size_t i = 0; i < CLAIMS; i++) {
    if (strcmp(argv[1], claims[i].name) != 0) continue;
    char name[40]; /* argp calls us by it */
    snprintf(name, sizeof name, "trapeze verify %s", claims[i].name);
    argv[1] = name;
    return claims[i].run(argc - 1, argv + 1);
  }
  die(STATUS_USAGE, "no claim called '%s'; `trapeze verify --help` lists them", argv[1]);
}
