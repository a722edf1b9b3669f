/* disk.c - trapeze disk: the file of --disk as a file system (isa/diskfs.h), which the command `disk` of guests uses, too.
 *
 * The file is read as a whole; if something has changed, it is replaced as a whole. */
#include "isa/diskfs.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "tools/base_name.h"
#include "trapeze.h"

enum { STATUS_DAMAGED = 1 };

static struct bytes image; /* what the file holds */
static struct diskfs fs;

static bool read_sectors(void *arg, uint32_t sector, void *to, uint32_t n) {
  (void)arg;
  memcpy(to, image.data + (size_t)sector * DISKFS_SECTOR, (size_t)n * DISKFS_SECTOR);
  return true;
}

static bool write_sectors(void *arg, uint32_t sector, const void *from, uint32_t n) {
  (void)arg;
  memcpy(image.data + (size_t)sector * DISKFS_SECTOR, from, (size_t)n * DISKFS_SECTOR);
  return true;
}

static struct diskfs_device device(void) {
  return (struct diskfs_device){(uint32_t)(image.size / DISKFS_SECTOR), read_sectors, write_sectors, NULL};
}

_Noreturn static void refuse(const char *what) { die(STATUS_USAGE, "%s: %s", what, fs.why); }

static void open_image(const char *path) {
  if (!file_try_read(path, &image)) die(STATUS_USAGE, "%s: %s", path, strerror(errno));
  if (!pg32_diskfs_open(&fs, device())) refuse(path);
}

static const struct diskfs_file *file_of(const char *path, const char *name) {
  const struct diskfs_file *f = pg32_diskfs_find(&fs, name);
  if (!f)
    die(STATUS_USAGE, "%s: holds no file %s; `trapeze disk ls %s` lists what it holds", path, name, path);
  return f;
}

/* ---- the actions: argv[0] is the disk's file ---- */

static int list(int argc, char **argv) {
  (void)argc, (void)argv;
  for (uint32_t i = 0; i < fs.files; i++) printf("%10u  %s\n", fs.file[i].size, fs.file[i].name);
  printf("%10llu  bytes free\n", (unsigned long long)pg32_diskfs_free(&fs));
  return 0;
}

static int get(int argc, char **argv) {
  const struct diskfs_file *f = file_of(argv[0], argv[1]);
  struct bytes content = {must(malloc((size_t)f->size + 1)), f->size};
  if (!pg32_diskfs_get(&fs, f, content.data)) refuse(argv[1]);
  if (argc == 3)
    file_replace(argv[2], content.data, content.size);
  else
    fwrite(content.data, 1, content.size, stdout);
  free(content.data);
  return 0;
}

static int put(int argc, char **argv) {
  struct bytes content = {0};
  const char *name = argc == 3 ? argv[2] : base_name(argv[1]);
  if (!file_try_read(argv[1], &content)) die(STATUS_USAGE, "%s: %s", argv[1], strerror(errno));
  if (content.size > UINT32_MAX) die(STATUS_USAGE, "%s: expected a file of less than 4 GiB", argv[1]);
  if (!pg32_diskfs_put(&fs, name, content.data, (uint32_t)content.size)) refuse(name);
  free(content.data);
  return 0;
}

static int take_out(int argc, char **argv) {
  for (int i = 1; i < argc; i++) {
    file_of(argv[0], argv[i]);
    if (!pg32_diskfs_remove(&fs, argv[i])) refuse(argv[i]);
  }
  return 0;
}

static void bad(const char *name, const char *why) { printf("%s: %s\n", name, why); }

static int check(int argc, char **argv) {
  (void)argc, (void)argv;
  uint32_t damaged = pg32_diskfs_check(&fs, bad);
  printf("%u files, %u damaged\n", fs.files, damaged);
  return damaged ? STATUS_DAMAGED : 0;
}

/* Only a disk may be lost: one of ours, or one with nothing on it. */
static void spare_others(const char *path) {
  size_t i = 0;
  if (!file_try_read(path, &image)) return; /* a new one */
  while (i < image.size && image.data[i] == 0) i++;
  if (i < image.size) {
    if (!pg32_diskfs_open(&fs, device()))
      die(STATUS_USAGE, "%s: is there already, and is no disk: expected a new file, or a disk to be emptied",
          path);
    pg32_diskfs_close(&fs);
  }
  free(image.data);
}

static int format(int argc, char **argv) {
  uint64_t size;
  (void)argc;
  if (!parse_size(argv[1], UINT32_MAX, &size) || size % DISKFS_SECTOR)
    die(STATUS_USAGE, "%s: expected a size such as 4M, a multiple of 512 bytes", argv[1]);
  spare_others(argv[0]);
  image = (struct bytes){must(calloc(1, size + 1)), size};
  if (!pg32_diskfs_format(&fs, device())) refuse(argv[0]);
  return 0;
}

static const struct action {
  const char *name;
  int (*run)(int argc, char **argv);
  int least, most; /* words, FILE included */
  const char *words;
  bool changes;
} actions[] = {
    {"ls", list, 1, 1, "FILE", false},
    {"get", get, 2, 3, "FILE NAME [TO]", false},
    {"put", put, 2, 3, "FILE PATH [NAME]", true},
    {"rm", take_out, 2, INT32_MAX, "FILE NAME...", true},
    {"check", check, 1, 1, "FILE", false},
    {"format", format, 2, 2, "FILE SIZE", true},
};

/* ---- the command line ---- */

struct words {
  int argc;
  char **argv;
};

static error_t parse(int key, char *arg, struct argp_state *state) {
  (void)arg;
  if (key != ARGP_KEY_ARGS) return ARGP_ERR_UNKNOWN;
  *(struct words *)state->input = (struct words){state->argc - state->next, state->argv + state->next};
  return 0;
}

static const struct argp disk_argp = {
    .parser = parse,
    .args_doc =
        "ls FILE\nget FILE NAME [TO]\nput FILE PATH [NAME]\nrm FILE NAME...\ncheck FILE\nformat FILE SIZE",
    .doc =
        "Looks into FILE, the disk of `trapeze run --disk FILE`, and copies files to it and from it. "
        "Guests do the same by their command `disk`; a file's NAME is what they call it there."
        "\vls lists the files; get copies one to TO or to standard output; put copies PATH to the disk; rm "
        "removes files; check reads every file and compares checksums, with exit status 1 if one is damaged; "
        "format makes FILE an empty disk of that SIZE, such as 4M, unless FILE holds something that is no "
        "disk. The "
        "disk stays whole when the power is cut at any write.",
};

int command_disk(int argc, char **argv) {
  struct words w = {0};
  argp_parse(&disk_argp, argc, argv, ARGP_IN_ORDER, &w);
  if (w.argc < 1)
    die(STATUS_USAGE, "disk: expected ls, get, put, rm, check or format; see `trapeze disk --help`");
  for (size_t i = 0; i < sizeof actions / sizeof *actions; i++) {
    const struct action *a = &actions[i];
    if (strcmp(w.argv[0], a->name) != 0) continue;
    if (w.argc - 1 < a->least || w.argc - 1 > a->most)
      die(STATUS_USAGE, "disk %s: expected `trapeze disk %s %s`", a->name, a->name, a->words);
    if (a->run != format) open_image(w.argv[1]);
    int status = a->run(w.argc - 1, w.argv + 1);
    if (a->changes) file_replace(w.argv[1], image.data, image.size);
    pg32_diskfs_close(&fs);
    free(image.data);
    return status;
  }
  die(STATUS_USAGE, "disk %s: expected ls, get, put, rm, check or format", w.argv[0]);
}
