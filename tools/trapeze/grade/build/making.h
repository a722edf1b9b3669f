/* making.h - one artifact being made: what the files that make it share. No other room includes this header;
 * submission.h is the way in.
 *
 *   build.c     the parts of an artifact, in order
 *   compile.c   one source into one object
 *   patch.c     our sources with the lab's patch
 *   link.c      objects into the artifact
 *   confirm.c   whose fault it is when a tool fails
 *   messages.c  what a tool said, for the student
 *   files.c     command lines, folders
 *
 * All functions die with GRADE_TROUBLE when a file of ours cannot be read or written, and with STATUS_USAGE
 * when memory is short. */
#ifndef MAKING_H
#define MAKING_H

#include <dirent.h>

#include "folder.h"
#include "sandbox.h"
#include "submission.h"

enum { PARTS_MOST = 128 };

struct making {
  struct workshop *w;
  const struct lab *lab;
  const struct lab_build *build;
  char *lab_path; /* of the lab's folder: absolute, links resolved */
  char *folder;   /* private to this artifact: headers/, out/ and tmp/ for the student's job, lab/ for ours */
  struct part {   /* what is linked, in this order */
    char *name;   /* base name of the source */
    char *object; /* path */
    bool patched; /* the object must be made of our patched source */
  } part[PARTS_MOST];
  size_t parts;
  bool headers; /* the patch changes headers */
  char *words;  /* why the artifact cannot be built; NULL so far */
};

/* ---- build.c ---- */

/* Where the sources lie that a VMM's or a kernel's sources take the place of, below share/trapeze/src and
 * share/trapeze/obj: "vmm" or "guestos". NULL for programs and images, which replace none. */
const char *making_place(enum build_kind kind);

/* ---- compile.c ---- */

/* Compiles `source` of the submission, a path below its folder, into the file `object`. False when it does
 * not compile: m->words says why. */
bool compile_theirs(struct making *m, const char *source, const char *object);
/* Compiles a source of the lab's, or one of ours with the lab's patch, into `object`; `include` is the folder
 * for #include "...", `patch` the name of the source's patch, or NULL. Dies with GRADE_BROKEN when it does
 * not compile. */
void compile_ours(struct making *m, const char *source, const char *object, const char *include,
                  const char *patch);

/* ---- patch.c ---- */

/* Copies our sources of `place` (making_place) into the private folder, patches them, and marks the parts
 * that must be compiled anew. Dies with GRADE_BROKEN when the patch does not apply or changes nothing. */
void making_patch(struct making *m, const char *place);
/* Compiles the marked parts. */
void compile_patched(struct making *m, const char *place);

/* ---- link.c ---- */

/* Links all parts into a->elf and a->debug. False when they do not link: m->words says why. */
bool making_link(struct making *m, struct artifact *a);

/* ---- messages.c ---- */

/* Puts into m->words why a tool failed on `what`; `said` is the tool's output. */
void making_complain(struct making *m, const char *what, enum job_end end, struct bytes said);
/* The lab itself is wrong: dies with GRADE_BROKEN, naming the artifact's line in lab.yaml. */
_Noreturn void making_broken(const struct making *m, const char *why);

/* ---- files.c ---- */

/* A command line; it owns its words, and a NULL follows them. */
struct command {
  char *word[PARTS_MOST + 32];
  size_t n;
};
/* Adds a malloc'ed word, which the command owns from then on. */
void command_add(struct command *c, char *word);
/* Adds copies of words; a NULL ends the list. */
void command_add_words(struct command *c, const char *const *words);
void command_free(struct command *c);

/* Makes a folder that only its owner may enter. The folder may be there already. */
void private_folder(const char *path);
/* The files in a folder of ours, then those of its folders, as FOLDER/NAME; each list sorted, without names that
 * begin with a dot. For files_free. */
size_t files_list(const char *path, struct dirent ***names);
void files_free(struct dirent **names, size_t n);
/* Copies the files that files_list lists whose names end with `suffix` ("" = all). */
void files_copy(const char *from, const char *to, const char *suffix);

#endif
