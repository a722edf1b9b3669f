/* redirect.c - redirections: other files for a command's descriptors. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "sh.h"

enum { KEPT_FROM = 20 }; /* the shell's own descriptors are from here on */

/* A here document goes through a file without a name. */
static int open_here(const struct redirect *r) {
  char path[32];
  const char *text = r->literal ? r->raw : expand_here(r->raw);
  snprintf(path, sizeof path, "/tmp/.sh-%d", (int)getpid());
  int fd = open(path, O_RDWR | O_CREAT | O_TRUNC, 0600);
  if (fd < 0) return -1;
  unlink(path);
  size_t n = strlen(text);
  if (write(fd, text, n) != (ssize_t)n || lseek(fd, 0, SEEK_SET) < 0) {
    close(fd);
    return -1;
  }
  return fd;
}

static int open_file(const struct redirect *r, const char *path) {
  switch (r->op) {
  case READ: return open(path, O_RDONLY);
  case WRITE: return open(path, O_WRONLY | O_CREAT | O_TRUNC, 0666);
  case APPEND: return open(path, O_WRONLY | O_CREAT | O_APPEND, 0666);
  default: return open(path, O_RDWR | O_CREAT, 0666);
  }
}

/* >&2, or >&-, which closes. */
static bool duplicate(const struct redirect *r) {
  const char *from = expand_text(r->raw);
  if (strcmp(from, "-") == 0) {
    close(r->fd);
    return true;
  }
  if (strspn(from, "0123456789") == strlen(from) && dup2(atoi(from), r->fd) >= 0) return true;
  complain("%s: is no open descriptor", from);
  return false;
}

static bool redirect(const struct redirect *r) {
  if (r->op == DUP) return duplicate(r);
  const char *path = r->op == HERE ? "a here document" : expand_text(r->raw);
  int fd = r->op == HERE ? open_here(r) : open_file(r, path);
  if (fd < 0) {
    complain("%s: %s", path, strerror(errno));
    return false;
  }
  if (fd == r->fd) return true;
  bool good = dup2(fd, r->fd) >= 0;
  if (!good) complain("%d: %s", r->fd, strerror(errno));
  close(fd);
  return good;
}

bool redirect_all(struct redirect *list) {
  fflush(NULL);
  for (; list != NULL; list = list->next)
    if (!redirect(list)) return false;
  return true;
}

static struct undo *innermost; /* what redirect_undo has still to undo */

bool redirect_keeping(struct redirect *list, struct undo *undo) {
  fflush(NULL);
  undo->count = 0, undo->outer = innermost;
  innermost = undo;
  for (; list != NULL; list = list->next) {
    if (undo->count == SAVED_MAX) {
      complain("too many redirections");
      return false;
    }
    int copy = fcntl(list->fd, F_DUPFD, KEPT_FROM);
    if (copy >= 0) fcntl(copy, F_SETFD, FD_CLOEXEC);
    undo->saved[undo->count].fd = list->fd, undo->saved[undo->count++].copy = copy;
    if (!redirect(list)) return false;
  }
  return true;
}

void redirect_undo(struct undo *undo) {
  fflush(NULL);
  innermost = undo->outer;
  while (undo->count-- > 0) {
    int fd = undo->saved[undo->count].fd, copy = undo->saved[undo->count].copy;
    close(fd);
    if (copy < 0) continue;
    dup2(copy, fd);
    close(copy);
  }
}

void redirect_undo_all(void) {
  while (innermost != NULL) redirect_undo(innermost);
}
