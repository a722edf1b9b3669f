/* debug.h - what the files of `trapeze debug` say to each other.
 *
 *   debug.c    the subcommand: options, and which way of talking to the person
 *   model.c    the session: where we are, and every way of moving; index.c: events looked up
 *   stops.c    breakpoints and watchpoints; expr.c: addresses and values as one types them
 *   images.c   symbols, source lines and programs of the lanes; source.c: C variables, from DWARF
 *   unwind.c   the callers of a frame, by reading the code
 *   mmu.c      virtual TLBs rebuilt from the events, and walks through them
 *   command.c  the commands, from the table commands.def
 *   cells.c, layout.c, view_*.c   panes as cells, without a terminal
 *   line.c     line mode and batch; screen.c: the screen, the one file that knows curses
 *   export.c   events as text, diagrams and recordings
 *
 * Nothing here but line.c and screen.c touches the terminal. */
#ifndef DEBUG_H
#define DEBUG_H

#include "../trapeze.h"
#include "isa/lines.h"
#include "isa/pg32.h"
#include "isa/platform.h"
#include "machine/timeline.h"

/* ---- images.c ---- */

struct image { /* a program with its symbols */
  struct image *next;
  char *name; /* "kernel", "lecture" */
  int fd;
  struct pg32_lines *lines; /* NULL: not to be found */
  struct Dwarf *dwarf;      /* source.c's; NULL: not looked for yet, or none */
};

/* ---- index.c ---- */

struct note {        /* of one event, what searching needs */
  uint64_t position; /* just before it */
  uint64_t resumes;
  uint32_t from, to;
  uint32_t hi, lo; /* TLBW, TLBI and the trap of a guest's: its operands (TLBI: lo is the scope) */
  uint8_t kind, cause, verdict;
  uint8_t insn; /* of a privileged instruction's trap: enum pg32_id */
};

struct list_stop { /* where one stands to see a step of a lecture's list */
  uint64_t position, event, list_event;
  uint8_t step, level, index; /* index: in the record */
  enum lecture_list list;
};

/* ---- stops.c ---- */

enum stop_kind { STOP_TRAP, STOP_CODE, STOP_WATCH };
enum { WATCH_WORD, WATCH_REGISTER };
enum compare { COMPARE_EQ, COMPARE_NE, COMPARE_LT, COMPARE_LE, COMPARE_GT, COMPARE_GE, COMPARE_AND };

#define CONDITIONS 4
struct condition { /* `if REG OP VALUE`, unsigned */
  int reg;         /* 32 = pc */
  enum compare op;
  uint32_t value;
};

struct stop {
  unsigned number;
  enum stop_kind kind;
  bool disabled;
  uint32_t causes;       /* TRAP: a bit for each; 0 = any */
  char lane[48];         /* glob, or one of the words that lane_matches knows; "" = any */
  int depth, user, asid; /* -1 = any; user: virtual mode */
  bool has_address;
  uint32_t address;
  enum pg32_id insn; /* PG32_ILLEGAL = any */
  int reg;           /* WATCH: the register; -1 = none */
  struct condition condition[CONDITIONS];
  unsigned conditions;   /* all must hold */
  uint32_t ignore, hits; /* hits before it stops; so far */
  int watching;          /* WATCH: WATCH_... of `address` (physical) or `reg` */
  uint32_t old;          /* WATCH: the value at the start of the run */
  char text[120];        /* as typed */
};

#define STOPS 64
#define BOOKMARKS 52

struct predict {
  bool on, asked;
  unsigned right, wrong;
};

/* ---- the session ---- */

