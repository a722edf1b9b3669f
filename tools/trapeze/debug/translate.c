/* translate.c - the subcommand `trapeze translate`: a function of the guest's kernel, or all of it, before and after
 * binary translation. The guest runs under the real translator; what is shown is read in the VMM's memory. */
#define _GNU_SOURCE /* qsort_r */
#include <stdlib.h>
#include <string.h>

#include "tools/trapeze/grade/from_lab.h"
#include "translation.h"

enum { KEY_AT = 0x500, KEY_PAGE };

static const struct argp_option rows[] = {
    {"at", KEY_AT, "WHERE", 0,
     "show the function around WHERE: an address, a symbol of the guest's kernel or image, or FILE:LINE", 1},
    {"page", KEY_PAGE, NULL, 0, "with --at: show the whole page", 1},
    {0}};

struct arguments {
  struct options options;
  struct from_lab from_lab;
  const char *at;
  bool page;
};

static error_t parse(int key, char *arg, struct argp_state *state) {
  struct arguments *a = state->input;
  switch (key) {
  case ARGP_KEY_INIT:
    state->child_inputs[0] = &a->options;
    state->child_inputs[1] = &a->from_lab;
    return 0;
  case KEY_AT: a->at = arg; return 0;
  case KEY_PAGE: a->page = true; return 0;
  case ARGP_KEY_END:
    if (a->page && !a->at) argp_error(state, "--page: say which page with --at");
    return 0;
  default: return ARGP_ERR_UNKNOWN;
  }
}

static const struct argp_child children[] = {
    {&options_argp, 0, "Running:", 2}, {&from_lab_argp, 0, "A lab's test:", 3}, {0}};
static const struct argp translate_argp = {
    .options = rows,
    .parser = parse,
    .args_doc = "[PROG [ARGS...]]",
    .doc = "Runs PROG as `trapeze run --cpu pg32-leaky --way translate` does, and shows what the VMM has "
           "made of the "
           "guest's kernel: the guest's instructions beside the words of the cache that stand for them. "
           "Without --at, "
           "all units in short."
           "\vBetween the two, = is an instruction that stands as it is, * a word in an instruction's place, "
           "+ a stub. "
           "Exit status: 1 if nothing was translated there. {doc}/tools/TRANSLATION.md is an introduction.",
    .children = children};

/* ---- the run ---- */

/* To where the guest's last trap has brought the VMM all that it knows. */
static void go_to_last_trap(struct debug *d) {
  model_end(d);
  for (uint64_t n = index_before(d, model_position(d)); (n = index_last(d, n, 1 << RECORD_TRAP)); n--)
    if (d->lanes[index_note(d, n).from].depth == d->options.depth) {
      model_go(d, index_note(d, n).position);
      return;
    }
}

/* What the VMM, which is the last to print before it gives up, has printed. */
static _Noreturn void nothing_read(struct debug *d) {
  size_t n;
  char why[sizeof d->said];
  snprintf(why, sizeof why, "%s", d->said);
  model_end(d);
  const char *text = (const char *)timeline_output(d->t, &n);
  while (n && text[n - 1] == '\n') n--;
  size_t from = n;
  while (from && text[from - 1] != '\n') from--;
  if (n > from) die(STATUS_USAGE, "%s The run's last line: %.*s", why, (int)(n - from), text + from);
  die(STATUS_USAGE, "%s", why);
}

/* ---- what is shown ---- */

struct range { /* of the guest's addresses, [first, end) */
  uint32_t first, end;
  char name[120];
};

