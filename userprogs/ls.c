/* ls [-l] [PATH...] - lists directories and files; -l: with their kind and their size. */
#include <dirent.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

static bool detailed;

static char kind(unsigned mode) { return S_ISDIR(mode) ? 'd' : S_ISCHR(mode) ? 'c' : '-'; }

static void show(const char *name, unsigned mode, unsigned size) {
  if (detailed) printf("%c %8u  ", kind(mode), size);
  printf("%s%s\n", name, S_ISDIR(mode) ? "/" : "");
}

static int list_directory(const char *path) {
  DIR *dir = opendir(path);
  if (dir == NULL) {
    perror(path);
    return 1;
  }
  for (struct dirent *entry; (entry = readdir(dir)) != NULL;)
    show(entry->d_name, entry->d_mode, entry->d_size);
  closedir(dir);
  return 0;
}

static int list(const char *path) {
  struct stat st;
  if (stat(path, &st) < 0) {
    perror(path);
    return 1;
  }
  if (S_ISDIR(st.st_mode)) return list_directory(path);
  show(path, st.st_mode, (unsigned)st.st_size);
  return 0;
}

int main(int argc, char **argv) {
  int status = 0, i = 1;
  if (argc > 1 && strcmp(argv[1], "-l") == 0) detailed = true, i++;
  if (i == argc) return list("/");
  for (; i < argc; i++) status |= list(argv[i]);
  return status;
}
