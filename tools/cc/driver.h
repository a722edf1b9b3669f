/* driver.h - what the files of pg32-cc share.
 *
 *   tools/pg32-cc.c   the command line, and main
 *   refuse.c          options and inputs that PG32 has no use for
 *   text.c            text and lists of text
 *   run.c             running other programs; temporary files
 *   overlay.c         --only-from: what clang may read
 *   stages.c          clang, pg32-as and pg32-ld, for each input */
#ifndef CC_DRIVER_H
#define CC_DRIVER_H

#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <string.h>

enum stage { PREPROCESS, COMPILE, ASSEMBLE, LINK }; /* the stage to stop after */
enum kind { C_FILE, CXX_FILE, ASSEMBLY, ASSEMBLY_TO_PREPROCESS, LINKABLE };

#define FOR_LINKER '\1'

struct list {
  const char **text;
  size_t count, room;
};

struct driver {
  enum stage last;
  const char *output, *layout, *depfile, *language;
  const char *compiler; /* the front end: --cc, PG32_CLANG or clang */
  bool verbose, no_libraries, no_startup, no_headers, save_temporaries;
  bool debug;                           /* -g */
  bool blame;                           /* the front end runs once more, to tell the lines of an error */
  bool dependencies, dependency_target; /* -MD or -MMD; -MT or -MQ */
  size_t files;                         /* of the inputs: those that are files */
  struct list inputs;      /* in order: files, and words that begin with FOR_LINKER, such as -l options */
  struct list clang;       /* options passed on to clang */
  struct list linker;      /* options that come before the inputs of pg32-ld */
  struct list only;        /* the folders of --only-from, without symbolic links */
  const char *overlay;     /* the file that describes what clang may read; NULL until it is written */
  struct list linkables;   /* what pg32-ld gets: the inputs, objects in place of sources */
  struct list temporaries; /* files to remove, all in folder `temporary` */
  char *temporary;         /* a folder of our own; NULL until it is needed */
  char *home;              /* the folder of this program's file */
  char *resources;         /* clang's own headers */
  struct block *memory;    /* all text and lists */
};

static inline bool starts(const char *text, const char *with) { return !strncmp(text, with, strlen(with)); }

/* ---- text.c: all memory lives until free_all; without memory the program ends with a message ---- */

void free_all(struct driver *driver);
char *format(struct driver *driver, const char *pattern, ...) __attribute__((format(printf, 2, 3)));
/* Appends to a list, which stays terminated by a NULL. The list does not copy the text. */
void add(struct driver *driver, struct list *list, const char *text);
void add_all(struct driver *driver, struct list *list, const struct list *more);

/* ---- run.c ---- */

/* Removes the temporary files and ends the program; `die` after a message, with status 1. */
void quit(struct driver *driver, int status) __attribute__((noreturn));
void die(struct driver *driver, const char *pattern, ...) __attribute__((noreturn, format(printf, 2, 3)));
/* The name of `path` without its folders, and with another suffix: a file in the current folder. */
const char *with_suffix(struct driver *driver, const char *path, const char *suffix);
/* A name for a temporary file that is made from `input`. With -save-temps the second one's stays, in the current
 * folder. */
const char *temporary_file(struct driver *driver, const char *input, const char *suffix);
const char *intermediate(struct driver *driver, const char *input, const char *suffix);
void make_temporary_folder(struct driver *driver);
/* The signals that are blocked except while a program runs. */
void watched_signals(sigset_t *set);
/* Runs `command`. If it fails, the program ends with its status. `advice` says where to get the program. */
void run(struct driver *driver, const struct list *command, const char *advice);
/* The same for a program whose messages go to the file `messages`; returns its status. */
int run_aside(struct driver *driver, const struct list *command, const char *advice, const char *messages);
/* Copies that file to our own messages. */
void show_messages(const char *messages);
extern const char *const get_clang; /* the advice for clang */
extern const char *const get_tools; /* and for pg32-as and pg32-ld */
/* Whether the front end is gcc, whose options differ in part. */
bool is_gcc(const struct driver *driver);
/* The folder in which the front end has its own headers. */
char *ask_headers(struct driver *driver);

/* ---- overlay.c ---- */

/* The folder of our headers and libraries. */
const char *share(struct driver *driver);
/* The name of a file that describes to clang which folders exist. */
const char *overlay(struct driver *driver);
/* --only-from FOLDER */
void add_only(struct driver *driver, const char *folder);

/* ---- refuse.c ---- */

/* Dies with the reason if PG32 has no use for the option. */
void refuse(struct driver *driver, const char *word);
/* Whether the option changes nothing here. */
bool is_dropped(const char *word);
/* Takes gcc's optimizations out of the options for clang, with a warning for each. */
void drop_optimizations(struct driver *driver);
/* Dies if no compiler of ours reads files of that suffix. */
void refuse_input(struct driver *driver, const char *input, const char *suffix);

/* ---- stages.c ---- */

/* Runs the front end with `word` alone, such as -dumpmachine, and ends with its status. */
void query(struct driver *driver, const char *word);

/* Takes an input as far as the options say; what is to be linked goes to driver->linkables. */
void translate(struct driver *driver, const char *input);
void link_all(struct driver *driver);

#endif
