/* disk.c - disk: files on /dev/disk, in the file system of isa/diskfs.h. They are copied there and back; a kernel that
 * could mount the disk would be longer than an evening's reading. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>
#include "commands.h"
#include "isa/diskfs.h"

static int device_fd;
static struct diskfs fs;

static bool go_to(uint32_t sector) {
  return lseek(device_fd, (off_t)(sector * DISKFS_SECTOR), SEEK_SET) >= 0;
}

static bool read_sectors(void *arg, uint32_t sector, void *to, uint32_t n) {
  (void)arg;
  return go_to(sector) && read(device_fd, to, n * DISKFS_SECTOR) == (ssize_t)(n * DISKFS_SECTOR);
}

static bool write_sectors(void *arg, uint32_t sector, const void *from, uint32_t n) {
  (void)arg;
  return go_to(sector) && write(device_fd, from, n * DISKFS_SECTOR) == (ssize_t)(n * DISKFS_SECTOR);
}

static int complain(const char *name) {
  fprintf(stderr, "disk: %s: %s\n", name, fs.why);
  return 1;
}

static struct diskfs_device device(void) {
  struct stat st = {0};
  device_fd = open("/dev/disk", O_RDWR);
  if (device_fd >= 0) fstat(device_fd, &st);
  return (struct diskfs_device){(uint32_t)st.st_size / DISKFS_SECTOR, read_sectors, write_sectors, NULL};
}

/* Opens the file system, or ends the command. */
static void open_disk(void) {
  if (pg32_diskfs_open(&fs, device())) return;
  complain("/dev/disk");
  if (fs.device.sectors > 0)
    fprintf(stderr, "disk: `disk format` makes a new one; what is there is lost then\n");
  exit(1);
}

/* The whole file, malloc'ed; NULL: it cannot be read, as errno says. */
static char *read_file(const char *path, uint32_t *size) {
  struct stat st;
  int fd = open(path, O_RDONLY);
  if (fd < 0 || fstat(fd, &st) < 0) return NULL;
  bool folder = S_ISDIR(st.st_mode);
  char *bytes = malloc((size_t)st.st_size + 1);
  ssize_t n = bytes != NULL && !folder ? read(fd, bytes, (size_t)st.st_size) : -1;
  if (folder) errno = EISDIR;
  *size = n < 0 ? 0 : (uint32_t)n;
  close(fd);
  if (n < 0) free(bytes);
  return n < 0 ? NULL : bytes;
}

static int put(const char *path, const char *name) {
  uint32_t size;
  char *bytes = read_file(path, &size);
  if (bytes == NULL) return fail(path);
  int status = pg32_diskfs_put(&fs, name, bytes, size) ? 0 : complain(name);
  free(bytes);
  return status;
}

/* Folders on the way to a path are made. */
static void make_folders(char *path) {
  for (char *s = path + 1; *s != '\0'; s++) {
    if (*s != '/') continue;
    *s = '\0';
    mkdir(path, 0777);
    *s = '/';
  }
}

static int get(const struct diskfs_file *f, char *path) {
  char *bytes = malloc((size_t)f->size + 1);
  if (bytes == NULL) return fail(path);
  int status = pg32_diskfs_get(&fs, f, bytes) ? 0 : complain(f->name);
  make_folders(path);
  int fd = status == 0 ? open(path, O_WRONLY | O_CREAT | O_TRUNC, 0666) : -1;
  if (status == 0 && (fd < 0 || write(fd, bytes, f->size) != (ssize_t)f->size)) status = fail(path);
  if (fd >= 0) close(fd);
  free(bytes);
  return status;
}

static int get_named(char *name) {
  const struct diskfs_file *f = pg32_diskfs_find(&fs, name);
  if (f != NULL) return get(f, name);
  fprintf(stderr, "disk: %s: there is no such file on the disk\n", name);
  return 1;
}

/* ---- whole folders ---- */

static int load(const char *folder) {
  int status = mkdir(folder, 0777) < 0 && errno != EEXIST ? fail(folder) : 0;
  for (uint32_t i = 0; status == 0 && i < fs.files; i++) {
    char *path = malloc(strlen(folder) + strlen(fs.file[i].name) + 2);
    if (path == NULL) return fail(folder);
    sprintf(path, "%s/%s", folder, fs.file[i].name);
    status = get(&fs.file[i], path);
    free(path);
  }
  return status;
}

