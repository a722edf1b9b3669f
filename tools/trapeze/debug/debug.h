/* debug.h - what the files of `trapeze debug` share: the session, and the functions of each file.
 *
 *   debug.c       the subcommand: options, and the choice between screen and lines
 *   model.c       the session: opening and closing it, Ctrl-C, the last command's message
 *   place.c       where in the run the session stands
 *   move.c        moves by position, event and trap
 *   lecture.c     moves along the steps of the lecture's lists
 *   stepping.c    moves by source line and function; step_level.c: which frame runs (step.h)
 *   continue.c    running until a breakpoint or the end of the run
 *   crash*.c      programs that die, and why (crash.h); handle.c: which deaths stop the run
 *   replay.c      what a saved session ran: its depth, and whose kernel
 *   typing.c      input for the guest's console
 *   change.c      changes to registers and RAM
 *   index.c       the events of the run as short notes that are quickly searched; notes.h keeps them
 *   stops.c       breakpoints and watchpoints: setting, listing and deleting them
 *   command_stops.c  commands that change them
 *   stop_read.c   ... as they are typed; stop_where.c: where they are; stop_holds.c: whether one stops here;
 *                 stop_arrivals.c: how often a place is reached
 *   code_places.c all places in a program's code that a function's name means;
 *                 line_places.c: that a line means; flow.c: ways through a function
 *   expr.c        addresses and values as they are typed
 *   images.c      symbols and program files of the lanes
 *   source_text.c the lines of source files
 *   source.c      inlined functions, and where bodies of functions begin, from DWARF
 *   eval/         C expressions: their values and types (eval/eval.h)
 *   frames.c      the frame that is looked at
 *   unwind.c      the caller of a frame, by call frame information and code (unwind.h); backtrace.c: all callers
 *   translation.c what a VMM that translates has made of its guest; unit_rows.c: as text (translation.h)
 *   mmu.c         virtual TLBs rebuilt from the events, and walks through them
 *   writer.c      which instruction gave a register or memory its value, seen through traps
 *   why.c         the rule behind an event, in one or two sentences
 *   command.c     the table of commands and how a line finds its row; commands.def: the rows
 *   displays.c    expressions that are shown after each move; gdb_words.c: commands that only gdb has
 *   command_*.c   the commands themselves; help.c: their help; complete.c: completion
 *   predict.c     the guessing game
 *   cells.c, layout.c, compose.c, view_*.c, highlight.c   the panes as cells, without a terminal (view.h)
 *   line.c        line mode and scripts
 *   screen.c      the screen's keys; obey.c: its commands; scroll.c, mouse.c, pager.c, paste.c; terminal.c: curses;
 *                 prompt.c: the command line (screen.h)
 *   export.c      events as text, diagrams and recordings
 *   gdb/          the stub for gdb's remote protocol (gdb/gdb.h)
 *
 * Only line.c and the files of the screen touch the terminal.
 *
 * Positions count the machine's steps from reset: position n is the moment before step n + 1. Events are
 * numbered from 1, as `trapeze trace` numbers them; 0 stands for "no event". The current event, trap and lane
 * are those at the session's position. A `direction` is 1 (ahead) or -1 (back). Addresses and words are the
 * guest's. A function that returns bool and takes the session has, if it returns false, said why in d->said,
 * unless its comment says otherwise. */
#ifndef DEBUG_H
#define DEBUG_H

#include "tools/trapeze/cause.h"
#include "tools/trapeze/trapeze.h"
#include "isa/lines.h"
#include "isa/pg32.h"
#include "isa/platform.h"
#include "machine/timeline.h"
#include "tools/base_name.h"
#include "tools/trapeze/compare.h"
#include "notes.h"

/* ---- images.c: data ---- */

/* What kind of lane runs the program: a program may be called `kernel` and yet be none. */
enum crash_kind {
  CRASH_FAULT,     /* a process: a fault or a forbidden instruction */
  CRASH_SIGNAL,    /* a process: its own signal, for example by abort() */
  CRASH_KILL,      /* a process: the signal of another process */
  CRASH_PANIC,     /* a kernel has given up */
  CRASH_CHECKSTOP, /* a machine, or a virtual machine */
  CRASH_KINDS
};

enum image_kind { IMAGE_PROGRAM, IMAGE_KERNEL, IMAGE_BARE /* that of --image */ };

struct function_body { /* source.c's */
  uint32_t address, body;
};

struct image { /* a program with its symbols */
  struct image *next;
  enum image_kind kind;
  char *name;                        /* "kernel", "lecture" */
  int fd;                            /* of the program's file; -1 = not found */
  struct pg32_lines *lines;          /* NULL = not found */
  struct Dwarf *dwarf;               /* source.c's; NULL = not opened yet, or the file has none */
  struct function_body *bodies;      /* of some functions; NULL = none is known yet */
  struct kernel_layout *layout;      /* eval/kernel_tables.c's; NULL = not asked for yet */
  struct unwind_function *functions; /* unwind_code.c's: those that have been looked at */
};

/* ---- index.c: data ---- */

