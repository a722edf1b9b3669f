/* json.c - JSON lines: a header object, then one object for each record. TRACE.md documents the members.
 *
 * The header is small and is built as a value. Records are many, so they go straight to the stream. */
#include <stdlib.h>
#include <unistd.h>

#include "tools/trapeze/calls.h"
#include "tools/trapeze/cpu_name.h"
#include "tools/trapeze/json_out.h"
#include "trace.h"

/* ---- the header ---- */

static json_t *words(enum lecture_list list) {
  json_t *all = must(json_array());
  for (unsigned i = 1; recorder_lecture_words(list, i); i++)
    json_push(all, json_text(recorder_lecture_words(list, i)));
  return all;
}

static json_t *program(const struct options *o) {
  json_t *all = must(json_array());
  for (int i = 0; i < o->argc; i++) json_push(all, json_text(o->argv[i]));
  return all;
}

struct writer {
  struct json_line line;
  bool at_once; /* a person reads along: each record is written when it comes */
};

static struct json_line *line(const struct trace *t) { return &((struct writer *)t->state)->line; }

static void begin(struct trace *t) {
  const struct options *o = t->o;
  char cpu[CPU_NAME_MOST];
  json_t *header =
      json_pack("{s:i, s:i, s:I, s:s, s:I, s:o, s:{s:o, s:o, s:o}}", "trapeze_trace", TRACE_VERSION, "depth",
                (int)o->depth, "ram", (json_int_t)o->ram, "cpu", cpu_name(o->cpu, cpu), "hz",
                (json_int_t)MACHINE_HZ, "program", program(o), "lists", "syscall", words(LIST_SYSCALL), "tlb",
                words(LIST_TLB), "protection", words(LIST_PROTECTION));
  json_dumpf(must(header), t->out, JSON_COMPACT);
  fputc('\n', t->out);
  struct writer *w = must(malloc(sizeof *w));
  json_line_begin(&w->line, t->out);
  w->at_once = isatty(fileno(t->out));
  t->state = w;
  json_decref(header);
}

/* ---- records ---- */

#define PUT(literal) json_line_put(l, literal, sizeof literal - 1)
#define NUMBER(key, n) json_line_number(l, JSON_KEY(key), n)
#define STRING(key, text) json_line_string(l, JSON_KEY(key), text)
#define WORD(key, text) json_line_word(l, JSON_KEY(key), text)
#define BOOL(key, is)            \
  do {                           \
    if (is)                      \
      PUT(",\"" key "\":true");  \
    else                         \
      PUT(",\"" key "\":false"); \
  } while (0)

/* What was due, as a verdict; with the cause, if the trap was to be reflected. */
static void due(struct json_line *l, uint8_t due) {
  if (due == DUE_UNKNOWN) return;
  WORD("due", due == DUE_EMULATE     ? "emulate"
              : due == DUE_FILL      ? "fill"
              : due == DUE_TRANSLATE ? "translate"
                                     : "reflect");
  if (due < DUE_EMULATE) WORD("due_cause", pg32_cause_name(due));
}

static void level(struct json_line *l, const struct record *rec, unsigned n) {
  char text[WRONG_TEXT];
  PUT("{\"level\":");
  json_line_digits(l, n);
  WORD("verdict", recorder_verdict_name(rec->verdict[n]));
  BOOL("injected", rec->injected[n]);
  BOOL("hidden_fill", rec->hidden_fill[n]);
  due(l, rec->due[n]);
  if (rec->seen[n]) WORD("seen_cause", pg32_cause_name(rec->seen[n]));
  if (rec->wrong[n]) {
    WORD("did", recorder_verdict_name(rec->did[n]));
    WORD("wrong", recorder_wrong_name(rec->wrong[n]));
  }
  if (rec->wrong[n] || rec->verdict[n] == VERDICT_OTHER) {
    STRING("text", recorder_wrong_text(rec, n, text, sizeof text));
  }
  PUT("}");
}

static void levels(struct json_line *l, const struct record *rec) {
  PUT(",\"verdicts\":[");
  for (unsigned n = 1; n <= rec->levels; n++) {
    if (n > 1) PUT(",");
    level(l, rec, n);
  }
  PUT("]");
}

static void steps(const struct trace *t, const struct record *rec) {
  static const char *const ends[] = {
      [LIST_RETURNED] = "returned", [LIST_IN_VAIN] = "in-vain", [LIST_ELSEWHERE] = "elsewhere"};
  struct json_line *l = line(t);
  char text[LIST_STEP_TEXT];
  PUT(",\"steps\":[");
  for (unsigned i = 0; i < rec->steps; i++) {
    const struct list_step *s = &rec->step[i];
    if (i) PUT(",");
    json_line_word(l, "{\"list\":", 8, recorder_list_name((enum lecture_list)s->list));
    NUMBER("step", s->step);
    NUMBER("level", s->level);
    NUMBER("list_event", s->list_event);
    if (s->end) WORD("end", ends[s->end]);
    if (trace_own_words(s)) STRING("words", trace_own_words(s));
    STRING("text", recorder_step_text(t->r, s, text, sizeof text));
    PUT("}");
  }
  PUT("]");
}

