/* console.c - the console: what comes in is buffered, edited into lines unless the mode is raw. */
#include "kernel.h"

enum { BUFFER = 256, CTRL_C = 3, CTRL_D = 4, BACKSPACE = 8, CTRL_U = 21, DELETE = 127 };

static char buffer[BUFFER];
static uint32_t head, tail; /* bytes [head, tail) may be read; [tail, edit) is the line being typed */
static uint32_t edit;
static bool hung_up, end_of_file; /* ^D: one read returns 0 */
static uint8_t mode = CONSOLE_COOKED;
HOT_DATA bool console_readable = false;

static void set_interrupt(bool on) { dev_store(DEV_CONSOLE + CONSOLE_CTRL, on ? CONSOLE_RX_IE : 0); }
void console_init(void) { set_interrupt(true); }
void console_put(char c) { dev_store(DEV_CONSOLE + CONSOLE_DATA, (uint8_t)c); }

static void echo(const char *s) {
  if (mode == CONSOLE_ECHO)
    while (*s) console_put(*s++);
}

static void append(char c) {
  if (edit - head < BUFFER) buffer[edit++ % BUFFER] = c;
}

static void rub_out(void) {
  if (edit == tail) return;
  edit--;
  echo("\b \b");
}

static void interrupt_key(void) {
  edit = tail;
  echo("^C\n");
  struct proc *p = proc_foreground();
  if (p && !(p->pid == 1 && mode == CONSOLE_ECHO)) proc_kill(p->pid, SIGINT);
  else if (p) append('\n'); /* the first shell only loses its line */
  tail = edit;
}

static void cooked(char c) {
  char shown[2] = {c, 0};
  switch (c) {
  case CTRL_C: interrupt_key(); return;
  case CTRL_D: tail = edit; end_of_file = head == tail; return;
  case CTRL_U: while (edit != tail) rub_out(); return;
  case BACKSPACE: case DELETE: rub_out(); return;
  case '\r': shown[0] = c = '\n'; break;
  }
  append(c);
  echo(shown);
  if (c == '\n') tail = edit;
}

/* Takes what the device has, as far as the buffer goes; the rest waits there, silent until somebody reads. */
static void receive(void) {
  while (edit - head < BUFFER) {
    uint32_t status = dev_load(DEV_CONSOLE + CONSOLE_STATUS);
    if (status & CONSOLE_HANGUP) hung_up = true;
    if (!(status & CONSOLE_RX)) {
      set_interrupt(!hung_up);
      if (hung_up) tail = edit;
      return;
    }
    char c = dev_load(DEV_CONSOLE + CONSOLE_DATA);
    if (mode == CONSOLE_RAW) buffer[edit++ % BUFFER] = c, tail = edit;
    else cooked(c);
  }
  tail = edit; /* a line as long as the buffer ends there */
  set_interrupt(false);
}

static void changed(void) { console_readable = head != tail || end_of_file || hung_up; }

void console_interrupt(void) {
  receive();
  changed();
  if (console_readable) proc_wake_events(EVENT_INPUT);
}

int console_read(struct proc *p, uint32_t buf, uint32_t n) {
  if (n == 0) return 0;
  if (head == tail && !hung_up) console_interrupt(); /* the device may hold what found no room */
  if (!console_readable) return proc_block(p, UINT64_MAX, EVENT_INPUT);
  uint32_t done = 0;
  while (done < n && head != tail) {
    char c = buffer[head % BUFFER];
    if (!copy_out(p, buf + done, &c, 1)) return -EFAULT;
    head++, done++;
    if (mode != CONSOLE_RAW && c == '\n') break;
  }
  if (done == 0) end_of_file = false;
  changed();
  if (!hung_up && edit - head < BUFFER) set_interrupt(true);
  return done;
}

int console_write(struct proc *p, uint32_t buf, uint32_t n) {
  for (uint32_t i = 0; i < n; i++) {
    const char *c = space_reach(p, buf + i, TLB_R);
    if (!c) return i ? (int)i : -EFAULT;
    console_put(*c);
  }
  return n;
}

/* ---- modes: the first change by a process is undone when it ends ---- */

int console_mode(struct proc *p, uint32_t new_mode) {
  if (new_mode > CONSOLE_ECHO) return -EINVAL;
  int old = mode;
  if (!p->console_owner) p->console_owner = 1 + old;
  mode = new_mode;
  if (mode == CONSOLE_RAW) tail = edit;
  changed();
  return old;
}

void console_release(struct proc *p) {
  if (p->console_owner) mode = p->console_owner - 1;
  p->console_owner = 0;
}
