/* progress.h - long work tells a person at a terminal how far it is. */
#ifndef PROGRESS_H
#define PROGRESS_H

/* Shows the text in one line on stderr, in place of the text before. Nothing is shown in the first two seconds of the
 * work, nor more than five times a second, nor when stderr is no terminal; so the caller may call as often as it likes.
 * From the first text on, Ctrl-C removes the line before it ends the process. */
void progress_tell(const char *format, ...) __attribute__((format(printf, 1, 2)));
/* Removes the line until the next progress_tell: before something else is written to the terminal. */
void progress_hide(void);
/* The work is done: removes the line. The next progress_tell is about other work. */
void progress_end(void);

#endif
