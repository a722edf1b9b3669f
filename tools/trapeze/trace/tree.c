/* tree.c - a system call or a TLB fault of the innermost guest as a tree of nested traps.
 *
 * A VMM sees one exit of its guest. One level further out, the same exit is several exits: the trap itself,
 * the guest kernel's rfe into the VMM, the VMM's system call vm_run, and the kernel's rfe into the VM. So
 * below an exit at level L stand the exits at level L - 1 up to the next exit at level L; the first of them
 * is the same trap. Level 1 has the exits of the machine. After an exit stand its steps of the lists at its
 * level: S for a system call, T for a TLB fault. */
#include <stdlib.h>
#include <string.h>

#include "trace.h"

#define FAMILY 65536 /* events whose parents are remembered */
#define MOST 4096    /* exits and steps kept of one list */
#define WIDTH 80

struct exit_of { /* a trap that reaches a VMM */
  uint64_t event;
  uint32_t from, level;                /* level: of the innermost VMM that handles it */
  uint8_t verdict[RECORDER_DEPTH + 1]; /* enum verdict */
  char what[48];
};

struct note {    /* a step of a list */
  unsigned exit; /* index of the exit during which it came */
  uint8_t level, step;
  enum lecture_list list;
  const char *words; /* the lecture's, or ours for a guest that knows that it is one */
};

struct tree {
  struct tree *next;
  uint64_t event, tick;
  enum lecture_list kind;
  uint32_t lane;
  const char *call; /* a system call's name, or NULL */
  unsigned exits, notes, exit_room, note_room;
  struct exit_of *exit;
  struct note *note;
};

struct state {
  struct tree *open, *closed;
  uint64_t waiting;
  unsigned all, wanted; /* system calls and faults of the innermost guest; those that pass the filters */
  uint64_t parent[FAMILY][2];
};

/* ---- printing ---- */

/* The steps of that level's lists during exits first .. end - 1, each once: " S1 S2". */
static void say_steps(const struct trace *t, const struct tree *tree, unsigned level, unsigned first,
                      unsigned end) {
  const struct note *before = NULL;
  for (const struct note *n = tree->note; n < tree->note + tree->notes; n++) {
    if (n->level != level || n->exit < first || n->exit >= end || n->step == 0) continue;
    if (before && before->step == n->step && before->list == n->list) continue;
    fprintf(t->out, " %c%u", trace_list_letter(n->list), n->step);
    before = n;
  }
}

static void say_exit(const struct trace *t, const struct tree *tree, unsigned level, unsigned i,
                     unsigned end) {
  const struct exit_of *e = &tree->exit[i];
  fprintf(t->out, "#%llu ", (unsigned long long)e->event);
  if (e->level == level)
    fprintf(t->out, "%s: %s", trace_lane(t, e->from), e->what);
  else
    fprintf(t->out, "the same trap, at level %u", level);
  fprintf(t->out, ", %s", recorder_verdict_name(e->verdict[level]));
  say_steps(t, tree, level, i, end);
  if (end - i > 1) fprintf(t->out, "  (%u exits)", end - i);
  fputc('\n', t->out);
}

/* The first exit of `level` or above after exit i. */
static unsigned next_at(const struct tree *tree, unsigned level, unsigned i, unsigned end) {
  do i++;
  while (i < end && tree->exit[i].level < level);
  return i;
}

/* The exits first .. end - 1, of which the first is at least at `level`. */
static void say_level(const struct trace *t, const struct tree *tree, unsigned level, unsigned first,
                      unsigned end, const char *lead) {
  char deeper[8 * (RECORDER_DEPTH + 1)];
  if (level < 1 || level < t->collapse) return;
  for (unsigned i = first, next; i < end; i = next) {
    next = next_at(tree, level, i, end);
    fprintf(t->out, "%s%s", lead, next < end ? "├─ " : "└─ ");
    say_exit(t, tree, level, i, next);
    snprintf(deeper, sizeof deeper, "%s%s", lead, next < end ? "│  " : "   ");
    say_level(t, tree, level - 1, i, next, deeper);
  }
}

/* A step's words, broken at blanks. */
static void say_words(FILE *out, const char *words) {
  size_t used = 0;
  for (const char *w = words; *w; w += strspn(w, " ")) {
    size_t n = strcspn(w, " ");
    if (used && used + 1 + n > WIDTH - 3) used = 0, fputs("\n  ", out);
    fprintf(out, " %.*s", (int)n, w);
    used += 1 + n;
    w += n;
  }
  fputc('\n', out);
}

/* The words of a step as it has happened in the tree; the lecture's if it has not. */
static const char *words_of(const struct tree *tree, enum lecture_list list, unsigned step) {
  for (const struct note *n = tree->note; n < tree->note + tree->notes; n++)
    if (n->list == list && n->step == step) return n->words;
  return recorder_lecture_words(list, step);
}

/* The words for each step of a list. */
static void say_legend(const struct trace *t, const struct tree *tree, enum lecture_list list) {
  for (unsigned step = 1; recorder_lecture_words(list, step); step++) {
    fprintf(t->out, "%c%u", trace_list_letter(list), step);
    say_words(t->out, words_of(tree, list, step));
  }
}

/* Does the tree, as far as it is shown, name a step of that list? */
static bool names_step(const struct trace *t, const struct tree *tree, enum lecture_list list) {
  for (const struct note *n = tree->note; n < tree->note + tree->notes; n++)
    if (n->list == list && n->step && n->level >= t->collapse && n->level <= t->o->depth) return true;
  return false;
}

