/* trapeze.h - what the subcommands of `trapeze` share.
 *
 * One file for each subject: options.c (command lines), file.c (files of the host), tar.c (the initrd),
 * boot.c (how a run is put together), console.c (terminal and pipes), input_log.c (what came in), session.c (running a machine for a
 * person), help.c (help and version), stats.c (counts as JSON); and one file for each subcommand. Headers of
 * their own have base names (tools/base_name.h), comparisons (compare.h), causes of traps (cause.h), names of
 * system calls (calls.h), how far long work is (progress.h), text from outside (untrusted.h), and the writers of
 * JSON (json_out.h) and of XML and Mermaid (markup.h).
 *
 * A function that "dies" says why on stderr and exits; unless another status is named, with STATUS_USAGE. All
 * functions that allocate die so when memory is short. */
#ifndef TRAPEZE_H
#define TRAPEZE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "machine/machine.h"
#include "machine/recorder.h"
#include "tools/common/argp.h"
#include "tools/common/own_path.h"

/* ---- main.c ---- */

/* Exit statuses of our own failures. The guest's own status is 0..255, so these three can collide with it. */
enum {
  STATUS_BUDGET = 124,    /* --max-insns is used up */
  STATUS_USAGE = 125,     /* a wrong command line, an unreadable file, no memory */
  STATUS_CHECKSTOP = 126, /* the machine check-stopped */
};

/* ---- die.c ---- */