struct list_stop { /* where the session stands to show a step of a lecture's list */
  uint64_t position;
  uint64_t event;      /* that has the step */
  uint64_t list_event; /* that began the list */
  uint8_t step, level;
  uint8_t index; /* of the step in the event's record */
  enum lecture_list list;
};

/* ---- code_places.c: data ---- */

struct code_place {
  struct image *image; /* whose lanes are meant; NULL = any lane */
  uint32_t address;
  int outwards; /* the place is the call of an inlined function: how many of them begin here */
};
struct places {
  struct code_place *place; /* malloc'ed */
  unsigned n;
};

/* ---- stops.c: data ---- */

enum stop_kind {
  STOP_TRAP,
  STOP_CODE,
  STOP_WATCH, /* behind a change */
  STOP_ACCESS /* before a load or store of what is watched */
};

#define WATCH_BYTES 64
struct watched {                     /* a register, or bytes, which may lie on two pages */
  int reg;                           /* -1 = bytes */
  uint32_t physical, size;           /* of the first page's part: */
  uint32_t next_physical, next_size; /* of the second page's part; next_size 0 = none */
  bool follows;              /* the bytes are those of a process, which may get a page of its own for them: */
  uint32_t lane, address;    /* the process, and the address in its space */
  bool away;                 /* the page is to be found again, when the process runs */
  bool unsure;               /* ... and that will be the first time since the session moved */
  uint8_t mask[WATCH_BYTES]; /* the bits that count: a bit-field is less than its bytes */
  uint8_t now[WATCH_BYTES];  /* the value when the run was continued, or since the last change ... */
  uint8_t before[WATCH_BYTES]; /* ... and the value before that change */
};

#define CONDITIONS 4
struct condition { /* `if REG OP VALUE`, unsigned */
  int reg;         /* 32 = pc */
  enum compare op;
  uint32_t value;
  char text[100]; /* as typed */
};

#define ARRIVALS 4
struct arrival {        /* at a breakpoint's place (stop_arrivals.c) */
  uint64_t first, last; /* position; and that of the last return to it from a trap that retired nothing */
  uint64_t registers;   /* a hash of them, the PC included; 0 = no arrival */
  uint32_t lane;
};

struct stop { /* a breakpoint or watchpoint: all that is set must hold */
  unsigned number;
  enum stop_kind kind;
  struct cause_set causes; /* TRAP; empty = any */
  char lane[48];           /* glob, or one of the words that lane_matches knows; "" = any */
  int depth, user, asid;   /* -1 = any; user: virtual mode */
  bool located;            /* WHERE was given: it is one of the places */
  struct places places;
  enum pg32_id insn; /* PG32_ILLEGAL = any */
  struct condition condition[CONDITIONS];
  unsigned conditions;           /* how many of them; all must hold */
  uint32_t ignore, hits;         /* hits to pass over before the first that stops; hits so far */
  char expression[256];          /* `if`: C expressions, all in parentheses and joined by &&; "" = none */
  struct condition_sites *sites; /* of the expression (eval/condition.c) */
  bool broken;                   /* the expression could not be evaluated at the last hit */
  bool disabled;                 /* it stops nothing */
  bool temporary;                /* it is deleted when it has stopped the run */
  bool passed;                   /* it has stopped the run */
  bool only_reads;               /* ACCESS: loads; else stores, too */
  struct watched watched;        /* WATCH, ACCESS */
  struct arrival arrival[ARRIVALS];
  unsigned arrivals; /* how many there have been */
  char text[120];    /* as typed */
};

#define STOPS 64
#define MEMORY_WORDS 256 /* words of the memory pane that are compared with those before the last move */
#define DISPLAYS 32

/* ---- displays.c: data ---- */

struct displayed {
  unsigned number;
  char *text; /* as typed: "/x count" */
};

#define BOOKMARKS 52 /* a..z, A..Z */

/* ---- frames.c: data ---- */

struct frame_regs { /* the registers of a frame; of an outer one, `pc` is where it goes on after the call */
  uint32_t pc, status, x[32];
  /* A bit for each register that is not the machine's own: a callee has saved it, and at[r] is where; or (in
   * `computed`) unwinding has made it up, as it does the sp of a caller. */
  uint32_t saved, computed, at[32];
};
struct stack_frame {
  struct frame_regs regs;
  uint32_t lane;
  bool
      innermost; /* the registers are those of the lane, now or at its trap; else those at a call, as far as they are known */
  int inlined; /* of the functions that share the registers, the how manieth from inside */
};
/* ---- the session ---- */

struct predict { /* the guessing game */
  bool on;
  unsigned right, wrong;
};