/* Of the guest's own code, whose translation has trapped. */
static void translated(struct json_line *l, const struct record *rec) {
  WORD("guest_cause", rec->trap.guest_cause ? pg32_cause_name(rec->trap.guest_cause) : "none");
  NUMBER("guest_pc", rec->trap.guest_pc);
  if (rec->trap.guest_badinst) NUMBER("guest_badinst", rec->trap.guest_badinst);
}

static void trap(const struct trace *t, const struct record *rec) {
  struct json_line *l = line(t);
  const char *call = trace_call(t, rec);
  char insn[64];
  WORD("cause", pg32_cause_name(rec->trap.cause));
  NUMBER("pc", rec->trap.pc);
  NUMBER("badva", rec->trap.badva);
  NUMBER("badinst", rec->trap.badinst);
  NUMBER("timer", rec->trap.timer);
  NUMBER("a0", rec->a0);
  NUMBER("a7", rec->a7);
  if (call) STRING("call", call);
  if (calls_hypercall(rec)) STRING("hypercall", calls_hypercall(rec));
  if (rec->trap.guest_cause == CAUSE_PRIVILEGED) {
    pg32_disassemble(insn, sizeof insn, rec->trap.guest_badinst, rec->trap.guest_pc);
    STRING("instruction", insn);
    NUMBER("rs1", rec->trap.rs1);
    NUMBER("rs2", rec->trap.rs2);
  }
  if (rec->translated) translated(l, rec);
  WORD("verdict", recorder_verdict_name(rec->verdict[0]));
  levels(l, rec);
}

static void resume(struct json_line *l, const struct record *rec) {
  NUMBER("pc", rec->resume.pc);
  if (rec->translated) NUMBER("guest_pc", rec->resume.guest_pc);
  NUMBER("timer", rec->resume.timer);
  NUMBER("a0", rec->a0);
  NUMBER("a7", rec->a7);
  NUMBER("resumes", rec->resumes);
}

static void particulars(const struct trace *t, const struct record *rec) {
  struct json_line *l = line(t);
  switch (rec->kind) {
  case RECORD_TRAP: trap(t, rec); break;
  case RECORD_RESUME: resume(l, rec); break;
  case RECORD_TLBW:
    NUMBER("slot", rec->tlbw.slot), NUMBER("hi", rec->tlbw.hi), NUMBER("lo", rec->tlbw.lo);
    break;
  case RECORD_TLBI: NUMBER("scope", rec->tlbi.scope), NUMBER("hi", rec->tlbi.hi); break;
  case RECORD_DEVICE:
    WORD("access", rec->device.store ? "store" : "load");
    NUMBER("pc", rec->device.pc), NUMBER("address", rec->device.address), NUMBER("value", rec->device.value);
    break;
  case RECORD_MARK: NUMBER("mark", rec->mark.kind), NUMBER("a", rec->mark.a), NUMBER("b", rec->mark.b); break;
  case RECORD_END: break;
  }
}

static void record(struct trace *t, const struct record *rec) {
  static const char *const kinds[] = {"trap", "resume", "tlbw", "tlbi", "device", "mark", "end"};
  struct writer *w = t->state;
  struct json_line *l = &w->line;
  PUT("{\"event\":");
  json_line_digits(l, rec->event);
  WORD("kind", kinds[rec->kind]);
  NUMBER("parent", rec->parent);
  NUMBER("tick", rec->tick);
  NUMBER("retired", rec->retired);
  STRING("from", trace_lane(t, rec->from));
  STRING("to", trace_lane(t, rec->to));
  NUMBER("from_id", rec->from);
  NUMBER("to_id", rec->to);
  NUMBER("depth", trace_depth(t, rec->from));
  NUMBER("real_status", rec->real_status);
  if (rec->virtual_status != ~(uint32_t)0) NUMBER("virtual_status", rec->virtual_status);
  if (rec->vmm_status != rec->virtual_status) NUMBER("vmm_status", rec->vmm_status);
  particulars(t, rec);
  if (rec->steps) steps(t, rec);
  PUT("}\n");
  if (w->at_once) json_line_end(l);
}

static void end(struct trace *t) {
  json_line_end(line(t));
  free(t->state);
}

const struct trace_format trace_json = {"json", false, begin, record, end, NULL};