/* Has the file been written since the machine was switched on? Those of the initrd have the time 0. */
static bool is_changed(const char *path) {
  struct stat st;
  return stat(path, &st) == 0 && st.st_mtime != 0;
}

/* Puts the files of a folder onto the disk, all or those that have changed; name: where it is seen from the folder that
 * is saved, "" or "x/". */
static int save(const char *folder, const char *name, bool changed) {
  int status = 0;
  DIR *dir = opendir(folder);
  if (dir == NULL) return fail(folder);
  for (struct dirent *e; (e = readdir(dir)) != NULL;) {
    size_t room = strlen(folder) + strlen(name) + strlen(e->d_name) + 3;
    char *path = malloc(room), *inner = malloc(room);
    if (path == NULL || inner == NULL) return fail(folder);
    sprintf(path, "%s/%s", folder, e->d_name);
    sprintf(inner, S_ISDIR(e->d_mode) ? "%s%s/" : "%s%s", name, e->d_name);
    if (S_ISDIR(e->d_mode))
      status |= save(path, inner, changed);
    else if (!changed || is_changed(path))
      status |= put(path, inner);
    free(path), free(inner);
  }
  closedir(dir);
  return status;
}

/* ---- disk around FOLDER PROG...: what `trapeze run --out` starts ---- */

/* Runs the program, then saves what has been written in the folder. The empty file .end says that this is all. The
 * status is the program's. */
static int around(char *folder, char **argv) {
  int status;
  mkdir(folder, 0777);
  pid_t pid = fork();
  if (pid < 0) return fail("fork");
  if (pid == 0) {
    execvp(argv[0], argv);
    fail(argv[0]);
    _exit(errno == ENOENT ? 127 : 126);
  }
  signal(SIGINT, SIG_IGN), signal(SIGTSTP, SIG_IGN);
  while (waitpid(pid, &status, 0) < 0 && errno == EINTR) continue;
  open_disk();
  if (save(folder, "", true) == 0 && !pg32_diskfs_put(&fs, ".end", "", 0)) complain(".end");
  return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}

/* ---- the command ---- */

static int list(void) {
  for (uint32_t i = 0; i < fs.files; i++)
    printf("%9lu  %s\n", (unsigned long)fs.file[i].size, fs.file[i].name);
  printf("%9lu  bytes free\n", (unsigned long)pg32_diskfs_free(&fs));
  return 0;
}

static void bad(const char *name, const char *why) { printf("%s: %s\n", name, why); }

static int check(void) {
  uint32_t damaged = pg32_diskfs_check(&fs, bad);
  printf("%lu files, %lu damaged\n", (unsigned long)fs.files, (unsigned long)damaged);
  return damaged > 0;
}

static int format(void) { return pg32_diskfs_format(&fs, device()) ? 0 : complain("/dev/disk"); }

static int each(int argc, char **argv, const char *what) {
  int status = 0;
  for (int i = 2; i < argc; i++) {
    if (*what == 'p')
      status |= put(argv[i], argv[i]);
    else if (*what == 'g')
      status |= get_named(argv[i]);
    else if (!pg32_diskfs_remove(&fs, argv[i]))
      status |= complain(argv[i]);
  }
  return status;
}

int disk_main(int argc, char **argv) {
  const char *what = argc > 1 ? argv[1] : "";
  bool alone = argc == 2, one = argc == 3, some = argc > 2;
  if (argc > 3 && strcmp(what, "around") == 0) return around(argv[2], argv + 3);
  if (alone && strcmp(what, "format") == 0) return format();
  if (!(alone && (strcmp(what, "ls") == 0 || strcmp(what, "check") == 0)) &&
      !(one && (strcmp(what, "load") == 0 || strcmp(what, "save") == 0)) &&
      !(some && (strcmp(what, "put") == 0 || strcmp(what, "get") == 0 || strcmp(what, "rm") == 0)))
    usage();
  open_disk();
  if (alone) return *what == 'l' ? list() : check();
  if (strcmp(what, "load") == 0) return load(argv[2]);
  if (strcmp(what, "save") == 0) return save(argv[2], "", false);
  return each(argc, argv, what);
}
