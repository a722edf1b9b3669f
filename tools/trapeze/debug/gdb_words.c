/* gdb_words.c - commands of gdb that the debugger has not, and what does their job here. */
#include <string.h>

#include "debug.h"

static const struct {
  const char *word; /* names with blanks between; after `info` in the second table */
  const char *instead;
} commands[] = {
    {"alias", "a command is shortened to a beginning that no other one has; `help` lists all"},
    {"apropos", "`help` lists all commands"},
    {"attach detach", "`trapeze debug PROG` begins a run of its own; there is nothing to attach to"},
    {"call", "a call would change the run; `print` evaluates expressions without calls"},
    {"catch", "`handle` tells which deaths stop the run, `break trap CAUSE` stops at traps"},
    {"checkpoint restart", "`mark a` sets a bookmark, and `'a` returns there"},
    {"commands", "`display EXPR` shows a value after each move; scripts are given with -x FILE"},
    {"define document", "commands cannot be defined; -x FILE runs a script"},
    {"dprintf", "`display EXPR` with `break` and `continue` shows a value at a place"},
    {"echo output printf", "`print` shows a value"},
    {"edit", "leave the debugger for that: `quit`"},
    {"exec-file file symbol-file add-symbol-file load",
     "the program is given on the command line of `trapeze debug`"},
    {"gcore generate-core-file", "`record FILE` saves the session, with all of the run"},
    {"find", "`x/s ADDR` and `x/64xw ADDR` show memory; `search TEXT` looks for an event"},
    {"interrupt", "Ctrl-C interrupts a run"},
    {"jump", "`goto` moves in the run that is recorded; `set $pc = ADDRESS` makes another one"},
    {"kill", "`goto start` goes back to the beginning, `quit` leaves the debugger"},
    {"layout tui focus refresh winheight",
     "without --line there is a screen: 1 to 9 and 0 select panes, z zooms"},
    {"return", "`finish` runs to the end of the function; `set` changes registers and variables"},
    {"reverse-until", "`reverse-next` goes back by a line"},
    {"python python-interactive guile pipe", "-x FILE runs a script of the debugger's own commands"},
    {"maintenance maint compare-sections", "nothing needs maintenance"},
    {"shell make", "another terminal does that"},
    {"signal", "`type \\x03` is Ctrl-C on the guest's console; `handle` tells which deaths stop the run"},
    {"skip", "`next` goes over a call, and `finish` leaves it"},
    {"source", "-x FILE runs a script"},
    {"target remote monitor", "the machine is in this program; a gdb of yours can be connected with --gdb"},
    {"thread threads inferior",
     "the machine has one CPU; `info lanes` lists its programs, and `bt` shows their callers"},
    {"thbreak hbreak", "`break` and `tbreak` need no hardware"},
    {"tstart tstop trace tfind",
     "all is recorded already: `search`, `who` and `goto` go anywhere in the run"},
};

static const struct {
  const char *word, *instead;
} infos[] = {
    {"address", "`print &NAME` and `info line FUNCTION` show addresses"},
    {"auxv os", "`info lanes` lists the programs that have run"},
    {"float vector", "there are only the general registers, which `info registers` shows"},
    {"macro macros", "macros are unknown: debug information has none"},
    {"sources", "`info source` names the file of the place, and `list FILE:LINE` shows others"},
    {"target", "`info status` says where the run is"},
    {"version", "`trapeze --version` prints that"},
    {"frame f", "`frame` shows the frame that is looked at, and `bt` all of them"},
    {"stack", "`bt` prints the callers"},
    {"functions", "`break FUNCTION` and `list FUNCTION` find a function; pg32-objdump -t FILE lists them"},
    {"variables", "`print NAME` finds a variable; pg32-objdump -t FILE lists them"},
    {"types", "`ptype TYPE` prints a type"},
    {"files sharedlibrary", "`info lanes` lists the programs that have run"},
    {"record", "the whole run is recorded: `info status` says where you are"},
    {"checkpoints", "`info bookmarks` lists bookmarks"},
    {"mem proc", "`walk ADDR` translates an address, `info mmu` shows the TLBs"},
    {"scope", "`info locals` lists the variables in scope"},
};

/* gdb's settings: `set WORD VALUE`, `show WORD`. */
static const struct {
  const char *word, *instead;
} settings[] = {
    {"args", "the program's arguments stand behind its name on the command line of `trapeze debug`"},
    {"breakpoint scheduler-locking non-stop schedule-multiple", "nothing of the kind can be set"},
    {"confirm", "nothing asks before it acts"},
    {"disassemble-next-line", "`display/i $pc` shows the next instruction after each move"},
    {"disassembly-flavor architecture endian", "the machine is PG32"},
    {"environment env", "programs have no environment here"},
    {"exec-direction", "the commands that begin with reverse- go back"},
    {"follow-fork-mode detach-on-fork", "all processes of the run are seen: `break ... in LANE` says which"},
    {"height width pagination",
     "an answer that is longer than the screen has pages; in lines all is printed"},
    {"history prompt editing", "~/.inputrc sets how lines are edited"},
    {"language", "it is C"},
    {"listsize", "`list FROM,TO` shows as many lines as you say; `list` goes on by ten"},
    {"logging", "`trapeze debug --line | tee FILE` keeps what is said"},
    {"print p", "`print/x`, `print/d` and the like choose how a value is written"},
    {"step-mode", "`stepi` goes into functions without lines"},
    {"style", "the variable NO_COLOR=1 of your shell takes the screen's colours away"},
    {"verbose debug", "there are no messages of that kind"},
};

bool gdb_setting(struct debug *d, const char *text) {
  char word[32];
  const size_t n = strcspn(text, " \t"), blanks = strspn(text + n, " \t");
  if (n >= sizeof word || (text[n] && strchr("=.[-+*/%&|<^", text[n + blanks]) && text[n + blanks]))
    return false;
  snprintf(word, sizeof word, "%.*s", (int)n, text);
  for (size_t i = 0; i < sizeof settings / sizeof *settings; i++)
    if (command_word_among(word, settings[i].word))
      return fail(d, "`%s` is a setting of gdb's; here %s.", word, settings[i].instead), true;
  return false;
}

bool gdb_word(struct debug *d, const char *command, const char *word) {
  const bool of_info = command && strcmp(command, "info") == 0;
  for (size_t i = 0; !of_info && i < sizeof commands / sizeof *commands; i++)
    if (command_word_among(word, commands[i].word))
      return fail(d, "`%s` is gdb's; here %s.", word, commands[i].instead), true;
  for (size_t i = 0; of_info && i < sizeof infos / sizeof *infos; i++)
    if (command_word_among(word, infos[i].word))
      return fail(d, "`info %s` is gdb's; here %s.", word, infos[i].instead), true;
  return false;
}
