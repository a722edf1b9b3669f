/* builtins.c - the commands that the shell itself has, because they change the shell or are used all the time. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "sh.h"

static int do_true(int argc, char **argv) { return (void)argc, (void)argv, 0; }
static int do_false(int argc, char **argv) { return (void)argc, (void)argv, 1; }

/* As dash: a backslash in the words means what it means in printf. */
static int do_echo(int argc, char **argv) {
  static const char letters[] = "abfnrtv\\", means[] = "\a\b\f\n\r\t\v\\";
  bool newline = argc < 2 || strcmp(argv[1], "-n") != 0;
  for (int i = newline ? 1 : 2, first = i; i < argc; i++) {
    if (i > first) putchar(' ');
    for (const char *s = argv[i]; *s != '\0'; s++) {
      const char *letter = *s == '\\' && s[1] != '\0' ? strchr(letters, s[1]) : NULL;
      if (*s == '\\' && s[1] == 'c') return 0;
      putchar(letter != NULL ? means[letter - letters] : *s);
      s += letter != NULL;
    }
  }
  if (newline) putchar('\n');
  return 0;
}

static int do_cd(int argc, char **argv) {
  char path[256];
  const char *to = argc > 1 ? argv[1] : variable("HOME");
  bool back = to != NULL && strcmp(to, "-") == 0;
  if (back) to = variable("OLDPWD");
  if (to == NULL || chdir(to) < 0) {
    complain("cd: %s: %s", to != NULL ? to : "HOME", to != NULL ? strerror(errno) : "is not set");
    return BAD_LINE;
  }
  const char *old = variable("PWD");
  if (old != NULL) set_variable("OLDPWD", old);
  if (getcwd(path, sizeof path) != NULL) set_variable("PWD", path);
  if (back) puts(path);
  return 0;
}

static int do_pwd(int argc, char **argv) {
  char path[256];
  (void)argc, (void)argv;
  if (getcwd(path, sizeof path) == NULL) {
    complain("pwd: %s", strerror(errno));
    return 1;
  }
  puts(path);
  return 0;
}

static int do_exit(int argc, char **argv) { leave(argc > 1 ? atoi(argv[1]) & 0xFF : sh.status); }

static int do_return(int argc, char **argv) {
  sh.returns = true;
  return argc > 1 ? atoi(argv[1]) : sh.status;
}

static int leave_loops(int argc, char **argv, bool go_on) {
  int n = argc > 1 ? atoi(argv[1]) : 1;
  if (n < 1) {
    complain("%s: %s: is not a number of loops", argv[0], argv[1]);
    abandon(BAD_LINE);
  }
  sh.breaks = n < sh.loops ? n : sh.loops;
  sh.continues = go_on;
  return 0;
}

static int do_break(int argc, char **argv) { return leave_loops(argc, argv, false); }
static int do_continue(int argc, char **argv) { return leave_loops(argc, argv, true); }

static char *joined(int argc, char **argv, int from) {
  struct text t = {0};
  text_add(&t, "", 0);
  for (int i = from; i < argc; i++) {
    if (i > from) text_put(&t, ' ');
    text_add(&t, argv[i], strlen(argv[i]));
  }
  return t.s;
}

static int do_eval(int argc, char **argv) { return run_text(joined(argc, argv, 1)); }

static char *whole_file(const char *path) {
  char piece[512];
  struct text t = {0};
  int fd = open(path, O_RDONLY);
  if (fd < 0) return NULL;
  text_add(&t, "", 0);
  for (ssize_t n; (n = read(fd, piece, sizeof piece)) > 0;) text_add(&t, piece, (size_t)n);
  close(fd);
  return t.s;
}

static int do_dot(int argc, char **argv) {
  char *text = argc > 1 ? whole_file(argv[1]) : NULL;
  if (text == NULL) {
    complain(".: %s: %s", argc > 1 ? argv[1] : "a file's name is missing", argc > 1 ? strerror(errno) : "");
    return BAD_LINE;
  }
  sh.functions++;
  int status = run_text(text);
  sh.functions--, sh.returns = false;
  return status;
}

