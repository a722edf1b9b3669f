/* html.c - the events of a trace as JSON, for a page that plays the trace in a browser (html_page.c).
 *
 * The JSON has an object for each event that the filters let pass. Registers, low cores and TLB entries are
 * written when they change, so a page that has all changes up to an event knows the machine's state there. */
#include <stdlib.h>

#include "tools/trapeze/json_out.h"
#include "html_page.h"
#include "trace.h"
#include "why.h"

/* ---- the state at an event ---- */

/* What the page calls cells: numbers that events change. NONE: not known. */
enum {
  LOW_WORDS = 7, /* E[0x00] .. E[0x18] */
  PC = 32,
  STATUS,
  TIMER,
  LOW,                  /* the machine's low core */
  VM = LOW + LOW_WORDS, /* for each level from 1: STATUS, TIMER and low core of the VM that ran there last */
  VM_STATUS = 0,
  VM_TIMER,
  VM_LOW,
  VM_CELLS = VM_LOW + LOW_WORDS,
  CELLS = VM + RECORDER_DEPTH * VM_CELLS
};
#define NONE ((int64_t)-1)

struct state {
  uint64_t event;
  int64_t cell[CELLS];
};

struct entry { /* of the machine's TLB; lo = 0: none */
  uint32_t hi, lo;
};
#define SLOTS 256

struct html {
  char *text; /* the JSON so far */
  size_t size;
  FILE *json;
  struct state *waiting; /* a ring of states whose records have not come yet */
  size_t first, n, room;
  int64_t shown[CELLS]; /* as the page knows them after the last event written */
  struct entry tlb[SLOTS], shown_tlb[SLOTS];
  uint32_t vm_lane[RECORDER_DEPTH + 1]; /* the lane that ran in a VM of that level last, + 1 */
  bool comma;
};

static void low_core(const struct machine *m, uint32_t address, int64_t *cell) {
  const uint32_t *word = machine_ram(m, address, LOW_WORDS * 4);
  for (int i = 0; i < LOW_WORDS; i++) cell[i] = word ? word[i] : NONE;
}

static void vm_state(const struct recorder *r, const struct machine *m, uint32_t lane, unsigned level,
                     int64_t *cell) {
  struct lane_vm vm;
  if (!recorder_lane_vm(r, lane, level, &vm)) return;
  cell[VM_STATUS] = vm.vstatus;
  if (vm.timer_known) cell[VM_TIMER] = vm.timer;
  if (vm.low_known) low_core(m, vm.low_core, cell + VM_LOW);
}

static struct state *add_state(struct html *h) {
  if (h->n == h->room) {
    const size_t room = h->room ? 2 * h->room : 64;
    struct state *more = must(malloc(room * sizeof *more));
    for (size_t i = 0; i < h->n; i++) more[i] = h->waiting[(h->first + i) % h->room];
    free(h->waiting);
    h->waiting = more, h->first = 0, h->room = room;
  }
  return &h->waiting[(h->first + h->n++) % h->room];
}

static bool is_seen(const struct html *h, uint64_t event) {
  return h->n && h->waiting[(h->first + h->n - 1) % h->room].event >= event;
}

static void look(struct trace *t, uint64_t event) {
  const struct machine *m = t->m;
  struct html *h = t->state;
  struct machine_view view;
  if (event < t->first || event > t->last || is_seen(h, event)) return;
  struct state *s = add_state(h);
  s->event = event;
  for (int i = 0; i < CELLS; i++) s->cell[i] = NONE;
  machine_get_view(m, &view);
  for (int i = 0; i < 32; i++) s->cell[i] = view.x[i];
  s->cell[PC] = view.pc, s->cell[STATUS] = view.status, s->cell[TIMER] = view.timer;
  low_core(m, 0, &s->cell[LOW]);
  const uint32_t lane = recorder_current(t->r), depth = trace_depth(t, lane);
  for (unsigned l = 1; l <= RECORDER_DEPTH; l++) {
    if (l <= depth) h->vm_lane[l] = lane + 1;
    if (h->vm_lane[l]) vm_state(t->r, m, h->vm_lane[l] - 1, l, &s->cell[VM + (l - 1) * VM_CELLS]);
  }
}

/* ---- events ---- */

static const struct lane *lane_of(const void *arg, uint32_t id) { return recorder_lane(arg, id); }

static void begin_html(struct trace *t) {
  struct html *h = t->state = must(calloc(1, sizeof *h));
  for (int i = 0; i < CELLS; i++) h->shown[i] = i < VM ? 0 : NONE;
  h->json = must(open_memstream(&h->text, &h->size));
  fputs("{\"trapeze_page\":1,\"events\":[", h->json);
}

static void comma(struct html *h) {
  if (h->comma) fputs(",\n", h->json);
  h->comma = true;
}

