/* console.c - a guest's console on this process's terminal, pipes or files.
 *
 * On a terminal every key goes to the innermost guest, Ctrl-C too; only Ctrl-A is ours. The terminal is given
 * back however the process ends. Output processing stays on, so that the guest's newlines look the same as in
 * a file. */
#define _GNU_SOURCE /* ppoll */
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

#include "trapeze.h"

#define CTRL_A 1
#define BOOT_NS 300000000 /* a guest that has not waited by then is not going to be a shell */
#define ENOUGH 4096       /* when the guest has so many unread bytes, no more are read from a pipe */

/* ---- the terminal: a process has only one, so its state is at file scope ---- */

static struct termios saved;
static volatile sig_atomic_t raw;
static const int fatal[] = {SIGQUIT, SIGILL, SIGABRT, SIGBUS, SIGFPE, SIGSEGV};

void terminal_restore(void) {
  if (!raw) return;
  raw = 0;
  tcsetattr(STDIN_FILENO, TCSADRAIN, &saved);
}

static void on_fatal(int signal_number) {
  terminal_restore();
  raise(signal_number); /* SA_RESETHAND: the default action, this time */
}

static void set_raw(void) {
  struct termios t = saved;
  t.c_iflag &= ~(tcflag_t)(BRKINT | INPCK | ISTRIP | IXON);
  t.c_lflag &= ~(tcflag_t)(ECHO | ICANON | IEXTEN | ISIG);
  t.c_cc[VMIN] = 1;
  t.c_cc[VTIME] = 0;
  raw = tcsetattr(STDIN_FILENO, TCSADRAIN, &t) == 0;
}

static void on_continue(int signal_number) {
  (void)signal_number;
  int error = errno;
  if (raw) set_raw(); /* another process may have changed the terminal meanwhile */
  errno = error;
}

static bool terminal_take(void) {
  if (!isatty(STDIN_FILENO) || tcgetattr(STDIN_FILENO, &saved) != 0) return false;
  struct sigaction action = {.sa_handler = on_fatal, .sa_flags = SA_RESETHAND | SA_NODEFER};
  for (size_t i = 0; i < sizeof fatal / sizeof *fatal; i++) sigaction(fatal[i], &action, NULL);
  sigaction(SIGCONT, &(struct sigaction){.sa_handler = on_continue, .sa_flags = SA_RESTART}, NULL);
  atexit(terminal_restore);
  set_raw();
  return raw;
}

/* ---- output ---- */

static void lost(struct console *c) {
  if (errno == EPIPE) {
    c->broken = c->leave = true;
    machine_stop(c->m);
  } else if (errno != EINTR) {
    die(STATUS_USAGE, "cannot write console output: %s", strerror(errno));
  }
}

/* Our kernels' message of a fault that ends a process has these words. Other output may have them, too: so the message is
 * only the reason to look at the run, and what is said of the death does not rest on it. */
static void look_for_fault(struct console *c, uint8_t byte) {
  static const char words[] = ", pc 0x";
  c->matched = byte == (uint8_t)words[c->matched] ? c->matched + 1 : byte == (uint8_t)words[0];
  if (words[c->matched]) return;
  c->faults++;
  c->matched = 0;
}

static void put(void *arg, uint8_t byte) {
  struct console *c = arg;
  look_for_fault(c, byte);
  if (!c->broken && putc_unlocked(byte, c->out) == EOF) lost(c);
}

void console_flush(struct console *c) {
  if (!c->broken && fflush(c->out) != 0) lost(c);
}

/* ---- input ---- */

static void help(void) {
  fputs("\nCtrl-A x       leave\nCtrl-A h       show this help\nCtrl-A Ctrl-A  send Ctrl-A to the guest\n",
        stderr);
}

/* Acts on a key that follows Ctrl-A. True when the guest gets the key. */
static bool command_key(struct console *c, uint8_t key) {
  c->prefixed = false;
  if (key == 'x') c->leave = true;
  if (key == 'h' || key == '?') help();
  return key == CTRL_A;
}

