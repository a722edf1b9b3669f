/* command_para.c - `info para`: of each kernel that knows that it is a guest, the page that it shares with its
 * hypervisor, decoded (isa/para.h): low core, words, queue, rings. And the hypercall at the present place. */
#include <string.h>

#include "isa/para.h"
#include "tools/trapeze/calls.h"
#include "tools/trapeze/trace/trace.h"
#include "tools/trapeze/trace/why.h"
#include "view.h"

/* A row: its name, and what follows. */
#define ROW(d, name, ...) \
  (fprintf((d)->out, "  %-9s ", name), fprintf((d)->out, __VA_ARGS__), fputc('\n', (d)->out))

/* "user, interrupts on, translated, ASID 1" */
static const char *status_words(uint32_t status, char text[64]) {
  snprintf(text, 64, "%s, interrupts %s, %stranslated, ASID %u", status & ST_U ? "user" : "kernel",
           status & ST_IE ? "on" : "off", status & ST_T ? "" : "un", status_asid(status));
  return text;
}

static const char *event_words(uint32_t events) { return events & PARA_INPUT ? "input" : "none"; }

static void show_low_core(struct debug *d, const struct para_page *page) {
  char text[64];
  const uint32_t cause = page->low_core[LC_CAUSE / 4];
  ROW(d, "low core", "PC 0x%08x  TIMER %u  vector 0x%08x", page->low_core[LC_PC / 4],
      page->low_core[LC_TIMER / 4], page->low_core[LC_VECTOR / 4]);
  ROW(d, "", "STATUS 0x%08x: %s", page->low_core[LC_STATUS / 4],
      status_words(page->low_core[LC_STATUS / 4], text));
  ROW(d, "", "CAUSE %u (%s)  BADVA 0x%08x  BADINST 0x%08x", cause, pg32_cause_name(cause),
      page->low_core[LC_BADVA / 4], page->low_core[LC_BADINST / 4]);
}

static void show_words(struct debug *d, const struct para_page *page) {
  ROW(d, "time", "PARA_TICK %llu: the guest's time when it was entered last", (unsigned long long)page->tick);
  ROW(d, "events", "PARA_ENABLED 0x%x (%s), PARA_PENDING 0x%x (%s)", page->enabled,
      event_words(page->enabled), page->pending, event_words(page->pending));
  ROW(d, "kick", "PARA_KICK %u: with the next HCALL_IRET the VMM %s", page->kick,
      page->kick ? "looks at the rings" : "need not look at the rings");
  ROW(d, "saved a7", "PARA_A7 %u: what HCALL_IRET loads into a7", page->a7);
}

/* ---- the queue ---- */

static void show_operation(struct debug *d, uint32_t i, uint32_t hi, uint32_t lo) {
  const uint32_t vpn = hi >> PAGE_SHIFT, asid = hi & TLB_ASID_MASK;
  char rights[4];
  fprintf(d->out, "  %9u ", i);
  switch (hi & PARA_OP_MASK) {
  case PARA_OP_ENTRY:
    fprintf(d->out, "entry: page 0x%05x, ASID %u -> frame 0x%05x %s\n", vpn, asid, lo >> PAGE_SHIFT,
            trace_rights(lo, rights));
    break;
  case PARA_OP_PAGE: fprintf(d->out, "page 0x%05x of ASID %u is invalid\n", vpn, asid); break;
  case PARA_OP_ASID: fprintf(d->out, "all pages of ASID %u are invalid\n", asid); break;
  case PARA_OP_ALL: fputs("all pages of all ASIDs are invalid\n", d->out); break;
  default: fprintf(d->out, "0x%08x 0x%08x: no operation\n", hi, lo);
  }
}

static void show_queue(struct debug *d, const struct para_page *page) {
  const uint32_t n = page->nops;
  ROW(d, "queue", "PARA_NOPS %u of at most %u%s", n, PARA_OPS_MAX, n > PARA_OPS_MAX ? ": too many" : "");
  for (uint32_t i = 0; i < n && n <= PARA_OPS_MAX; i++) show_operation(d, i, page->op[i].hi, page->op[i].lo);
}

/* ---- the rings ---- */

#define SHOWN 40 /* bytes of a ring's content */

/* n bytes of a ring, from byte `from` on. */
static void show_bytes(struct debug *d, const char *name, const volatile uint8_t *ring, uint32_t size,
                       uint32_t from, uint32_t n) {
  fprintf(d->out, "  %-9s \"", name);
  for (uint32_t i = 0; i < n; i++) {
    const uint8_t byte = ring[(from + i) % size];
    if (byte == '\n')
      fputs("\\n", d->out);
    else if (byte < ' ' || byte > '~')
      fprintf(d->out, "\\x%02x", byte);
    else
      fprintf(d->out, "%s%c", byte == '"' || byte == '\\' ? "\\" : "", byte);
  }
  fputs("\"\n", d->out);
}

