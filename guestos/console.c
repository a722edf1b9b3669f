/* console.c - the console. Bytes that arrive are kept in a buffer, edited into lines unless the mode is raw,
 * and read by the process that has the focus.
 *
 * The process in the foreground has the focus, until the key Ctrl-] passes the focus on to the next
 * candidate. A candidate is a process that has set a console mode (a shell, each VMM) and does not wait for a
 * child. If there is no other candidate, Ctrl-] is a byte like any other. Bytes that were typed before the
 * key still belong to the former owner; the focus passes when it has read them, or at the next Ctrl-]. */
#include "kernel.h"

enum { BUFFER = 256, END = 256 /* ^D, as a line's end */ };
enum { CTRL_C = 3, CTRL_D = 4, BACKSPACE = 8, CTRL_U = 21, CTRL_Z = 26, FOCUS_KEY = 29, DELETE = 127 };

static uint16_t buffer[BUFFER]; /* bytes, and END where ^D was typed */
static uint32_t head, tail;     /* [head, tail) may be read; [tail, edit) is the line that is being typed */
static uint32_t edit;
static uint8_t unset = CONSOLE_COOKED; /* the mode if no process has set one */
static bool hung_up;                   /* no input will come any more */
static bool within_line;               /* the last byte that was read did not end a line */
static uint8_t mode = CONSOLE_COOKED;  /* of the process that the byte at hand is for */
static struct proc *chosen;            /* has the focus because of the key; NULL: the foreground has it */
static struct proc *heir;              /* gets the focus next, and the bytes from `boundary` on; NULL: none */
static uint32_t boundary;

/* ---- the focus ---- */

static bool waits(struct proc *p) { return p->state == PROC_BLOCKED && p->waiting_for; }

/* Is it in a container that has no part in the console? */
static bool is_detached(struct proc *p) { return p->container && (p->container->flags & CONTAINER_DETACHED); }

static bool same_group(struct proc *p, struct proc *q) {
  return p->container == q->container && *group_of(p) == *group_of(q);
}

/* Can the focus pass to this process? */
static bool candidate(struct proc *p) {
  if (p->state == PROC_UNUSED || p->state == PROC_ZOMBIE || waits(p)) return false;
  return p->console || p == proc_foreground();
}

/* The first candidate behind `from` in the table; `from` itself comes last. NULL: there is none. */
static struct proc *next_candidate(struct proc *from) {
  for (int i = 1; i <= NPROC; i++) {
    struct proc *p = procs + (from - procs + i) % NPROC;
    if (candidate(p)) return p;
  }
  return NULL;
}

/* The process that may read; NULL: any. */
static struct proc *focus(void) {
  if (chosen && candidate(chosen)) return chosen;
  struct proc *p = proc_foreground();
  return p && !waits(p) ? p : next_candidate(procs + NPROC - 1);
}

/* The mode that the process has set, or else its nearest ancestor that has set one. */
static uint8_t mode_of(struct proc *p) {
  while (p && !p->console) p = p->parent;
  return p ? p->console - 1 : unset;
}

/* The process that a byte typed now is for. */
static struct proc *receiver(void) { return heir ? heir : focus(); }

/* Where the bytes end that may be read now. */
static uint32_t limit(void) { return heir ? boundary : tail; }

bool console_readable_by(struct proc *p) {
  if (!console_readable || is_detached(p)) return false;
  struct proc *owner = focus();
  return !owner || owner == p || (same_group(owner, p) && !waits(p)) || (hung_up && head == tail);
}

void console_passed_on(void) {
  if (console_readable) proc_wake_events(EVENT_INPUT);
}

static void changed(void) {
  console_readable = head != limit() || hung_up;
  console_passed_on();
}

/* The focus passes to the heir. Bytes that the former owner has not read are lost. */
static void inherit(void) {
  head = boundary;
  within_line = false;
  chosen = heir;
  heir = NULL;
  kprintf("\n[console: %s, process %u]\n", chosen->name, chosen->pid);
}

/* The key Ctrl-]. False: there is no other candidate. */
static bool pass_on(void) {
  struct proc *now = receiver(), *next = next_candidate(now ? now : procs);
  if (!next || next == now) return false;
  if (heir) inherit();
  heir = next;
  boundary = tail = edit;
  if (head == boundary) inherit();
  return true;
}

/* ---- what is typed ---- */

void console_takes_data(void) { unset = CONSOLE_RAW; }

static void echo(const char *s) {
  if (mode == CONSOLE_ECHO)
    while (*s) console_send(*s++);
}

static void append(uint16_t c) {
  if (edit - head < BUFFER) buffer[edit++ % BUFFER] = c;
}

static void rub_out(void) {
  if (edit == tail) return;
  edit--;
  echo("\b \b");
}

