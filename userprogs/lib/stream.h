/* stream.h - a stream: what the files about stdio share. */
#ifndef LIBC_STREAM_H
#define LIBC_STREAM_H
#include <stdio.h>
#include "userprogs/lib/internal.h"

/* A stream that is not a file of the kernel. The functions return what read, write, lseek and close return. */
struct device {
  ssize_t (*read)(void *memory, char *to, size_t n);
  ssize_t (*write)(void *memory, const char *from, size_t n);
  long (*seek)(void *memory, long offset, int whence);
  int (*close)(void *memory);
};

#define PUSH_MAX 8 /* characters that ungetc takes, one after the other */

struct __file {
  int fd;                      /* -1 with a device: */
  const struct device *device; /* NULL: the kernel's file `fd` */
  void *memory;                /* the device's own */
  bool readable, writable, at_end, failed;
  bool writing;    /* the buffer holds output, else input */
  int mode;        /* _IOFBF, _IOLBF, _IONBF: when finish() writes */
  int orientation; /* what fwide was told: 1 wide, -1 bytes */
  bool line_ended; /* the buffer holds a newline to be written */
  int pushed;      /* by ungetc: so many characters come before the buffer, the last one first */
  unsigned char push[PUSH_MAX];
  size_t next, end; /* reading: unread bytes are buffer[next..end); writing: filled up to end */
  FILE *others;     /* list of all that fopen has made */
  char buffer[BUFSIZ];
};

/* A new stream in the list of those that the end of the program writes; NULL: no memory. `mode` is fopen's. */
FILE *__new_stream(const char *mode);
/* The flags of `open` for a mode of fopen; -1, and errno: there is no such mode. */
int __open_flags(const char *mode);
/* Takes a stream out of the list, and frees it unless it is one of the three. */
void __forget_stream(FILE *f);

#endif