struct debug {
  struct options options;
  struct timeline *t;
  struct machine *m;
  struct image *images;
  struct lane *lanes; /* all that have ever been seen, also those of the future */
  uint32_t nlanes, deepest;
  struct note *notes;                     /* notes[n - 1] is event n */
  uint64_t nnotes, note_room, indexed_to; /* indexed_to: the latest position when notes were taken */
  struct list_stop *lists;
  size_t nlists, list_room;
  struct stop stop[STOPS];
  unsigned nstops, stop_number;
  uint64_t bookmark[BOOKMARKS]; /* position + 1; 0 = none */
  uint64_t start;               /* position of the first instruction of PROG */
  uint64_t list;                /* the list that is followed: the event that began it */
  size_t at_list_stop;          /* 1 + index in lists of the step we stand at; 0 = none */
  bool ended, idle;             /* at the latest position: stopped for good; waits for input */
  bool stopped;                 /* the last search was interrupted */
  bool quit;
  struct machine_regs before; /* at the position before the last move */
  bool moved;
  uint32_t memory; /* address that the memory pane shows */
  bool memory_physical;
  uint32_t *memory_before; /* its words before the last move */
  bool walk_set;
  uint32_t walk; /* address that the MMU pane walks; else that of the event */
  struct predict predict;
  char said[512]; /* what the last command has to say, in one line */
  FILE *out;      /* longer answers */
  /* Told now and then how far a long run has got. `whole`: the session is in order, a screen may be drawn. */
  void (*progress)(struct debug *d, uint64_t position, bool whole);
  unsigned pane;  /* that the reader wants to see; see layout.h */
  bool zoom, all; /* all: the traps pane shows all events, not only those of the list followed */
  char *answer;   /* what the last command wrote to `out` */
};

/* ---- model.c: moves; each says in d->said where it got, and false when it did not move ---- */

/* Takes the machine over, records its run as far as it goes by itself (or RECORD_FIRST instructions), and
 * goes to the first instruction of PROG, or to reset. */
bool model_open(struct debug *d, struct machine *m, bool at_reset);
bool model_adopt(struct debug *d, struct timeline *t, bool at_reset, bool session);
void model_close(struct debug *d);
__attribute__((format(printf, 2, 3))) bool say(struct debug *d, const char *format, ...);  /* true */
__attribute__((format(printf, 2, 3))) bool fail(struct debug *d, const char *format, ...); /* false */

uint64_t model_position(const struct debug *d);
bool model_go(struct debug *d, uint64_t position);
bool model_step(struct debug *d, int64_t instructions);
bool model_trap(struct debug *d, int direction);
bool model_list_step(struct debug *d, int direction);
bool model_list(struct debug *d, int direction); /* step 1 of another list of the innermost VM */
bool model_line(struct debug *d, int direction);
bool model_finish(struct debug *d, int direction);
bool model_continue(struct debug *d, int direction);
bool model_event(struct debug *d, uint64_t event);
bool model_end(struct debug *d);
/* The guest's console input: only at the latest position. model_type knows \n, \t and \\. */
bool model_can_type(struct debug *d);
bool model_type(struct debug *d, const char *text);
bool model_type_bytes(struct debug *d, const char *bytes, size_t n);
/* A little further than ever, and there; false: it waits for input, or has ended. */
bool model_run_on(struct debug *d);
void model_interrupt(void); /* async-signal-safe; without effect when no command is at work */
void model_interruptible(struct debug *d, bool at_work);
bool model_interrupted(void); /* has the command at work been? */
/* Back to where one was, also when Ctrl-C comes. */
void model_return(struct debug *d, uint64_t position);

/* Where we are. */
struct place {
  uint64_t position;
  struct machine_regs regs;
  uint32_t lane;
  struct lane who; /* a copy: the recorder's own goes when one travels */
  uint64_t event;  /* about to happen, if `before`; else the last trap or resume; 0 = none */
  bool before;
  uint64_t since;   /* steps since `event` */
  uint32_t vstatus; /* of the VM that runs; ~0 at depth 0 */
};
struct place model_place(struct debug *d);
const char *model_lane_name(const struct debug *d, uint32_t lane);
/* One line: event, instruction, lane, modes, how far in the past. */
void model_status(struct debug *d, char *buf, size_t size);
/* The step of a lecture's list that we stand at; NULL = none. */
const struct list_step *model_list_at(struct debug *d);
const char *why_call_name(uint32_t number); /* of a system call; "?" */
/* One or two sentences about the event at hand. */
void model_why(struct debug *d, char *buf, size_t size);

/* ---- index.c ---- */
void index_update(struct debug *d);
void index_forget(struct debug *d);                                   /* after a fork */
const struct note *index_note(const struct debug *d, uint64_t event); /* NULL outside */
/* The last event at a position < `position`; 0 = none. */
uint64_t index_before(const struct debug *d, uint64_t position);
/* Runs the machine further, if it can, and comes back. False when there is no further. */
bool index_extend(struct debug *d);
/* Next (or previous) list stop after `from` positions: 1 + its index; 0 = none. */
size_t index_list_after(struct debug *d, uint64_t position, size_t at, uint64_t list);
size_t index_list_before(struct debug *d, uint64_t position, size_t at, uint64_t list);

