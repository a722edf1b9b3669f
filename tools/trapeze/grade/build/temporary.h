/* temporary.h - folders that nobody else sees, and that are gone when we are, however we end. */
#ifndef TEMPORARY_H
#define TEMPORARY_H

#include <stdbool.h>

/* A new empty folder, PREFIX.XXXXXX in TMPDIR or /tmp: its absolute path without links, malloc'ed. Dies with
 * GRADE_TROUBLE when there is no room. It is removed at exit, too, by the process that opened it. */
char *temporary_open(const char *prefix);
/* Removes the folder and frees its path; ends by the signal that has asked for it meanwhile. */
void temporary_close(char *path);

/* While one is open, SIGINT, SIGTERM and SIGHUP only ask to stop, so that nothing is left behind: whoever
 * waits in a loop looks whether they did, ends its children, and calls temporary_stop. */
bool temporary_stopping(void);
_Noreturn void temporary_stop(void);  /* removes the folders and ends by that signal */
void temporary_signals_default(void); /* in a child that does not look */

#endif
