/* edit.h - a line that is typed at a terminal: edit.c, history.c and complete.c. */
#ifndef EDIT_H
#define EDIT_H
#include "sh.h"

struct edit {
  const char *prompt;
  size_t prompt_width;
  struct text text;
  size_t at;       /* the cursor: a byte of the text */
  size_t row;      /* rows between the prompt's and the cursor's */
  const char *cut; /* what ^W, ^U or ^K has taken out last; NULL: nothing yet */
};

/* ---- edit.c ---- */
size_t edit_width(void);        /* columns of the terminal */
void edit_show(struct edit *e); /* the whole line anew */
void edit_insert(struct edit *e, const char *s, size_t n);
void edit_replace(struct edit *e, const char *s); /* the whole text */
void edit_below(struct edit *e);                  /* something else is going to be printed; then edit_show */

/* ---- history.c: lines that were typed before ---- */
void history_begin(void); /* a new line begins */
void history_add(const char *line);
void history_go(struct edit *e, int step); /* -1: to the line before; 1: back to the next one */

/* ---- complete.c ---- */
void complete(struct edit *e); /* the word at the cursor becomes longer, or its possible ends are listed */

#endif