/* ---- images.c ---- */
struct image *image_of(struct debug *d, uint32_t lane);
struct image *image_named(struct debug *d, const char *name);
void images_free(struct debug *d);
/* "walk+0x10", or "" when nothing is known. */
const char *image_symbol(struct image *i, uint32_t address, char *buf, size_t size);
const char *base_name(const char *path);
bool image_word(struct image *i, uint32_t address, uint32_t *word);
/* A line of a source file, without its newline; NULL when it cannot be read. */
const char *source_line(struct debug *d, const char *file, int line);

/* ---- source.c ---- */
bool source_locals(struct debug *d);
bool source_print(struct debug *d, const char *expression, char *buf, size_t size);
/* Where the value of an expression is; false: it has none, or it is in a register. */
bool source_address(struct debug *d, const char *expression, uint32_t *address);
bool source_backtrace(struct debug *d);
void source_close(struct image *i);

/* ---- unwind.c ---- */
struct frame_regs { /* of a frame: `pc` of an outer one is where it goes on */
  uint32_t pc, status, x[32];
};
/* From a frame of the lane to its caller's; `status` says in which space its memory is now. `innermost`: the
 * first one, which may not have saved anything yet. False, with *r lost: there is no caller, or it is not
 * known. */
bool unwind(struct debug *d, uint32_t lane, struct frame_regs *r, bool innermost);

/* ---- stops.c ---- */
bool stop_add(struct debug *d, bool watch, const char *text);
bool stop_delete(struct debug *d, const char *text);
void stops_list(struct debug *d);
bool lane_matches(const struct debug *d, const char *wanted, uint32_t lane);
bool stop_on_trap(struct debug *d, const struct stop *s, uint64_t event);
bool stop_on_state(struct debug *d, const struct stop *s);

/* ---- expr.c ---- */
/* NUMBER, REGISTER, pc, SYMBOL, LANE:SYMBOL, FILE:LINE, each with +NUMBER or -NUMBER. */
bool expr_value(struct debug *d, const char *text, uint32_t *value);
bool expr_in_image(struct debug *d, struct image *i, const char *text, uint32_t *value);
bool number_of(const char *text, uint64_t *value);
int register_of(const char *name); /* 32 = pc; -1 = none */

/* ---- mmu.c ---- */
#define VTLB_SLOTS 256
struct tlb_slot {
  bool valid;
  uint32_t hi, lo;
  uint64_t event;
};
struct tlb_model {
  uint32_t entries, pointer;
  struct tlb_slot slot[VTLB_SLOTS];
};
/* The TLB of the guest of `level` (0 = the machine's own) as of now, from the events. */
void mmu_tlb(struct debug *d, uint32_t lane, unsigned level, struct tlb_model *tlb);
int mmu_find(const struct tlb_model *tlb, uint32_t va, uint32_t asid); /* slot or -1 */
/* Bytes as the lane at hand sees them; `physical`: real memory. */
bool memory_word(struct debug *d, bool physical, uint32_t address, uint32_t *word);
/* The real address; false: no entry for it. */
bool mmu_real(struct debug *d, uint32_t va, uint32_t *pa);
/* The real address in the space of `status`: by the TLB, or by the last entry for it that has not been taken
 * back. */
bool mmu_recall(struct debug *d, uint32_t status, uint32_t va, uint32_t *pa);
/* The address that the trap at hand was about. */
bool mmu_subject(struct debug *d, uint32_t *va);

/* ---- command.c ---- */
enum command {
#define COMMAND(id, name, alias, keys, args, help) CMD_##id,
#include "commands.def"
  COMMANDS
};
struct command_row {
  const char *name, *alias, *keys, *args, *help;
};
extern const struct command_row command_rows[COMMANDS];
/* Does what the line says; empty lines and `# ...` do nothing. False, with d->said, when it could not. */
bool command_run_line(struct debug *d, const char *line);
/* The command of a key, or COMMANDS. */
enum command command_of_key(int key);
/* The next name that begins with `text`; for completion. The caller frees it. */
char *command_complete(struct debug *d, const char *text, int state, bool first);
void command_help(FILE *out);

/* ---- export.c ---- */
bool export_events(struct debug *d, const char *format, uint64_t first, uint64_t last, const char *path);

/* ---- ways of talking ---- */
int line_mode(struct debug *d, const char *script, bool batch);
int screen_mode(struct debug *d); /* -1: this terminal cannot */
char *history_path(bool create);
void readline_begin(struct debug *d); /* completion, for both */

#endif
