/* search.h - a hash table, binary trees, linear search and lists, as POSIX has them. */
#ifndef _SEARCH_H
#define _SEARCH_H
#include <sys/cdefs.h>
#include <stddef.h>

typedef enum { FIND, ENTER } ACTION;
typedef struct entry {
  char *key;
  void *data;
} ENTRY;
typedef enum { preorder, postorder, endorder, leaf } VISIT;

__BEGIN_DECLS
/* One table for the program, which grows: 0 means no memory. The table owns neither keys nor data. */
int hcreate(size_t count);
void hdestroy(void);
/* NULL: not found (ESRCH), or no memory (ENOMEM). */
ENTRY *hsearch(ENTRY item, ACTION action);

/* Each node is a pointer to a pointer to the key. The trees are balanced. */
void *tsearch(const void *key, void **root, int (*compare)(const void *, const void *));
void *tfind(const void *key, void *const *root, int (*compare)(const void *, const void *));
/* The parent of the node that is gone (some pointer for the root's), or NULL: there was none. */
void *tdelete(const void *__restrict key, void **__restrict root, int (*compare)(const void *, const void *));
void twalk(const void *root, void (*action)(const void *node, VISIT which, int depth));
#if __SHOW_ALL
void tdestroy(void *root, void (*free_key)(void *key));
#endif

void *lfind(const void *key, const void *base, size_t *count, size_t bytes,
            int (*compare)(const void *, const void *));
/* The same; what is not found is added at the end, for which there must be room. */
void *lsearch(const void *key, void *base, size_t *count, size_t bytes,
              int (*compare)(const void *, const void *));

/* An element begins with pointers to the next and the previous one. */
void insque(void *element, void *before);
void remque(void *element);
__END_DECLS

#endif
