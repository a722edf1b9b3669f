/* terminal_type.c - asks terminfo about the terminal, before curses does. A file of its own, because term.h defines
 * macros with names such as `lines`. */
#include <stdbool.h>
#include <unistd.h>

#include <curses.h>
#include <term.h>

bool terminal_can_have_screen(void);

/* newterm is not simply tried, because it leaks memory when it fails, nor initscr, which would end the process. */
bool terminal_can_have_screen(void) {
  int known;
  if (setupterm(NULL, STDOUT_FILENO, &known) != OK) return false;
  const bool can = tigetstr("cup") != NULL;
  del_curterm(cur_term); /* newterm makes its own */
  return can;
}
