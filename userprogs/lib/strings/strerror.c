/* strerror.c - what error numbers mean. */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include "userprogs/lib/internal.h"
#include "isa/platform.h"

char *strerror(int error) {
  switch (error) {
  case 0: return "success";
#define TEXT(name, number, text) \
  case number: return text;
    PG32_ERRORS(TEXT)
  case EILSEQ: return "no such character";
  case EOVERFLOW: return "value too large";
  case EIO: return "input or output error";
  case EACCES: return "permission denied";
  case EXDEV: return "not on the same device";
  case EMLINK: return "too many links";
  case ELOOP: return "too many symbolic links";
  case EDEADLK: return "everybody would wait";
  case ENOTSUP: return "not supported";
  case ETIMEDOUT: return "timed out";
  case ECANCELED: return "canceled";
  default: return "unknown error";
  }
}

void perror(const char *what) {
  const char *why = strerror(errno);
  if (what != NULL && *what != '\0')
    fprintf(stderr, "%s: %s\n", what, why);
  else
    fprintf(stderr, "%s\n", why);
}
