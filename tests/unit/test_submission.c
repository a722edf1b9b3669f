/* test_submission.c - is a submission taken in as it is, and built where nothing hidden can be seen?
 *
 * Every build is made in bubblewrap, where that works here, and without. */
#define _GNU_SOURCE
#include "kit.h"

#include <fcntl.h>
#include <ftw.h>
#include <limits.h>
#include <stdio.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tools/trapeze/grade/build/sandbox.h"
#include "tools/trapeze/grade/build/submission.h"
#include "tools/trapeze/untrusted.h"

/* A folder of its own for each test, with a lab and a submission in it. */
struct room {
  char path[64], submission[80], cwd[PATH_MAX];
  struct lab lab;
  struct lab_file file[4];
  struct lab_build build[4];
  struct workshop w;
};

static char *at(const char *format, ...) {
  static char made[64][PATH_MAX];
  static unsigned turn;
  char *to = made[turn++ % 64];
  va_list arguments;
  va_start(arguments, format);
  vsnprintf(to, PATH_MAX, format, arguments);
  va_end(arguments);
  return to;
}

static void write_file(const char *path, const char *text) {
  FILE *f = fopen(path, "w");
  assert_non_null(f);
  fputs(text, f);
  assert_int_equal(fclose(f), 0);
}

static void hand_in(const struct room *r, const char *name, const char *text) {
  write_file(at("%s/%s", r->submission, name), text);
}
static void lab_has(const struct room *r, const char *name, const char *text) {
  write_file(at("%s/lab/tests/%s", r->path, name), text);
}

static void asks_for(struct room *r, const char *name, uint64_t bytes, bool optional) {
  r->file[r->lab.files++] = (struct lab_file){.name = (char *)name, .bytes = bytes, .optional = optional};
}

static int setup(void **state) {
  struct room *r = calloc(1, sizeof *r);
  strcpy(r->path, "/tmp/trapeze-test.XXXXXX");
  assert_non_null(mkdtemp(r->path));
  snprintf(r->submission, sizeof r->submission, "%s/handed", r->path);
  mkdir(r->submission, 0700);
  mkdir(at("%s/lab", r->path), 0700);
  mkdir(at("%s/lab/tests", r->path), 0700);
  mkdir(at("%s/lab/starter", r->path), 0700);
  r->lab = (struct lab){
      .path = strdup(at("%s/lab", r->path)), .name = "lab", .file = r->file, .build = r->build, .builds = 4};
  r->w = workshop_open();
  *state = r;
  return 0;
}

static int remove_one(const char *path, const struct stat *st, int what, struct FTW *where) {
  (void)st, (void)what, (void)where;
  return remove(path);
}

static int teardown(void **state) {
  struct room *r = *state;
  char *workshop = strdup(r->w.path);
  workshop_close(&r->w);
  assert_int_not_equal(access(workshop, F_OK), 0);
  free(workshop);
  free(r->lab.path);
  nftw(r->path, remove_one, 16, FTW_DEPTH | FTW_PHYS);
  free(r);
  return 0;
}

/* ---- taking in ---- */

static void takes(struct room *r, const char *path, const char *words) {
  char *said = submission_take(&r->w, &r->lab, path);
  if (words)
    assert_string_equal(said ? said : "nothing wrong", words);
  else
    assert_null(said);
  free(said);
}

static void has(struct room *r, const char *name, const char *text) {
  struct bytes b;
  assert_int_equal(submission_file(&r->w, name, &b), text != NULL);
  if (!text) return;
  assert_int_equal(b.size, strlen(text));
  assert_memory_equal(b.data, text, b.size);
  free(b.data);
}

static void only_what_is_asked_for_is_taken(void **state) {
  struct room *r = *state;
  asks_for(r, "a.c", 100, false);
  asks_for(r, "deep/er/b.S", 100, false);
  asks_for(r, "c.c", 100, true);
  mkdir(at("%s/deep", r->submission), 0700);
  mkdir(at("%s/deep/er", r->submission), 0700);
  hand_in(r, "a.c", "int a;");
  hand_in(r, "deep/er/b.S", "nop");
  hand_in(r, "Makefile", "all: ; touch /tmp/pwned");
  hand_in(r, "name\nwith newline \033[2J", "");
  takes(r, r->submission, NULL);
  has(r, "a.c", "int a;");
  has(r, "deep/er/b.S", "nop");
  has(r, "c.c", NULL);
  has(r, "Makefile", NULL);
  takes(r, at("%s/", r->submission), NULL);
}

