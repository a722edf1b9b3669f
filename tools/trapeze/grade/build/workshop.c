/* workshop.c - the temporary folder in which a submission is taken in and built. */
#include <limits.h>
#include <stdio.h>

#include "making.h"
#include "sandbox.h"
#include "submission.h"
#include "temporary.h"

/* Once in a process. Results do not depend on it, so they do not say it. */
static void note_no_sandbox(void) {
  static bool noted;
  if (!noted)
    fputs("trapeze: note: no sandbox, for bubblewrap is not installed or does not work here: "
          "submissions are compiled with limits, as your own user\n",
          stderr);
  noted = true;
}

struct workshop workshop_open(void) {
  static const char *const parts[] = {"take", "try", "try/tmp"};
  char *path = temporary_open("trapeze-grade"), part[PATH_MAX];
  for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
    snprintf(part, sizeof part, "%s/%s", path, parts[i]);
    private_folder(part);
  }
  snprintf(part, sizeof part, "%s/try", path);
  struct workshop w = {.path = path, .sandboxed = sandbox_works(part)};
  if (!w.sandboxed) note_no_sandbox();
  return w;
}

void workshop_close(struct workshop *w) {
  if (!w->path) return;
  workshop_forget(w);
  temporary_close(w->path);
  w->path = NULL;
}
