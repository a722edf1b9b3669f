/* kill [-SIGNAL] PID... - ends processes. SIGNAL is a number, or the name of one. */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

static const struct {
  const char *name;
  int number;
} signals[] = {
    {"INT", SIGINT}, {"ILL", SIGILL},   {"TRAP", SIGTRAP}, {"ABRT", SIGABRT},
    {"BUS", SIGBUS}, {"KILL", SIGKILL}, {"SEGV", SIGSEGV}, {"TERM", SIGTERM},
};

/* The number of -15, -TERM or -SIGTERM; -1 if there is none. */
static int signal_number(const char *text) {
  char *end;
  long n = strtol(text, &end, 10);
  if (end > text && *end == '\0') return (int)n;
  if (strncasecmp(text, "SIG", 3) == 0) text += 3;
  for (size_t i = 0; i < sizeof signals / sizeof signals[0]; i++)
    if (strcasecmp(text, signals[i].name) == 0) return signals[i].number;
  return -1;
}

static int end(const char *pid, int number) {
  if (kill(atoi(pid), number) == 0) return 0;
  perror(pid);
  return 1;
}

int main(int argc, char **argv) {
  int status = 0, number = SIGTERM, first = 1;
  if (argc > 1 && argv[1][0] == '-') number = signal_number(argv[first++] + 1);
  if (number < 0 || first == argc) {
    fprintf(stderr, "usage: kill [-SIGNAL] PID...\n");
    return 2;
  }
  for (int i = first; i < argc; i++) status |= end(argv[i], number);
  return status;
}