struct debug {
  struct options options;
  struct timeline *t;
  struct machine *m; /* of the timeline */
  struct image *images;
  struct lane *lanes; /* all lanes ever seen, those of the future too */
  uint32_t nlanes, deepest;
  struct notes *notes;
  uint64_t told;       /* the last event of which the timeline has told the complete record */
  uint64_t indexed_to; /* the latest position of the run when the notes were taken */
  struct stop stop[STOPS];
  unsigned nstops, stop_number;
  struct displayed display[DISPLAYS];
  unsigned ndisplays, display_number;
  const char *listed_file;      /* that `list` has shown last; NULL = none ... */
  int listed_from, listed_to;   /* ... which lines ... */
  uint64_t listed_at;           /* ... and where the session stood */
  uint64_t bookmark[BOOKMARKS]; /* position + 1; 0 = not set */
  uint64_t start;               /* position of the first instruction of PROG */
  uint64_t list;                /* the list that is followed: the event that began it */
  uint64_t at_list_stop;        /* the stop (index_stop) that the session stands at; 0 = none */
  bool ended, idle;             /* at the latest position the machine has stopped; waits for input */
  bool cut_off;                 /* it has ended because --max-insns is used up */
  bool stopped;                 /* Ctrl-C, or want of memory, has ended the last search */
  bool no_memory;               /* it was want of memory */
  bool quit;
  struct machine_regs before; /* registers before the last move */
  bool moved;                 /* ... and whether they, and memory_before, are worth comparing */
  unsigned frame;             /* that is looked at, 0 = the innermost ... */
  uint64_t frame_at;          /* ... while the session stands at this position */
  struct stack_frame viewed;  /* if frame is not 0: that frame ... */
  bool frames_changed;        /* ... but registers or memory have been changed since */
  uint32_t memory;            /* address that the memory pane shows */
  bool memory_physical;
  uint32_t *memory_before; /* the memory pane's words before the last move */
  bool walk_set;
  uint32_t walk; /* if walk_set: the address that the MMU pane walks; else that of the event */
  bool unit_set, unit_is_number;
  uint32_t
      unit; /* if unit_set: the unit, by its number or by an address of the guest's, that the unit pane shows; else
                    the one that runs */
  struct predict predict;
  struct deaths *deaths;         /* crash.c's */
  uint64_t crash_told;           /* the event of the crash that the run was last stopped for; 0 = none ... */
  uint64_t crash_at;             /* ... and where */
  struct examined *examined;     /* what `x` has shown last, in command_value.c; NULL = nothing yet */
  uint32_t no_stop[CRASH_KINDS]; /* a bit for each signal at which `continue` passes over such a crash */
  unsigned pane;                 /* enum pane that the reader has chosen */
  bool pane_selected;            /* a command has chosen it, because its answer is there */
  bool source;                   /* the code pane shows the source file, not instructions */
  uint64_t commands;             /* how many have been run */
  bool zoom, all; /* all: the traps pane shows all events, not only those of the list that is followed */
  /* Called now and then during a long run. `whole`: the session is in order, so a screen may be drawn. */
  void (*progress)(struct debug *d, uint64_t position, bool whole);
  /* What the last command answers: one line in `said`; what it wrote to `out` is afterwards `answer`. */
  char said[512];
  FILE *out;
  char *answer;
  char *last_answer, last_said[512]; /* the answer before it, for `expect` */
};

/* ---- debug.c ---- */

/* Records the run that d->options asks for, all else in *d being zero, and goes to the first instruction of PROG, or to
 * reset. For model_close. Dies when a file is missing or memory runs out. */
void debug_open(struct debug *d, bool at_reset);

/* ---- model.c ---- */

/* Takes over machine `m` (which must be loaded and not have run), records its run as far as it goes without
 * input (at most RECORD_FIRST steps), and goes to the first instruction of PROG, or to reset. Dies when
 * memory runs out. */
void model_open(struct debug *d, struct machine *m, bool at_reset);
/* The same for a timeline that exists already; a saved session's (`session`) stays at its own position. */
void model_adopt(struct debug *d, struct timeline *t, bool at_reset, bool session);
/* Frees what the session owns, its timeline and machine included. */
void model_close(struct debug *d);
/* Sets d->said; true. */
__attribute__((format(printf, 2, 3))) bool say(struct debug *d, const char *format, ...);
/* Empties d->said; true. */
bool say_nothing(struct debug *d);
/* Sets d->said; false. */
__attribute__((format(printf, 2, 3))) bool fail(struct debug *d, const char *format, ...);
/* What Ctrl-C does: ends the command at work. Async-signal-safe; without effect between commands. */
void model_interrupt(void);
/* Brackets a command: only between the calls with true and with false may Ctrl-C interrupt. */
void model_interruptible(struct debug *d, bool at_work);
/* Has Ctrl-C interrupted the command at work? */
bool model_interrupted(void);

/* ---- place.c ---- */

struct place {
  uint64_t position;
  struct machine_regs regs;
  uint32_t lane;   /* that runs */
  struct lane who; /* a copy: the recorder's own is gone after the next move */
  uint64_t event;  /* if `before`, the one about to happen; else the last trap or resume; 0 = none */
  bool before;
  uint64_t since;   /* steps since `event`, if not `before` */
  uint32_t vstatus; /* virtual STATUS of the VM that runs; ~0 at depth 0 */
};

