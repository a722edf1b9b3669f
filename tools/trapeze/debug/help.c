/* help.c - the help page, and the help on one command. */
#include <string.h>

#include "debug.h"

static void help_page(FILE *out) {
  char usage[200];
  for (const struct command_row *r = command_rows; r < command_rows + COMMANDS; r++) {
    snprintf(usage, sizeof usage, "%s %s", r->name, r->args);
    const bool fits = strlen(usage) <= 25; /* else the help is on a line of its own */
    fprintf(out, "%-2s %-25s%s%s\n", r->key, usage, fits ? " " : "\n                             ", r->help);
  }
  fputs("\nOn the screen:\n"
        "1-9 0 a pane: code CPU traps MMU memory console why registers locals, unit;\n"
        "    Tab: the next pane; z zooms the pane\n"
        "j k PgDn PgUp scroll the pane, { } sideways; < > go to its ends; the wheel\n"
        "    scrolls the pane under the pointer; Up and Down: by event in traps\n"
        "Right, Left: one instruction; Home, End: to the program's start, the run's end\n"
        "Esc all panes are back at the present, as after each move\n"
        "/   search in the pane, then n N: next, previous; in traps, search the events\n"
        "v   code pane: the source file, or instructions with their source lines\n"
        "[ ] go back or ahead by a column of the time line; a click goes there\n"
        "i   type to the guest, at the latest position; Escape ends typing\n"
        ":   enter a command; Tab completes, arrows recall; Ctrl-C interrupts a run\n"
        "    Of several lines that are pasted, each is a command\n"
        "\nSigns:\n"
        "▼ about to trap   ▶ here   ≠ not the real value   * changed by the last move\n"
        "→↑↓ in a title: the pane has more on the right, above, below\n"
        "Traps: ●──▶ a trap, ┄┄▶ a return from one; T4,5: steps 4 and 5 of the list for\n"
        "  a TLB fault, S: for a system call, P: for a protection fault\n"
        "Time line, all of the run from left to right: ▼ here, ─ no traps, ░ some,\n"
        "  █ many, a letter: a bookmark\n"
        "STATUS: user or KERNEL mode; IE interrupts on, ie off; T translation on, t off;\n"
        "  a3: address space 3 (ASID)\n",
        out);
}

/* Words with blanks between, behind eight columns that are taken, in lines that fit in a terminal. */
static void print_wrapped(FILE *out, const char *words) {
  size_t column = 9;
  for (const char *w = words; *w; w += strspn(w, " ")) {
    const size_t n = strcspn(w, " ");
    if (column + 1 + n > 79) column = 3, fputs("\n   ", out);
    column += (size_t)fprintf(out, " %.*s", (int)n, w);
    w += n;
  }
  fputc('\n', out);
}

static void help_break(FILE *out) {
  char causes[400];
  fputs("  The run stops when everything that is given holds:\n"
        "  trap [CAUSE...]   before a trap, of one of the causes if there are any;\n"
        "                    without `trap`, before an instruction\n"
        "  WHERE             FUNCTION (behind its prologue), LINE, FILE:LINE, *EXPR or\n"
        "                    0xADDRESS, of the instruction; for a trap also the address that\n"
        "                    the instruction accesses. All copies that were inlined count\n"
        "  in LANE           app, kernel, vmm; or a name: vm1, vm1/sh, sh, 'vm1 kernel', 'vm*'\n"
        "  depth N           the lane's depth: 0 is the host\n"
        "  mode user|kernel  the mode of the lane's VM, or outside VMs of the machine\n"
        "  asid N            the ASID, likewise\n"
        "  insn NAME         the instruction, for example tlbw, rfe, lw\n"
        "  if EXPR           a C expression is not 0. Names mean what they mean there;\n"
        "                    registers are unsigned. Add further conditions with `and`\n"
        "  ignore N          passes over the first N times\n"
        "  A name means the program of the run; else, or with `in LANE`, the programs of\n"
        "  those lanes. PROGRAM::NAME says which: kernel::trap. In quotes, a name is no\n"
        "  clause: break 'depth'. A line or function may have several places; they are\n"
        "  numbered 1.1, 1.2.\n"
        "  break trap tlb-miss in app depth 1        break trap.c:100 in 'vm1 kernel'\n"
        "  break trap syscall if a7 == 1 and a0 > 0  break insn tlbw in 'vm1 kernel'\n"
        "  Causes:",
        out);
  print_wrapped(out, cause_nearest("", 0, causes, sizeof causes));
}