/* Writes "trapeze: ..." and a newline to stderr and exits with `status`. Gives the terminal back first. */
_Noreturn void die(int status, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* has_failed.c: the exit status will not be 0: die has been called, or the command has ended so. Output that is lost then is no matter. */
extern bool has_failed;

/* ---- help.c ---- */

/* Writes `text` to `f`, with the folder of the installed documents in place of the first "{doc}". */
void help_print(FILE *f, const char *text);
/* Is `word` --help or help? */
bool help_wanted(const char *word);
/* Is `word` --version or -V? Prints the version when it is. */
bool version_wanted(const char *word);

/* ---- the subcommands: argv[0] is "trapeze COMMAND"; the result is the exit status ---- */

int command_run(int argc, char **argv);
int command_trace(int argc, char **argv);
int command_debug(int argc, char **argv);
int command_translate(int argc, char **argv); /* debug/ */
int command_classify(int argc, char **argv);  /* verify/ */
int command_grade(int argc, char **argv);     /* grade/ */
int command_lab(int argc, char **argv);
int command_verify(int argc, char **argv);
int command_disk(int argc, char **argv);    /* disk.c */
int command_compare(int argc, char **argv); /* ways/ */

/* Bytes in memory. Unless a comment says that they point into something else, `data` is malloc'ed and belongs
 * to whoever holds the struct; all zero is empty. */
struct bytes {
  uint8_t *data;
  size_t size;
};

/* ---- options.c: the options that every way of running a machine understands ---- */

#define DEPTH_MAX RECORDER_DEPTH
#define RAM_DEFAULT (8u << 20)

/* A file for the initrd. */
struct initrd_file {
  const char *name; /* in the initrd: "bin/vmm" */
  struct bytes content;
  const char *debug; /* path of the same file with debug information, or NULL */
};

struct options {
  unsigned depth; /* 0 = on the machine, 1 = in a VM, ... DEPTH_MAX */
  uint32_t ram;   /* of the innermost machine, in bytes */
  enum machine_cpu cpu;
  enum machine_engine engine;
  uint64_t max_insns;
  uint32_t tlb;                             /* entries of the TLB; 0 = as many as usual */
  const char *input, *stats, *image, *disk; /* files; NULL = not given */
  const char *way;          /* for --way of each VMM, NAME[,OPTION...]; NULL = not given: the VMM's default */
  const char *initrd;       /* file: of the innermost machine; NULL = none for an image, else the bundle */
  const char *kernel, *vmm; /* files: in place of the bundled ones at every level; NULL = not given */
  const struct call_names *calls; /* calls.h: of the user's own kernel; NULL = not given */
  bool data;                      /* console input is data, of a file or a pipe: nobody types it */
  int argc;                       /* PROG ARGS...; they point into the command line */
  char **argv;
  const char *out;      /* --out: folder of the host for what the guest writes in /host; NULL = not given */
  const char *host[32]; /* --files: paths of the host, for the innermost machine's /host */
  size_t hosts;
  /* What follows does not come from the command line; whoever sets it owns it. */
  const struct initrd_file *file; /* put into the initrd, in place of files of the same names */
  size_t files;
  const struct bytes *image_elf; /* the content of the image; then `image` is only its name */
  const char *image_debug;       /* path of the image with debug information, or NULL */
  const char *sources;           /* folder to look for sources in that are found nowhere else, or NULL */
  unsigned columns, lines;       /* of the terminal at which a shell is used; 0 = there is none */
  bool guest_kernel;             /* the innermost machine's kernel is boot/guest-kernel of `file` */
  bool closed;                   /* PROG names a program of the initrd, never a file of the host */
};

/* The ways of the bundled VMM (vmm/main.c), for struct options' `way`; NULL ends the list. */
extern const char *const way_names[];
/* Does each level's VMM run a translation of its guest's code (--way translate)? */
bool options_translate(const struct options *o);
/* Is `text` (NAME or NAME,OPTION...) one of the ways? */
bool way_known(const char *text);
/* Why the bundled VMM refuses to virtualize a machine with this CPU in this way (NULL: the default); NULL if it does
 * not. */
const char *way_refusal(const char *way, enum machine_cpu cpu);

/* Sets *o to the defaults: depth 1, RAM_DEFAULT, no limit, a shell. */
void options_defaults(struct options *o);
/* Do PROG and ARGS mean a shell that takes its commands from the console? */
bool options_shell(const struct options *o);
/* A child parser for argp. Its input is a struct options. It takes PROG and everything after it, so the
 * parent must parse with ARGP_IN_ORDER. */
extern const struct argp options_argp;

/* Parses a number (decimal, or hexadecimal after 0x) with an optional suffix K, M or G for powers of 1024.
 * False, with *value unchanged, when `text` is no such number or the number is above `max`. */
bool parse_size(const char *text, uint64_t max, uint64_t *value);

/* ---- host_files.c: files of the host for the innermost machine ---- */
/* Adds them to its initrd. Ends the tool with STATUS_USAGE when one cannot be read. */
void host_files_put(const struct options *o, struct bytes *initrd);

/* ---- out.c: --out, the way back. The guest's command `disk around` saves its files to a disk of the tool's own. ---- */
/* The disk, for the caller to free; empty without --out. Ends the tool when --out cannot go with other options. */
struct bytes out_disk(const struct options *o);
/* After the run: copies the disk's files into o->out. False: it could not be done, as stderr says. */
bool out_take(const struct options *o, const void *disk, size_t size);

/* ---- output.c: the file of `-o FILE`, which a command writes bit by bit; one at a time ---- */

/* NULL: stdout. What was in the file remains until output_keep; where nothing can be written, dies, or, if only its folder
 * takes no new file, empties it at once. A device or a pipe is written to. */
FILE *output_open(const char *path);
/* All is written: the file has the new content, and is closed; stdout is flushed. False, with errno: it could not be done,
 * and the file is as it was. */
bool output_keep(FILE *f);
/* What was written so far is gone. Called at exit; to be called, too, before a signal ends the tool (async-signal-safe). */
void output_abandon(void);

/* ---- file.c: whole files of the host ---- */

/* Reads a file; dies when it cannot be read. */
struct bytes file_read(const char *path);
/* The same, but returns false with errno set when the file cannot be read. */
bool file_try_read(const char *path, struct bytes *b);
/* Replaces a file, or makes it: writes a new file beside it, with the old one's permissions, then renames
 * that. A reader sees the old content or the new, never a part. Follows a symbolic link. Dies when it cannot
 * be done. */
void file_replace(const char *path, const void *data, size_t size);
/* The same, but returns false with errno set when it cannot be done. */
bool file_try_replace(const char *path, const void *data, size_t size);
/* Makes a new file beside `path`, which need not be there: the descriptor, and the new file's name, for the caller to free.
 * The new file has the permissions of `path`, or those that a new `path` would get. -1: see errno; *temporary is freed. */
int file_open_beside(const char *path, char **temporary);
/* Appends a copy of `size` bytes; `data` may be NULL when size is 0, and must not point into *b. */
void bytes_append(struct bytes *b, const void *data, size_t size);
/* Returns `memory`; dies with no_memory_status when it is NULL, because then there was no memory. */
void *must(void *memory);
extern int no_memory_status; /* STATUS_USAGE, until main sets another */

/* ---- tar.c: ustar archives in memory ---- */

/* Finds the member called `name`; *member points into `tar`. False when there is none. Dies when `tar` is not
 * a ustar archive. */
bool tar_find(struct bytes tar, const char *name, struct bytes *member);
/* Adds a file, in place of a member of the same name. `name` has less than 100 characters. Dies as tar_find
 * does. */
void tar_put(struct bytes *tar, const char *name, struct bytes content);

/* ---- elf.c: executables of the host ---- */

/* Is it an ELF file for PG32? */
bool elf_is_pg32(struct bytes file);
/* Is it an executable for PG32, by its header? */
bool elf_is_executable(struct bytes file);
/* Makes a copy of an executable without debug information, which the caller owns.
 * False when it is damaged. */
bool elf_strip(struct bytes whole, struct bytes *stripped);

/* ---- boot.c: how a run is put together ---- */

struct boot {
  struct bytes image;  /* the ELF file that the machine itself starts */
  struct bytes initrd; /* may be empty */
  struct bytes args;   /* words, each with a NUL after it */
  uint32_t ram;        /* of the outermost machine, in bytes */
};

/* Puts together what `o` asks for; for boot_free. Dies when a file is missing or a size does not fit. */
struct boot boot_assemble(const struct options *o);
/* The innermost machine of `outer` as a bare machine: with the RAM, image, initrd and arguments that its VMM
 * gives it. For boot_free. */
struct boot boot_innermost(const struct options *o, const struct boot *outer);
void boot_free(struct boot *b);
/* A loaded machine, ready to run, for machine_free. Dies when the image cannot be loaded, by this machine or
 * by the innermost one. `b` may be freed afterwards. */
struct machine *boot_machine(const struct options *o, const struct boot *b);
/* The same, but returns NULL with *error set when the image cannot be loaded. */
struct machine *boot_try_machine(const struct options *o, const struct boot *b, struct machine_error *error);
/* Is there a bundled program of that name? Dies when the bundle cannot be read. */
bool boot_bundles(const char *program);

/* ---- input_log.c: all that came into a run from outside, to have the same run again ---- */

struct input_entry {
  enum { INPUT_BYTES, INPUT_HANGUP, INPUT_IDLE } kind;
  uint64_t steps; /* machine_steps when it came */
  uint64_t n;     /* BYTES: how many; IDLE: ticks that passed */
};
struct input_log { /* all zero is empty */
  struct input_entry *entry;
  size_t entries, room;
  struct bytes bytes; /* of all entries */
};
/* `bytes` holds n of them for INPUT_BYTES, else it is NULL. `log` may be NULL: then nothing is noted. */
void input_log_add(struct input_log *log, int kind, const struct machine *m, const void *bytes, uint64_t n);
void input_log_free(struct input_log *log);

/* ---- console.c: a guest's console, connected to this process ---- */

struct console {
  struct machine *m;
  FILE *out;
  struct input_log *log; /* or NULL */
  bool live;             /* more input may come, from a terminal or a pipe, or its end */
  bool received;         /* input has come from stdin */
  bool empty;       /* stdin has ended and nothing came; the guest is to hear of it when it waits for input */
  bool terminal;    /* raw mode is on */
  bool started;     /* keys are taken from the terminal; see console_poll */
  uint64_t opened;  /* when, in nanoseconds */
  bool prefixed;    /* Ctrl-A was the last key */
  bool leave;       /* the person typed Ctrl-A x, or the output is broken */
  bool broken;      /* nobody reads our output any more */
  unsigned faults;  /* messages of a fault that kernels seem to have written */
  unsigned matched; /* characters of such a message that have come so far */
};

/* Sets o->data if the console's input comes from a stdin that nobody types at: a file with something left to read or, with
 * `pipes`, a pipe. A shell reads commands, which are as good as typed. */
void console_look_at_stdin(struct options *o, bool pipes);
/* Connects m's console: input from the file `input` or, when it is NULL, from stdin; output to `out`. Takes
 * the terminal when stdin is one. `log`, which may be NULL, takes note of all input and idle time. `c` must
 * stay where it is until console_close. Dies when `input` cannot be read, and later when `out` cannot be
 * written. */
void console_open(struct console *c, struct machine *m, const char *input, FILE *out, struct input_log *log);
/* Writes what is pending, gives the terminal back, and disconnects the console. */
void console_close(struct console *c);
/* Writes what is pending. */
void console_flush(struct console *c);
/* Hands the input that is there to the guest; does not wait. Keys that are typed while the guest boots stay in the
 * terminal until the guest waits for the first time, or for 0.3 seconds: a Ctrl-C would end a shell that has not told its
 * kernel yet that it lives through one. */
void console_poll(struct console *c);
/* Tells the guest that no more input comes. */
void console_hang_up(struct console *c);
/* machine_idle, with a note in the log. */
void console_idle(struct console *c, uint64_t ticks);
/* Sleeps until there is input, but at most `ns` nanoseconds. */
void console_wait(struct console *c, uint64_t ns);
/* Gives the terminal back, from anywhere, a signal handler too. Does nothing when it is not taken. */
void terminal_restore(void);

/* ---- session.c ---- */

/* Tells whether a machine that idles again and again waits for input, or only for time to pass. Starts all
 * zero. */
struct waits {
  unsigned naps;  /* waits so far with little work between them */
  uint64_t steps; /* machine_steps at the last of them */
};
/* Does the machine wait for input? To be asked each time it idles, with its machine_idle_ticks and
 * machine_steps. */
bool waits_for_input(struct waits *w, uint64_t ticks, uint64_t steps);
/* Runs until the machine stops, max_insns instructions are executed, or the person leaves (then the result is
 * EXIT_STOPPED). While input may come, the process sleeps for as long as the machine idles; otherwise idle
 * time is skipped. */
struct session_hooks;
enum machine_exit session_run(struct console *c, uint64_t max_insns, const struct session_hooks *hooks);
struct session_hooks {
  void (*watch)(void *arg, struct machine *m); /* called with the new machine before it runs; or NULL */
  /* Called when it is about to wait for input that may come, with the count of messages of faults so far; or NULL. */
  void (*waits)(void *arg, struct machine *m, unsigned faults);
  /* Called after it has run; or NULL. */
  void (*done)(void *arg, struct machine *m, enum machine_exit exit, unsigned faults);
  void *arg;
  struct input_log *log; /* takes note of the input; or NULL */
};
/* Puts a machine together, runs it to its end, and frees it. `out` takes the console's output. When the guest
 * wrote to its disk, replaces the file o->disk. Returns the exit status, having said on stderr what went
 * wrong. Dies as boot_assemble and boot_machine do; ends by the signal when SIGINT, SIGTERM or SIGHUP came,
 * or by SIGPIPE. */
int session(const struct options *o, FILE *out, const struct session_hooks *hooks);

/* ---- debug/crash_report.c ---- */

/* A run of `trapeze run`, of whose deaths is told. */
struct crash_watch {
  const struct options *o;
  const struct input_log *log;
  char **argv;     /* the command line of `trapeze run` */
  unsigned faults; /* messages of faults up to the last look */
  uint64_t told;   /* the position of the death that was told last; 0 = none */
};

/* The machine waits for input, and its kernels have written `faults` messages of faults so far. If there are new
 * ones, says on stderr which program has died, why, and how to look at that. To find out, the run is made once
 * more, with a recorder, unless it was long. */
void crash_look(struct crash_watch *w, const struct machine *m, unsigned faults);
/* The same at the end of the run, also if only the end looks like a death. */
void crash_report(struct crash_watch *w, const struct machine *m, enum machine_exit exit, unsigned faults);

/* ---- stats.c ---- */

/* Writes the counts of a run as JSON into the file `path`; TRACE.md documents the members. Dies when the file
 * cannot be written. `r` is the run's recorder, finished. */
void stats_write(const char *path, const struct machine *m, enum machine_exit exit, const struct recorder *r);

#endif
