/* link.c - objects into an artifact: once with debug information, and once without, as it is run. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "isa/ld.h"
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
  if (user) command_add(&c, text_of("%s/lib/libc.a", toolchain()->share));
  char *objects = text_of("%s/obj", toolchain()->share);
  struct job job = {
      .argv = c.word, .folder = m->folder, .current = m->folder, .see = {objects}, .hide = m->lab_path};
  struct bytes said;
  enum job_end end = job_run(m->w->sandboxed, &job, &said);
  if (end != JOB_GOOD) making_complain(m, m->build->name, end, said);
  free(said.data);
  command_free(&c);
  free(objects);
  return end == JOB_GOOD;
}

static void no_report(void *context, const char *message) { (void)context, (void)message; }

static bool read_all(int fd, struct bytes *b) {
  char part[1 << 16];
  *b = (struct bytes){0};
  for (off_t at = 0;;) {
    ssize_t n = pread(fd, part, sizeof part, at);
    if (n < 0) return false;
    if (n == 0) return true;
    bytes_append(b, part, (size_t)n);
    at += n;
  }
}

/* A copy without debug information. */
static bool strip(struct bytes whole, struct bytes *stripped) {
  struct pg32_ld *ld = pg32_ld_new(&(struct pg32_ld_options){.strip_debug = true, .report = no_report});
  bool good = ld && pg32_ld_add_memory(ld, "artifact", whole.data, whole.size) && pg32_ld_link(ld);
  int fd = good ? pg32_ld_open_image(ld) : -1;
  good = fd >= 0 && read_all(fd, stripped);
  if (fd >= 0) close(fd);
  pg32_ld_free(ld);
  return good;
}

bool making_link(struct making *m, struct artifact *a) {
  char *output = text_of("%s/out/linked", m->folder);
  struct stat st;
  bool good = link_parts(m, output);
  if (good && (lstat(output, &st) != 0 || !S_ISREG(st.st_mode) || !file_try_read(output, &a->debug)))
    die(GRADE_TROUBLE, "%s: %s", output, strerror(errno));
  free(output);
  if (good && !strip(a->debug, &a->elf))
    die(GRADE_TROUBLE, "%s: what was linked cannot be copied", m->build->name);
  return good;
}
