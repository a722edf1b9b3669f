/* console_text.h - a guest's console as lines, and patterns over them. The text is a student's: none of it is
 * trusted, and it may hold NUL bytes. */
#ifndef CONSOLE_TEXT_H
#define CONSOLE_TEXT_H

#include "tools/trapeze/trapeze.h"

/* Is `pattern` a POSIX extended regular expression? When it is not, writes the reason into `why`, which has
 * room for `size` bytes. */
bool console_pattern_good(const char *pattern, char *why, size_t size);
/* The number, from 1, of the first line that `pattern` matches somewhere; 0 when there is none, or when the
 * pattern is not good. A line ends with a newline or with the text; carriage returns before the newline are
 * not part of the line. Dies with STATUS_USAGE when memory is short. */
size_t console_find(struct bytes console, const char *pattern);
/* Line `number`, from 1; it points into `console`. Empty when there is no such line. */
struct bytes console_line(struct bytes console, size_t number);

#endif