uint64_t model_position(const struct debug *d);
struct place model_place(struct debug *d);
/* "vm1/sh"; "?" for a lane that has never been seen. */
const char *model_lane_name(const struct debug *d, uint32_t lane);
/* One line: event, instruction, lane, modes, how far in the past. */
void model_status(struct debug *d, char *buf, size_t size);
/* The same in at most so many columns, if some of it can be left out for that: whole parts, never digits. */
void model_status_within(struct debug *d, int columns, char *buf, size_t size);
/* The step of a lecture's list that the session stands at; NULL = none. */
const struct list_step *model_list_at(struct debug *d);

/* ---- move.c ---- */

bool model_go(struct debug *d, uint64_t position);
/* `instructions`: negative for back. */
bool model_step(struct debug *d, int64_t instructions);
/* Says which instruction is next: "0x00010034 main, tree.c:66: sw a0, -28(s0)". True. */
bool model_say_instruction(struct debug *d);
/* To just before event number `event`, running on as far as it takes. */
bool model_event(struct debug *d, uint64_t event);
/* To just before the next or previous trap. */
bool model_trap(struct debug *d, int direction);
/* Back to where the session stood, also when Ctrl-C comes on the way; says nothing. */
void model_return(struct debug *d, uint64_t position);
/* For moves: keeps what the panes compare with, before a move begins. */
void model_remember(struct debug *d);
/* Has Ctrl-C or want of memory broken off what the timeline did? Notes which. */
bool model_broken_off(struct debug *d, enum timeline_stop stop);
/* Says which. Returns false. */
bool fail_broken_off(struct debug *d);
/* For moves: takes note of where the timeline has stopped, and why. True if it got where it was sent. */
bool model_arrived(struct debug *d, enum timeline_stop stop);
/* "SYSCALL getpid by vm1/sh, verdict reflect"; event must be known to the index. Returns buf. */
const char *model_event_words(struct debug *d, uint64_t event, char *buf, size_t size);

/* ---- lecture.c ---- */

/* To the next or previous step of the list that is followed, else of any list. */
bool model_list_step(struct debug *d, int direction);
/* To step 1 of the next or previous complete list of the innermost VM. */
bool model_list(struct debug *d, int direction);

/* ---- stepping.c ---- */

/* To the beginning of the `times`th next source line: of this function, of one that is called (`into`), or
 * where the function has been left, of its caller. Where no line is known, to the next instruction, over
 * calls. Breakpoints stop the way ahead. */
bool model_lines(struct debug *d, int direction, uint64_t times, bool into);
/* By instructions of this lane, over calls and traps. */
bool model_instructions_over(struct debug *d, int direction, uint64_t times);
/* To where the current trap has been handled, or where this function has returned; back: to the trap or
 * the call. */
bool model_finish(struct debug *d, int direction);

/* ---- continue.c ---- */

/* Until a breakpoint or watchpoint stops the run, or it cannot go further. */
bool model_continue(struct debug *d, int direction);
struct goal {                                                      /* of a run ahead */
  bool (*holds)(void *arg, struct machine *m, struct recorder *r); /* asked at each position, in order */
  void *arg;
  uint32_t lane;    /* in which it is expected to hold */
  const char *what; /* "returns from main": what it stands for; NULL = comes there */
  bool reached;
};
/* Runs ahead until the goal is reached, about which nothing is said, or something else stops the run. If the
 * run ends before that, the session stays at the end of the lane. */
bool model_run_to(struct debug *d, struct goal *goal);
/* To the latest position, running on until the machine stops, waits, or END_LIMIT steps have passed. */
bool model_end(struct debug *d);
/* Runs a little further than ever before. False (with nothing said): it waits for input, or has ended. */
bool model_run_on(struct debug *d);

/* ---- typing.c ---- */

/* May the guest be typed to? Only at the latest position of a machine that runs. */
bool model_can_type(struct debug *d);
/* Types text of any length, in which \n, \t and \\ are written so. */
bool model_type(struct debug *d, const char *text);
bool model_type_bytes(struct debug *d, const char *bytes, size_t n);

/* ---- change.c ---- */

/* Before the first change of a command: drops the future, if there is one. */
bool change_begin(struct debug *d);
/* Register 1 .. 31, or TIMELINE_PC; bytes of RAM at a real address. */
bool change_register(struct debug *d, unsigned reg, uint32_t value);
bool change_memory(struct debug *d, uint32_t physical, const void *bytes, size_t n);
/* Bytes of the address space that `status` names, with change_begin; all of them or, unless memory is short,
 * none. */
bool change_virtual(struct debug *d, uint32_t status, uint32_t address, const void *bytes, size_t n);

/* ---- replay.c ---- */

/* For a saved session, at its start: sets depth, and image or kernel if those are not ours, as the machine shows
 * them. An image or kernel that the user has given stays. */
void replay_options(struct debug *d);

/* ---- why.c ---- */

/* The name of the system call that a record is (tools/trapeze/calls.h): "getpid". NULL when the record is none,
 * or nobody here knows the name. */
const char *why_call_name(const struct debug *d, const struct record *record);
/* One or two sentences about the current event: the rule, and the register or word that shows it. */
void model_why(struct debug *d, char *buf, size_t size);

/* ---- index.c ---- */

