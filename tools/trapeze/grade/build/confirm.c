/* confirm.c - a tool has failed: is the student's file wrong, or is this computer in trouble? A full disk, no
 * more processes, a compiler that somebody ended: none of these may cost a point.
 *
 * A failure counts only when it is confirmed: there is room for what a tool writes, the compiler compiles a
 * file that is certainly right, and the same job fails again in the same way. */
#define _GNU_SOURCE /* memmem */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "making.h"
#include "sandbox.h"
#include "folder.h"

enum { TRIES = 3, PROBE_BYTES = 1 << 20, FILES_LEAST = 64 };

/* ---- room ---- */

/* The file system says how much is free; only writing tells whether a quota allows it. */
static void check_room(const char *folder) {
  struct statvfs fs;
  if (statvfs(folder, &fs) != 0) die(GRADE_TROUBLE, "%s: %s", folder, strerror(errno));
  if (fs.f_bavail * fs.f_frsize < (uint64_t)JOB_FILE_MB << 20 || (fs.f_files && fs.f_favail < FILES_LEAST))
    die(GRADE_TROUBLE,
        "%s: the disk is full: a tool failed here, where it may need %d MiB and %d files; TMPDIR names "
        "another "
        "folder",
        folder, JOB_FILE_MB, FILES_LEAST);
  char *path = text_of("%s/tmp/probe", folder), *zeros = must(calloc(1, PROBE_BYTES));
  file_put(path, zeros, PROBE_BYTES);
  unlink(path);
  free(zeros);
  free(path);
}

/* ---- the compiler ---- */

static void check_compiler(bool shut, const struct job *job) {
  static const char text[] = "int right(int n) { return n; }\n";
  char *folder = text_of("%s/tmp", job->folder), *source = text_of("%s/right.c", folder),
       *object = text_of("%s/right.o", folder), *tool = text_of("%s/pg32-cc", toolchain()->bin);
  file_put(source, text, sizeof text - 1);
  struct job right = {.argv = (char *const[]){tool, "-c", "--only-from", folder, "-o", object, source, NULL},
                      .folder = job->folder,
                      .current = folder,
                      .hide = job->hide};
  struct bytes said;
  if (job_run(shut, &right, &said) != JOB_GOOD)
    die(GRADE_TROUBLE, "the compiler does not work here: it refuses a file that is right: %.*s",
        (int)said.size, said.size ? (const char *)said.data : "");
  unlink(object);
  unlink(source);
  free(said.data);
  free(folder), free(source), free(object), free(tool);
}

/* ---- the same job again ---- */

/* pg32-cc names its temporary folder anew each time. */
static void forget_names(struct bytes said) {
  static const char prefix[] = "pg32-cc.";
  enum { NAME = sizeof prefix - 1, RANDOM = 6 };
  uint8_t *end = said.data + said.size;
  for (uint8_t *at = said.data; at && (at = memmem(at, (size_t)(end - at), prefix, NAME));) {
    at += NAME;
    memset(at, 'X', end - at < RANDOM ? (size_t)(end - at) : RANDOM);
  }
}

/* What a tool says when it breaks down may hold addresses. */
static bool same_failure(enum job_end a, struct bytes said_a, enum job_end b, struct bytes said_b) {
  if (a != b) return false;
  forget_names(said_a);
  forget_names(said_b);
  return a != JOB_BAD || (said_a.size == said_b.size &&
                          (said_a.size == 0 || memcmp(said_a.data, said_b.data, said_a.size) == 0));
}

enum job_end job_confirmed(bool shut, const struct job *job, struct bytes *said) {
  enum job_end end = job_run(shut, job, said);
  if (end == JOB_GOOD) return end;
  for (unsigned tries = 1; tries < TRIES; tries++) {
    check_room(job->folder);
    check_compiler(shut, job);
    if (end == JOB_EXPENSIVE || (job->once && end != JOB_KILLED)) return end;
    if (job->once) break;
    struct bytes again;
    enum job_end end_again = job_run(shut, job, &again);
    bool same = end != JOB_KILLED && same_failure(end, *said, end_again, again);
    free(said->data);
    *said = again, end = end_again;
    if (same || end == JOB_GOOD) return end;
  }
  if (end == JOB_KILLED)
    die(GRADE_TROUBLE, "%s: was killed (SIGKILL), each time; does this computer have %d MiB of memory?",
        job->argv[0], JOB_MEMORY_MB);
  die(GRADE_TROUBLE, "%s: failed %d times, each time in another way", job->argv[0], TRIES);
}
