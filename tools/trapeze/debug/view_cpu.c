/* view_cpu.c - the CPU pane: real and virtual registers side by side. The sign ≠ stands between values that
 * differ, and * after values that the last move has changed. The registers pane: the general registers. */
#include "view.h"

struct psw {
  uint32_t pc, status, timer;
};

static const char *status_text(uint32_t s, char *buf, size_t size) {
  snprintf(buf, size, "%s %s %s a%u", s & ST_U ? "user" : "KERNEL", s & ST_IE ? "IE" : "ie",
           s & ST_T ? "T" : "t", status_asid(s));
  return buf;
}

static void line(struct cells *c, int row, const char *name, const char *real, const char *virtual,
                 bool differs, bool changed) {
  cells_printf(c, row, 0, DIM, "%-7s", name);
  cells_printf(c, row, 7, changed ? CHANGED : PLAIN, "%s%s", real, changed ? "*" : "");
  if (!virtual) return;
  cells_put(c, row, 23, DIFFERS, differs ? "≠" : " ");
  cells_put(c, row, 25, differs ? DIFFERS : PLAIN, virtual);
}

/* The virtual TIMER counts the guest's instructions. The real TIMER holds the virtual one or the rest of the
 * host's time slice, whichever is shorter. */
static void timers(struct debug *d, struct cells *c, const struct place *p, int row) {
  char real[32], virtual[32] = "not known";
  struct lane_vm vm;
  bool inside = p->who.depth && recorder_lane_vm(timeline_recorder(d->t), p->lane, p->who.depth, &vm);
  snprintf(real, sizeof real, "%u", p->regs.timer);
  if (inside && vm.timer_known) snprintf(virtual, sizeof virtual, "%u", vm.timer);
  line(c, row, "TIMER", real, inside ? virtual : NULL, inside && vm.timer_known && vm.timer != p->regs.timer,
       false);
}

static void psw(struct debug *d, struct cells *c, const struct place *p) {
  char real[32], virtual[32] = "";
  bool vm = p->vstatus != ~(uint32_t)0;
  if (c->title) cells_put(c->title, 0, 7, TITLE, "real");
  if (c->title) cells_put(c->title, 0, 25, TITLE, vm ? "virtual" : "(not in a VM)");
  status_text(p->regs.status, real, sizeof real);
  if (vm) status_text(p->vstatus, virtual, sizeof virtual);
  line(c, 0, "STATUS", real, vm ? virtual : NULL, vm && p->regs.status != p->vstatus,
       d->moved && p->regs.status != d->before.status);
  timers(d, c, p, 1);
  snprintf(real, sizeof real, "0x%08x", p->regs.pc);
  snprintf(virtual, sizeof virtual, "0x%08x", p->regs.pc);
  line(c, 2, "PC", real, vm ? virtual : NULL, false, false);
}

static int low_core_word(struct debug *d, struct cells *c, int row, const char *name, uint32_t offset,
                         const struct lane_vm *vm) {
  char real[32], virtual[32];
  uint32_t r, v = 0;
  memory_word(d, true, offset, &r);
  snprintf(real, sizeof real, "0x%08x", r);
  if (vm) memory_word(d, true, vm->low_core + offset, &v);
  snprintf(virtual, sizeof virtual, "0x%08x", v);
  line(c, row, name, real, vm ? virtual : NULL, false, false);
  if (offset == LC_CAUSE) {
    if (!vm)
      cells_printf(c, row, 19, DIM, "%s", pg32_cause_name(r));
    else {
      cells_printf(c, row, 7, PLAIN, "%-15s", pg32_cause_name(r));
      cells_printf(c, row, 25, PLAIN, "%-14s", pg32_cause_name(v));
    }
  }
  return row + 1;
}

/* Whose low core to show beside the real one: that of the current lane's VM, else of the VM that trapped. */
static bool guest_at_hand(struct debug *d, const struct place *p, struct lane_vm *vm, uint32_t *lane) {
  const struct note n = index_note(d, d->at_list_stop ? d->list : p->event);
  *lane = p->who.depth ? p->lane : n.kind != NO_NOTE ? n.from : p->lane;
  return *lane < d->nlanes && recorder_lane_vm(timeline_recorder(d->t), *lane, d->lanes[*lane].depth, vm) &&
         vm->low_known;
}

