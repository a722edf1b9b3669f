/* trapeze.h - what the subcommands of `trapeze` share.
 *
 * One file a subject: options.c (command lines), file.c (host files), tar.c (the initrd), boot.c (how a run
 * is put together), console.c (terminal and pipes), help.c (help and version),
 * session.c (running a machine for a person), stats.c, and
 * one file a subcommand. */
#ifndef TRAPEZE_H
#define TRAPEZE_H

#include <argp.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "machine/machine.h"
#include "machine/recorder.h"

/* ---- main.c ---- */

/* Our own failures, apart from the 0..255 of the guest. */
enum { STATUS_BUDGET = 124, STATUS_USAGE = 125, STATUS_CHECKSTOP = 126 };

/* ---- die.c ---- */

/* Says why on stderr, as "trapeze: ...", and exits with `status`. The terminal is given back first. */
_Noreturn void die(int status, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* ---- help.c ---- */

/* `path` below the folder that holds the executable's folder: "share/trapeze" is /usr/share/trapeze for
 * /usr/bin/trapeze. malloc'ed; the file need not exist. NULL when /proc cannot be read. */
char *beside_executable(const char *path);
/* For argp's help_filter: `text` with the folder of the installed documents in place of the first "{doc}".
 * `text` itself when it has none, else malloc'ed. `key` and `input` are not used; `text` may be NULL. */
char *help_text(int key, const char *text, void *input);
/* Writes `text` to `f` as help_text has it. */
void help_print(FILE *f, const char *text);
/* Is `word` --help or help? */
bool help_wanted(const char *word);
/* Is `word` --version or -V? Prints the version when it is. */
bool version_wanted(const char *word);

/* ---- the subcommands ---- */

int command_run(int argc, char **argv);
int command_trace(int argc, char **argv);
int command_debug(int argc, char **argv);
int command_classify(int argc, char **argv); /* verify/ */
int command_grade(int argc, char **argv);    /* grade/ */
int command_lab(int argc, char **argv);
int command_verify(int argc, char **argv);

struct bytes { /* malloc'ed; whoever holds the struct owns it */
  uint8_t *data;
  size_t size;
};

/* ---- options.c: the options that every way of running a machine understands ---- */

#define DEPTH_MAX RECORDER_DEPTH
#define RAM_DEFAULT (8u << 20)

/* A file for the initrd that is not one of the host's. */
struct initrd_file {
  const char *name; /* "bin/vmm" */
  struct bytes content;
  const char *debug; /* path of the same with debug information, or NULL */
};

struct options {
  unsigned depth; /* 0 = on the machine, 1 = in a VM, ... */
  uint32_t ram;   /* of the innermost machine, in bytes */
  enum machine_cpu cpu;
  enum machine_engine engine;
  uint64_t max_insns;
  const char *input, *stats, *image, *disk; /* files; NULL = not given */
  int argc;                                 /* PROG ARGS...; they point into the command line */
  char **argv;
  /* not from the command line; whoever sets them owns them */
  const struct initrd_file *file; /* put into the initrd first, in place of any of those names */
  size_t files;
  const struct bytes *image_elf; /* what the image holds, in place of the file `image` */
  const char *image_debug;       /* path of the image with debug information, or NULL */
  const char *sources;           /* folder of the sources that are not found otherwise, or NULL */
  bool closed;                   /* PROG is in the initrd: no file of the host is one */
};

void options_defaults(struct options *o);
/* A child for argp: its input is a struct options. It takes PROG and all after it, so parse with
 * ARGP_IN_ORDER. */
extern const struct argp options_argp;

/* A number with an optional K, M or G; false when it is none, or above `max`. */
bool parse_size(const char *text, uint64_t max, uint64_t *value);

/* ---- file.c ---- */

struct bytes file_read(const char *path);                           /* dies when it cannot */
bool file_try_read(const char *path, struct bytes *b);              /* or says so, errno set */
void file_replace(const char *path, const void *data, size_t size); /* written anew beside it, then renamed */
bool file_try_replace(const char *path, const void *data, size_t size); /* or says so, errno set */
void bytes_append(struct bytes *b, const void *data, size_t size);
void *must(void *memory); /* dies when it is NULL */

/* ---- tar.c: ustar archives in memory ---- */

/* The member called `name`, pointing into `tar`. False when there is none. Dies when `tar` is no ustar
 * archive. */
bool tar_find(struct bytes tar, const char *name, struct bytes *member);
/* Adds a file, in place of any of that name. */
void tar_put(struct bytes *tar, const char *name, struct bytes content);

/* ---- boot.c ---- */

struct boot {
  struct bytes image;  /* ELF that the machine itself starts */
  struct bytes initrd; /* may be empty */
  struct bytes args;   /* NUL-terminated words */
  uint32_t ram;        /* of the outermost machine */
};

/* Puts together what `o` asks for; dies when a file is missing or sizes do not fit. */
struct boot boot_assemble(const struct options *o);
/* The innermost machine of `outer`, bare: with the RAM, image, initrd and arguments that its VMM gives it. */
struct boot boot_innermost(const struct options *o, const struct boot *outer);
void boot_free(struct boot *b);
/* A loaded machine, ready to run; dies when the image cannot be loaded. */
struct machine *boot_machine(const struct options *o, const struct boot *b);
/* The same, but NULL with *error set then. */
struct machine *boot_try_machine(const struct options *o, const struct boot *b, struct machine_error *error);
/* Does the bundle hold a program of that name? */
bool boot_bundles(const char *program);

/* ---- console.c: one guest console on this process's standard input and an output ---- */

struct console {
  struct machine *m;
  FILE *out;
  bool live;     /* more input may come, from a terminal or a pipe, or its end */
  bool received; /* input has come from stdin */
  bool empty;    /* stdin has ended and nothing came; the guest is to hear of it when it waits for input */
  bool terminal; /* raw mode is on */
  bool prefixed; /* Ctrl-A was the last key */
  bool leave;    /* Ctrl-A x, or nobody reads our output any more */
  bool broken;   /* the latter */
};

/* Connects m's console: input from `input` when that is not NULL, else from stdin; output to `out`. */
void console_open(struct console *c, struct machine *m, const char *input, FILE *out);
/* Gives the terminal back. */
void console_close(struct console *c);
void console_flush(struct console *c);
/* Hands over the input that is there. */
void console_poll(struct console *c);
/* No more input comes; the guest is told at once. */
void console_hang_up(struct console *c);
/* Sleeps until there is input, but at most ns nanoseconds. */
void console_wait(struct console *c, uint64_t ns);
/* Gives the terminal back from anywhere. */
void terminal_restore(void);

/* ---- session.c ---- */

/* Of a machine that idles again and again: does it wait for input, or only for time to pass? Starts at zero.
 */
struct waits {
  unsigned naps;  /* waits so far with little work between them */
  uint64_t steps; /* machine_steps at the last of them */
};
/* To be asked each time the machine idles, with its machine_idle_ticks and machine_steps. */
bool waits_for_input(struct waits *w, uint64_t ticks, uint64_t steps);
/* Runs until the machine stops, the budget is used up, or the person leaves. Idle time is slept away while
 * input may come, skipped otherwise. */
enum machine_exit session_run(struct console *c, uint64_t max_insns);
/* Assembles, runs to the end and tears down; `out` takes the console. `watch`, when given, is called with the
 * new machine before it runs, and `done` after. Returns the exit status, having said on stderr what went
 * wrong. */
struct session_hooks {
  void (*watch)(void *arg, struct machine *m);
  void (*done)(void *arg, struct machine *m, enum machine_exit exit);
  void *arg;
};
int session(const struct options *o, FILE *out, const struct session_hooks *hooks);

/* ---- stats.c ---- */

/* Writes what --stats documents. */
void stats_write(const char *path, const struct machine *m, enum machine_exit exit, const struct recorder *r);

#endif
