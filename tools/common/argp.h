/* argp.h - command lines: options, arguments, --help, --usage and --version. The names and their meanings are those of
 * glibc's argp, of which this is the part that Trapeze needs: other C libraries have none.
 *
 * A parser is a struct argp: rows of options, and a function that is told each option and argument. It may have
 * children, whose options are allowed, too. Options may stand between arguments, unless ARGP_IN_ORDER is given; `--`
 * ends them. A long option may be shortened as long as it stays unique. Texts may contain "{doc}" once, for the folder
 * of the installed documents. */
#ifndef ARGP_H
#define ARGP_H

#include <errno.h>
#include <stdbool.h>

typedef int error_t; /* 0, a number of errno, or ARGP_ERR_UNKNOWN: the key means nothing to this parser */
#define ARGP_ERR_UNKNOWN E2BIG

struct argp_option {
  const char *name; /* the long name; NULL: none. A row with neither name nor key ends the table */
  int key;          /* what the parser is told; a printable character is the short option, too */
  const char *arg;  /* the argument's name in the help; NULL: the option has none */
  int flags;        /* OPTION_... */
  const char *doc;
  int group; /* in the help, an empty line stands before rows of another group */
};
enum { OPTION_ARG_OPTIONAL = 1, OPTION_HIDDEN = 2 };

struct argp_state {
  int argc;
  char **argv;
  int next;            /* the index in argv of what comes next; a parser told ARGP_KEY_ARGS may move it */
  void *input;         /* the parser's own */
  void **child_inputs; /* those of its children, to be set when the parser is told ARGP_KEY_INIT */
  const char *name;    /* of the program, for messages */
};

enum {
  ARGP_KEY_ARG = 0, /* an argument */
  ARGP_KEY_ARGS =
      0x1000006, /* all arguments from `next` on, told if ARGP_KEY_ARG was unknown to every parser */
  ARGP_KEY_END = 0x1000001,     /* the end of the command line */
  ARGP_KEY_NO_ARGS = 0x1000002, /* before that: there was no argument for this parser */
  ARGP_KEY_INIT = 0x1000003     /* the beginning */
};

/* Is told an option's key, or ARGP_KEY_..., and its argument; NULL: there is none. */
typedef error_t argp_parser(int key, char *arg, struct argp_state *state);

struct argp_child {
  const struct argp *argp; /* NULL ends the table */
  int flags;               /* 0 */
  const char *header;      /* a line before its options in the help; may be NULL */
  int group;               /* not used */
};

struct argp {
  const struct argp_option *options;
  argp_parser *parser;
  const char *args_doc; /* the arguments, for "Usage:"; one line for each form */
  const char *doc;      /* a text before the options, and, after a \v, one behind them */
  const struct argp_child *children;
};

enum { ARGP_IN_ORDER = 8 }; /* arguments are told where they stand between the options */

/* Parses argv[1] to argv[argc - 1]; argv[0] is the name in messages. `input` is for the first parser. Ends the process
 * after --help, --usage and --version, and with argp_err_exit_status after an error. Returns 0, or the error of a parser.
 * argv's words may change their order. */
error_t argp_parse(const struct argp *argp, int argc, char **argv, unsigned flags, void *input);

/* Print the message, after the program's name, on the standard error. argp_error says how to get help, and ends the process
 * with argp_err_exit_status; argp_failure adds errno's text unless `number` is 0, and ends it with `status`. */
_Noreturn void argp_error(const struct argp_state *state, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
_Noreturn void argp_failure(const struct argp_state *state, int status, int number, const char *format, ...)
    __attribute__((format(printf, 4, 5)));
/* Prints the usage there, and ends the process as argp_error does. */
_Noreturn void argp_usage(const struct argp_state *state);

extern int argp_err_exit_status;         /* at first EX_USAGE of sysexits.h, 64 */
extern const char *argp_program_version; /* each program defines its own */

/* A copy of a text with the folder of the installed documents in place of the first "{doc}". malloc'ed. */
char *argp_with_documents(const char *text);

/* argp.c's own, from argp_help.c */
struct argp_help {
  const struct argp *argp;
  const char *name;
};
void argp_write_usage(const struct argp_help *h, bool to_stderr);
void argp_write_help(const struct argp_help *h);
extern const struct argp_option argp_standard[]; /* --help, --usage and --version */
enum { ARGP_HELP = '?', ARGP_USAGE = 0x7F00, ARGP_VERSION = 'V' };

#endif