/* Cells that have changed since the last event written, each as its number and its value. */
static void cells(struct html *h, uint64_t event) {
  while (h->n && h->waiting[h->first].event < event) h->first = (h->first + 1) % h->room, h->n--;
  if (!h->n || h->waiting[h->first].event != event) return;
  const int64_t *now = h->waiting[h->first].cell;
  const char *before = ",\"c\":[";
  for (int i = 0; i < CELLS; i++) {
    if (now[i] == h->shown[i]) continue;
    fprintf(h->json, "%s%d,%lld", before, i, (long long)now[i]);
    h->shown[i] = now[i];
    before = ",";
  }
  if (*before == ',' && !before[1]) fputc(']', h->json);
}

static void tlb_changes(struct html *h) {
  const char *before = ",\"b\":[";
  for (uint32_t i = 0; i < SLOTS; i++) {
    const struct entry *now = &h->tlb[i];
    if (now->hi == h->shown_tlb[i].hi && now->lo == h->shown_tlb[i].lo) continue;
    fprintf(h->json, "%s%u,%u,%u", before, i, now->hi, now->lo);
    h->shown_tlb[i] = *now;
    before = ",";
  }
  if (*before == ',' && !before[1]) fputc(']', h->json);
}

static void follow_tlb(struct html *h, const struct record *rec) {
  const uint32_t page = TLB_VPN_MASK | TLB_ASID_MASK;
  if (rec->kind == RECORD_TLBW && rec->tlbw.slot < SLOTS)
    h->tlb[rec->tlbw.slot] =
        (struct entry){rec->tlbw.hi & page, (rec->tlbw.lo & (TLB_PFN_MASK | TLB_RIGHTS)) | 8};
  if (rec->kind != RECORD_TLBI) return;
  const uint32_t mask = rec->tlbi.scope == TLBI_ALL ? 0 : rec->tlbi.scope == TLBI_ASID ? TLB_ASID_MASK : page;
  for (uint32_t i = 0; i < SLOTS; i++)
    if (((h->tlb[i].hi ^ rec->tlbi.hi) & mask) == 0) h->tlb[i] = (struct entry){0};
}

static void steps_of(struct trace *t, const struct record *rec) {
  struct html *h = t->state;
  char text[LIST_STEP_TEXT];
  if (!rec->steps) return;
  fputs(",\"s\":[", h->json);
  for (unsigned i = 0; i < rec->steps; i++) {
    const struct list_step *s = &rec->step[i];
    fprintf(h->json, "%s[%u,%u,%u,%llu,", i ? "," : "", s->list, s->step, s->level,
            (unsigned long long)s->list_event);
    json_out_string(h->json, recorder_step_text(t->r, s, text, sizeof text));
    if (trace_own_words(s)) fputc(',', h->json), json_out_string(h->json, trace_own_words(s));
    fputc(']', h->json);
  }
  fputc(']', h->json);
}

/* A guest's tlbw or tlbi: what the page needs to follow the guest's own TLB. */
static void guest_operation(struct html *h, const struct record *rec) {
  if (rec->trap.cause != CAUSE_PRIVILEGED) return;
  const uint8_t id = pg32_decode(rec->trap.badinst).id;
  if (id != PG32_tlbw && id != PG32_tlbi) return;
  fprintf(h->json, ",\"g\":[\"%s\",%u,%u]", id == PG32_tlbw ? "tlbw" : "tlbi", rec->trap.rs1, rec->trap.rs2);
}

static void trap_words(struct trace *t, const struct record *rec) {
  struct html *h = t->state;
  const struct why w = {t->o, lane_of, t->r, t->ended};
  char what[64], verdicts[128], why[WHY_TEXT];
  json_out_member(h->json, "w", trace_what(t, rec, what, sizeof what));
  json_out_member(h->json, "v", trace_verdicts(rec, verdicts, sizeof verdicts));
  why_trap(&w, rec, why, sizeof why);
  json_out_member(h->json, "y", why);
  for (unsigned l = 1; l <= rec->levels; l++)
    if (rec->verdict[l] == VERDICT_WRONG || rec->verdict[l] == VERDICT_OTHER)
      fputs(",\"x\":1", h->json), l = rec->levels;
  guest_operation(h, rec);
}

static void resume_words(struct trace *t, const struct record *rec) {
  struct html *h = t->state;
  const struct why w = {t->o, lane_of, t->r, t->ended};
  char what[32], why[WHY_TEXT];
  snprintf(what, sizeof what, "rfe to 0x%08x", rec->resume.pc);
  json_out_member(h->json, "w", what);
  why_resume(&w, rec, why, sizeof why);
  json_out_member(h->json, "y", why);
  if (rec->resumes) json_out_number(h->json, "e", rec->resumes);
}

