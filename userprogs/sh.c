/* sh - the shell.
 *
 *   sh             reads commands from the console, with a prompt
 *   sh FILE        reads them from a file
 *   sh -c LINE     executes one line
 *
 * A line is commands separated by ; && || or &, each a program with its arguments; & leaves it in the
 * background. Words may be quoted with ' " and \. A # begins a comment, $? is the last exit status.
 * There are no pipes and no redirections, because the kernel has none. */
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>
#include "pg32.h"

#define WORDS_MAX 64
#define JOBS_MAX 16
#define CANNOT_RUN 127
#define BAD_LINE 2

enum end { END_LINE, END_SEQUENCE, END_AND, END_OR, END_BACKGROUND }; /* what follows a command */

struct command {
  int words;
  char *word[WORDS_MAX + 1];
  enum end end;
};

struct job {
  pid_t pid; /* 0: this entry is free */
  char name[PROC_NAME];
};

struct shell {
  struct job jobs[JOBS_MAX];
  char *text;  /* the words of a command, unquoted */
  size_t room; /* of `text` */
  int status;  /* of the last command */
  bool interactive;
};

/* ---- words ---- */

struct reader {
  const char *from; /* what is left of the line */
  char *to;         /* where the next character of a word goes */
};

static bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; }
static bool ends_word(char c) { return c == '\0' || is_blank(c) || strchr(";&|#", c) != NULL; }

static void put(struct reader *r, char c) { *r->to++ = c; }

static void put_number(struct reader *r, int n) {
  char digits[12];
  snprintf(digits, sizeof digits, "%d", n);
  for (const char *p = digits; *p != '\0'; p++) put(r, *p);
}

/* One character of a word, or $?. */
static void read_character(struct reader *r, int status, bool literal) {
  if (!literal && r->from[0] == '$' && r->from[1] == '?') {
    put_number(r, status);
    r->from += 2;
    return;
  }
  if (!literal && r->from[0] == '\\' && r->from[1] != '\0') r->from++;
  put(r, *r->from++);
}

static bool read_quoted(struct reader *r, int status) {
  char quote = *r->from++;
  while (*r->from != quote) {
    if (*r->from == '\0') return false;
    read_character(r, status, quote == '\'');
  }
  r->from++;
  return true;
}

/* The next word, NUL-terminated; NULL when a quote is left open. */
static char *read_word(struct reader *r, int status) {
  char *word = r->to;
  while (!ends_word(*r->from)) {
    if (*r->from != '\'' && *r->from != '"')
      read_character(r, status, false);
    else if (!read_quoted(r, status))
      return NULL;
  }
  put(r, '\0');
  return word;
}

static enum end read_end(struct reader *r) {
  const char *at = r->from;
  if (*at == '\0' || *at == '#') return END_LINE;
  r->from += at[0] != ';' && at[1] == at[0] ? 2 : 1;
  if (at[0] == ';') return END_SEQUENCE;
  if (at[0] == '|') return END_OR;
  return at[1] == '&' ? END_AND : END_BACKGROUND;
}

/* Takes the next command of the line. Returns what is wrong with it, or NULL. */
static const char *read_command(struct reader *r, int status, struct command *command) {
  command->words = 0;
  for (;;) {
    while (is_blank(*r->from)) r->from++;
    if (ends_word(*r->from)) break;
    if (command->words == WORDS_MAX) return "too many words";
    char *word = read_word(r, status);
    if (word == NULL) return "a quote is not closed";
    command->word[command->words++] = word;
  }
  command->word[command->words] = NULL;
  if (r->from[0] == '|' && r->from[1] != '|') return "there are no pipes";
  command->end = read_end(r);
  if (command->words == 0 && command->end != END_LINE) return "a command is missing";
  return NULL;
}

/* ---- jobs ---- */

/* Says which signal ended a process, if one did. Returns its status as shells count: 128 + the signal. */
static int report(const char *name, int status) {
  if (!WIFSIGNALED(status)) return WEXITSTATUS(status);
  fprintf(stderr, "%s: killed by signal %d\n", name, WTERMSIG(status));
  return 128 + WTERMSIG(status);
}

static void job_add(struct shell *sh, pid_t pid, const char *name) {
  const char *base = strrchr(name, '/') != NULL ? strrchr(name, '/') + 1 : name;
  for (struct job *job = sh->jobs; job < sh->jobs + JOBS_MAX; job++) {
    if (job->pid != 0) continue;
    job->pid = pid;
    snprintf(job->name, sizeof job->name, "%s", base);
    break;
  }
  printf("[%d]\n", pid);
}

static void job_done(struct shell *sh, pid_t pid, int status) {
  for (struct job *job = sh->jobs; job < sh->jobs + JOBS_MAX; job++) {
    if (job->pid != pid) continue;
    job->pid = 0;
    int code = report(job->name, status);
    if (!WIFSIGNALED(status)) printf("[%d] %s: exit status %d\n", pid, job->name, code);
    return;
  }
}

