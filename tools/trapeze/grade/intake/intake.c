/* intake.c - makes a folder for each hand-in of a site's export. The first walk finds out which site it is and whose each
 * file is; the second one copies. */
#define _GNU_SOURCE /* asprintf */
#include "intake.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "export.h"
#include "members.h"
#include "site.h"
#include "tools/trapeze/grade/build/digest.h"
#include "tools/trapeze/grade/build/folder.h"
#include "tools/trapeze/untrusted.h"

#define FILE_MOST (UINT64_C(256) << 20)

typedef bool place(const char *path, struct placed *p);

struct taken { /* a hand-in */
  char *key;   /* as the site calls it */
  char **student;
  size_t students;
  size_t files;
  size_t number; /* in the export; its folder in the staging folder is called so */
  bool late;
};

struct intake {
  const struct lab *lab;
  const char *export, *folder;
  const struct roster *roster;
  char *staging; /* FOLDER/.taking: where hand-ins are put together */
  char **name;   /* of the files in the export */
  size_t names;
  char *below; /* all of it is in this folder, with its slash; "" = it is not */
  place *place;
  struct metadata metadata;
  struct taken *taken;
  size_t n;
  bool trouble;
};

static void note(struct intake *in, const char *name, const char *why) {
  char *shown = printable_name(name);
  fprintf(stderr, "trapeze: %s: %s\n", shown, why);
  free(shown);
  in->trouble = true;
}

/* ---- which site ---- */

static void list(void *arg, const struct export_file *file) {
  struct intake *in = arg;
  if ((in->names & (in->names + 1)) == 0)
    in->name = must(realloc(in->name, 2 * (in->names + 1) * sizeof *in->name));
  in->name[in->names++] = must(strdup(file->name));
}

/* The path below in->below; NULL when it is not there. */
static const char *inside(const struct intake *in, const char *name) {
  size_t n = strlen(in->below);
  return strncmp(name, in->below, n) == 0 ? name + n : NULL;
}

static bool any_placed(const struct intake *in, place *place) {
  bool any = false;
  for (size_t i = 0; i < in->names && !any; i++) {
    struct placed p;
    const char *name = inside(in, in->name[i]);
    any = name && place(name, &p);
    if (any) placed_free(&p);
  }
  return any;
}

static bool has_metadata(const struct intake *in) {
  for (size_t i = 0; i < in->names; i++) {
    const char *name = inside(in, in->name[i]);
    if (name && strcmp(name, GRADESCOPE_METADATA) == 0) return true;
  }
  return false;
}

static bool recognize(struct intake *in) {
  in->place = has_metadata(in)               ? gradescope_place
              : any_placed(in, moodle_place) ? moodle_place
              : any_placed(in, canvas_place) ? canvas_place
                                             : NULL;
  return in->place != NULL;
}

/* Sites and people put everything into one folder. */
static void find_below(struct intake *in) {
  size_t n = in->names ? strcspn(in->name[0], "/") + 1 : 0;
  free(in->below);
  in->below = must(in->names ? strndup(in->name[0], n) : strdup(""));
  for (size_t i = 0; i < in->names; i++)
    if (!inside(in, in->name[i]) || in->below[n - 1] != '/') in->below[0] = 0;
}

static void read_metadata(void *arg, const struct export_file *file) {
  struct intake *in = arg;
  const char *name = inside(in, file->name);
  struct bytes yaml;
  struct lab_error error;
  char *why;
  if (!name || strcmp(name, GRADESCOPE_METADATA) != 0) return;
  char *path = path_join(in->export, file->name);
  if (!file->regular || !export_content(file, FILE_MOST, &yaml, &why))
    die(STATUS_USAGE, "%s: not readable", path);
  metadata_free(&in->metadata);
  if (!metadata_parse(path, yaml, &in->metadata, &error)) die(STATUS_USAGE, "%s", error.text);
  free(yaml.data), free(path);
}

static void find_site(struct intake *in) {
  export_walk(in->export, list, in);
  in->below = must(strdup(""));
  if (!recognize(in)) find_below(in);
  if (!in->place && !recognize(in))
    die(STATUS_USAGE,
        "%s: not an export of Canvas, Moodle or Gradescope: no file is called as theirs are, such as "
        "lovelaceada_4711_88123_answer.S or `Ada Lovelace_4711_assignsubmission_file_`, and there is no %s",
        in->export, GRADESCOPE_METADATA);
  if (in->place == gradescope_place) export_walk(in->export, read_metadata, in);
}

/* ---- whose ---- */

