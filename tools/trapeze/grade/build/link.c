/* link.c - objects into an artifact: once with debug information, and once without, as it is run. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "making.h"
#include "sandbox.h"

static bool link_parts(struct making *m, const char *output) {
  bool user = m->build->kind == BUILD_PROGRAM || m->build->kind == BUILD_VMM;
  struct command c = {.n = 0};
  command_add(&c, text_of("%s/pg32-ld", toolchain()->bin));
  command_add(&c, must(strdup("-T")));
  command_add(&c, must(strdup(user ? "user" : m->build->kind == BUILD_KERNEL ? "kernel" : "bare")));
  command_add(&c, must(strdup("-o")));
  command_add(&c, must(strdup(output)));
  if (user) command_add(&c, text_of("%s/lib/crt0.o", toolchain()->share));
  for (size_t i = 0; i < m->parts; i++) command_add(&c, must(strdup(m->part[i].object)));
  command_add(&c, text_of("%s/lib/%s.a", toolchain()->share, user ? "libc" : "libfree"));
  char *objects = text_of("%s/obj", toolchain()->share);
  struct job job = {
      .argv = c.word, .folder = m->folder, .current = m->folder, .see = {objects}, .hide = m->lab_path};
  struct bytes said;
  enum job_end end = job_confirmed(m->w->sandboxed, &job, &said);
  if (end != JOB_GOOD) making_complain(m, m->build->name, end, said);
  free(said.data);
  command_free(&c);
  free(objects);
  return end == JOB_GOOD;
}

bool making_link(struct making *m, struct artifact *a) {
  char *output = text_of("%s/out/linked", m->folder);
  struct stat st;
  bool good = link_parts(m, output);
  if (good && (lstat(output, &st) != 0 || !S_ISREG(st.st_mode) || !file_try_read(output, &a->debug)))
    die(GRADE_TROUBLE, "%s: %s", output, strerror(errno));
  free(output);
  if (good && !elf_strip(a->debug, &a->elf))
    die(GRADE_TROUBLE, "%s: what was linked cannot be copied", m->build->name);
  return good;
}