static void what_is_missing_is_named(void **state) {
  struct room *r = *state;
  asks_for(r, "a.c", 100, false);
  asks_for(r, "b.c", 100, false);
  asks_for(r, "deep/c.c", 100, false);
  hand_in(r, "b.c", "int b;");
  takes(r, r->submission, "a.c: not handed in\ndeep/c.c: not handed in");
  has(r, "b.c", "int b;");
}

static void sizes_are_limited(void **state) {
  struct room *r = *state;
  asks_for(r, "most.c", 6, false);
  asks_for(r, "more.c", 5, false);
  asks_for(r, "sparse.c", 65536, false);
  hand_in(r, "most.c", "123456");
  hand_in(r, "more.c", "123456");
  hand_in(r, "sparse.c", "");
  assert_int_equal(truncate(at("%s/sparse.c", r->submission), (off_t)1 << 40), 0);
  takes(r, r->submission,
        "more.c: 6 bytes; at most 5 are taken\nsparse.c: 1099511627776 bytes; at most 65536 are taken");
  has(r, "most.c", "123456");
  has(r, "more.c", NULL);
}

static void a_file_without_an_end_is_cut(void **state) {
  struct room *r = *state;
  asks_for(r, "status", 5, false);
  takes(r, at("/proc/%d", (int)getpid()), "status: more than 5 bytes"); /* whose size is 0, they say */
}

static void links_are_not_followed(void **state) {
  struct room *r = *state;
  asks_for(r, "file.c", 65536, false);
  asks_for(r, "folder/passwd", 65536, false);
  asks_for(r, "none.c", 65536, true);
  assert_int_equal(symlink("/etc/passwd", at("%s/file.c", r->submission)), 0);
  assert_int_equal(symlink("/etc", at("%s/folder", r->submission)), 0);
  assert_int_equal(symlink("nowhere", at("%s/none.c", r->submission)), 0);
  takes(r, r->submission,
        "file.c: a symbolic link; expected a file\n"
        "folder/passwd: what should be its folder is a file or a symbolic link\n"
        "none.c: a symbolic link; expected a file");
  has(r, "file.c", NULL);
  has(r, "folder/passwd", NULL);
}

static void nothing_above_is_reached(void **state) {
  struct room *r = *state;
  asks_for(r, "../secret", 100, false);
  asks_for(r, "deep/../../secret", 100, false);
  asks_for(r, "/etc/hostname", 100, false);
  mkdir(at("%s/deep", r->submission), 0700);
  write_file(at("%s/secret", r->path), "secret");
  takes(r, r->submission,
        "../secret: Invalid argument\ndeep/../../secret: Invalid argument\n/etc/hostname: Invalid argument");
  write_file(at("%s/secret", r->w.path), "secret");
  has(r, "../secret", NULL);
}

static void a_link_to_another_submission_is_refused(void **state) {
  struct room *r = *state;
  asks_for(r, "a.c", 100, false);
  hand_in(r, "a.c", "int a;");
  char *link = at("%s/mine", r->path);
  assert_int_equal(symlink("handed", link), 0);
  takes(r, link, "the submission is a symbolic link; expected a folder or a file itself");
  takes(r, at("%s/", link), "the submission is a symbolic link; expected a folder or a file itself");
  has(r, "a.c", NULL);
}

static void pipes_sockets_folders_and_devices_are_refused(void **state) {
  struct room *r = *state;
  asks_for(r, "pipe", 100, false);
  asks_for(r, "folder", 100, false);
  asks_for(r, "socket", 100, false);
  assert_int_equal(mkfifo(at("%s/pipe", r->submission), 0600), 0);
  mkdir(at("%s/folder", r->submission), 0700);
  struct sockaddr_un name = {.sun_family = AF_UNIX};
  snprintf(name.sun_path, sizeof name.sun_path, "%s/socket", r->submission);
  int s = socket(AF_UNIX, SOCK_STREAM, 0);
  assert_int_equal(bind(s, (struct sockaddr *)&name, sizeof name), 0);
  close(s);
  takes(
      r, r->submission,
      "pipe: a pipe; expected a file\nfolder: a folder; expected a file\nsocket: a socket; expected a file");
  takes(r, at("%s/pipe", r->submission), "the submission is a pipe; expected a folder or a file itself");
  r->lab.files = 0;
  asks_for(r, "null", 100, false);
  takes(r, "/dev", "null: a device; expected a file");
}