/* export, readonly, local: names with or without values. */
static int each_name(int argc, char **argv, void (*act)(const char *), bool before) {
  int status = 0;
  for (int i = 1; i < argc; i++) {
    char *equals = strchr(argv[i], '=');
    size_t n = equals != NULL ? (size_t)(equals - argv[i]) : strlen(argv[i]);
    if (strcmp(argv[i], "-p") == 0) continue;
    if (!is_name(argv[i], n)) {
      complain("%s: %s: is not the name of a variable", argv[0], argv[i]);
      abandon(BAD_LINE);
    }
    const char *name = arena_text(argv[i], n);
    if (before) act(name);
    if (equals != NULL && !set_variable(name, equals + 1)) status = BAD_LINE;
    if (!before) act(name);
  }
  return status;
}

static int do_export(int argc, char **argv) {
  if (argc == 1) print_exports();
  return each_name(argc, argv, export_variable, false);
}

static int do_readonly(int argc, char **argv) { return each_name(argc, argv, protect_variable, false); }
static int do_local(int argc, char **argv) { return each_name(argc, argv, make_local, true); }

static int do_unset(int argc, char **argv) {
  bool function = argc > 1 && strcmp(argv[1], "-f") == 0;
  for (int i = 1 + (argc > 1 && argv[1][0] == '-'); i < argc; i++) {
    if (function)
      function_set(argv[i], NULL);
    else
      unset_variable(argv[i]);
  }
  return 0;
}

static int do_shift(int argc, char **argv) {
  int n = argc > 1 ? atoi(argv[1]) : 1;
  if (n < 0 || n > sh.argc) {
    complain("shift: there are not so many arguments");
    return BAD_LINE;
  }
  sh.argv += n, sh.argc -= n;
  return 0;
}

static bool set_option(char letter, bool on) {
  switch (letter) {
  case 'e': sh.exit_on_error = on; return true;
  case 'x': sh.trace = on; return true;
  case 'u': sh.no_unset = on; return true;
  case 'f': sh.no_globs = on; return true;
  default: return false;
  }
}

static int do_set(int argc, char **argv) {
  int i = 1;
  for (; i < argc && (argv[i][0] == '-' || argv[i][0] == '+') && argv[i][1] != '\0'; i++) {
    if (strcmp(argv[i], "--") == 0) break;
    for (const char *s = argv[i] + 1; *s != '\0'; s++)
      if (!set_option(*s, argv[i][0] == '-')) {
        complain("set: -%c: there is no such option", *s);
        abandon(BAD_LINE);
      }
  }
  if (i == argc) return 0;
  i += strcmp(argv[i], "--") == 0;
  sh.argc = argc - i;
  sh.argv = calloc((size_t)sh.argc + 1, sizeof *sh.argv); /* the old ones stay: a function may have them */
  for (int k = 0; k < sh.argc; k++) sh.argv[k] = strdup(argv[i + k]);
  return 0;
}

/* The variables of read: what is left of the line goes to the last one. */
static void assign_fields(char *line, int argc, char **argv, int i) {
  const char *ifs = variable("IFS") != NULL ? variable("IFS") : " \t\n";
  for (; i < argc; i++) {
    line += strspn(line, ifs);
    size_t n = i + 1 < argc ? strcspn(line, ifs) : strlen(line);
    bool more = line[n] != '\0';
    if (i + 1 == argc)
      while (n > 0 && strchr(ifs, line[n - 1]) != NULL && (line[n - 1] == ' ' || line[n - 1] == '\t')) n--;
    line[n] = '\0';
    set_variable(argv[i], line);
    line += n + more;
  }
}

static int do_read(int argc, char **argv) {
  struct text t = {0};
  bool raw = argc > 1 && strcmp(argv[1], "-r") == 0;
  char c;
  ssize_t n;
  text_add(&t, "", 0);
  fflush(NULL);
  while ((n = read(0, &c, 1)) == 1 && c != '\n') {
    if (c == '\\' && !raw) {
      if ((n = read(0, &c, 1)) != 1) break;
      if (c == '\n') continue;
    }
    text_put(&t, c);
  }
  if (argc == 1 + raw) {
    complain("read: the name of a variable is missing");
    return BAD_LINE;
  }
  assign_fields(t.s, argc, argv, 1 + raw);
  return n == 1 ? 0 : 1;
}