static int low_core(struct debug *d, struct cells *c, const struct place *p, int row) {
  struct lane_vm vm;
  uint32_t lane;
  bool guest = guest_at_hand(d, p, &vm, &lane);
  cells_put(c, row, 0, TITLE, "E[...]");
  cells_put(c, row, 7, TITLE, "host low core");
  if (guest) {
    const char *name = model_lane_name(d, lane);
    int n = 0;
    while (name[n] && name[n] != '/' && name[n] != ' ') n++;
    cells_printf(c, row, 25, TITLE, n <= 4 ? "%.*s's low core" : "of %.*s", n, name);
  }
  row = low_core_word(d, c, row + 1, "PC", LC_PC, guest ? &vm : NULL);
  row = low_core_word(d, c, row, "CAUSE", LC_CAUSE, guest ? &vm : NULL);
  row = low_core_word(d, c, row, "BADVA", LC_BADVA, guest ? &vm : NULL);
  row = low_core_word(d, c, row, "STATUS", LC_STATUS, guest ? &vm : NULL);
  row = low_core_word(d, c, row, "VECTOR", LC_VECTOR, guest ? &vm : NULL);
  return row;
}

/* What the words of STATUS mean, for who meets them here first. */
static void legend(struct cells *c, int row) {
  cells_put(c, row, 0, DIM, "user/KERNEL mode; IE/ie interrupts and");
  cells_put(c, row + 1, 0, DIM, "T/t translation on/off; aN: ASID N");
}

/* ---- general registers ---- */

static void show_register(struct debug *d, struct cells *c, const struct place *p, int row, int column,
                          unsigned i) {
  const bool changed = d->moved && p->regs.x[i] != d->before.x[i];
  cells_printf(c, row, column, DIM, "%-4s", pg32_register_name(i));
  cells_printf(c, row, column + 4, changed ? CHANGED : PLAIN, "%08x%s", p->regs.x[i], changed ? "*" : "");
}

/* The registers, row by row, in columns of `width`; returns the number of columns. */
static int registers(struct debug *d, struct cells *c, const struct place *p, int row, int column, int width,
                     int most) {
  int per_row = (c->width - column + 1) / width;
  if (per_row < 1) per_row = 1;
  if (per_row > most) per_row = most;
  for (int i = 1; i < 32; i++)
    show_register(d, c, p, row + (i - 1) / per_row, column + (i - 1) % per_row * width, (unsigned)i);
  return per_row;
}

void view_cpu(struct debug *d, struct cells *c) {
  struct place p = model_place(d);
  psw(d, c, &p);
  int row = low_core(d, c, &p, 3);
  legend(c, row);
  if (c->width >= 80) registers(d, c, &p, 0, 44, REGISTER_COLUMNS, 3);
}

/* "-5", "'A'", "main+0x10": what the value of a register may mean beside its digits. */
static void meaning(struct image *image, uint32_t value, char *buf, size_t size) {
  char symbol[80];
  const bool loaded = image && image->lines && pg32_lines_is_loaded(image->lines, value);
  if (loaded && *image_symbol(image, value, symbol, sizeof symbol))
    snprintf(buf, size, "<%s>", symbol);
  else if (value >= ' ' && value < 0x7F)
    snprintf(buf, size, "%u '%c'", value, (int)value);
  else
    snprintf(buf, size, "%d", (int32_t)value);
}

#define MEANING_COLUMNS 38

/* Where there is room, each register with what its value means. */
void view_registers(struct debug *d, struct cells *c) {
  struct place p = model_place(d);
  if (c->width < 2 * MEANING_COLUMNS) {
    registers(d, c, &p, 0, 0, REGISTER_COLUMNS, 8);
    return;
  }
  struct image *image = image_of(d, p.lane);
  for (unsigned i = 1; i < 32; i++) {
    char text[100];
    const int row = (int)(i - 1) % 16, column = (int)(i - 1) / 16 * MEANING_COLUMNS;
    show_register(d, c, &p, row, column, i);
    meaning(image, p.regs.x[i], text, sizeof text);
    cells_printf(c, row, column + 14, DIM, "%.*s", MEANING_COLUMNS - 15, text);
  }
}
