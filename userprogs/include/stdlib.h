/* stdlib.h - memory, numbers from strings, sorting, the end of the program. */
#ifndef _STDLIB_H
#define _STDLIB_H
#include <sys/cdefs.h>
#include <stddef.h>

#define EXIT_SUCCESS 0
#define EXIT_FAILURE 1
#define RAND_MAX 0x7FFFFFFF
#define MB_CUR_MAX 1

typedef struct {
  int quot, rem;
} div_t;
typedef struct {
  long quot, rem;
} ldiv_t;
typedef struct {
  long long quot, rem;
} lldiv_t;

__BEGIN_DECLS
void *malloc(size_t bytes);
void *calloc(size_t count, size_t bytes);
void *realloc(void *old, size_t bytes);
#if __SHOW_ALL
void *reallocarray(void *old, size_t count, size_t bytes);
#endif
void free(void *p);
#if __SHOW_C11
void *aligned_alloc(size_t alignment, size_t bytes);
#endif
#if __SHOW_POSIX
int posix_memalign(void **result, size_t alignment, size_t bytes);
#endif

double atof(const char *s);
double strtod(const char *__restrict s, char **__restrict end);
#if __SHOW_C99
float strtof(const char *__restrict s, char **__restrict end);
#endif
int atoi(const char *s);
long atol(const char *s);
#if __SHOW_C99
long long atoll(const char *s);
#endif
long strtol(const char *__restrict s, char **__restrict end, int base);
unsigned long strtoul(const char *__restrict s, char **__restrict end, int base);
#if __SHOW_C99
long long strtoll(const char *__restrict s, char **__restrict end, int base);
unsigned long long strtoull(const char *__restrict s, char **__restrict end, int base);
#endif

int abs(int n);
long labs(long n);
#if __SHOW_C99
long long llabs(long long n);
#endif
div_t div(int a, int b);
ldiv_t ldiv(long a, long b);
#if __SHOW_C99
lldiv_t lldiv(long long a, long long b);
#endif
int rand(void);
void srand(unsigned seed);

/* Stable, like glibc's: equal elements keep their order. */
void qsort(void *base, size_t count, size_t bytes, int (*compare)(const void *, const void *));
void *bsearch(const void *key, const void *base, size_t count, size_t bytes,
              int (*compare)(const void *, const void *));

__NORETURN void exit(int status);
#if __SHOW_C99
__NORETURN void _Exit(int status);
#endif
__NORETURN void abort(void);
int atexit(void (*function)(void));
/* There is no environment: always NULL. */
char *getenv(const char *name);
__END_DECLS

#endif
