/* fuzz_expr.c - libFuzzer entry: the first byte chooses a format, the rest is a C expression for the
 * debugger. Names and types are those of this program's own debug information, with the variables of every
 * type of values.c; memory is that of a machine that has not run. */
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tools/trapeze/debug/eval/eval.h"

#define main values_main
#include "tests/values/values.c"
#undef main

#define RAM (64u << 20)

static struct debug debugger;
static Dwarf *dwarf;
static Dwarf_Die *scopes; /* those of values_main */
static int nscopes;
static FILE *nowhere;

_Noreturn void die(int status, const char *format, ...) {
  (void)format;
  exit(status);
}

/* A function in the middle of this program whose variables are in scope: values_main. */
static bool find_scopes(void) {
  Dwarf_CU *cu = NULL;
  Dwarf_Die unit, child;
  while (dwarf_get_units(dwarf, cu, &cu, NULL, NULL, &unit, NULL) == 0) {
    if (dwarf_child(&unit, &child)) continue;
    do {
      const char *name = dwarf_diename(&child);
      if (name && strcmp(name, "values_main") == 0)
        return (nscopes = dwarf_getscopes_die(&child, &scopes)) > 0;
    } while (dwarf_siblingof(&child, &child) == 0);
  }
  return false;
}

int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerInitialize(int *argc, char ***argv) {
  uint8_t page[4096];
  (void)argc, (void)argv;
  debugger.m = machine_new(&(struct machine_config){.ram_bytes = RAM});
  dwarf = dwarf_begin(open("/proc/self/exe", O_RDONLY), DWARF_C_READ);
  nowhere = fopen("/dev/null", "w");
  if (!debugger.m || !dwarf || !nowhere || !find_scopes()) abort();
  for (uint32_t a = 0, seed = 1; a < RAM; a += sizeof page) {
    for (size_t i = 0; i < sizeof page; i++) page[i] = (uint8_t)((seed = seed * 1103515245 + 12345) >> 24);
    machine_poke(debugger.m, (struct machine_space){0}, a, page, sizeof page);
  }
  return 0;
}

static void use(struct eval *e, const struct value *v, char format) {
  struct number n;
  char name[200];
  value_number(e, v, &n);
  e->error[0] = 0;
  eval_format(e, v, format, true, nowhere);
  type_spell(e, v->type, name, sizeof name);
  type_define(e, v->type, nowhere);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  static const char formats[] = "\0xduotacfsz";
  char text[512];
  struct value v;
  if (size < 1 || size > sizeof text) return 0;
  memcpy(text, data + 1, size - 1);
  text[size - 1] = 0;
  struct eval e = {.d = &debugger, .dwarf = dwarf, .innermost = true, .scopes = scopes, .nscopes = nscopes};
  for (unsigned r = 1; r < 32; r++) e.regs.x[r] = r * 0x10001;
  const struct node *n = eval_parse(&e, text, NULL);
  struct change change = {.name = text};
  if (n && n->kind == NODE_ASSIGN)
    eval_change(&e, n, &change);
  else if (n && compute(&e, n, &v))
    use(&e, &v, formats[data[0] % (sizeof formats - 1)]);
  e.scopes = NULL;
  eval_end(&e);
  return 0;
}