static int do_type(int argc, char **argv) {
  int status = 0;
  for (int i = 1; i < argc; i++) {
    char path[128];
    struct stat st;
    snprintf(path, sizeof path, "%s%s", strchr(argv[i], '/') != NULL ? "" : "/bin/", argv[i]);
    if (function_text(argv[i]) != NULL)
      printf("%s is a shell function\n", argv[i]);
    else if (find_builtin(argv[i]) != NULL)
      printf("%s is a shell builtin\n", argv[i]);
    else if (stat(path, &st) == 0)
      printf("%s is %s\n", argv[i], path);
    else
      printf("%s: not found\n", argv[i]), status = NOT_FOUND;
  }
  return status;
}

static int do_trap(int argc, char **argv) {
  if (argc != 3 || (strcmp(argv[2], "EXIT") != 0 && strcmp(argv[2], "0") != 0)) {
    complain("trap: only `trap COMMAND EXIT` is known");
    return 1;
  }
  sh.on_exit = strcmp(argv[1], "-") == 0 ? NULL : strdup(argv[1]);
  return 0;
}

static int do_help(int argc, char **argv) {
  (void)argc, (void)argv;
  puts("Commands are separated by ; && || | and & (which leaves one in the background).\n"
       "Files: < > >> 2>&1 <<END. Words: 'x' \"x\" \\x $x ${x:-y} $(command) $((1 + 2)) *.c\n"
       "if, while, until, for, case, { }, ( ), name() { }\n"
       "Of the shell itself: . bg break cd continue echo eval exec exit export false fg\n"
       "  help history jobs local pwd read readonly return set shift test trap true type\n"
       "  unset wait. Jobs are called %1, %2: kill %1, fg %1.\n"
       "Keys at a terminal: arrows, Home, End, Tab (completes commands and files),\n"
       "  ^W ^U ^K (take out a word, what is before and behind), ^Y (puts in again),\n"
       "  ^L ^C ^Z ^D\n"
       "Programs are in /bin; each tells by --help what it does:");
  fflush(NULL);
  return run_text("ls /bin");
}

static int do_exec(int argc, char **argv);

static const struct {
  const char *name;
  builtin *act;
  bool special;
} builtins[] = {
    {":", do_true, true},
    {".", do_dot, true},
    {"[", do_test, false},
    {"bg", do_bg, false},
    {"break", do_break, true},
    {"cd", do_cd, false},
    {"continue", do_continue, true},
    {"echo", do_echo, false},
    {"eval", do_eval, true},
    {"exec", do_exec, true},
    {"exit", do_exit, true},
    {"export", do_export, true},
    {"false", do_false, false},
    {"fg", do_fg, false},
    {"help", do_help, false},
    {"history", do_history, false},
    {"jobs", do_jobs, false},
    {"local", do_local, false},
    {"pwd", do_pwd, false},
    {"read", do_read, false},
    {"readonly", do_readonly, true},
    {"return", do_return, true},
    {"set", do_set, true},
    {"shift", do_shift, true},
    {"test", do_test, false},
    {"trap", do_trap, true},
    {"true", do_true, false},
    {"type", do_type, false},
    {"unset", do_unset, true},
    {"wait", do_wait, false},
};

builtin *find_builtin(const char *name) {
  for (size_t i = 0; i < sizeof builtins / sizeof builtins[0]; i++)
    if (strcmp(builtins[i].name, name) == 0) return builtins[i].act;
  return NULL;
}

void each_builtin(void (*act)(const char *name)) {
  for (size_t i = 0; i < sizeof builtins / sizeof builtins[0]; i++) act(builtins[i].name);
}

bool is_special(const char *name) {
  for (size_t i = 0; i < sizeof builtins / sizeof builtins[0]; i++)
    if (strcmp(builtins[i].name, name) == 0) return builtins[i].special;
  return false;
}

/* Without a command, the redirections of exec stay: run.c sees to that. */
static int do_exec(int argc, char **argv) {
  if (argc == 1) return 0;
  fflush(NULL);
  execvp(argv[1], argv + 1);
  int status = errno == ENOENT ? NOT_FOUND : CANNOT_RUN;
  complain("%s: %s", argv[1], errno == ENOENT ? "no such program" : strerror(errno));
  abandon(status);
}
