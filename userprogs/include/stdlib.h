/* stdlib.h - memory, numbers from strings, sorting, the end of the program. */
#ifndef _STDLIB_H
#define _STDLIB_H
#include <sys/cdefs.h>
#include <stddef.h>

#define EXIT_SUCCESS 0
#define EXIT_FAILURE 1
#define RAND_MAX 0x7FFFFFFF
#define MB_CUR_MAX 4 /* UTF-8 */

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

#if __SHOW_POSIX
/* The environment of a program is empty at first; what it puts there, it can read itself. */
int setenv(const char *name, const char *value, int replace);
int unsetenv(const char *name);
int putenv(char *string);
#endif
#if __SHOW_ALL
int clearenv(void);
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
#if __SHOW_C99
long double strtold(const char *__restrict s, char **__restrict end);
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
#if __SHOW_POSIX
int rand_r(unsigned *state);
/* The numbers that these give for a seed are those of other libraries. */
long random(void);
void srandom(unsigned seed);
char *initstate(unsigned seed, char *memory, size_t bytes);
char *setstate(char *memory);
double drand48(void);
double erand48(unsigned short state[3]);
long lrand48(void);
long nrand48(unsigned short state[3]);
long mrand48(void);
long jrand48(unsigned short state[3]);
void srand48(long seed);
unsigned short *seed48(unsigned short seed[3]);
void lcong48(unsigned short words[7]);
long a64l(const char *s);
char *l64a(long n);
/* The option at *rest: its index in `names`, or -1; *value is what follows its =. */
int getsubopt(char **rest, char *const *names, char **value);
/* The path without symbolic links, . and .. in `result` (PATH_MAX bytes) or, if that is NULL, memory to be freed. */
char *realpath(const char *__restrict path, char *__restrict result);
/* A new file, open for reading and writing: its descriptor, or -1. Or a new folder: its name, or NULL. The name must end
 * in XXXXXX, which becomes something that is new. */
int mkstemp(char *name);
char *mkdtemp(char *name);
#endif

/* A multibyte character is UTF-8. */
int mblen(const char *s, size_t n);
int mbtowc(wchar_t *__restrict wide, const char *__restrict s, size_t n);
int wctomb(char *s, wchar_t wide);
size_t mbstowcs(wchar_t *__restrict to, const char *__restrict from, size_t n);
size_t wcstombs(char *__restrict to, const wchar_t *__restrict from, size_t n);

/* Stable, like glibc's: equal elements keep their order. */
void qsort(void *base, size_t count, size_t bytes, int (*compare)(const void *, const void *));
#if __SHOW_ALL
/* Not stable. */
void qsort_r(void *base, size_t count, size_t bytes, int (*compare)(const void *, const void *, void *),
             void *argument);
#endif
void *bsearch(const void *key, const void *base, size_t count, size_t bytes,
              int (*compare)(const void *, const void *));

__NORETURN void exit(int status);
#if __SHOW_C99
__NORETURN void _Exit(int status);
#endif
__NORETURN void abort(void);
int atexit(void (*function)(void));
#if __SHOW_C11
__NORETURN void quick_exit(int status);
int at_quick_exit(void (*function)(void));
#endif
/* Runs a line in the shell; what waitpid says about its end. NULL: whether there is a shell. */
int system(const char *line);
char *getenv(const char *name);
__END_DECLS

#endif
