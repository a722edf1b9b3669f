/* sh.h - what the files of the shell share.
 *
 * A line goes through these hands: parse.c makes a tree of it, whose words are still as they were typed; run.c walks
 * the tree; expand.c makes the fields of a word ($x, $(...), quotes, patterns) when the command runs; redirect.c and
 * jobs.c deal with descriptors and processes. Memory of a tree and of fields is an arena's (memory.c), which is given
 * back as a whole. */
#ifndef SH_H
#define SH_H
#include <setjmp.h>
#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#define CANNOT_RUN 126
#define NOT_FOUND 127
#define BAD_LINE 2

/* ---- memory.c: an arena, and strings that grow in it ---- */
void *arena_alloc(size_t bytes); /* zeroed; without memory the shell ends */
char *arena_text(const char *s, size_t n);
void *arena_mark(void);
void arena_release(void *mark); /* gives back all that was allocated since */

struct text {
  char *s; /* always ends with a NUL */
  size_t n, room;
};
void text_put(struct text *t, char c);
void text_add(struct text *t, const char *s, size_t n);

/* ---- parse.c: the tree ---- */
struct word {
  struct word *next;
  const char *raw; /* as it was typed, with its quotes */
};

struct redirect {
  struct redirect *next;
  int fd;
  enum { READ, WRITE, APPEND, READ_WRITE, DUP, HERE } op;
  const char *raw; /* the file, the descriptor, or the here document's text */
  bool literal;    /* HERE: its end was quoted, so nothing is expanded */
};

struct item { /* of a case */
  struct item *next;
  struct word *patterns;
  struct node *body;
};

struct node {
  enum {
    SIMPLE,   /* assignments words */
    PIPE,     /* a | b */
    AND,      /* a && b */
    OR,       /* a || b */
    SEQUENCE, /* a ; b */
    BEHIND,   /* a & */
    NOT,      /* ! a */
    IF,       /* if a; then b; else c; fi */
    WHILE,    /* while a; do b; done */
    UNTIL,
    FOR,      /* for name in words; do a; done */
    CASE,     /* case words in items esac */
    GROUP,    /* { a; } */
    SUBSHELL, /* ( a ) */
    FUNCTION, /* name() a, of which only the text is kept */
  } kind;
  struct node *a, *b, *c;
  struct word *words, *assignments;
  struct item *items;
  struct redirect *redirects;
  const char *name, *text;
  bool every; /* FOR without in: "$@" */
};

enum parsed { PARSED, INCOMPLETE, WRONG };
/* Parses the text as a list of commands. *end: behind the last one that was complete. */
enum parsed parse(const char *text, struct node **tree, const char **wrong);
bool is_name(const char *s, size_t n);
/* The end of a word that begins at s; NULL: a quote or a bracket is open. */
const char *word_end(const char *s);
const char *
skip_substitution(const char *s);       /* s is behind "$(": behind the matching ")"; NULL: it is missing */
const char *skip_braces(const char *s); /* the same for "${" and "}" */

/* ---- variables.c ---- */
const char *variable(const char *name); /* NULL: not set */
bool set_variable(const char *name, const char *value);
void unset_variable(const char *name);
void export_variable(const char *name);
void protect_variable(const char *name);
void variables_init(void);
void print_exports(void);
void function_set(const char *name, const char *text); /* NULL: unset */
const char *function_text(const char *name);
void each_function(void (*act)(const char *name));
/* `local`: the variable gets its old value back at locals_end(mark). */
void make_local(const char *name);
int locals_mark(void);
void locals_end(int mark);

/* ---- expand.c ---- */
struct word *expand_words(struct word *words); /* the fields */
char *expand_text(const char *raw);            /* as one field, for an assignment or a file's name */
char *expand_pattern(const char *raw);         /* the same, with what was quoted behind backslashes */
char *expand_here(const char *raw);            /* a here document */
long arithmetic(const char *text);             /* arithmetic.c */

/* ---- redirect.c ---- */
bool redirect_all(struct redirect *list); /* false: it has said why not */
/* The same for a command of the shell itself, whose descriptors come back by redirect_undo, whatever the answer is. */
enum { SAVED_MAX = 16 };
struct undo {
  struct {
    int fd, copy;
  } saved[SAVED_MAX];
  int count;
  struct undo *outer; /* of the command around */
};
bool redirect_keeping(struct redirect *list, struct undo *undo);
void redirect_undo(struct undo *undo);
void redirect_undo_all(void); /* for all commands that the line is within */

/* ---- jobs.c ---- */
void jobs_init(void);                      /* the shell is interactive */
int wait_for(pid_t pid, const char *name); /* its status as shells count; says what killed it */
void job_add(pid_t pid, const char *name);
void jobs_reap(bool all);
int do_jobs(int argc, char **argv), do_wait(int argc, char **argv), do_fg(int argc, char **argv),
    do_bg(int argc, char **argv);
/* The words of `kill` with the numbers of groups in place of %1 and %name; NULL: there is no such job. A job that is
 * stopped goes on, to its end, if no signal is named. */
char **job_words(char **argv);
void jobs_wake(void); /* those that job_words has named, when the signal is there */

/* ---- edit.c: a line that is typed at a terminal ---- */
enum edited { LINE, NO_LINE /* the end of the input */, GIVEN_UP /* by ^C */ };
/* Shows the prompt and adds what is typed, with a newline, to *line. */
enum edited edit_line(const char *prompt, struct text *line);
int do_history(int argc, char **argv); /* history.c */

/* ---- builtins.c ---- */
typedef int builtin(int argc, char **argv);
builtin *find_builtin(const char *name);
void each_builtin(void (*act)(const char *name));
bool is_special(const char *name);  /* an assignment before it stays */
int do_test(int argc, char **argv); /* test.c */

/* ---- run.c ---- */
int run(struct node *tree);
int run_text(const char *text); /* parses and runs */
char *run_substitution(const char *text, size_t n);
_Noreturn void leave(int status); /* ends the shell */

/* ---- main.c ---- */
_Noreturn void abandon(int status); /* a mistake: it ends a script, but at a prompt only the line */

/* ---- the shell ---- */
struct shell {
  int status; /* $?: of the last command */
  bool interactive;
  bool edits;                                    /* at a terminal where lines are edited */
  bool exit_on_error, trace, no_unset, no_globs; /* set -e, -x, -u, -f */
  bool substituted;                              /* $(...) has set the status */
  int tested;     /* depth of commands whose failure does not end the shell: conditions, before && and || */
  int loops;      /* depth of loops */
  int breaks;     /* so many loops are to be left... */
  bool continues; /* ... and the last of them goes on */
  bool returns;   /* a function or a . file is to be left */
  volatile bool interrupted; /* ^C: all that the line does is to be left */
  int functions;             /* depth of functions and . files */
  pid_t self, last;          /* $$, $! */
  const char *name;          /* $0 */
  int argc;
  char **argv;         /* $1 is argv[0] */
  const char *file;    /* for messages */
  const char *on_exit; /* trap '...' EXIT */
};
extern struct shell sh;
void complain(const char *format, ...); /* "sh: ..." */

#endif
