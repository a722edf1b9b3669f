/* json.c - JSON lines: a header object, then one object for each record. TRACE.md documents the members.
 *
 * The header is small and is built as a value. Records are many, so they go straight to the stream. */
#include <stdlib.h>

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
  json_decref(header);
}

/* ---- records ---- */

static void number(struct trace *t, const char *key, uint64_t n) { json_out_number(t->out, key, n); }

static void string(struct trace *t, const char *key, const char *text) { json_out_member(t->out, key, text); }

/* What was due, as a verdict; with the cause, if the trap was to be reflected. */
static void due(struct trace *t, uint8_t due) {
  if (due == DUE_UNKNOWN) return;
  string(t, "due",
         due == DUE_EMULATE     ? "emulate"
         : due == DUE_FILL      ? "fill"
         : due == DUE_TRANSLATE ? "translate"
                                : "reflect");
  if (due < DUE_EMULATE) string(t, "due_cause", pg32_cause_name(due));
}

static void level(struct trace *t, const struct record *rec, unsigned l) {
  char text[WRONG_TEXT];
  fprintf(t->out, "{\"level\":%u,\"verdict\":\"%s\",\"injected\":%s,\"hidden_fill\":%s", l,
          recorder_verdict_name(rec->verdict[l]), rec->injected[l] ? "true" : "false",
          rec->hidden_fill[l] ? "true" : "false");
  due(t, rec->due[l]);
  if (rec->seen[l]) string(t, "seen_cause", pg32_cause_name(rec->seen[l]));
  if (rec->wrong[l]) {
    string(t, "did", recorder_verdict_name(rec->did[l]));
    string(t, "wrong", recorder_wrong_name(rec->wrong[l]));
  }
  if (rec->wrong[l] || rec->verdict[l] == VERDICT_OTHER) {
    string(t, "text", recorder_wrong_text(rec, l, text, sizeof text));
  }
  fputc('}', t->out);
}

static void levels(struct trace *t, const struct record *rec) {
  fputs(",\"verdicts\":[", t->out);
  for (unsigned l = 1; l <= rec->levels; l++) {
    if (l > 1) fputc(',', t->out);
    level(t, rec, l);
  }
  fputc(']', t->out);
}

static void steps(struct trace *t, const struct record *rec) {
  static const char *const ends[] = {
      [LIST_RETURNED] = "returned", [LIST_IN_VAIN] = "in-vain", [LIST_ELSEWHERE] = "elsewhere"};
  char text[LIST_STEP_TEXT];
  fputs(",\"steps\":[", t->out);
  for (unsigned i = 0; i < rec->steps; i++) {
    const struct list_step *s = &rec->step[i];
    fprintf(t->out, "%s{\"list\":\"%s\",\"step\":%u,\"level\":%u", i ? "," : "",
            recorder_list_name((enum lecture_list)s->list), s->step, s->level);
    number(t, "list_event", s->list_event);
    if (s->end) string(t, "end", ends[s->end]);
    if (trace_own_words(s)) string(t, "words", trace_own_words(s));
    string(t, "text", recorder_step_text(t->r, s, text, sizeof text));
    fputc('}', t->out);
  }
  fputc(']', t->out);
}

/* Of the guest's own code, whose translation has trapped. */
static void translated(struct trace *t, const struct record *rec) {
  string(t, "guest_cause", rec->trap.guest_cause ? pg32_cause_name(rec->trap.guest_cause) : "none");
  number(t, "guest_pc", rec->trap.guest_pc);
  if (rec->trap.guest_badinst) number(t, "guest_badinst", rec->trap.guest_badinst);
}

static void trap(struct trace *t, const struct record *rec) {
  const char *call = trace_call(t, rec);
  char insn[64];
  string(t, "cause", pg32_cause_name(rec->trap.cause));
  number(t, "pc", rec->trap.pc);
  number(t, "badva", rec->trap.badva);
  number(t, "badinst", rec->trap.badinst);
  number(t, "timer", rec->trap.timer);
  number(t, "a0", rec->a0);
  number(t, "a7", rec->a7);
  if (call) string(t, "call", call);
  if (calls_hypercall(rec)) string(t, "hypercall", calls_hypercall(rec));
  if (rec->trap.guest_cause == CAUSE_PRIVILEGED) {
    pg32_disassemble(insn, sizeof insn, rec->trap.guest_badinst, rec->trap.guest_pc);
    string(t, "instruction", insn);
    number(t, "rs1", rec->trap.rs1);
    number(t, "rs2", rec->trap.rs2);
  }
  if (rec->translated) translated(t, rec);
  string(t, "verdict", recorder_verdict_name(rec->verdict[0]));
  levels(t, rec);
}

static void resume(struct trace *t, const struct record *rec) {
  number(t, "pc", rec->resume.pc);
  if (rec->translated) number(t, "guest_pc", rec->resume.guest_pc);
  number(t, "timer", rec->resume.timer);
  number(t, "a0", rec->a0);
  number(t, "a7", rec->a7);
  number(t, "resumes", rec->resumes);
}

static void particulars(struct trace *t, const struct record *rec) {
  switch (rec->kind) {
  case RECORD_TRAP: trap(t, rec); break;
  case RECORD_RESUME: resume(t, rec); break;
  case RECORD_TLBW:
    number(t, "slot", rec->tlbw.slot), number(t, "hi", rec->tlbw.hi), number(t, "lo", rec->tlbw.lo);
    break;
  case RECORD_TLBI: number(t, "scope", rec->tlbi.scope), number(t, "hi", rec->tlbi.hi); break;
  case RECORD_DEVICE:
    string(t, "access", rec->device.store ? "store" : "load");
    number(t, "pc", rec->device.pc), number(t, "address", rec->device.address),
        number(t, "value", rec->device.value);
    break;
  case RECORD_MARK:
    number(t, "mark", rec->mark.kind), number(t, "a", rec->mark.a), number(t, "b", rec->mark.b);
    break;
  case RECORD_END: break;
  }
}

static void record(struct trace *t, const struct record *rec) {
  static const char *const kinds[] = {"trap", "resume", "tlbw", "tlbi", "device", "mark", "end"};
  fprintf(t->out, "{\"event\":%llu,\"kind\":\"%s\"", (unsigned long long)rec->event, kinds[rec->kind]);
  number(t, "parent", rec->parent);
  number(t, "tick", rec->tick);
  number(t, "retired", rec->retired);
  string(t, "from", trace_lane(t, rec->from));
  string(t, "to", trace_lane(t, rec->to));
  number(t, "from_id", rec->from);
  number(t, "to_id", rec->to);
  number(t, "depth", trace_depth(t, rec->from));
  number(t, "real_status", rec->real_status);
  if (rec->virtual_status != ~(uint32_t)0) number(t, "virtual_status", rec->virtual_status);
  if (rec->vmm_status != rec->virtual_status) number(t, "vmm_status", rec->vmm_status);
  particulars(t, rec);
  if (rec->steps) steps(t, rec);
  fputs("}\n", t->out);
}

static void end(struct trace *t) { (void)t; }

const struct trace_format trace_json = {"json", false, begin, record, end, NULL};
