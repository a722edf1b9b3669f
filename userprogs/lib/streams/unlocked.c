/* unlocked.c - names for a library with threads: here there are none, and locks do nothing. */
#include <stdio.h>
#include "userprogs/lib/stream.h"

void flockfile(FILE *f) { (void)f; }
int ftrylockfile(FILE *f) { return (void)f, 0; }
void funlockfile(FILE *f) { (void)f; }
int getc_unlocked(FILE *f) { return fgetc(f); }
int getchar_unlocked(void) { return fgetc(stdin); }
int putc_unlocked(int c, FILE *f) { return fputc(c, f); }
int putchar_unlocked(int c) { return fputc(c, stdout); }
void setbuffer(FILE *f, char *buffer, size_t bytes) {
  setvbuf(f, buffer, buffer != NULL ? _IOFBF : _IONBF, bytes);
}
void setlinebuf(FILE *f) { setvbuf(f, NULL, _IOLBF, 0); }