static void help_steps(FILE *out) {
  fputs("  Lines and calls are those of the frame that is looked at (`up`, `frame N`), in\n"
        "  its own lane: what happens in other lanes meanwhile is passed over; `stepi` and\n"
        "  `trap` go there. Where no source line is known, an instruction is a line. A\n"
        "  longjmp ends a call, too. Breakpoints, watchpoints and crashes stop the way\n"
        "  ahead. If a call never returns, you are at the program's last trap.\n",
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
  fputs("  panes: code cpu traps mmu memory console why registers unit\n"
        "  what: status lists lanes breakpoints watchpoints bookmarks events display\n"
        "        processes (of each kernel, with what their containers let them see and use)\n"
        "        registers [NAME...], signals (what stops `continue`; see `handle`)\n"
        "        line [WHERE], source, symbol ADDRESS\n"
        "        locals args (of the frame that `up`, `down` and `frame` choose)\n"
        "        units (all translations that the VMM of this VM has)\n"
        "        para (of each kernel that knows that it is a guest, the page that it shares\n"
        "        with its hypervisor: words, queue, rings; and the hypercall at this place)\n",
        out);
}

static void help_expressions(FILE *out) {
  fputs("  EXPR is a C expression without calls: + - * / % & | ^ ~ ! << >> < > == && || ?:\n"
        "  casts sizeof * & [] . -> numbers 'c' \"text\" names; FIRST@COUNT is an array,\n"
        "  for example *list@10. $a0 is a register; so is a0, where no variable has that\n"
        "  name. Names of elsewhere: FUNCTION::NAME, 'FILE.c'::NAME, IMAGE::NAME, for\n"
        "  example kernel::procs or 'vm1 kernel'::procs. FILE:LINE and LANE:SYMBOL are\n"
        "  addresses.\n",
        out);
}

static void help_formats(FILE *out, bool memory) {
  fputs("  F, after a slash: x hex, d decimal, u unsigned, o octal, t binary, c character,\n"
        "  f float, a address with its symbol, z hex with zeros, s string",
        out);
  fputs(memory ? ", i instruction.\n"
                 "  N: how many; S: of which size, b 1 byte, h 2, w 4, g 8. For example\n"
                 "  x/8xw $sp, x/4i main, x/s name. A pointer is followed; of any other variable\n"
                 "  its own memory is shown.\n"
               : ". For example\n  print/x flags.\n",
        out);
}

static void help_who(FILE *out) {
  fputs("  In a guest it finds the guest's own write: what the layers below store and\n"
        "  load again is passed over. If a VMM or a kernel below wrote for the guest, the\n"
        "  answer says so, and for which trap: `host/vmm writes that word for vm1,\n"
        "  handling #573 (SYSCALL getpid by vm1/sh)`. `phys ADDR` is real memory.\n",
        out);
}

static void help_set(FILE *out) {
  fputs("  set var count = 5            a variable, element or member: set var p->x[2] = 'a'\n"
        "  set var count += 1           all of C's assignments; set var name = \"Ada\"\n"
        "  set $a0 = 5, set $pc = main  a register of the lane that runs\n"
        "  set {int}0x1000 = 5          memory at an address, even if it is read-only\n"
        "  The change is part of the run from here on: step back over it and it is undone,\n"
        "  ahead and it is there again; `record` saves it. What came after this position\n"
        "  is dropped, as `fork` does.\n",
        out);
}

static void help_more(FILE *out, const struct command_row *r) {
  if (r->run == command_break) help_break(out);
  if (r->run == command_info) help_info(out);
  if (r->run == command_who) help_who(out);
  if (r->run == command_step || r->run == command_next || r->run == command_nexti || r->run == command_finish)
    help_steps(out);
  if (r->run == command_print || r->run == command_examine) help_formats(out, r->run == command_examine);
  if (r->run == command_print || r->run == command_examine || r->run == command_watch ||
      r->run == command_who)
    help_expressions(out);
  if (r->run == command_set) help_set(out);
}

bool command_help(struct debug *d, struct call c) {
  const struct command_row *r = command_named(c.args);
  if (*c.args && !r) return fail(d, "help: there is no command '%s'.", c.args);
  if (!r)
    help_page(d->out);
  else
    help_on(d->out, r);
  if (r) help_more(d->out, r);
  return say_nothing(d);
}
