/* untrusted.h - text from outside (a guest's console, a compiler's complaint about a student's file, a
 * program's name) made fit to be shown on a terminal or to be written into a file.
 *
 * printable() is for people: an offending byte becomes visible, as \x1b. text_clean() is for file formats: an
 * offending byte becomes U+FFFD, the replacement character, so that every reader accepts the file.
 *
 * All functions die with STATUS_USAGE when memory is short. */
#ifndef UNTRUSTED_H
#define UNTRUSTED_H

#include <stddef.h>

/* The first `most` of `size` bytes as printable UTF-8. Newlines and tabs stay. Everything that could mislead
 * a terminal or a reader (control characters, escape codes, invalid UTF-8, invisible characters, marks that
 * change the direction of writing, code points that XML forbids) is written as \xNN or \u{NNNN}. When bytes
 * were left out, a last line says how many. The caller frees the result. */
char *printable(const void *bytes, size_t size, size_t most);

/* A name of a file, a student or the like, printable and in one line: as printable() has it, and newlines,
 * tabs and backslashes are \x0a, \x09 and \x5c, so that different names stay different. The caller frees
 * it. */
char *printable_name(const char *name);

/* A copy of `text` that every file format can hold: valid UTF-8 with no control characters but newlines and
 * tabs, no marks that change the direction of writing, no code point that XML forbids; each offence becomes
 * U+FFFD. What a build server would take for a command gets a backslash: `:\:stop-commands::`, `#\#[group]`.
 * NULL counts as "". The caller frees the result. */
char *text_clean(const char *text);
/* The same in one line: newlines and tabs become spaces. */
char *text_line(const char *text);

#endif
