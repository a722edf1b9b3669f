/* words.h - text from outside (a guest's console, a compiler's complaint about a student's file) made fit to
 * be shown. */
#ifndef WORDS_H
#define WORDS_H

#include <stddef.h>

/* The first `most` of `size` bytes as printable UTF-8, malloc'ed: newlines and tabs stay, everything that a
 * terminal or a reader could be fooled with (control characters, escape codes, what is not UTF-8, marks that
 * change the direction of writing, code points that XML forbids) is written as \xNN or \u{NNNN}. A last line
 * says how many bytes were left out. */
char *printable(const void *bytes, size_t size, size_t most);

/* `text` with each occurrence of `path` taken out; malloc'ed. The empty path occurs nowhere. */
char *without(const char *text, const char *path);

#endif
