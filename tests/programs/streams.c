/* streams.c - streams in memory, positions, signals that a process sends itself, the locale; the host's library is the
 * oracle (tests/libc.t). */
#define _GNU_SOURCE
#include <errno.h>
#include <limits.h>
#include <locale.h>
#include <setjmp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static void written_memory(void) {
  char *text = NULL;
  size_t size = 0;
  FILE *f = open_memstream(&text, &size);
  for (int i = 0; i < 500; i++) fprintf(f, "%d,", i);
  fflush(f);
  printf("%zu %.20s ", size, text);
  fseek(f, 2, SEEK_SET);
  fputs("##2,3,4", f);
  fflush(f);
  printf("%zu ", size);
  fclose(f);
  printf("%.8s\n", text);
  free(text);
}

static void fixed_memory(void) {
  static const char *const modes[] = {"r", "w", "a", "r+", "w+", "a+"};
  for (int i = 0; i < 6; i++) {
    char data[24] = "one two three", line[30] = "";
    FILE *f = fmemopen(data, sizeof data, modes[i]);
    int written = fputs("WORDS", f), word = 0;
    fflush(f);
    long at = ftell(f);
    rewind(f);
    char *got = fgets(line, sizeof line, f);
    printf("%s: %d %ld %d [%s] %d", modes[i], written >= 0, written >= 0 ? at : 0L, got != NULL,
           got ? line : "", word);
    fclose(f);
    printf(" [%s]\n", data);
  }
  FILE *f = fmemopen((char *)"12 0x1f rest\nline", 17, "r");
  int a, b, c;
  printf("%d ", fscanf(f, "%d %i", &a, &b));
  c = fgetc(f);
  ungetc(c, f);
  fpos_t position;
  fgetpos(f, &position);
  char line[20];
  printf("%d %d [%s]", a, b, fgets(line, sizeof line, f));
  printf(" %ld", ftell(f));
  fsetpos(f, &position);
  printf(" [%s]", fgets(line, sizeof line, f));
  printf(" %d\n", feof(f));
  char *text = NULL;
  size_t size = 0;
  ssize_t n;
  rewind(f);
  while ((n = getdelim(&text, &size, ' ', f)) > 0) printf("%d:%s|", (int)n, text);
  free(text);
  fclose(f);
  putchar('\n');
}

static void temporary(void) {
  FILE *f = tmpfile();
  for (int i = 0; i < 1000; i++) fprintf(f, "%05d\n", i);
  char line[10];
  fseek(f, 6 * 777, SEEK_SET);
  printf("%s", fgets(line, sizeof line, f));
  fseeko(f, -6, SEEK_END);
  printf("%s", fgets(line, sizeof line, f));
  printf("%d ", fgetc(f));
  printf("%d\n", feof(f));
  fclose(f);
  char full[4] = "";
  f = fmemopen(full, sizeof full, "w");
  setvbuf(f, NULL, _IONBF, 0);
  printf("%d\n", fputs("too long for that", f) < 0 || ferror(f));
  fclose(f);
}

static volatile sig_atomic_t got[NSIG], order;
static sigjmp_buf out;

static void note(int number) { got[number] = ++order; }
static void jump(int number) { siglongjmp(out, number); }
static void inform(int number, siginfo_t *info, void *context) {
  (void)context;
  got[number] = info->si_signo + 100;
}

static void signals(void) {
  struct sigaction action = {.sa_handler = note, .sa_flags = (int)SA_RESETHAND}, before;
  sigset_t set, old;
  printf("%d ", signal(SIGINT, note) == SIG_DFL);
  printf("%d ", signal(SIGINT, note) == note);
  raise(SIGINT);
  signal(SIGTERM, SIG_IGN);
  raise(SIGTERM), raise(SIGCHLD);
  printf("%d %d %d ", got[SIGINT], got[SIGTERM], signal(SIGKILL, note) == SIG_ERR && errno == EINVAL);
  sigaction(SIGUSR1, &action, NULL);
  raise(SIGUSR1);
  sigaction(SIGUSR1, NULL, &before);
  printf("%d %d ", got[SIGUSR1], before.sa_handler == SIG_DFL);
  action.sa_flags = SA_SIGINFO, action.sa_sigaction = inform;
  sigaction(SIGUSR2, &action, NULL);
  raise(SIGUSR2);
  sigemptyset(&set), sigaddset(&set, SIGINT);
  sigprocmask(SIG_BLOCK, &set, &old);
  raise(SIGINT);
  int held = got[SIGINT];
  sigset_t pending;
  sigpending(&pending);
  printf("%d %d %d %d ", got[SIGUSR2], held, sigismember(&pending, SIGINT), sigismember(&old, SIGINT));
  sigprocmask(SIG_SETMASK, &old, NULL);
  printf("%d ", got[SIGINT]);
  signal(SIGFPE, jump);
  volatile int times = 0;
  int number = sigsetjmp(out, 1);
  if (++times < 3) raise(SIGFPE);
  printf("%d %d\n", number, times);
  for (int i = 1; i < 16; i++) printf("%s, ", strsignal(i));
  putchar('\n');
}

static void locale(void) {
  struct lconv *l = localeconv();
  printf("%s %s %d %s[%s]%d\n", setlocale(LC_ALL, NULL), setlocale(LC_ALL, "C"),
         setlocale(LC_ALL, "xx_YY") == NULL, l->decimal_point, l->thousands_sep, l->frac_digits == CHAR_MAX);
}

static void aborted(int number) {
  printf("aborted by %d\n", number);
  fflush(stdout);
  _exit(5);
}

int main(void) {
  written_memory();
  fixed_memory();
  temporary();
  signals();
  locale();
  dprintf(STDOUT_FILENO, "%s", "");
  fflush(stdout);
  dprintf(STDOUT_FILENO, "%d %s\n", 42, "direct");
  signal(SIGABRT, aborted);
  abort();
}
