/* temporary.h - temporary folders that only their owner can enter, and that are removed however the process
 * ends, unless it is killed outright. */
#ifndef TEMPORARY_H
#define TEMPORARY_H

#include <stdbool.h>

/* Makes a new empty folder, PREFIX.XXXXXX in $TMPDIR or /tmp, and returns its path: absolute, links resolved,
 * for temporary_close. Dies with GRADE_TROUBLE when the folder cannot be made. At exit the process that
 * opened the folder removes it, if it is still open; a child that exits does not. */
char *temporary_open(const char *prefix);
/* Removes the folder and frees its path. When a signal has asked to stop meanwhile, ends by that signal. */
void temporary_close(char *path);

/* While a folder is open, SIGINT, SIGTERM and SIGHUP only ask to stop, so that nothing is left behind. Code
 * that waits in a loop asks temporary_stopping; when it is true, the code ends its children and calls
 * temporary_stop. */
bool temporary_stopping(void);
/* Removes the open folders and ends by the signal that asked. */
_Noreturn void temporary_stop(void);
/* Gives the three signals their default effect again: for a child that does not ask. */
void temporary_signals_default(void);

#endif
