/* position.c - fseek and ftell under their other names. An fpos_t is an offset. */
#include <stdio.h>
#include "userprogs/lib/stream.h"

int fseeko(FILE *f, off_t offset, int whence) { return fseek(f, offset, whence); }
off_t ftello(FILE *f) { return ftell(f); }
int fgetpos(FILE *restrict f, fpos_t *restrict position) {
  return (position->__offset = ftell(f)) < 0 ? -1 : 0;
}
int fsetpos(FILE *f, const fpos_t *position) { return fseek(f, position->__offset, SEEK_SET); }
