/* unpack.h - the files that a lab asks for, out of the zip or tar file that a student has handed in. */
#ifndef UNPACK_H
#define UNPACK_H

#include "tools/trapeze/grade/lab/lab.h"

enum { UNPACK_PACKED_MOST = 64 << 20 }; /* bytes of the archive itself */

struct unpacked_file {
  bool there;
  struct bytes content;
  char *wrong; /* what is wrong with this one: a line for the student, or NULL */
};

/* Reads the files that `lab` asks for into file[0 .. lab->files), each for unpacked_free. They are looked for at the
 * top of the archive; when none is there and everything lies in one folder, in this folder. What systems add by
 * themselves (__MACOSX, names that begin with a dot) does not count. Returns NULL, or what is wrong with the archive
 * as a whole, malloc'ed. Dies with STATUS_USAGE when memory is short. */
char *unpack(const struct lab *lab, struct bytes archive, struct unpacked_file *file);
void unpacked_free(struct unpacked_file *file, size_t n);

#endif
