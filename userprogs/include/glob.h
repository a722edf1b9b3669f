/* glob.h - the names of files that match a shell's pattern. */
#ifndef _GLOB_H
#define _GLOB_H
#include <sys/cdefs.h>
#include <stddef.h>

typedef struct {
  size_t gl_pathc;
  char **gl_pathv;
  size_t gl_offs;
  int gl_flags;
} glob_t;

#define GLOB_ERR 1  /* stop at a folder that cannot be read */
#define GLOB_MARK 2 /* a slash behind folders */
#define GLOB_NOSORT 4
#define GLOB_DOOFFS 8   /* gl_offs empty places first */
#define GLOB_NOCHECK 16 /* a pattern that matches nothing is a result */
#define GLOB_APPEND 32
#define GLOB_NOESCAPE 64
#define GLOB_NOSPACE 1
#define GLOB_ABORTED 2
#define GLOB_NOMATCH 3

__BEGIN_DECLS
/* 0 or one of the three above. globfree frees what the result holds. */
int glob(const char *__restrict pattern, int flags, int (*on_error)(const char *path, int error),
         glob_t *__restrict result);
void globfree(glob_t *result);
__END_DECLS

#endif
