/* regex.h - regular expressions: POSIX's basic and extended ones, and GNU's additions to both.
 *
 * A match is the leftmost, and of those that begin there the longest. In it, what comes first takes as much as it can.
 * Additions: \w \W \s \S \b \B \< \> \` \' in both kinds, \+ \? \| in basic ones, and \1 to \9 in extended ones. A
 * character is a byte.
 *
 * The time grows with the product of both lengths, not exponentially: (a*)*b is as harmless as any other pattern. Only
 * \1 to \9 need backtracking; regexec gives up after a few million steps, and answers REG_ESPACE. */
#ifndef _REGEX_H
#define _REGEX_H
#include <sys/cdefs.h>
#include <stddef.h>

typedef int regoff_t;
typedef struct {
  size_t re_nsub; /* groups in parentheses */
  void *__pattern;
} regex_t;
typedef struct {
  regoff_t rm_so, rm_eo; /* the first byte, and the one behind the last; -1: no part of the match */
} regmatch_t;

/* for regcomp */
#define REG_EXTENDED 1
#define REG_ICASE 2
#define REG_NEWLINE 4 /* ^ and $ match at newlines, too; . and [^x] match none */
#define REG_NOSUB 8   /* regexec says only whether */
/* for regexec */
#define REG_NOTBOL 1
#define REG_NOTEOL 2
#define REG_STARTEND 4 /* the text is that from matches[0].rm_so to rm_eo, and may contain NUL */

enum {
  REG_NOERROR,
  REG_NOMATCH,
  REG_BADPAT,
  REG_ECOLLATE,
  REG_ECTYPE,
  REG_EESCAPE,
  REG_ESUBREG,
  REG_EBRACK,
  REG_EPAREN,
  REG_EBRACE,
  REG_BADBR,
  REG_ERANGE,
  REG_ESPACE,
  REG_BADRPT,
  REG_EEND,
  REG_ESIZE,
  REG_ERPAREN
};

__BEGIN_DECLS
/* 0, or one of the errors: then nothing is to be freed. */
int regcomp(regex_t *__restrict regex, const char *__restrict pattern, int flags);
/* 0 and `n` matches, the first of the whole and the others of the groups; REG_NOMATCH; or REG_ESPACE. */
int regexec(const regex_t *__restrict regex, const char *__restrict text, size_t n,
            regmatch_t *__restrict matches, int flags);
/* What an error means: at most `size` bytes of it, with the NUL. Answers the bytes that all of it needs. */
size_t regerror(int error, const regex_t *__restrict regex, char *__restrict to, size_t size);
void regfree(regex_t *regex);
__END_DECLS

#endif
