/* screen.h - what the three files that know curses share: terminal.c, prompt.c and screen.c. */
#ifndef SCREEN_H
#define SCREEN_H

#include <signal.h>

#include "view.h"

#define ESCAPE 27

/* One per process, as curses, readline and signals have it. */
struct screen {
  struct debug *d;
  struct layout l; /* of what is shown */
  bool ascii;      /* only ASCII may be shown */
  bool prompting;  /* the command line is open */
  int scroll[PANES];
  double began, told;                /* when the command at work began; when its progress was last shown */
  volatile sig_atomic_t interrupted; /* Ctrl-C has come and nobody has taken note of it yet */
};
extern struct screen screen;

/* ---- terminal_type.c ---- */

/* Does terminfo know the type of the terminal on stdout, and can the cursor be moved there? */
bool terminal_can_have_screen(void);

/* ---- terminal.c ---- */

/* Begins full-screen mode; false when the terminal cannot. From here to terminal_give_back, and on every
 * signal that ends the process, the terminal is given back as it was. */
bool terminal_take(void);
void terminal_give_back(void);
/* Shows cells, and one row of text over the width of `r`; refresh() makes them visible. */
void terminal_show(const struct cells *c, struct rect r);
void terminal_row(struct rect r, enum style style, const char *text);
/* Takes over the terminal's size; true when it has changed. Keys that were typed stay unread. */
bool terminal_resized(void);
/* Waits for a key. KEY_RESIZE after a change of size; ERR after Ctrl-C (see screen.interrupted), or when the
 * terminal is gone (d->quit is set). */
int terminal_key(void);
/* Seconds on a clock that never goes back. */
double terminal_now(void);

/* ---- prompt.c ---- */

void prompt_prepare(void);
/* Lets a line be edited that begins with `beginning`: malloc'ed; NULL when it was given up. */
char *prompt_read(const char *beginning);
void prompt_draw(void);

/* ---- screen.c ---- */

void screen_draw(void);

#endif