struct ring {
  const char *name, *waits; /* waits: for whom its bytes do */
  uint32_t head, tail, size;
  const volatile uint8_t *data;
};

static void show_ring(struct debug *d, const struct ring *r, const char *state) {
  const uint32_t waiting = r->tail - r->head;
  ROW(d, r->name, "head %u, tail %u: %u of %u bytes wait for the %s%s%s", r->head, r->tail, waiting, r->size,
      r->waits, waiting > r->size ? ", which cannot be" : "", state);
  if (waiting && waiting <= r->size)
    show_bytes(d, "", r->data, r->size, r->head, waiting < SHOWN ? waiting : SHOWN);
  const uint32_t passed = r->head < SHOWN ? r->head : SHOWN;
  if (!waiting && passed) show_bytes(d, "the last", r->data, r->size, r->head - passed, passed);
}

static void show_consoles(struct debug *d, const struct para_page *page) {
  const struct ring out = {"output", "VMM", page->out_head, page->out_tail, PARA_OUT_BYTES, page->out};
  const struct ring in = {"input", "guest", page->in_head, page->in_tail, PARA_IN_BYTES, page->in};
  show_ring(d, &out, "");
  static const char *const states[] = {"", "; PARA_IN_END", "; PARA_IN_FULL", "; PARA_IN_END, PARA_IN_FULL"};
  show_ring(d, &in, states[page->in_state & (PARA_IN_END | PARA_IN_FULL)]);
}

static void show_blocks(struct debug *d, const struct para_page *page) {
  static const char *const commands[] = {[BLOCK_READ] = "read", [BLOCK_WRITE] = "write"};
  const uint32_t n = page->blocks;
  ROW(d, "blocks", "PARA_BLOCKS %u of at most %u requests%s", n, PARA_BLOCK_MAX,
      n > PARA_BLOCK_MAX ? ": too many" : "");
  for (uint32_t i = 0; i < n && n <= PARA_BLOCK_MAX; i++) {
    const volatile struct para_block *b = &page->block[i];
    const bool known = b->command == BLOCK_READ || b->command == BLOCK_WRITE;
    fprintf(d->out, "  %9u %s (command %u), sector %u, %u sectors, address 0x%08x\n", i,
            known ? commands[b->command] : "no request", b->command, b->sector, b->count, b->addr);
  }
}

/* ---- the hypercall ---- */

/* The one that is about to be made here, or was the last trap. */
static void show_hypercall(struct debug *d) {
  const struct place p = model_place(d);
  const struct record *rec = p.event ? timeline_event(d->t, p.event) : NULL;
  if (!rec || !calls_is_hypercall(rec)) return;
  const char *name = calls_hypercall(rec);
  fprintf(d->out, "Hypercall #%llu of %s: a7 = %u (%s), a0 = %u\n  %s\n", (unsigned long long)p.event,
          model_lane_name(d, rec->from), rec->a7, name ? name : "unknown", rec->a0, why_hypercall(rec->a7));
}

/* False: the kernel does not know that it is a guest, or has not run yet. */
static bool show(struct debug *d, uint32_t lane) {
  struct lane_vm vm;
  struct para_page page;
  if (!recorder_lane_vm(timeline_recorder(d->t), lane, d->lanes[lane].depth, &vm) || !vm.para ||
      !vm.low_known)
    return false;
  if (machine_peek(d->m, (struct machine_space){0}, vm.low_core, &page, sizeof page) != sizeof page)
    return false;
  fprintf(d->out, "%s shares page 0x%05x of the machine with its hypervisor:\n", model_lane_name(d, lane),
          vm.low_core >> PAGE_SHIFT);
  show_low_core(d, &page);
  show_words(d, &page);
  show_queue(d, &page);
  show_consoles(d, &page);
  show_blocks(d, &page);
  return true;
}

bool info_para(struct debug *d, const char *text) {
  (void)text;
  bool any = false;
  for (uint32_t i = 0; i < d->nlanes; i++)
    if (d->lanes[i].kind == LANE_KERNEL && d->lanes[i].depth) any |= show(d, i);
  if (!any)
    return fail(
        d, "info para: no kernel that knows that it is a guest has run here. Run one with `--way para`.");
  show_hypercall(d);
  return say_nothing(d);
}