static bool wanted(struct console *c, uint8_t key) {
  if (!c->terminal) return true;
  if (c->prefixed) return command_key(c, key);
  c->prefixed = key == CTRL_A;
  return !c->prefixed;
}

static void queue(struct console *c, const uint8_t *bytes, size_t n) {
  input_log_add(c->log, INPUT_BYTES, c->m, bytes, n);
  if (!machine_console_input(c->m, 0, bytes, n)) must(NULL);
}

void console_hang_up(struct console *c) {
  input_log_add(c->log, INPUT_HANGUP, c->m, NULL, 0);
  machine_console_hangup(c->m, 0);
  c->live = c->empty = false;
}

/* Input that was empty is as good as no input so far: the guest hears of its end only when it waits for some
 * (session.c). So `trapeze trace PROG </dev/null` and the debugger, whose console stays open for what may yet
 * be typed, show the same run. */
static void end_of_input(struct console *c) {
  if (c->received)
    console_hang_up(c);
  else
    c->empty = true;
}

static bool readable(const struct timespec *timeout) {
  struct pollfd p = {.fd = STDIN_FILENO, .events = POLLIN};
  return ppoll(&p, 1, timeout, NULL) > 0;
}

static void take_input(struct console *c) {
  uint8_t in[ENOUGH], out[ENOUGH];
  size_t kept = 0;
  ssize_t n = read(STDIN_FILENO, in, sizeof in);
  if (n < 0 && (errno == EINTR || errno == EAGAIN)) return;
  for (ssize_t i = 0; i < n; i++)
    if (wanted(c, in[i])) out[kept++] = in[i];
  if (kept) queue(c, out, kept);
  c->received |= n > 0;
  if (n <= 0) end_of_input(c);
}

static uint64_t now_ns(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return (uint64_t)t.tv_sec * 1000000000 + (uint64_t)t.tv_nsec;
}

void console_poll(struct console *c) {
  if (c->terminal && !c->started && now_ns() - c->opened < BOOT_NS) return;
  if (c->live && !c->empty && machine_console_pending(c->m) < ENOUGH && readable(&(struct timespec){0}))
    take_input(c);
}

void console_idle(struct console *c, uint64_t ticks) {
  input_log_add(c->log, INPUT_IDLE, c->m, NULL, ticks);
  machine_idle(c->m, ticks);
}

void console_wait(struct console *c, uint64_t ns) {
  c->started = true;
  struct timespec t = {(time_t)(ns / 1000000000), (long)(ns % 1000000000)};
  if (machine_console_pending(c->m) < ENOUGH)
    readable(&t);
  else
    nanosleep(&t, NULL);
}

static void queue_file(struct console *c, const char *path) {
  struct bytes b = file_read(path);
  if (b.size) queue(c, b.data, b.size);
  free(b.data);
  console_hang_up(c);
}

void console_look_at_stdin(struct options *o, bool pipes) {
  struct stat st;
  if (o->input || options_shell(o) || fstat(STDIN_FILENO, &st) != 0) return;
  const bool left = S_ISREG(st.st_mode) && lseek(STDIN_FILENO, 0, SEEK_CUR) < st.st_size;
  o->data = left || (pipes && (S_ISFIFO(st.st_mode) || S_ISSOCK(st.st_mode)));
}

void console_open(struct console *c, struct machine *m, const char *input, FILE *out, struct input_log *log) {
  struct stat st;
  *c = (struct console){.m = m, .out = out, .log = log, .live = true, .opened = now_ns()};
  signal(SIGPIPE, SIG_IGN);
  machine_console_output(m, put, c);
  if (input)
    queue_file(c, input);
  else if (fstat(STDIN_FILENO, &st) == 0 && S_ISREG(st.st_mode))
    while (c->live && !c->empty) take_input(c);
  else
    c->terminal = terminal_take();
}

void console_close(struct console *c) {
  console_flush(c);
  if (c->terminal && c->leave) fputc('\n', stderr);
  terminal_restore();
  machine_console_output(c->m, NULL, NULL);
}