/* So many steps of the run are taken between two looks whether it is far enough. */
#ifdef MODE_TINY
#define INDEX_PIECE 500
#else
#define INDEX_PIECE 50000
#endif
/* The config for a timeline that the session is to have, with which the timeline tells the session its events. */
struct timeline_config index_config(struct debug *d);
/* Takes notes of the events that still wait for their verdicts, and of new lanes: after each run to a new latest
 * position. */
void index_update(struct debug *d);
/* Drops the notes of a future that a fork has cut off. */
void index_forget(struct debug *d);
/* The events that are noted are 1 to that number. */
uint64_t index_events(const struct debug *d);
/* Kind NO_NOTE when the event is not noted, or when memory is too short to make its note again. */
struct note index_note(const struct debug *d, uint64_t event);
/* The last event at a position < `position`; 0 = none. */
uint64_t index_before(const struct debug *d, uint64_t position);
/* The last event up to `event` of some kinds (1 << RECORD_TRAP, ..., together), that is a trap out of the lane, that
 * is a resume of the lane; the first one from `event` on that is a resume of the lane. 0 = none. */
uint64_t index_last(const struct debug *d, uint64_t event, uint32_t kinds);
uint64_t index_last_trap(const struct debug *d, uint64_t event, uint32_t lane);
uint64_t index_last_resume(const struct debug *d, uint64_t event, uint32_t lane);
uint64_t index_first_resume(const struct debug *d, uint64_t event, uint32_t lane);
/* Runs the machine further, if it can, and comes back. False (with nothing said): there is no further. */
bool index_extend(struct debug *d);
/* Stops are where steps of lists are shown. They have numbers, which rise with the events, but not by 1; 0 = none.
 * All 0 if there is no such stop. */
struct list_stop index_stop(const struct debug *d, uint64_t stop);
uint64_t index_stop_after(const struct debug *d, uint64_t stop);
uint64_t index_stop_before(const struct debug *d, uint64_t stop);
/* The next (previous) stop after (before) `position`, where several may share a position: after stop `at` (0 = none).
 * Of the list that event `list` began, or with 0 of any. */
uint64_t index_list_after(struct debug *d, uint64_t position, uint64_t at, uint64_t list);
uint64_t index_list_before(struct debug *d, uint64_t position, uint64_t at, uint64_t list);

/* ---- images.c: all results belong to the session ---- */

/* The program that a lane runs; NULL = not known. */
struct image *image_of(struct debug *d, uint32_t lane);
/* The program in whose places a lane may stop: as image_of; but user code of a kernel that does not tell its
 * processes counts as the program of the run, or as part of --image's image. */
struct image *image_meant(struct debug *d, uint32_t lane);
/* The name of the process that runs the program `path`, as lanes have it: the kernel keeps PROC_NAME - 1
 * bytes of the file's name, and recorder_process_name() makes them the lane's. Returns name. */
const char *image_process_name(const char *path, char name[PROC_NAME]);
/* By the name that is typed before a symbol: `kernel`, with --image `image`, or a program such as `sh`. Never
 * NULL, but its `lines` may be. */
struct image *image_named(struct debug *d, const char *name);
/* The program that the run is about; never NULL, but its `lines` may be. */
struct image *image_of_run(struct debug *d);
void images_free(struct debug *d);
/* "walk+0x10", or "" when nothing is known; `i` may be NULL. Returns buf. */
const char *image_symbol(struct image *i, uint32_t address, char *buf, size_t size);
/* Behind the last instruction of the function that begins at `start`; by its symbol's size, or the next
 * symbol, or at most IMAGE_FUNCTION bytes. The image must have `lines`. */
#define IMAGE_FUNCTION 32768
uint32_t image_function_end(struct image *i, uint32_t start);
/* A word of the program as its file has it; `i` may be NULL. False, with nothing said: the file has none. */
bool image_word(struct image *i, uint32_t address, uint32_t *word);
/* Is the address in a part of the program that may be executed? `i` may be NULL. */
bool image_is_code(struct image *i, uint32_t address);
/* Is the address in a part of the program that it may not write? `i` may be NULL. */
bool image_is_read_only(struct image *i, uint32_t address);
/* The addresses that the file's bytes around an address are loaded to, *first to *end - 1. False, with nothing said:
 * the file has no word for the address. */
bool image_segment(struct image *i, uint32_t address, uint32_t *first, uint32_t *end);

/* ---- source_text.c ---- */

/* A line of a source file (from 1), without its newline; NULL when it cannot be read. Valid until the next
 * call. */
const char *source_line(struct debug *d, const char *file, int line);
/* How many lines a source file has; 0 when it cannot be read. */
int source_lines(struct debug *d, const char *file);
/* Does the line begin inside a comment? */
bool source_in_comment(struct debug *d, const char *file, int line);

/* ---- source.c ---- */

/* The image's debug information; NULL if there is none. `i` may be NULL. It belongs to the session. */
struct Dwarf *source_dwarf(struct image *i);
void source_close(struct image *i);
struct source_function { /* one of the functions that are inlined into one another at a place */
  const char *name;
  const char *file; /* where it stands: at the place, or where it calls the next one; NULL = not known */
  int line;
};
/* The functions at `pc`, innermost first; all but the last are inlined. Returns how many, at most `max`; 0:
 * not known. */
