/* utf8.h - UTF-8 in text from outside: names of programs and files, consoles, sources. */
#ifndef ISA_UTF8_H
#define ISA_UTF8_H

#include <stddef.h>
#include <stdint.h>

/* Decodes the UTF-8 character at `p`, of which `n` (at least 1) bytes may be read. Returns its length, 1 to 4
 * bytes, and stores its code point. Returns 0 when there is no well-formed character (Unicode standard, table
 * 3-7): cut off, overlong, a surrogate, above U+10FFFF. */
size_t pg32_utf8_decode(const void *p, size_t n, uint32_t *point);

/* How many characters well-formed text has: how wide it is in a table, but for wide and combining ones. */
size_t pg32_utf8_length(const char *text);

#endif
