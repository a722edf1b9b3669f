/* messages.c - what a tool said, as a student may read it: without our paths, printable, and capped. */
#include <stdlib.h>
#include <string.h>

#include "making.h"
#include "tools/trapeze/untrusted.h"

enum { WORDS_MOST = 8 << 10 };

/* A copy of `text` with each occurrence of `path` taken out; malloc'ed. */
static char *without(const char *text, const char *path) {
  char *copy = must(strdup(text));
  size_t n = strlen(path);
  for (char *at = copy; n && (at = strstr(at, path));) memmove(at, at + n, strlen(at + n) + 1);
  return copy;
}

/* Takes our paths out of what a tool said, and the names of the compiler driver's temporary folders. */
static char *our_paths_out(const struct making *m, const char *said) {
  char *const paths[] = {text_of("%s/take/", m->w->path),
                         text_of("%s/headers/", m->folder),
                         text_of("%s/out/", m->folder),
                         text_of("%s/tmp/", m->folder),
                         text_of("%s/lab/", m->folder),
                         text_of("%s/", m->folder),
                         text_of("%s/tests/", m->lab_path),
                         text_of("%s/", m->lab_path),
                         text_of("%s/include/", toolchain()->share),
                         text_of("%s/", toolchain()->share),
                         text_of("%s/", toolchain()->bin)};
  char *words = must(strdup(said));
  for (size_t i = 0; i < sizeof paths / sizeof *paths; i++) {
    char *next = without(words, paths[i]);
    free(words);
    free(paths[i]);
    words = next;
  }
  for (char *at; (at = strstr(words, "pg32-cc.")) && strlen(at) > 15 && at[14] == '/';)
    memmove(at, at + 15, strlen(at + 15) + 1);
  return words;
}

/* The lines that fit. How much is left out is not said: it depends on the lengths of our paths. */
static char *capped(const char *words) {
  size_t n = strlen(words), most = n < WORDS_MOST ? n : WORDS_MOST;
  while (most < n && most > 0 && words[most - 1] != '\n') most--;
  if (most == n) return must(strdup(words));
  if (most == 0) return printable(words, WORDS_MOST, WORDS_MOST); /* one line that never ends */
  return text_of("%.*s... more follows\n", (int)most, words);
}

void making_complain(struct making *m, const char *what, enum job_end end, struct bytes said) {
  char *shown = printable(said.data, said.size, said.size), *words = our_paths_out(m, shown);
  free(m->words);
  if (end == JOB_EXPENSIVE)
    m->words = text_of("%s: the tools needed more than %d seconds of processor time", what, JOB_CPU_SECONDS);
  else if (end == JOB_CRASHED)
    m->words = text_of("%s: the tools broke down; they may use %d seconds of processor time and %d MiB of "
                       "memory, and write %d MiB",
                       what, JOB_CPU_SECONDS, JOB_MEMORY_MB, JOB_FILE_MB);
  else
    m->words = capped(words);
  free(shown);
  free(words);
}

_Noreturn void making_broken(const struct making *m, const char *why) {
  die(GRADE_BROKEN, "%s/lab.yaml:%u:%u: %s: %s", m->lab->path, m->build->mark.line, m->build->mark.column,
      m->build->name, why);
}
