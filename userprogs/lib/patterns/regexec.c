/* regexec.c - the leftmost and longest match of a regular expression. */
#include <stdlib.h>
#include <string.h>
#include "userprogs/lib/patterns/regex.h"

static bool word_at(const struct match *m, int at) {
  return at >= 0 && at < m->length && __is_word((unsigned char)m->text[at]);
}

bool __at_place(const struct match *m, enum place place, int at) {
  bool lines = m->pattern->flags & REG_NEWLINE;
  bool before = word_at(m, at - 1), behind = word_at(m, at);
  switch (place) {
  case LINE_START:
    return (at == 0 && !(m->flags & REG_NOTBOL)) || (lines && at > 0 && m->text[at - 1] == '\n');
  case LINE_END:
    return (at == m->length && !(m->flags & REG_NOTEOL)) || (lines && at < m->length && m->text[at] == '\n');
  case TEXT_START: return at == 0;
  case TEXT_END: return at == m->length;
  case WORD_START: return !before && behind;
  case WORD_END: return before && !behind;
  case WORD_EDGE: return before != behind;
  case NO_WORD_EDGE: return before == behind;
  }
  return false;
}

/* The match's groups are in m->group. */
static bool find(struct match *m, int from) {
  const struct node *root = m->pattern->root;
  int start = -1, end = -1;
  if (m->pattern->references) {
    for (start = from; start <= m->length && end < 0 && !m->failed; start++)
      end = __match_with_references(m, start);
    start--;
  } else {
    start = __first_start(m, root, from);
    if (start >= 0) end = __longest_end(m, root, start);
    if (end >= 0 && !m->failed && !(m->pattern->flags & REG_NOSUB)) __note_groups(m, root, start, end);
  }
  m->group[0] = (regmatch_t){start, end};
  return end >= 0;
}

int regexec(const regex_t *restrict regex, const char *restrict text, size_t n, regmatch_t *restrict matches,
            int flags) {
  bool part = flags & REG_STARTEND;
  struct match m = {.pattern = regex->__pattern, .text = text, .flags = flags};
  int from = part ? matches[0].rm_so : 0;
  m.length = part ? matches[0].rm_eo : (int)strlen(text);
  m.from = from, m.to = m.length;
  m.group = malloc((regex->re_nsub + 1) * sizeof *m.group);
  if (m.group == NULL) return REG_ESPACE;
  for (size_t i = 0; i <= regex->re_nsub; i++) m.group[i] = (regmatch_t){-1, -1};
  bool found = find(&m, from);
  __free_places(&m);
  if (found && !m.failed && !(m.pattern->flags & REG_NOSUB))
    for (size_t i = 0; i < n; i++) matches[i] = i <= regex->re_nsub ? m.group[i] : (regmatch_t){-1, -1};
  free(m.group);
  return m.failed ? REG_ESPACE : found ? 0 : REG_NOMATCH;
}