static void find_range(const struct translation *t, const struct arguments *a, struct range *r) {
  struct pg32_lines_place place;
  struct image *image = image_of(t->d, t->guest);
  uint64_t number;
  uint32_t at;
  if (number_of(a->at, &number) && number <= UINT32_MAX)
    at = (uint32_t)number;
  else if (!expr_in_image(image, a->at, &at))
    die(STATUS_USAGE, "--at %s: expected an address, or a symbol or FILE:LINE of %s", a->at,
        image && image->lines ? image->name : "an image with symbols");
  *r = (struct range){.first = at & TLB_PFN_MASK, .end = (at & TLB_PFN_MASK) + PAGE_SIZE};
  snprintf(r->name, sizeof r->name, "page 0x%05x", at / PAGE_SIZE);
  if (a->page || !image || !image->lines || !pg32_lines_at(image->lines, at, &place) || !place.function)
    return;
  if (at >= image_function_end(image, at - place.offset)) return;
  r->first = at - place.offset, r->end = image_function_end(image, r->first);
  snprintf(r->name, sizeof r->name, "%s", place.function);
}

static bool is_in(const struct translated_unit *u, const struct range *r) {
  return u->pc < r->end && r->first < u->pc + 4 * u->insns;
}

struct sums {
  uint32_t units, dropped, insns, words, same;
};

static void count(const struct translation *t, uint32_t unit, struct sums *s) {
  const struct translated_unit *u = &t->unit[unit];
  s->units++;
  s->dropped += !u->live;
  s->insns += u->insns;
  s->words += u->end - u->start;
  s->same += unit_same(t, (int)unit);
}

static void say_sums(const struct translation *t, const struct sums *s) {
  char dropped[40] = "";
  if (s->dropped) snprintf(dropped, sizeof dropped, ", %u of them dropped", s->dropped);
  printf("%u unit%s%s: %u of the guest's instructions in %u words; %u instructions stand as they are.\n",
         s->units, s->units == 1 ? "" : "s", dropped, s->insns, s->words, s->same);
  if (t->flushes > 1)
    printf("The cache was full and emptied %u times; what it had before is not shown.\n", t->flushes - 1);
}

static int by_address(const void *a, const void *b, void *arg) {
  const struct translated_unit *unit = arg, *ua = &unit[*(const uint32_t *)a],
                               *ub = &unit[*(const uint32_t *)b];
  if (ua->pc != ub->pc) return ua->pc < ub->pc ? -1 : 1;
  return *(const uint32_t *)a < *(const uint32_t *)b ? -1 : 1;
}

static void show(const struct translation *t, const struct range *r, struct sums *s) {
  uint32_t *order = must(malloc((t->units + 1) * sizeof *order)), n = 0;
  char title[200];
  for (uint32_t i = 0; i < t->units; i++)
    if (!r || is_in(&t->unit[i], r)) order[n++] = i;
  if (r) qsort_r(order, n, sizeof *order, by_address, t->unit);
  for (uint32_t k = 0; k < n; k++) {
    struct unit_rows unit = {0};
    count(t, order[k], s);
    if (!r) puts(unit_title(t, (int)order[k], title, sizeof title));
    if (r) unit_rows(t, (int)order[k], &unit);
    for (size_t i = 0; i < unit.n; i++)
      printf("%s%s\n", unit.row[i].kind == UNIT_HEAD ? "" : "  ", unit.row[i].text);
    if (r) putchar('\n');
    free(unit.row);
  }
  free(order);
}

int command_translate(int argc, char **argv) {
  struct arguments a = {0};
  struct debug d = {0};
  struct translation t;
  struct range r;
  struct sums s = {0};
  options_defaults(&a.options);
  a.options.cpu = CPU_LEAKY, a.options.way = "translate";
  argp_parse(&translate_argp, argc, argv, ARGP_IN_ORDER, &a);
  from_lab_options(&a.from_lab, &a.options);
  if (!a.options.depth)
    die(STATUS_USAGE, "--depth 0: the bare machine has no VMM, and nothing is translated");
  d.options = a.options;
  debug_open(&d, true);
  go_to_last_trap(&d);
  if (!translation_read(&d, &t)) nothing_read(&d);
  if (a.at) find_range(&t, &a, &r);
  show(&t, a.at ? &r : NULL, &s);
  if (s.units)
    say_sums(&t, &s);
  else
    fprintf(stderr, "trapeze: %s: nothing was translated: the guest's kernel did not get there\n",
            a.at ? r.name : "this run");
  translation_free(&t);
  model_close(&d);
  return s.units ? 0 : 1;
}