/* ^C ends the processes in the foreground, ^Z stops them. A shell, which ignores the signal, gets a newline. */
static void signal_key(uint32_t signal) {
  edit = tail;
  echo(signal == SIGINT ? "^C\n" : "^Z\n");
  struct proc *p = chosen ? receiver() : proc_foreground();
  if (p && !(mode == CONSOLE_ECHO && p->action[signal] == SIG_IGN))
    signal_group(p, signal);
  else if (p)
    append('\n');
  tail = edit;
}

/* ^D ends what has been typed as a newline does, but without a character of its own: a read gives the bytes before,
 * and a read that finds none gives 0, the end of the file. So ^D ends an empty line as an empty read. */
static void end_key(void) {
  if (edit == head && within_line)
    within_line = false; /* the line's bytes have been read already */
  else
    append(END);
  tail = edit;
}

/* A byte in a mode of lines: edits the line, or ends it. */
static void cooked(char c) {
  char shown[2] = {c, 0};
  switch (c) {
  case CTRL_C: signal_key(SIGINT); return;
  case CTRL_Z: signal_key(SIGTSTP); return;
  case CTRL_D: end_key(); return;
  case CTRL_U:
    while (edit != tail) rub_out();
    return;
  case BACKSPACE:
  case DELETE: rub_out(); return;
  case '\r': shown[0] = c = '\n'; break;
  }
  append((uint8_t)c);
  echo(shown);
  if (c == '\n') tail = edit;
}

/* Takes bytes from the device as long as the buffer has room. If it has none, the rest stays in the device,
 * whose interrupt is off until a process reads. */
static void receive(void) {
  while (edit - head < BUFFER) {
    uint32_t status = console_status();
    if (status & CONSOLE_HANGUP) hung_up = true;
    if (!(status & CONSOLE_RX)) {
      console_interrupts(!hung_up);
      if (hung_up) tail = edit;
      return;
    }
    char c = console_receive();
    if (c == FOCUS_KEY && pass_on()) continue;
    mode = mode_of(receiver());
    if (mode == CONSOLE_RAW)
      append((uint8_t)c), tail = edit;
    else
      cooked(c);
  }
  tail = edit; /* the buffer is full: what is typed is a line, whatever it ends with */
  console_interrupts(false);
}

void console_interrupt(void) {
  receive();
  changed();
}

/* Copies what may be read now, at most a line of it unless raw. Returns how many bytes. */
static int take(struct proc *p, uint32_t buf, uint32_t n, bool raw) {
  uint32_t done = 0;
  bool ended = false;
  for (; !ended && head != limit() && (done < n || (within_line && buffer[head % BUFFER] == END)); head++) {
    uint16_t next = buffer[head % BUFFER];
    char c = next == END ? CTRL_D : next;
    ended = !raw && (next == END || c == '\n');
    if (raw || next != END) TRY(copy_out(p, buf + done++, &c, 1));
    within_line = !raw && !ended;
  }
  return done;
}

int console_read(struct proc *p, uint32_t buf, uint32_t n) {
  if (n == 0) return 0;
  if (head == tail && !hung_up)
    console_interrupt(); /* the device may hold bytes for which there was no room */
  if (!console_readable_by(p)) return proc_block(p, UINT64_MAX, EVENT_INPUT);
  int done = take(p, buf, n, mode_of(p) == CONSOLE_RAW);
  if (heir && head == boundary) inherit();
  changed();
  if (!hung_up && edit - head < BUFFER) console_interrupts(true);
  return done;
}

int console_write(struct proc *p, uint32_t buf, uint32_t n) {
  for (uint32_t i = 0; i < n; i++) {
    const char *c = space_reach(p, buf + i, TLB_R);
    if (!c) return i ? (int)i : space_error(p, buf + i, TLB_R);
    console_send(*c);
  }
  return n;
}

/* ---- modes ---- */

/* Data that has come before a process asks for lines becomes lines, without an echo. */
static void edit_data(void) {
  uint32_t from = head, end = edit;
  mode = CONSOLE_COOKED;
  edit = tail = head;
  while (from != end) cooked(buffer[from++ % BUFFER]);
}

CALL1(console_mode, new_mode) {
  if (new_mode > CONSOLE_ECHO) return -EINVAL;
  if (is_detached(p)) return -ENOTTY;
  int old = mode_of(p);
  if (!p->console && unset == CONSOLE_RAW && new_mode != CONSOLE_RAW && !heir) edit_data();
  p->console = 1 + new_mode;
  if (new_mode == CONSOLE_RAW && receiver() == p) tail = edit;
  changed();
  return old;
}

void console_release(struct proc *p) {
  p->console = 0;
  if (chosen == p) chosen = NULL;
  if (heir == p) heir = NULL;
  changed();
}