/* A name that a folder can have and that is no second hand-in's. */
static char *folder_name(const char *student) {
  char *name = must(strdup(*student ? student : "unnamed"));
  if (*name == '.') *name = '_';
  for (char *c = name; *c; c++)
    if (*c == '/' || (unsigned char)*c < ' ' || *c == 0x7F) *c = '_';
  for (char *c = name; *c; c++)
    if (*c == '~') *c = '-';
  if (strlen(name) > 200) name[200] = 0;
  return name;
}

/* The student's ID, for the caller to free. */
static char *student_of(struct intake *in, const struct student_keys *keys, const char *otherwise) {
  char *why = NULL;
  size_t i = in->roster ? roster_find(in->roster, keys, &why) : 0;
  if (in->roster && i < roster_students(in->roster)) return must(strdup(roster_id(in->roster, i)));
  if (in->roster) note(in, otherwise, why ? why : "not in the roster");
  free(why);
  return folder_name(otherwise);
}

static void add_student(struct intake *in, struct taken *t, const struct student_keys *keys,
                        const char *otherwise) {
  t->student = must(realloc(t->student, (t->students + 1) * sizeof *t->student));
  t->student[t->students++] = student_of(in, keys, otherwise);
}

static void add_submitters(struct intake *in, struct taken *t) {
  const struct hand_in *h = metadata_find(&in->metadata, t->key);
  for (size_t i = 0; h && i < h->submitters; i++) {
    const struct student_keys *k = &h->submitter[i].keys;
    const char *address = k->key[KEY_ADDRESS], *sid = k->key[KEY_SID];
    add_student(in, t, k, address && *address ? address : sid && *sid ? sid : t->key);
  }
  if (t->students == 0) {
    note(in, t->key, "nobody has handed it in, says " GRADESCOPE_METADATA);
    add_student(in, t, &(struct student_keys){{0}}, t->key);
  }
}

static struct taken *taken_by(struct intake *in, const struct placed *p) {
  for (size_t i = in->n; i-- > 0;)
    if (strcmp(in->taken[i].key, p->hand_in) == 0) return &in->taken[i];
  in->taken = must(realloc(in->taken, (in->n + 1) * sizeof *in->taken));
  struct taken *t = &in->taken[in->n++];
  *t = (struct taken){.key = must(strdup(p->hand_in)), .late = p->late, .number = in->n};
  if (in->place == gradescope_place)
    add_submitters(in, t);
  else
    add_student(in, t, &p->keys, p->student);
  return t;
}

/* ---- copying ---- */

static bool asked_for(const struct lab *lab, const char *name) {
  for (size_t i = 0; i < lab->files; i++)
    if (strcmp(lab->file[i].name, name) == 0) return true;
  return false;
}

/* Canvas calls a file that replaces another one answer-1.S. When the lab asks for answer.S and not for that, it is
 * answer.S. */
static void restore_name(const struct intake *in, char *file) {
  char *dot = strrchr(file, '.'), *end = dot ? dot : file + strlen(file), *dash = end;
  if (in->place != canvas_place || asked_for(in->lab, file)) return;
  while (dash > file && strchr("0123456789", dash[-1])) dash--;
  if (dash == end || dash <= file + 1 || *--dash != '-') return;
  char *name = NULL;
  if (asprintf(&name, "%.*s%s", (int)(dash - file), file, end) < 0) must(NULL);
  if (asked_for(in->lab, name)) strcpy(file, name);
  free(name);
}

/* No part of it may be "." or "..": the site's name for the file may have been before it. */
static bool stays_below(const char *file) {
  for (const char *part = file; part; part = strchr(part, '/') ? strchr(part, '/') + 1 : NULL) {
    size_t n = strcspn(part, "/");
    if (n == 0 || n > 250 || part[0] == '.') return false;
  }
  return true;
}

static char *staged_folder(const struct intake *in, const struct taken *t) {
  char number[32];
  snprintf(number, sizeof number, "%zu", t->number);
  return path_join(in->staging, number);
}

static void put(struct intake *in, struct taken *t, const char *file, struct bytes content) {
  struct stat st;
  char *folder = staged_folder(in, t), *path = path_join(folder, file), *slash = strrchr(path, '/');
  *slash = 0;
  folder_make(path);
  *slash = '/';
  if (lstat(path, &st) == 0)
    note(in, file, "there twice in one hand-in; the first is taken");
  else
    file_put(path, content.data, content.size), t->files++;
  free(folder), free(path);
}