int source_functions(struct image *i, uint32_t pc, struct source_function *f, int max);
/* Is there a C variable here that is called like a register, such as s1? Then the name means the variable,
 * and $s1 the register. */
bool source_hides_register(struct debug *d, const char *name);
/* Where the body of the function at `address` begins: behind the instructions that make its frame, before
 * which its parameters are not where the debug information says. `address` itself if that is not known. */
uint32_t source_body(struct image *i, uint32_t address);

/* ---- code_places.c, line_places.c ---- */

/* Adds a place unless its address is there already. */
void places_add(struct places *p, struct code_place place);
/* Frees the array and empties *p. */
void places_free(struct places *p);
/* Adds the beginnings of the bodies of all functions of that name, in `file` or if it is NULL in any, and of
 * all their inlined copies. `i` may be NULL. */
void places_of_function(struct image *i, const char *file, const char *name, struct places *places);
/* Adds the beginnings of all pieces of the line's code, calls of inlined functions included, or if it has none
 * of the next line's that has some. Returns that line; 0: there is none. `i` may be NULL. */
int places_of_line(struct image *i, const char *file, int line, struct places *places);
/* "0x000110f4 bump in first, i.c:3, i". Returns buf. */
const char *place_words(const struct code_place *p, char *buf, size_t size);

/* ---- stop_where.c ---- */

/* Where WHERE, at the beginning of `text`, ends. False: it is a C expression with an error. */
bool where_extent(struct debug *d, const char *text, const char **rest);
/* Adds the places that WHERE means to a stop: in its lanes, if it names some. What limits the lanes in WHERE
 * itself becomes the stop's. */
bool where_find(struct debug *d, const char *where, struct stop *s);

/* ---- stop_read.c ---- */

/* Reads what follows `break` (STOP_CODE), `watch` (STOP_WATCH) or `awatch` (STOP_ACCESS) into *s, which must be
 * empty; s->places is then the caller's, also after an error. */
bool stop_read(struct debug *d, enum stop_kind kind, const char *text, struct stop *s);
/* Reads a condition, as it stands after `if`, in place of that of *s; an empty one takes it away. False: *s is as
 * it was. */
bool stop_read_condition(struct debug *d, const char *text, struct stop *s);

/* ---- unwind.c, backtrace.c ---- */

/* From a frame of the lane to its caller's; r->status says in which address space its memory is now.
 * `innermost`: the frame may not have saved anything yet. False, with nothing said and *r lost: there is no
 * caller, or it cannot be found. */
bool unwind(struct debug *d, uint32_t lane, struct frame_regs *r, bool innermost);
/* The frame's CFA: sp in its caller. False, with nothing said: it is not known. */
bool unwind_cfa(struct debug *d, uint32_t lane, const struct frame_regs *r, bool innermost, uint32_t *cfa);
/* The value that sp or s0 has in the body of the frame's function, where the frame is made. False, with
 * nothing said: it is not known. */
bool unwind_body_register(struct debug *d, uint32_t lane, const struct frame_regs *r, bool innermost,
                          unsigned reg, uint32_t *value);
/* What is known of an image's functions. */
void unwind_free(struct unwind_function *f);
/* Writes the callers of the lane that runs to d->out; then, layer by layer, those of the lane whose trap is
 * being handled. */
bool source_backtrace(struct debug *d);
#define LAYER_FRAMES 1000 /* that are counted at most in one layer */
struct layer {            /* the frames of one lane: the one that runs, or one whose trap is being handled */
  struct stack_frame innermost;
  struct lane who;
  uint64_t event;  /* its trap; 0: it runs */
  uint32_t cause;  /* of the trap */
  uint64_t around; /* the trap that is looked at next; 0 = none */
  unsigned number; /* of lanes further inside */
};
struct layer layer_first(struct debug *d);
/* To the lane whose trap the layer runs for. Goes to the trap: the caller returns. False, with nothing said:
 * there is none. */
bool layer_next(struct debug *d, struct layer *l);
/* Writes "vm1/lecture, trapped at #512: SYSCALL" to d->out. */
void layer_print(struct debug *d, const struct layer *l);

/* ---- writer.c ---- */

#define WRITER_BYTES 256
struct written {
  uint64_t
      position; /* just before the instruction that writes; if it traps and is emulated, before the trap */
  uint64_t
      changed; /* else, if not 0: the trap, `position` is just before it, whose answer changed the register */
  bool saved;  /* the instruction stores what a kernel loads into the register, when it resumes the lane */
};
/* Finds the instruction that gave register 1..31 of the lane that runs here its value: the lane's own, or
 * that of another lane of the same machine, for example of its kernel. What a kernel below stores and loads
 * again is passed over. Results as those of timeline_last_register. The session stays where it is. */
enum timeline_stop writer_of_register(struct debug *d, unsigned reg, struct written *w);
/* The same for 1..WRITER_BYTES bytes at a real address. Passed over are stores by layers below that change
 * nothing; `real`: none. */
