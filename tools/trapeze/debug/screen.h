/* screen.h - what the files of the screen share: screen.c, obey.c, mouse.c, scroll.c, pager.c, paste.c, prompt.c and
 * terminal.c. */
#ifndef SCREEN_H
#define SCREEN_H

#include <signal.h>

#include "view.h"

#define ESCAPE 27

/* One per process, as curses, readline and signals have it. */
struct screen {
  struct debug *d;
  struct layout l;    /* of what is shown */
  struct look look;   /* at the panes */
  bool ascii;         /* only ASCII may be shown */
  char prompt;        /* what stands before the command line, : or /; 0 = the command line is closed */
  char *answer;       /* a short answer, shown over the panes until the next key; NULL = none */
  char *page;         /* a long answer, shown instead of the panes; NULL = none ... */
  int page_row;       /* ... from this row on */
  char *pasted;       /* lines that were pasted and have not been used yet; NULL = none */
  char found[80];     /* the text that was last searched for in a pane or page */
  int found_row;      /* the row of the pane's or page's content where it was found */
  bool searching;     /* n and N go to the next and previous place that has the text */
  double began, told; /* when the command at work began; when its progress was last shown */
  volatile sig_atomic_t interrupted; /* Ctrl-C has come and nobody has taken note of it yet */
  volatile sig_atomic_t continued;   /* after a stop (Ctrl-Z) the terminal has to be set up again */
};
extern struct screen screen;

/* ---- terminal_type.c ---- */

/* Does terminfo know the type of the terminal on stdout, and can the cursor be moved there? */
bool terminal_can_have_screen(void);

/* ---- terminal.c ---- */

enum { KEY_PASTE = 0x7000, KEY_PASTE_END }; /* keys beside those of curses: text is pasted between them */

/* Begins full-screen mode; false when the terminal cannot. From here to terminal_give_back, and on every
 * signal that ends the process, the terminal is given back as it was. */
bool terminal_take(void);
void terminal_give_back(void);
/* Shows cells, and one row of text over the width of `r`; refresh() makes them visible. */
void terminal_show(const struct cells *c, struct rect r);
void terminal_row(struct rect r, enum style style, const char *text);
/* Shows a message at once, in the row for messages. */
void terminal_say(const char *text);
/* Takes over the terminal's size; true when it has changed. Keys that were typed stay unread. */
bool terminal_resized(void);
/* Waits for a key. KEY_RESIZE after a change of size; ERR after Ctrl-C (see screen.interrupted), or when the
 * terminal is gone (d->quit is set). */
int terminal_key(void);
/* Seconds on a clock that never goes back. */
double terminal_now(void);

/* ---- prompt.c ---- */

void prompt_prepare(void);
/* Lets a line be edited that begins with `beginning`, behind `sign` (: or /): malloc'ed; NULL when it was given
 * up. */
char *prompt_read(char sign, const char *beginning);
void prompt_draw(void);

/* ---- pager.c ---- */

/* Shows an answer: a short one over the panes until the next key; a long one on pages, until the reader leaves
 * them. */
void pager_show(const char *text);
/* Draws the page, or the answer over the panes. */
void pager_draw_page(void);
void pager_draw_answer(void);
/* Takes the answer off the panes. */
void pager_drop_answer(void);

/* ---- scroll.c: scrolling and searching in the panes ---- */

void scroll_pane(enum pane p, int rows);
void scroll_to_end(enum pane p, int direction);
void scroll_columns(enum pane p, int columns);
/* Rows of a pane that are seen, without its title; 0 = it is not shown. */
int scroll_height(enum pane p);
/* All panes show the present again. */
void scroll_home(void);
/* The same, if what they show has moved since the last call. */
void scroll_after_move(void);
/* Goes to the next row of the selected pane that has screen.found; `again`: after the one that was found. Says
 * what it found. */
void scroll_search(int direction, bool again);

/* ---- mouse.c ---- */

/* What the mouse has done to the panes. */
void mouse_event(void);
/* -1 or 1 when the wheel was turned up or down; 0 for anything else. */
int mouse_wheel(void);

/* ---- paste.c ---- */

/* After KEY_PASTE: the pasted text up to its end, malloc'ed. Newlines are \n. */
char *paste_read(int (*next)(void));
/* Appends text to what waits in screen.pasted. */
void paste_keep(const char *text);
/* The next whole line that waits, without its newline, malloc'ed; NULL = none. */
char *paste_line(void);
/* What waits without an end of its line, malloc'ed, and nothing waits any more; NULL = nothing. */
char *paste_rest(void);

/* ---- obey.c ---- */

/* Does what a line says, and shows the answer. */
bool screen_obey(const char *line);
/* Asks for a command that begins with `beginning`, and does it. */
void screen_prompt(const char *beginning);
/* After KEY_PASTE: each pasted line is a command. */
void screen_paste(void);

/* ---- screen.c ---- */

void screen_draw(void);

#endif