static void copy(void *arg, const struct export_file *file) {
  struct intake *in = arg;
  struct placed p = {0};
  struct bytes content;
  char *why = NULL;
  const char *name = inside(in, file->name);
  if (in->place == gradescope_place && name && strcmp(name, GRADESCOPE_METADATA) == 0) return;
  if (!name || !in->place(name, &p)) {
    bool text = strstr(file->name, "_assignsubmission_onlinetext") != NULL;
    note(in, file->name,
         text ? "a text typed on the site; left out" : "not called as the site calls files; left out");
    return;
  }
  struct taken *t = taken_by(in, &p);
  restore_name(in, p.file);
  if (!file->regular)
    note(in, file->name, "a link, a device or a pipe; left out");
  else if (!stays_below(p.file))
    note(in, file->name, "not a file's name; left out");
  else if (!export_content(file, FILE_MOST, &content, &why))
    note(in, file->name, why);
  else
    put(in, t, p.file, content), free(content.data);
  free(why);
  placed_free(&p);
}

/* ---- the folders ---- */

/* The last hand-in of the student in `all`, and in *attempt which one it is; NULL and 0 = there is none. */
static const struct member *last_of(const struct members *all, const char *student, unsigned *attempt) {
  const struct member *last = NULL;
  *attempt = 0;
  for (size_t i = 0; i < all->n; i++) {
    unsigned n;
    char *whose = member_student(all->member[i].name, &n);
    if (strcmp(whose, student) == 0 && n > *attempt) *attempt = n, last = &all->member[i];
    free(whose);
  }
  return last;
}

static bool is_same(const char *path, const char *staged) {
  struct stat st;
  return lstat(path, &st) == 0 && S_ISDIR(st.st_mode) && digest_folder(path) == digest_folder(staged);
}

static void say_taken(FILE *f, const struct taken *t, const char *name, bool same) {
  char *shown = printable_name(name);
  fprintf(f, "%s: %zu file%s", shown, t->files, t->files == 1 ? "" : "s");
  if (t->students > 1) fprintf(f, ", of %zu students", t->students);
  fprintf(f, "%s%s\n", t->late ? ", late" : "", same ? ", unchanged" : "");
  free(shown);
}

/* Moves a hand-in to its place, unless the student's last one in `all` is the same. */
static void place_one(struct intake *in, FILE *f, const struct taken *t, const struct members *all) {
  unsigned attempt;
  const struct member *last = last_of(all, t->student[0], &attempt);
  char *staged = staged_folder(in, t), *name = must(strdup(last ? last->name : t->student[0]));
  folder_make(staged); /* of a hand-in without files */
  bool same = last && is_same(last->path, staged);
  if (last && !same) {
    free(name);
    if (asprintf(&name, "%s~%u", t->student[0], attempt + 1) < 0) must(NULL);
  }
  char *path = path_join(in->folder, name);
  if (!same && rename(staged, path) != 0) die(GRADE_TROUBLE, "%s: %s", path, strerror(errno));
  if (!same && t->students > 1) groups_add(in->folder, name, t->student, t->students);
  say_taken(f, t, name, same);
  free(staged), free(path), free(name);
}

static int by_student(const void *a, const void *b) {
  const struct taken *x = a, *y = b;
  int students = strcmp(x->student[0], y->student[0]);
  return students ? students : strcmp(x->key, y->key);
}

static void place_all(struct intake *in, FILE *f) {
  struct members all = members_in(in->folder, 0, 0);
  if (in->n) qsort(in->taken, in->n, sizeof *in->taken, by_student);
  for (size_t i = 0; i < in->n; i++) {
    if (i &&
        strcmp(in->taken[i].student[0], in->taken[i - 1].student[0]) == 0) { /* a second one in this export */
      members_free(&all);
      all = members_in(in->folder, 0, 0);
    }
    place_one(in, f, &in->taken[i], &all);
  }
  members_free(&all);
}

static void intake_free(struct intake *in) {
  for (size_t i = 0; i < in->names; i++) free(in->name[i]);
  for (size_t i = 0; i < in->n; i++) {
    for (size_t k = 0; k < in->taken[i].students; k++) free(in->taken[i].student[k]);
    free(in->taken[i].student), free(in->taken[i].key);
  }
  metadata_free(&in->metadata);
  free(in->name), free(in->taken), free(in->below), free(in->staging);
}

int intake(FILE *f, const struct lab *lab, const char *export, const char *folder,
           const struct roster *roster) {
  struct intake in = {.lab = lab, .export = export, .folder = folder, .roster = roster};
  in.staging = path_join(folder, ".taking");
  find_site(&in);
  folder_make(folder);
  folder_remove(in.staging); /* of a run that was interrupted */
  folder_make(in.staging);
  export_walk(export, copy, &in);
  place_all(&in, f);
  folder_remove(in.staging);
  int status = in.trouble ? GRADE_TROUBLE : GRADE_DONE;
  intake_free(&in);
  return status;
}
