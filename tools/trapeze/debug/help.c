/* help.c - the help page, and the help on one command. */
#include <string.h>

#include "debug.h"

static void help_page(FILE *out) {
  char usage[200];
  for (const struct command_row *r = command_rows; r < command_rows + COMMANDS; r++) {
    int room = 24 - (int)strlen(r->name);
    bool cut = (int)strlen(r->args) > room;
    snprintf(usage, sizeof usage, "%s %.*s%s", r->name, cut ? room - 3 : room, r->args, cut ? "..." : "");
    fprintf(out, "%-2s %-25s %s\n", r->key, usage, r->help);
  }
  fputs("\nOn the screen:\n"
        "1-7 choose a pane: code CPU traps MMU memory console why; Tab the next one\n"
        "z   zoom it; arrows and PgUp, PgDn scroll it; in traps: to the next event\n"
        "[ ] along the time line, by a column; a click goes there\n"
        "i   type to the guest, at the latest position; Escape ends that\n"
        ":   a command; Tab completes, arrows recall. Ctrl-C breaks into a run\n"
        "\nSigns: ▼ about to trap, ▶ here, ≠ differs from the real one, * has changed\n",
        out);
}

static void help_break(FILE *out) {
  fputs("  All that is said must hold:\n"
        "  trap [CAUSE...]   before a trap: syscall, tlb-miss, protection, load_miss...;\n"
        "                    without `trap`, before an instruction\n"
        "  WHERE             0xADDRESS, SYMBOL, FILE:LINE; or what a trap is about\n"
        "  in LANE           app, kernel, vmm; a name: vm1, vm1/sh, 'vm1 kernel', 'vm*'\n"
        "  depth N           of the lane: 0 is the host\n"
        "  mode user|kernel  of the lane's VM; outside of VMs, of the machine\n"
        "  asid N            the same\n"
        "  insn NAME         the instruction, such as tlbw, rfe, lw\n"
        "  if R OP VALUE     any register, or pc; OP: == != < <= > >= (unsigned), or &:\n"
        "                    has a bit of. More follow with `and`\n"
        "  ignore N          goes on the first N times\n"
        "  break trap tlb-miss in app depth 1        break trap.c:120 in vm1\n"
        "  break trap syscall if a7 == 1 and a0 > 0  break insn tlbw in 'vm1 kernel'\n",
        out);
}

static void help_on(FILE *out, const struct command_row *r) {
  fprintf(out, "%s %s\n  %s\n", r->name, r->args, r->help);
  if (*r->alias || *r->key)
    fprintf(out, "  also: %s%s%s\n", r->alias,
            *r->alias && *r->key ? "; key "
            : *r->key            ? "key "
                                 : "",
            r->key);
}

static void help_info(FILE *out) {
  fputs("  panes: code cpu traps mmu memory console why\n"
        "  what: status lists lanes breakpoints bookmarks locals registers events\n",
        out);
}

bool command_help(struct debug *d, struct call c) {
  const struct command_row *r = command_named(c.args);
  if (*c.args && !r) return fail(d, "help: there is no command '%s'.", c.args);
  if (!r)
    help_page(d->out);
  else
    help_on(d->out, r);
  if (r && r->run == command_break) help_break(d->out);
  if (r && r->run == command_info) help_info(d->out);
  return say_nothing(d);
}