/* What the other kinds are, in a few words. */
static void other_words(struct html *h, const struct record *rec) {
  static const char *const scopes[] = {
      [TLBI_ALL] = "everything", [TLBI_ASID] = "an address space", [TLBI_PAGE] = "a page"};
  char what[96], r[4];
  switch (rec->kind) {
  case RECORD_TLBW:
    snprintf(what, sizeof what, "TLB slot %u: page 0x%05x, ASID %u -> frame 0x%05x %s", rec->tlbw.slot,
             rec->tlbw.hi >> PAGE_SHIFT, rec->tlbw.hi & TLB_ASID_MASK, rec->tlbw.lo >> PAGE_SHIFT,
             trace_rights(rec->tlbw.lo, r));
    break;
  case RECORD_TLBI:
    snprintf(what, sizeof what, "TLB: %s invalidated, 0x%08x",
             rec->tlbi.scope <= TLBI_PAGE ? scopes[rec->tlbi.scope] : "?", rec->tlbi.hi);
    break;
  case RECORD_DEVICE:
    snprintf(what, sizeof what, "device: %s 0x%08x %s 0x%08x", rec->device.store ? "store" : "load",
             rec->device.value, rec->device.store ? "to" : "from", rec->device.address);
    break;
  default: snprintf(what, sizeof what, "the run ends"); break;
  }
  json_out_member(h->json, "w", what);
}

static void record(struct trace *t, const struct record *rec) {
  static const char kinds[] = {'T', 'R', 'W', 'I', 'D', 'M', 'E'};
  struct html *h = t->state;
  follow_tlb(h, rec);
  if (rec->kind == RECORD_MARK || !trace_wants(t, rec)) return;
  comma(h);
  fprintf(h->json, "{\"n\":%llu,\"k\":\"%c\",\"f\":%u,\"t\":%u,\"p\":%llu,\"i\":%llu,\"r\":%llu",
          (unsigned long long)rec->event, kinds[rec->kind], rec->from, rec->to,
          (unsigned long long)rec->parent, (unsigned long long)rec->tick, (unsigned long long)rec->retired);
  if (rec->kind == RECORD_TRAP)
    trap_words(t, rec);
  else if (rec->kind == RECORD_RESUME)
    resume_words(t, rec);
  else
    other_words(h, rec);
  steps_of(t, rec);
  if (rec->event == recorder_events(t->r)) look(t, rec->event); /* the record comes before the look */
  cells(h, rec->event);
  tlb_changes(h);
  fputc('}', h->json);
}

/* ---- the rest of the JSON ---- */

static void lecture(FILE *f) {
  fputs("],\"words\":[null", f);
  for (unsigned list = LIST_SYSCALL; list < LISTS; list++) {
    fputs(",[", f);
    json_out_string(f, trace_list_title((enum lecture_list)list));
    for (unsigned i = 1; recorder_lecture_words(list, i); i++)
      fputc(',', f), json_out_string(f, recorder_lecture_words(list, i));
    fputc(']', f);
  }
  fputs("]", f);
}

static void lanes(struct trace *t, FILE *f) {
  static const char *const kinds[] = {"kernel", "process", "process", "idle"};
  fputs(",\"lanes\":[", f);
  for (uint32_t i = 0; i < recorder_lanes(t->r); i++) {
    const struct lane *l = recorder_lane(t->r, i);
    fputs(i ? ",[" : "[", f);
    json_out_string(f, l->name);
    fprintf(f, ",%u,\"%s\"]", l->depth, kinds[l->kind]);
  }
  fputs("]", f);
}

static void finish_json(struct trace *t) {
  struct html *h = t->state;
  FILE *f = h->json;
  lecture(f);
  lanes(t, f);
  fputs(",\"program\":[", f);
  for (int i = 0; i < t->o->argc; i++) {
    if (i) fputc(',', f);
    json_out_string(f, t->o->argv[i]);
  }
  fprintf(f, "],\"depth\":%u,\"cpu\":\"%s\",\"way\":\"%s\",\"hz\":%u,\"ended\":%s,\"vm\":%d,\"vm_cells\":%d}",
          t->o->depth, t->o->cpu == CPU_LEAKY ? "pg32-leaky" : "pg32", t->o->way ? t->o->way : way_names[0],
          MACHINE_HZ, t->ended ? "true" : "false", VM, VM_CELLS);
  if (fclose(f) != 0) must(NULL);
}

static void end_html(struct trace *t) {
  struct html *h = t->state;
  finish_json(t);
  html_page_write(t->out, (struct bytes){(uint8_t *)h->text, h->size}, t->beside);
  free(h->text), free(h->waiting), free(h);
}

const struct trace_format trace_html = {"html", true, begin_html, record, end_html, look};