static void reap(struct shell *sh, int options) {
  int status;
  for (pid_t pid; (pid = waitpid(-1, &status, options)) > 0;) job_done(sh, pid, status);
}

/* ---- builtins ---- */

static int do_help(struct shell *sh, struct command *command) {
  (void)sh, (void)command;
  puts("Commands are separated by ; && || and &, which leaves a program in the background.\n"
       "Of the shell itself: exit [STATUS], wait, help. Programs are in /bin:");
  return -1;
}

static int do_wait(struct shell *sh, struct command *command) {
  (void)command;
  reap(sh, 0);
  return 0;
}

static int do_exit(struct shell *sh, struct command *command) {
  exit(command->words > 1 ? atoi(command->word[1]) : sh->status);
}

static const struct {
  const char *name;
  int (*act)(struct shell *sh, struct command *command); /* -1: go on with `ls /bin` */
} builtins[] = {{"exit", do_exit}, {"wait", do_wait}, {"help", do_help}};

/* ---- execution ---- */

_Noreturn static void become(struct command *command) {
  execvp(command->word[0], command->word);
  const char *why = errno == ENOENT   ? "no such program"
                    : errno == ENOMEM ? "too large for the memory that is left (try a larger --ram)"
                                      : strerror(errno);
  fprintf(stderr, "%s: %s\n", command->word[0], why);
  exit(CANNOT_RUN);
}

static int run_program(struct shell *sh, struct command *command) {
  int status = 0;
  fflush(NULL);
  pid_t pid = fork();
  if (pid == 0) become(command);
  if (pid < 0) {
    perror("sh: fork");
    return CANNOT_RUN;
  }
  if (command->end == END_BACKGROUND) {
    job_add(sh, pid, command->word[0]);
    return 0;
  }
  while (waitpid(pid, &status, 0) < 0 && errno == EINTR) {
  }
  return report(command->word[0], status);
}

static int run_command(struct shell *sh, struct command *command) {
  static struct command list_programs = {2, {"ls", "/bin", NULL}, END_LINE};
  for (size_t i = 0; i < sizeof builtins / sizeof builtins[0]; i++) {
    if (strcmp(command->word[0], builtins[i].name) != 0) continue;
    int status = builtins[i].act(sh, command);
    return status >= 0 ? status : run_program(sh, &list_programs);
  }
  return run_program(sh, command);
}

/* Does the next command run, after one that ended with `end` and had that status? */
static bool goes_on(enum end end, int status) {
  return end == END_AND ? status == 0 : end == END_OR ? status != 0 : true;
}

/* Makes room for the words of a line. A word takes as much as it has in the line and a NUL; only $? takes more. False:
 * no memory. */
static bool make_room(struct shell *sh, const char *line) {
  size_t needed = 3 * strlen(line) + 16;
  if (needed <= sh->room) return true;
  char *text = realloc(sh->text, needed);
  if (text != NULL) sh->text = text, sh->room = needed;
  return text != NULL;
}

static void run_line(struct shell *sh, const char *line) {
  if (!make_room(sh, line)) {
    fprintf(stderr, "sh: the line is too long for the memory that is left\n");
    sh->status = BAD_LINE;
    return;
  }
  struct reader reader = {line, sh->text};
  struct command command;
  bool go = true;
  do {
    const char *wrong = read_command(&reader, sh->status, &command);
    if (wrong != NULL) {
      fprintf(stderr, "sh: %s\n", wrong);
      sh->status = BAD_LINE;
      return;
    }
    if (go && command.words > 0) sh->status = run_command(sh, &command);
    go = goes_on(command.end, sh->status);
    reader.to = sh->text;
  } while (command.end != END_LINE);
}

static void run_stream(struct shell *sh, FILE *from) {
  char *line = NULL;
  size_t room = 0;
  for (;;) {
    reap(sh, WNOHANG);
    if (sh->interactive) printf("$ ");
    if (getline(&line, &room, from) < 0) break;
    run_line(sh, line);
  }
  free(line);
  if (sh->interactive) printf("\n");
}

static int run_file(struct shell *sh, const char *path) {
  FILE *f = fopen(path, "r");
  if (f == NULL) {
    perror(path);
    return CANNOT_RUN;
  }
  run_stream(sh, f);
  fclose(f);
  return sh->status;
}

int main(int argc, char **argv) {
  static struct shell sh;
  if (argc == 3 && strcmp(argv[1], "-c") == 0) {
    run_line(&sh, argv[2]);
    return sh.status;
  }
  if (argc == 2) return run_file(&sh, argv[1]);
  if (argc > 2) {
    fprintf(stderr, "usage: sh [FILE | -c LINE]\n");
    return BAD_LINE;
  }
  sh.interactive = true;
  console_mode(CONSOLE_ECHO);
  run_stream(&sh, stdin);
  return sh.status;
}