enum timeline_stop writer_of_memory(struct debug *d, uint32_t physical, uint32_t size, bool real,
                                    struct written *w);

/* ---- frames.c ---- */

struct stack_frame frame_innermost(struct debug *d);
/* To the frame outside of *f. False, with nothing said and *f lost: there is none, or it cannot be found. */
bool frame_outer(struct debug *d, struct stack_frame *f);
/* The frame that is looked at: 0, the innermost one, unless another was chosen since the last move. */
unsigned frame_number(const struct debug *d);
struct stack_frame frame_viewed(struct debug *d);
/* Looks at another frame, and writes it to d->out. */
bool frame_choose(struct debug *d, unsigned number);
/* The function of the frame, inlined or not, and where it stands. Members that are not known are NULL or 0. */
struct source_function frame_function(struct debug *d, const struct stack_frame *f);
/* Looks at another frame of the innermost registers, and says nothing. */
void frame_look(struct debug *d, int inlined);
/* Writes one line to d->out: number, address, function, file and line. */
void frame_print(struct debug *d, const struct stack_frame *f, unsigned number);

/* ---- stops.c, stop_holds.c ---- */

/* Deletes all breakpoints and watchpoints. */
void stops_free(struct debug *d);
/* Deletes number `index` of d->stop. */
void stop_delete(struct debug *d, unsigned index);
/* Deletes the temporary breakpoints that have stopped the run. */
void stops_sweep(struct debug *d);
/* Sets a breakpoint as typed after `break`, which is deleted when it has stopped the run. */
bool stop_add_temporary(struct debug *d, const char *text);
/* Writes the breakpoints and watchpoints to d->out. */
void stops_list(struct debug *d);
/* The same, with `watches` only the watchpoints. */
void stops_list_some(struct debug *d, bool watches);
/* Is `lane` (below d->nlanes) one that is called so? A glob over names; `app` (a process that is no VMM),
 * `vmm` or `kernel`; a VM's name, for all inside it; or the name of the program that a process runs. */
bool lane_matches(const struct debug *d, const char *wanted, uint32_t lane);
/* Reads what is watched; bits that do not count are 0. False, with nothing said: it cannot be read. */
bool watched_read(struct debug *d, const struct watched *w, uint8_t value[WATCH_BYTES]);
/* Finds the page again on which the bytes are, if their process runs here; returns whether it has moved. After a
 * fork, for example, the first store to a page gives the process a copy. */
bool watched_follow(struct debug *d, struct watched *w);
/* From now on the value here is the one to compare with. */
void watched_arm(struct debug *d, struct watched *w);
/* 0x0000002a; more than 8 bytes byte by byte. Returns buf. */
const char *watched_text(const struct watched *w, const uint8_t value[WATCH_BYTES], char *buf, size_t size);
/* Which of the stop's places is `pc` in the lane? NULL = none. */
const struct code_place *stop_place_at(struct debug *d, const struct stop *s, uint32_t lane, uint32_t pc);
/* Would the trap breakpoint stop before this trap? Looking may move the session: the caller returns. */
bool stop_on_trap(struct debug *d, struct stop *s, uint64_t event);
/* Does the breakpoint or watchpoint (no trap breakpoint) stop here? To be asked at each position, in order: a
 * watchpoint compares with the position before. */
bool stop_on_state(struct debug *d, struct stop *s);

/* ---- stop_arrivals.c ---- */

/* Is the breakpoint's place reached here, rather than returned to from a trap that retired no instruction? */
bool stop_arrives(struct debug *d, struct stop *s);
/* From a position that a search back has found to where the place was reached first. */
void stop_first_arrival(struct debug *d, struct stop *s);

/* ---- expr.c: false or -1, with nothing said, when the text is none ---- */

/* NUMBER, REGISTER, pc, SYMBOL, LANE:SYMBOL, FILE:LINE, each with +NUMBER or -NUMBER. */
bool expr_value(struct debug *d, const char *text, uint32_t *value);
/* SYMBOL or FILE:LINE of one program; `i` may be NULL. */
bool expr_in_image(struct image *i, const char *text, uint32_t *value);
/* Decimal, 0x... or 0... octal, and nothing after it. */
bool number_of(const char *text, uint64_t *value);
/* 0..31, or 32 = pc; a $ may stand before the name. */
int register_of(const char *name);
/* The value of register 0..32. */
uint32_t register_value(const struct machine_regs *regs, int reg);

/* ---- mmu.c ---- */

#define VTLB_SLOTS 256
struct tlb_slot {
  bool valid;
  uint32_t hi, lo;
  uint64_t event; /* that wrote it */
};
struct tlb_model {
  uint32_t entries, pointer;
  struct tlb_slot slot[VTLB_SLOTS];
};
/* The TLB of the guest of `level` (0 = the machine's own) that `lane` runs in, as of now, from the events. */
void mmu_tlb(struct debug *d, uint32_t lane, unsigned level, struct tlb_model *tlb);
/* The slot of the entry for an address; -1 = none. */
int mmu_find(const struct tlb_model *tlb, uint32_t va, uint32_t asid);
/* The aligned word at `address`: of real memory (`physical`), or as the current lane sees it. False, with
 * nothing said and *word 0: nothing is there. */
