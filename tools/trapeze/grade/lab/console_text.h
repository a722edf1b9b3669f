/* console_text.h - a guest's console as lines, and patterns over them. It is a student's text: nothing of it
 * is trusted. */
#ifndef CONSOLE_TEXT_H
#define CONSOLE_TEXT_H

#include "tools/trapeze/trapeze.h"

/* Is it a POSIX extended regular expression? Otherwise why not, as a few words. */
bool console_pattern_good(const char *pattern, char *why, size_t size);
/* The number, from 1, of the first line that the pattern matches somewhere; 0 when there is none. A line ends
 * with a newline or with the text; a carriage return before it is not part of it. */
size_t console_find(struct bytes console, const char *pattern);
/* Line `number`, from 1, pointing into `console`; empty when there is none. */
struct bytes console_line(struct bytes console, size_t number);

#endif