static void print(const struct trace *t, const struct tree *tree) {
  fprintf(t->out, "%s%s%s by %s at tick %llu: %u exits\n", trace_list_title(tree->kind),
          tree->call ? " " : "", tree->call ? tree->call : "", trace_lane(t, tree->lane),
          (unsigned long long)tree->tick, tree->exits);
  say_level(t, tree, t->o->depth, 0, tree->exits, "");
  say_legend(t, tree, tree->kind);
  for (int list = LIST_NONE + 1; list < LISTS; list++)
    if (list != (int)tree->kind && names_step(t, tree, (enum lecture_list)list))
      say_legend(t, tree, (enum lecture_list)list);
  fputc('\n', t->out);
}

static void free_tree(struct tree *tree) {
  free(tree->exit);
  free(tree->note);
  free(tree);
}

/* ---- trees, open and closed ---- */

static void *room_for(void *items, unsigned used, unsigned *room, size_t size) {
  if (used < *room) return items;
  *room = *room ? 2 * *room : 64;
  return must(realloc(items, *room * size));
}

static void open_tree(struct trace *t, const struct record *rec, enum lecture_list kind) {
  struct state *s = t->state;
  struct tree *tree = must(calloc(1, sizeof *tree));
  tree->event = rec->event, tree->tick = rec->tick, tree->lane = rec->from, tree->kind = kind;
  tree->call = trace_call(t, rec);
  tree->next = s->open;
  s->open = tree;
}

static void drop_oldest(struct state *s) {
  struct tree *oldest = s->closed;
  s->closed = oldest->next;
  s->waiting--;
  free_tree(oldest);
}

static void close_tree(struct trace *t, struct tree *tree) {
  struct state *s = t->state;
  struct tree **link = &s->open;
  while (*link != tree) link = &(*link)->next;
  *link = tree->next;
  tree->next = NULL;
  for (link = &s->closed; *link; link = &(*link)->next) continue;
  *link = tree;
  if (++s->waiting > t->tail) drop_oldest(s);
}

/* ---- records ---- */

static void add_exit(const struct trace *t, struct tree *tree, const struct record *rec) {
  if (tree->exits == MOST) return;
  tree->exit = room_for(tree->exit, tree->exits, &tree->exit_room, sizeof *tree->exit);
  struct exit_of *e = &tree->exit[tree->exits++];
  *e = (struct exit_of){.event = rec->event, .from = rec->from};
  memcpy(e->verdict, rec->verdict, sizeof e->verdict);
  for (unsigned l = 1; l <= rec->levels; l++)
    if (rec->verdict[l] != VERDICT_HOST && rec->verdict[l] != VERDICT_NONE) e->level = l;
  trace_what(t, rec, e->what, sizeof e->what);
}

static void add_steps(struct tree *tree, const struct record *rec) {
  for (unsigned i = 0; i < rec->steps && tree->exits && tree->notes < MOST; i++) {
    const struct list_step *s = &rec->step[i];
    tree->note = room_for(tree->note, tree->notes, &tree->note_room, sizeof *tree->note);
    tree->note[tree->notes++] =
        (struct note){tree->exits - 1, s->level, s->step, s->list, recorder_step_words(s)};
  }
}

static bool is_exit(const struct record *rec) {
  return rec->kind == RECORD_TRAP && rec->levels && rec->verdict[1] != VERDICT_HOST &&
         rec->verdict[1] != VERDICT_NONE;
}

static bool inside(const struct state *s, const struct tree *tree, uint64_t event) {
  while (event > tree->event && s->parent[event % FAMILY][0] == event) event = s->parent[event % FAMILY][1];
  return event == tree->event;
}

static bool is_last(const struct tree *tree, const struct record *rec) {
  for (unsigned i = 0; i < rec->steps; i++)
    if (rec->step[i].list_event == tree->event && rec->step[i].end) return true;
  return false;
}

static void record(struct trace *t, const struct record *rec) {
  struct state *s = t->state;
  uint64_t *own = s->parent[rec->event % FAMILY];
  own[0] = rec->event, own[1] = rec->parent;
  for (unsigned i = 0; i < rec->steps; i++) {
    const struct list_step *step = &rec->step[i];
    if (step->list_event != rec->event || step->level != t->o->depth) continue;
    s->all++;
    if (!trace_wants(t, rec)) continue;
    s->wanted++;
    open_tree(t, rec, step->list);
  }
  for (struct tree *tree = s->open, *next; tree; tree = next) {
    next = tree->next;
    if (!inside(s, tree, rec->event)) continue;
    if (is_exit(rec)) add_exit(t, tree, rec);
    add_steps(tree, rec);
    if (is_last(tree, rec)) close_tree(t, tree);
  }
}

static void begin(struct trace *t) {
  t->state = must(calloc(1, sizeof(struct state)));
  if (t->tail == UINT64_MAX) t->tail = 1; /* by default one tree, which fits a screen */
}

static void end(struct trace *t) {
  struct state *s = t->state;
  if (!s->closed)
    fprintf(t->out,
            "No tree: of %u system calls and faults at level %u, %u pass the filters, and none has ended.\n",
            s->all, t->o->depth, s->wanted);
  for (struct tree *tree = s->closed; tree; tree = tree->next) print(t, tree);
  while (s->closed) drop_oldest(s);
  while (s->open) {
    struct tree *next = s->open->next;
    free_tree(s->open);
    s->open = next;
  }
  free(s);
}

const struct trace_format trace_tree = {"tree", true, begin, record, end, NULL};