bool memory_word(struct debug *d, bool physical, uint32_t address, uint32_t *word);
/* The real address of what the current lane calls `va`. False, with nothing said: the TLB has no entry. */
bool mmu_real(struct debug *d, uint32_t va, uint32_t *pa);
/* The real address in the space of `status`: by the TLB; or by the last entry that was written for it and not
 * taken back since; or by the kernels' page tables. */
bool mmu_recall(struct debug *d, uint32_t status, uint32_t va, uint32_t *pa);
/* eval/kernel_tables.c: the same by the page tables of the kernels alone;
 * they are not known of every kernel. */
bool kernel_tables_translate(struct debug *d, uint32_t asid, uint32_t va, uint32_t *pa);
/* Is the address on a page that is not there yet, and will be zeros when it is first used? */
bool kernel_tables_zero(struct debug *d, uint32_t asid, uint32_t va);
bool mmu_zero(struct debug *d, uint32_t status, uint32_t va); /* the same in the space of `status` */
/* The heap of the process that has this ASID of the machine: from *start up to *end. False, with nothing said:
 * not known. */
bool kernel_tables_heap(struct debug *d, uint32_t asid, uint32_t *start, uint32_t *end);
/* The address that the current trap is about. False, with nothing said: none. */
bool mmu_subject(struct debug *d, uint32_t *va);

/* ---- command.c, complete.c, help.c ---- */

struct call {       /* one command, as typed */
  const char *args; /* what follows the name, without blanks around it */
  const char *text; /* the same with the blanks at its end */
  int direction;    /* the row's */
};
typedef bool command_function(struct debug *d, struct call c);
#define COMMAND(name, alias, key, function, direction, args, help) command_function function;
#include "commands.def"

enum {
  COMMANDS = 0
#define COMMAND(name, alias, key, function, direction, args, help) +1
#include "commands.def"
};
struct command_row {
  const char *name, *alias, *key; /* alias: names with blanks between; key: one character or "" */
  command_function *run;
  int direction;
  const char *args, *help;
};
extern const struct command_row command_rows[COMMANDS];

/* Does what the line says; empty lines and `# ...` do nothing. */
bool command_run_line(struct debug *d, const char *line);
/* The row of a name, an alias, a key, or the beginning of exactly one name; NULL = none. */
const struct command_row *command_named(const char *word);
/* The row of a key; NULL = none. */
const struct command_row *command_of_key(int key);
/* Completion as readline asks for it: the next name that begins with `text`, malloc'ed, or NULL; `state` is 0
 * for the first. `first`: the word is the command. */
char *command_complete(struct debug *d, const char *text, int state, bool first);

/* Is `word` one of `names`, which have blanks between them? */
bool command_word_among(const char *word, const char *names);

/* ---- gdb_words.c ---- */

/* Is it a command of gdb that the debugger has not (`command` NULL), or a subject of gdb's `info` ("info")? Then
 * says what does its job here. */
bool gdb_word(struct debug *d, const char *command, const char *word);
/* Does what follows `set` or `show` begin with the name of a setting of gdb's, and is no assignment? Then says what
 * does its job here. */
bool gdb_setting(struct debug *d, const char *text);

/* ---- displays.c, handle.c, command_source.c ---- */

/* Writes what is displayed after each move to d->out; d->said stays. */
void displays_show(struct debug *d);
/* Writes which expressions these are to d->out. */
void displays_list(struct debug *d);
void displays_free(struct debug *d);
/* Writes which deaths stop the run to d->out. */
void handle_list(struct debug *d);
/* `info line WHERE`, `info source` and `info symbol ADDRESS`. */
bool info_line(struct debug *d, const char *text);
bool info_source(struct debug *d, const char *text);
bool info_symbol(struct debug *d, const char *text);
/* view_unit.c: `info units`. */
bool info_units(struct debug *d, const char *text);
/* command_processes.c: `info processes`. */
bool info_processes(struct debug *d, const char *text);
/* command_para.c: `info para`. */
bool info_para(struct debug *d, const char *text);

/* ---- export.c ---- */

/* Writes events first..last to the file `path`; `format` as `help export` lists them. */
bool export_events(struct debug *d, const char *format, uint64_t first, uint64_t last, const char *path);

/* ---- line.c, screen.c: the two ways to talk with a person; each returns the exit status ---- */

/* `script`: a file of commands to begin with, or NULL; "-" is stdin. `batch`: nothing after them. */
int line_mode(struct debug *d, const char *script, bool batch);
/* gdb/serve.c: a third way, for gdb: on a port, or with "-" on standard input and output. */
int gdb_mode(struct debug *d, const char *port);
/* A number, perhaps behind a colon; or "-". */
bool gdb_is_port(const char *port);
/* -1: this terminal cannot show a screen. */
int screen_mode(struct debug *d);
/* The file that keeps the command line's history, malloc'ed; NULL = nowhere. `create`: its folder. */
char *history_path(bool create);
/* Sets up readline's completion, for both. */
void readline_begin(struct debug *d);

#endif
