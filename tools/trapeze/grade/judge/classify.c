/* classify.c - the expectation `classify`: the classes of instructions, as the student has named them. */
#include <stdlib.h>
#include <string.h>

#include "answers.h"
#include "isa/pg32.h"
#include "tools/trapeze/verify/classify.h"

static const char *const class_words[] = {[POPEK_INNOCUOUS] = "innocuous",
                                          [POPEK_PRIVILEGED] = "privileged",
                                          [POPEK_TRAPPING] = "always-trapping",
                                          [POPEK_HOLE] = "hole"};
#define UNSAID -1

static int class_named(const char *word) {
  for (int c = 0; c < (int)(sizeof class_words / sizeof *class_words); c++)
    if (strcmp(class_words[c], word) == 0) return c;
  return UNSAID;
}

static bool parse_class(const struct lab_expect *e, const struct answer *l, int *said, unsigned *where,
                        struct outcome *o) {
  char buf[32];
  const char *file = e->answers.file;
  enum pg32_id id = l->words == 2 ? pg32_lookup(l->word[0]) : PG32_ILLEGAL;
  int class = l->words == 2 ? class_named(l->word[1]) : UNSAID;
  if (l->words != 2)
    answers_misread(o, file, l, "expected two words: MNEMONIC CLASS, such as `add innocuous`");
  else if (id >= PG32_INSNS)
    answers_misread(o, file, l, "'%s' is no instruction", answers_shown(l->word[0], buf));
  else if (class == UNSAID)
    answers_misread(o, file, l, "'%s': expected innocuous, privileged, always-trapping or hole",
                    answers_shown(l->word[1], buf));
  else if (said[id] != UNSAID)
    answers_misread(o, file, l, "%s is in line %u already", answers_shown(l->word[0], buf), where[id]);
  else {
    said[id] = class;
    where[id] = l->number;
    return true;
  }
  return false;
}

static void judge_classes(const struct trial *t, const struct lab_expect *e, const int *said,
                          const unsigned *where, struct outcome *o) {
  enum popek_class real[PG32_INSNS];
  unsigned special = 0, right = 0, spoiled = 0, first = PG32_INSNS;
  classify_measure(plan_cpu(t->built, e->answers.cpu), real);
  for (unsigned id = 0; id < PG32_INSNS; id++) {
    bool good = (said[id] == UNSAID ? POPEK_INNOCUOUS : said[id]) == (int)real[id];
    special += real[id] != POPEK_INNOCUOUS;
    right += real[id] != POPEK_INNOCUOUS && good;
    spoiled += real[id] == POPEK_INNOCUOUS && !good;
    if (!good && first == PG32_INSNS) first = id;
  }
  o->share = right <= spoiled || !special ? 0 : (double)(right - spoiled) / special;
  if (first == PG32_INSNS) o->share = 1;
  if (first == PG32_INSNS) return;
  fprintf(o->say,
          "Expected: the class of each of the %d instructions, as measured on the machine.\n"
          "Happened: of those that are not innocuous %u of %u are right; %u innocuous instruction%s.\n",
          PG32_INSNS, right, special, spoiled, spoiled == 1 ? " has another class" : "s have another class");
  const char *name = pg32_row((enum pg32_id)first)->name;
  if (said[first] == UNSAID)
    fprintf(o->show, "The first that is wrong: %s has no line, which says that it is innocuous.\n", name);
  else
    fprintf(o->show, "The first that is wrong: %s:%u: %s %s\n", e->answers.file, where[first], name,
            class_words[said[first]]);
}

void expect_classify(const struct trial *t, const struct lab_expect *e, struct outcome *o) {
  struct answers *a = must(malloc(sizeof *a));
  int said[PG32_INSNS];
  unsigned where[PG32_INSNS] = {0};
  size_t wrong = 0;
  for (unsigned id = 0; id < PG32_INSNS; id++) said[id] = UNSAID;
  bool good = answers_read(t, e->answers.file, a, o);
  for (size_t i = 0; good && i < a->lines; i++) wrong += !parse_class(e, &a->line[i], said, where, o);
  if (good && !wrong) judge_classes(t, e, said, where, o);
  free(a->text.data);
  free(a);
}