static void a_single_file_will_do_for_a_lab_that_wants_one(void **state) {
  struct room *r = *state;
  asks_for(r, "deep/a.c", 100, false);
  asks_for(r, "b.c", 100, true);
  hand_in(r, "mine (3).c", "int a;");
  takes(r, at("%s/mine (3).c", r->submission), NULL);
  has(r, "deep/a.c", "int a;");
  asks_for(r, "c.c", 100, false);
  takes(r, at("%s/mine (3).c", r->submission),
        "a single file; expected a folder with these:\n  deep/a.c\n  b.c (may be left out)\n  c.c");
}

static void what_was_taken_does_not_change(void **state) {
  struct room *r = *state;
  asks_for(r, "a.c", 100, false);
  hand_in(r, "a.c", "before");
  takes(r, r->submission, NULL);
  hand_in(r, "a.c", "after");
  has(r, "a.c", "before");
}

/* The exit status of a child that does `action`. */
static int status_of(void (*action)(struct room *), struct room *r) {
  int status;
  fflush(NULL);
  pid_t pid = fork();
  if (pid == 0) {
    freopen("/dev/null", "w", stderr);
    action(r);
    _exit(99);
  }
  assert_int_equal(waitpid(pid, &status, 0), pid);
  return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static void take_nothing(struct room *r) { submission_take(&r->w, &r->lab, at("%s/nowhere", r->path)); }

static void a_submission_that_is_not_there_is_no_students_fault(void **state) {
  struct room *r = *state;
  asks_for(r, "a.c", 100, false);
  assert_int_equal(status_of(take_nothing, r), STATUS_USAGE);
  assert_int_equal(access(r->w.path, F_OK), 0); /* the child's end leaves our workshop alone */
}

/* ---- building ---- */

static struct lab_build *wants(struct room *r, enum build_kind kind, const char *source) {
  static char *sources[4][1];
  static unsigned turn;
  char **word = sources[turn++ % 4];
  word[0] = (char *)source;
  r->build[0] =
      (struct lab_build){.name = "it", .kind = kind, .sources = {.word = word, .n = source ? 1 : 0}};
  return &r->build[0];
}

/* Takes `text` as the file `name`, and builds. */
static struct artifact built(struct room *r, enum build_kind kind, const char *name, const char *text) {
  r->lab.files = 0;
  asks_for(r, name, 65536, false);
  hand_in(r, name, text);
  takes(r, r->submission, NULL);
  return workshop_build(&r->w, &r->lab, wants(r, kind, name));
}

/* In bubblewrap if it works here, then without. */
static void each_way(struct room *r, void (*check)(struct room *r)) {
  bool works = r->w.sandboxed;
  if (works) check(r);
  r->w.sandboxed = false;
  check(r);
  r->w.sandboxed = works;
}

static bool contains(struct bytes b, const char *text) {
  return memmem(b.data, b.size, text, strlen(text)) != NULL;
}

static void builds(struct room *r, enum build_kind kind, const char *name, const char *text) {
  struct artifact a = built(r, kind, name, text);
  if (!a.built) fail_msg("%s: %s", name, a.words);
  assert_memory_equal(a.elf.data, "\177ELF", 4);
  assert_false(contains(a.elf, ".debug_info"));
  assert_true(a.debug.size >= a.elf.size);
  assert_false(contains(a.debug, r->w.path));
  artifact_free(&a);
}

static void fails(struct room *r, enum build_kind kind, const char *name, const char *text,
                  const char *words) {
  struct artifact a = built(r, kind, name, text);
  if (a.built) fail_msg("%s is built: %s", name, text);
  if (!strstr(a.words, words)) fail_msg("'%s' does not say '%s'", a.words, words);
  assert_null(strstr(a.words, r->w.path));
  assert_null(strstr(a.words, toolchain()->share));
  assert_null(strchr(a.words, '\033'));
  artifact_free(&a);
}

static void each_kind(struct room *r) {
  builds(r, BUILD_PROGRAM, "p.c", "#include <stdio.h>\nint main(void) { puts(\"hello\"); return 0; }\n");
  builds(r, BUILD_IMAGE, "i.S",
         "#include \"isa/platform.h\"\n .globl _start\n_start: li t0, DEV_POWER\n sw zero, 0(t0)\n");
  builds(r, BUILD_IMAGE, "i.c", "void _start(void) { for (;;) *(volatile int *)0xF0003000 = 0; }\n");
  fails(r, BUILD_PROGRAM, "p.c", "int main(void) { return 0 }\n", "p.c:1:26: error: expected ';'");
  fails(r, BUILD_PROGRAM, "p.S", " .globl main\nmain: zap a0\n", "p.S:2:7: error: unknown instruction 'zap'");
  fails(r, BUILD_PROGRAM, "p.c", "int f(void); int main(void) { return f(); }\n",
        "in function 'main': undefined symbol 'f'");
  fails(r, BUILD_PROGRAM, "p.c", "int f(void) { return 0; }\n", "undefined symbol 'main'");
}
static void each_kind_is_built(void **state) { each_way(*state, each_kind); }

/* One of our own sources, from where the build put it. */
static char *ours(const char *name) {
  struct bytes b;
  if (!file_try_read(at("%s/src/%s", toolchain()->share, name), &b)) fail_msg("%s", name);
  bytes_append(&b, "", 1);
  return (char *)b.data;
}

static void reference_parts(struct room *r) {
  char *privileged = ours("vmm/privileged.c"), *trap = ours("guestos/trap.c");
  builds(r, BUILD_VMM, "privileged.c", privileged);
  builds(r, BUILD_KERNEL, "trap.c", trap);
  struct artifact a = built(r, BUILD_VMM, "privileged.c", privileged),
                  b = workshop_build(&r->w, &r->lab, wants(r, BUILD_VMM, NULL));
  assert_true(a.built && b.built);
  assert_int_equal(a.elf.size, b.elf.size); /* in the place of ours, in the same order */
  assert_memory_equal(a.elf.data, b.elf.data, a.elf.size);
  artifact_free(&a);
  artifact_free(&b);
  fails(r, BUILD_VMM, "privileged.c", "int x;\n", "undefined symbol 'vm__");
  free(privileged);
  free(trap);
}
static void a_file_takes_the_place_of_ours(void **state) { each_way(*state, reference_parts); }

/* ---- what a submission must not see ---- */

static void outside(struct room *r) {
  char text[PATH_MAX + 100];
  char *lab = strdup(at("%s/lab/tests/hidden.h", r->path));
  const char *hidden[] = {lab,           "../../lab/tests/hidden.h", "../handed/other.h",
                          "/etc/passwd", "/proc/self/environ",       "/dev/zero"};
  const char *forms[] = {"#include \"%s\"\n", "#if !__has_include(\"%s\")\n#error not found\n#endif\n",
                         "#include_next <%s>\n", "#import \"%s\"\n"};
  lab_has(r, "hidden.h", "#error hidden words\n");
  hand_in(r, "other.h", "#error hidden words\n");
  for (size_t i = 0; i < sizeof hidden / sizeof *hidden; i++) {
    for (size_t j = 0; j < (i == 0 ? sizeof forms / sizeof *forms : 2); j++) {
      snprintf(text, sizeof text, forms[j], hidden[i]);
      fails(r, j % 2 ? BUILD_PROGRAM : BUILD_IMAGE, j % 2 ? "p.c" : "i.S", text, "not found");
    }
    snprintf(text, sizeof text, "__asm__(\".incbin \\\"%s\\\"\"); int main(void) { return 0; }\n", hidden[i]);
    fails(r, BUILD_PROGRAM, "p.c", text, "cannot read");
    snprintf(text, sizeof text, ".include \"%s\"\n", hidden[i]);
    fails(r, BUILD_IMAGE, "i.S", text, "cannot read");
  }
  free(lab);
  fails(r, BUILD_VMM, "privileged.c", "#include \"trap.c\"\n", "'trap.c' file not found");
  fails(r, BUILD_VMM, "privileged.c", at("#include \"%s/src/vmm/privileged.c\"\n", toolchain()->share),
        "file not found");
}
static void nothing_outside_is_included(void **state) { each_way(*state, outside); }

static void the_labs_sources_come_in_later(void **state) {
  struct room *r = *state;
  char *with[] = {"with.c", "starter/given.c"};
  lab_has(r, "with.c", "#include \"with.h\"\nint main(void) { return answer(HIDDEN) + given(); }\n");
  lab_has(r, "with.h", "#define HIDDEN 42\nint answer(int); int given(void);\n");
  write_file(at("%s/lab/starter/given.c", r->path), "int given(void) { return 1; }\n");
  asks_for(r, "p.c", 1000, false);
  hand_in(r, "p.c", "int answer(int x) { return x; }\n");
  takes(r, r->submission, NULL);
  struct lab_build *b = wants(r, BUILD_PROGRAM, "p.c");
  b->with = (struct words){.word = with, .n = 2};
  struct artifact a = workshop_build(&r->w, &r->lab, b);
  assert_true(a.built);
  artifact_free(&a);
  hand_in(r, "p.c", "#include \"with.h\"\nint answer(int x) { return x; }\n");
  takes(r, r->submission, NULL);
  a = workshop_build(&r->w, &r->lab, b);
  assert_false(a.built);
  assert_non_null(strstr(a.words, "'with.h' file not found"));
  artifact_free(&a);
}

static const char patch[] = "--- a/vmm/vmm.h\n+++ b/vmm/vmm.h\n@@ -1,1 +1,2 @@\n+#define PLANTED %d\n %s\n";

/* A patch of the first line of vmm.h, which all of the VMM includes. */
static void write_patch(struct room *r, const char *name, int value) {
  char *header = ours("vmm/vmm.h");
  *strchr(header, '\n') = 0;
  lab_has(r, name, at(patch, value, header));
  free(header);
}

static void a_patch_is_ours_first(void **state) {
  struct room *r = *state;
  char *privileged = ours("vmm/privileged.c");
  write_patch(r, "fault.patch", 7);
  asks_for(r, "privileged.c", 65536, false);
  hand_in(r, "privileged.c", at("%s\n_Static_assert(PLANTED == 7, \"\");\n", privileged));
  takes(r, r->submission, NULL);
  struct lab_build *b = wants(r, BUILD_VMM, "privileged.c");
  b->patch = "fault.patch";
  struct artifact a = workshop_build(&r->w, &r->lab, b);
  assert_true(a.built);
  artifact_free(&a);
  free(privileged);
}

static void build_one(struct room *r) {
  struct artifact a = workshop_build(&r->w, &r->lab, &r->build[0]);
  _exit(a.built ? 0 : 98);
}

static void what_is_wrong_with_a_lab_is_not_the_students(void **state) {
  struct room *r = *state;
  char *bad[] = {"bad.c"};
  lab_has(r, "bad.c", "int main(void) { return }\n");
  wants(r, BUILD_PROGRAM, "bad.c")->of_lab = true;
  assert_int_equal(status_of(build_one, r), GRADE_BROKEN);
  wants(r, BUILD_PROGRAM, "none.c")->of_lab = true;
  assert_int_equal(status_of(build_one, r), GRADE_BROKEN);
  lab_has(r, "none.patch", "--- a/vmm/none.c\n+++ b/vmm/none.c\n@@ -1 +1 @@\n-a\n+b\n");
  wants(r, BUILD_VMM, NULL)->patch = "none.patch";
  assert_int_equal(status_of(build_one, r), GRADE_BROKEN);
  asks_for(r, "p.c", 100, false);
  hand_in(r, "p.c", "int x;\n");
  takes(r, r->submission, NULL);
  wants(r, BUILD_PROGRAM, "p.c")->with = (struct words){.word = bad, .n = 1};
  assert_int_equal(status_of(build_one, r), GRADE_BROKEN);
  setenv("PG32_CLANG", "/nowhere/clang",
         1); /* the child has looked for it already: a fresh process would say so */
  unsetenv("PG32_CLANG");
}

static void a_labs_own_is_made_once(void **state) {
  struct room *r = *state;
  lab_has(r, "own.c", "int main(void) { return 1; }\n");
  struct lab_build *b = wants(r, BUILD_PROGRAM, "own.c");
  b->of_lab = true;
  struct artifact first = workshop_build(&r->w, &r->lab, b);
  lab_has(r, "own.c", "no C\n");
  struct artifact second = workshop_build(&r->w, &r->lab, b);
  assert_true(first.built && second.built && first.elf.size == second.elf.size);
  assert_memory_equal(first.elf.data, second.elf.data, first.elf.size);
  artifact_free(&first);
  artifact_free(&second);
}

static void a_source_is_compiled_once_for_all_artifacts(void **state) {
  struct room *r = *state;
  struct artifact first = built(r, BUILD_PROGRAM, "p.c", "int main(void) { return 1; }\n");
  write_file(at("%s/take/p.c", r->w.path), "no C\n"); /* nobody does: it shows who looks */
  r->build[1] = r->build[0];
  struct artifact second = workshop_build(&r->w, &r->lab, &r->build[1]);
  assert_true(first.built && second.built);
  r->build[1].kind = BUILD_KERNEL; /* other flags */
  struct artifact third = workshop_build(&r->w, &r->lab, &r->build[1]);
  assert_false(third.built);
  struct artifact fourth = built(r, BUILD_PROGRAM, "p.c", "int main(void) { return }\n"); /* taken anew */
  r->build[1] = r->build[0];
  struct artifact fifth = workshop_build(&r->w, &r->lab, &r->build[1]);
  assert_false(fourth.built || fifth.built);
  assert_string_equal(fourth.words, fifth.words);
  artifact_free(&first), artifact_free(&second), artifact_free(&third), artifact_free(&fourth),
      artifact_free(&fifth);
}

/* ---- the sandbox itself ---- */

/* What a shell says that runs `script` as a compiler would. */
static char *said_by(struct room *r, bool shut, const char *script) {
  char *take = strdup(at("%s/take", r->w.path)), *folder = strdup(at("%s/try", r->w.path));
  char *argv[] = {"/bin/sh", "-c", (char *)script, NULL};
  struct job job = {.argv = argv, .folder = folder, .current = take, .see = {take}, .hide = r->lab.path};
  struct bytes said;
  job_run(shut, &job, &said);
  bytes_append(&said, "", 1);
  free(take);
  free(folder);
  return (char *)said.data;
}

static void says(struct room *r, bool shut, const char *script, const char *words) {
  char *said = said_by(r, shut, script);
  assert_string_equal(said, words);
  free(said);
}

static void nothing_of_this_computer_is_seen_or_changed(void **state) {
  struct room *r = *state;
  if (!r->w.sandboxed) skip();
  lab_has(r, "hidden.h", "hidden\n");
  hand_in(r, "a.c", "");
  const char *readable[] = {at("%s/lab/tests/hidden.h", r->path), at("%s/a.c", r->submission), "/etc/passwd",
                            "/etc/hostname"};
  for (size_t i = 0; i < sizeof readable / sizeof *readable; i++)
    says(r, true, at("cat %s 2>/dev/null; echo $?", readable[i]), "1\n");
  const char *writable[] = {"../take", at("%s/include", toolchain()->share),
                            at("%s/pg32-cc", toolchain()->bin), "/usr", "/usr/bin/cat"};
  for (size_t i = 0; i < sizeof writable / sizeof *writable; i++)
    says(r, true,
         at("touch %s 2>/dev/null; echo $?; touch %s/x 2>/dev/null; echo $?", writable[i], writable[i]),
         "1\n1\n");
  says(r, true, at("touch %s/try/x && echo good", r->w.path), "good\n");
  says(r, true, "id -u; id -g", "65534\n65534\n");
  says(r, true, "tail -n +3 /proc/net/dev | cut -d: -f1", "    lo\n");
  says(r, true, at("kill -0 %d 2>/dev/null || echo nobody", (int)getppid()), "nobody\n");
  says(r, true, "ls /home /root 2>/dev/null | wc -l", "0\n");
  char *lab = r->lab.path;
  r->lab.path = "/usr/share"; /* a lab that is installed where the toolchain is */
  says(r, true, "ls -A /usr/share", "");
  r->lab.path = lab;
}

static void limits_hold_either_way(void **state) {
  struct room *r = *state;
  for (int shut = 0; shut <= r->w.sandboxed; shut++) {
    says(r, shut, "ulimit -t; ulimit -f; ulimit -c; ulimit -n; echo $HOME $PATH",
         "10\n131072\n0\n256\n/usr/bin:/bin\n");
#ifndef __SANITIZE_ADDRESS__
    says(r, shut, "ulimit -v", "1048576\n");
#endif
  }
}

/* ---- bombs ---- */

static void some_bombs(struct room *r) {
  fails(r, BUILD_PROGRAM, "p.c", "#include \"p.c\"\n#include \"p.c\"\n", "#include nested too deeply");
  fails(r, BUILD_PROGRAM, "p.c", "int a[] = {[268435455] = 1}; int main(void) { return a[5]; }\n", "");
  fails(r, BUILD_PROGRAM, "p.c", "char a[2000000000]; int main(void) { return a[5]; }\n",
        "more than 64 MiB of output");
  fails(r, BUILD_PROGRAM, "p.c", "__asm__(\".rept 1000000\\n.rept 1000\\nnop\\n.endr\\n.endr\");\n",
        "too much text");
  fails(r, BUILD_PROGRAM, "p.c", "#pragma clang __debug crash\n", "p.c: the tools broke down");
  fails(r, BUILD_IMAGE, "i.S", ".macro m\nm\nm\n.endm\n.globl _start\n_start: m\n", "nested deeper than");
  fails(r, BUILD_IMAGE, "i.S", ".globl _start\n_start: nop\n.org 0x7fffffff\n", "more than 64 MiB of output");
  fails(r, BUILD_IMAGE, "i.S", "# 1 \"bwrap: no\"\nbwrap: zap\n", "unknown instruction 'zap'");
}
static void bombs_end_with_an_error(void **state) { each_way(*state, some_bombs); }

/* Macros that double 40 times: more than the compiler may use of the processor or of memory. */
static void an_endless_compilation_is_the_students_failure(void **state) {
  char text[4096];
  size_t n = 0;
  for (int i = 0; i < 40; i++) n += (size_t)sprintf(text + n, "#define A%d A%d A%d\n", i, i + 1, i + 1);
  sprintf(text + n, "A0\n");
  fails(*state, BUILD_IMAGE, "i.S", text, "i.S: the tools ");
}

/* ---- words ---- */

static void shows(const char *bytes, size_t size, size_t most, const char *text) {
  char *shown = printable(bytes, size, most);
  assert_string_equal(shown, text);
  free(shown);
}
#define SHOWS(bytes, text) shows(bytes, sizeof bytes - 1, 1000, text)

static void what_is_not_text_is_shown(void **state) {
  (void)state;
  SHOWS("a\tb\nc", "a\tb\nc");
  SHOWS("\033[2J\r\b\a\177", "\\x1b[2J\\x0d\\x08\\x07\\x7f");
  SHOWS("nul\0", "nul\\x00");
  SHOWS("Grüße, 世界 😀", "Grüße, 世界 😀");
  SHOWS("\xff\xc3(\xe4\xb8", "\\xff\\xc3(\\xe4\\xb8");
  SHOWS("\xc0\xaf\xed\xa0\x80", "\\xc0\\xaf\\xed\\xa0\\x80"); /* overlong, a surrogate */
  SHOWS("\xf4\x90\x80\x80", "\\xf4\\x90\\x80\\x80");
  SHOWS("\u202Eback\u2066\u200B\uFEFF", "\\u{202E}back\\u{2066}\\u{200B}\\u{FEFF}");
  SHOWS("\xc2\x9b"
        "31m\xef\xbf\xbf",
        "\\u{9B}31m\\u{FFFF}");
  shows("12345678", 8, 5, "12345\n... 3 bytes more");
  shows("12ü45", 6, 3, "12\n... 4 bytes more");
}

int main(void) {
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
  const struct CMUnitTest tests[] = {
      TEST(only_what_is_asked_for_is_taken),
      TEST(what_is_missing_is_named),
      TEST(sizes_are_limited),
      TEST(a_file_without_an_end_is_cut),
      TEST(links_are_not_followed),
      TEST(nothing_above_is_reached),
      TEST(a_link_to_another_submission_is_refused),
      TEST(pipes_sockets_folders_and_devices_are_refused),
      TEST(a_single_file_will_do_for_a_lab_that_wants_one),
      TEST(what_was_taken_does_not_change),
      TEST(a_submission_that_is_not_there_is_no_students_fault),
      TEST(each_kind_is_built),
      TEST(a_file_takes_the_place_of_ours),
      TEST(nothing_outside_is_included),
      TEST(the_labs_sources_come_in_later),
      TEST(a_patch_is_ours_first),
      TEST(what_is_wrong_with_a_lab_is_not_the_students),
      TEST(a_labs_own_is_made_once),
      TEST(a_source_is_compiled_once_for_all_artifacts),
      TEST(nothing_of_this_computer_is_seen_or_changed),
      TEST(limits_hold_either_way),
      TEST(bombs_end_with_an_error),
      TEST(an_endless_compilation_is_the_students_failure),
      cmocka_unit_test(what_is_not_text_is_shown),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
