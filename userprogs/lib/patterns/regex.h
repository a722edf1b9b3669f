/* regex.h - a regular expression as a tree, which regcomp.c makes and regexec.c walks. */
#ifndef LIBC_PATTERNS_REGEX_H
#define LIBC_PATTERNS_REGEX_H
#include <regex.h>
#include "userprogs/lib/patterns/bracket.h"

enum node_kind {
  NODE_SET,       /* a character of `set` */
  NODE_PLACE,     /* nothing, at a `place` */
  NODE_SEQUENCE,  /* the children one after the other; without children: nothing */
  NODE_CHOICE,    /* one of the children */
  NODE_REPEAT,    /* the child, `min` to `max` times */
  NODE_GROUP,     /* the child, which is noted as group `number` */
  NODE_REFERENCE, /* what group `number` matched */
};

enum place { LINE_START, LINE_END, TEXT_START, TEXT_END, WORD_START, WORD_END, WORD_EDGE, NO_WORD_EDGE };

#define UNLIMITED -1

struct node {
  enum node_kind kind;
  bool groups;                  /* there is a group in it */
  struct node *next, *previous; /* children of the same parent */
  struct node *first, *last;    /* children */
  struct node *made;            /* list of all, for regfree */
  struct set set;
  enum place place;
  int min, max, number;
};

struct pattern {
  struct node *root, *made;
  int flags;       /* regcomp's */
  bool references; /* \1 to \9 are used */
};

struct match {
  const struct pattern *pattern;
  const char *text;
  int length, flags;  /* flags: regexec's */
  int from, to;       /* characters outside are not looked at; places are those of the whole text */
  struct places *old; /* to be used again */
  int steps;          /* that regex_references.c has made */
  bool failed;        /* there was no memory, or too much to try */
  regmatch_t *group;  /* group[0] is the whole */
};

bool __is_word(unsigned char c);
/* Is nothing, here, what the node asks for? */
bool __at_place(const struct match *m, enum place place, int at);

/* regex_sets.c: the set of places that are reached from a set of places, and what follows from that. */
int __first_start(struct match *m, const struct node *root, int from);
int __longest_end(struct match *m, const struct node *root, int from);
/* Notes the groups of a node that matches exactly from..to. */
void __note_groups(struct match *m, const struct node *node, int from, int to);
void __free_places(struct match *m);

/* regex_references.c: a match of the whole from `from`, with its groups; its end, or -1. */
int __match_with_references(struct match *m, int from);

#endif
