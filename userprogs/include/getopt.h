/* getopt.h - the options of a command line, short and long, as POSIX and GNU have them. */
#ifndef _GETOPT_H
#define _GETOPT_H
#include <sys/cdefs.h>

struct option {
  const char *name; /* the last one's is NULL */
  int has_arg;      /* one of: */
#define no_argument 0
#define required_argument 1
#define optional_argument 2
  int *flag; /* NULL: getopt_long returns val; else it sets *flag to val and returns 0 */
  int val;
};

__BEGIN_DECLS
/* The argument of the option just returned; the next word to look at (0: start anew); whether to print errors; and the
 * letter of an option that was wrong. */
extern char *optarg;
extern int optind, opterr, optopt;

/* The next option, '?' after an error (':' for a missing argument, if `letters` begins with ':'), -1 at the end. Words
 * that are no options go to the end of argv, unless `letters` begins with '+' (they end the options) or '-' (each
 * comes as the argument of option 1). A letter with ':' has an argument, one with '::' may have one. */
int getopt(int argc, char *const argv[], const char *letters);
/* Also --name, --name=argument, and any beginning of a name that fits only one. *index, if index is not NULL, becomes
 * the index of the long option. */
int getopt_long(int argc, char *const argv[], const char *letters, const struct option *options, int *index);
/* The same; a single - begins a long option, too. */
int getopt_long_only(int argc, char *const argv[], const char *letters, const struct option *options,
                     int *index);
__END_DECLS

#endif
