/* fnmatch.c - shell patterns. A * that fails is tried one character further on, and only the last * ever needs that: so
 * the time is that of one comparison for each place of the name. With FNM_PATHNAME a * ends at a slash, and the parts
 * between slashes are matched one by one. */
#include <ctype.h>
#include <fnmatch.h>
#include <string.h>
#include "userprogs/lib/patterns/bracket.h"

static int folded(int c, int flags) { return flags & FNM_CASEFOLD ? tolower(c) : c; }

/* One element of the pattern that is no *, against one character: where the element ends, or NULL. */
static const char *match_one(const char *p, const char *p_end, unsigned char c, int flags) {
  struct set set;
  if (*p == '?') return p + 1;
  if (*p == '[') {
    const char *after = p + 1;
    if (__read_bracket(&after, p_end, "!^", !(flags & FNM_NOESCAPE), flags & FNM_CASEFOLD, &set) ==
        BRACKET_GOOD)
      return __set_has(&set, c) ? after : NULL;
  }
  if (*p == '\\' && !(flags & FNM_NOESCAPE) && ++p == p_end) return NULL;
  return folded((unsigned char)*p, flags) == folded(c, flags) ? p + 1 : NULL;
}

/* A whole pattern against a whole part of a name. */
static bool match_part(const char *p, const char *p_end, const char *s, const char *s_end, int flags) {
  const char *star = NULL, *tried = NULL; /* behind the last *, and what it stands for ends here */
  if ((flags & FNM_PERIOD) && s < s_end && *s == '.') {
    if (p == p_end || (*p != '.' && !(*p == '\\' && p[1] == '.' && !(flags & FNM_NOESCAPE)))) return false;
  }
  while (s < s_end) {
    const char *next = NULL;
    if (p < p_end && *p == '*') {
      star = ++p, tried = s;
      continue;
    }
    if (p < p_end) next = match_one(p, p_end, (unsigned char)*s, flags);
    if (next != NULL) {
      p = next, s++;
    } else if (star != NULL) {
      p = star, s = ++tried;
    } else {
      return false;
    }
  }
  while (p < p_end && *p == '*') p++;
  return p == p_end;
}

/* The end of the part of a pattern: a slash that is not in brackets. */
static const char *pattern_part(const char *p, const char *end, int flags) {
  for (; p < end && *p != '/'; p++)
    if (*p == '\\' && !(flags & FNM_NOESCAPE) && p + 1 < end && p[1] != '/') p++;
  return p;
}

static int match_path(const char *p, const char *s, int flags) {
  const char *p_end = p + strlen(p), *s_end = s + strlen(s);
  for (;;) {
    const char *pe = pattern_part(p, p_end, flags), *se = strchr(s, '/');
    if (se == NULL) se = s_end;
    if (!match_part(p, pe, s, se, flags)) return FNM_NOMATCH;
    if (pe == p_end) return se == s_end || (flags & FNM_LEADING_DIR) ? 0 : FNM_NOMATCH;
    if (se == s_end) return FNM_NOMATCH;
    p = pe + 1, s = se + 1;
  }
}

int fnmatch(const char *pattern, const char *name, int flags) {
  if (flags & FNM_PATHNAME) return match_path(pattern, name, flags);
  const char *p_end = pattern + strlen(pattern), *end = name + strlen(name);
  if (match_part(pattern, p_end, name, end, flags)) return 0;
  for (const char *s = name; (flags & FNM_LEADING_DIR) && *s != '\0'; s++)
    if (*s == '/' && match_part(pattern, p_end, name, s, flags)) return 0;
  return FNM_NOMATCH;
}
