/* gdb.h - the stub for gdb's remote protocol: what its files share. They are, in the order in which a packet
 * passes through them:
 *
 *   link.c       the connection: bytes from gdb and to gdb; Ctrl-C
 *   packet.c     bytes to packets, and replies to bytes
 *   serve.c      from the first packet to the last; which function answers a packet
 *   query.c      `q...`: what the stub can do, files, `monitor`
 *   registers.c  g G p P, and the description of the registers
 *   memory.c     m M X
 *   points.c     Z z: breakpoints and watchpoints
 *   arrive.c     does the run stop here? Asked at each position
 *   run.c        c s vCont bc bs: the moves that gdb asks for
 *   ahead.c, back.c  how far each move goes
 *   stop.c       why it ended, and what the guest has put out
 *   lane.c       which program gdb debugs
 *
 * gdb sees one thread: the processor, while the lanes run that gdb debugs (lane.c). What other lanes do in
 * between is to gdb as the kernel is to a debugger of processes: it takes no step. */
#ifndef GDB_H
#define GDB_H

#include "tools/trapeze/debug/debug.h"

/* ---- link.c ---- */

struct gdb_link {
  int in, out; /* files; -1 = none */
  uint8_t buffer[4096];
  size_t from, to; /* bytes of the buffer that have not been read yet */
  bool ended;      /* gdb has hung up, or reading failed */
};
/* Waits until gdb has connected: to port `port` of this computer, under no other address, or with "-" to
 * standard input and output. Dies when that is not possible. */
void gdb_link_open(struct gdb_link *l, const char *port);
void gdb_link_close(struct gdb_link *l);
/* The next byte; -1: gdb has hung up. */
int gdb_link_byte(struct gdb_link *l);
/* What cannot be written is dropped: the next read will tell that gdb has gone. */
void gdb_link_write(struct gdb_link *l, const void *bytes, size_t n);
/* While a command is at work, Ctrl-C (byte 3) or a hang-up of gdb's ends the command, as model_interrupt
 * does. */
void gdb_link_watch(struct gdb_link *l, bool at_work);

/* ---- packet.c ---- */

#define GDB_PACKET 0x4000 /* bytes of a packet at most; gdb is told */

enum gdb_event {
  GDB_NOTHING,   /* more bytes are needed, or the byte meant nothing */
  GDB_WHOLE,     /* a packet is in data[0 .. n - 1]; data[n] is 0 */
  GDB_DAMAGED,   /* its checksum is wrong; data as for GDB_WHOLE */
  GDB_TOO_LONG,  /* it had more than GDB_PACKET bytes, which are gone */
  GDB_REPEAT,    /* gdb wants the last reply again */
  GDB_INTERRUPT, /* Ctrl-C */
};
struct gdb_reader {
  enum { GDB_BETWEEN, GDB_BODY, GDB_SUM_1, GDB_SUM_2 } state;
  uint8_t sum;
  unsigned given; /* the checksum in the packet; above 255: no hexadecimal digits */
  bool escaped, too_long;
  size_t n;
  char data[GDB_PACKET + 1];
};
enum gdb_event gdb_read_byte(struct gdb_reader *r, uint8_t byte);

/* Reads n hexadecimal digits; more digits may follow. -1: there are not so many. */
int64_t gdb_hex(const char **text, unsigned n);
/* Reads at least one digit, up to the first character that is none. False: there is none, or the number is
 * larger than 32 bits. */
bool gdb_number(const char **text, uint32_t *value);
/* Two digits for each byte. Returns how many bytes there were, up to `size`; text that is no such digits ends
 * them. */
size_t gdb_hex_bytes(const char *text, void *bytes, size_t size);

/* ---- points.c: data ---- */

enum gdb_point_kind { POINT_BREAK, POINT_HARDWARE, POINT_WRITE, POINT_READ, POINT_ACCESS }; /* as in Zn */
struct gdb_point {
  enum gdb_point_kind kind;
  uint32_t address, size;
  /* POINT_WRITE: the real addresses, on one page or two; how many bytes are on the first; what was there when
   * it was looked at last */
  uint32_t physical, next_physical, on_first;
  uint8_t now[WATCH_BYTES];
};
#define GDB_POINTS 256

/* ---- run.c: data ---- */

enum gdb_reason {
  REASON_STEP,      /* a step is done, or gdb has just connected */
  REASON_POINT,     /* g->hit has stopped the run */
  REASON_MONITOR,   /* a breakpoint of the debugger's own has */
  REASON_CRASH,     /* the program dies here, of g->signal */
  REASON_INTERRUPT, /* Ctrl-C */
  REASON_INPUT,     /* the machine waits for input */
  REASON_BEGIN,     /* there is nothing earlier */
  REASON_END,       /* there is nothing later */
  REASON_EXIT,      /* the run was to go on from its end */
  REASON_MEMORY     /* memory is short */
};

/* ---- the session with gdb ---- */

struct gdb {
  struct debug *d;
  struct gdb_link link;
  struct gdb_reader reader;
  struct bytes reply; /* to the packet at hand, as it will be sent but for the frame */
  struct bytes sent;  /* the last reply with its frame */
  bool no_ack;        /* without + and -, once both sides have agreed */
  bool says_break;    /* gdb understands `swbreak` and `hwbreak` */
  bool over;          /* gdb has detached or killed the program */
  bool extended;      /* gdb may kill the program and run it again: `target extended-remote` */
  bool silent;        /* the packet at hand gets no reply */
  struct gdb_point point[GDB_POINTS];
  unsigned points;
  const struct gdb_point *hit;
  uint32_t hit_address; /* of a watchpoint: the byte that has changed, or that was accessed */
  enum gdb_reason reason;
  unsigned signal; /* as gdb numbers them */
  char lane[64];   /* lane.c */
  size_t shown;    /* bytes of the guest's output that gdb has been given */
  uint64_t latest; /* the latest position when they were */
};

/* ---- serve.c ---- */

/* Answers packet data[0 .. n - 1], with data[n] = 0, in g->reply. */
void gdb_packet(struct gdb *g, const char *data, size_t n);
void gdb_begin(struct gdb *g, struct debug *d);
void gdb_end(struct gdb *g);
__attribute__((format(printf, 2, 3))) void gdb_reply(struct gdb *g, const char *format, ...);
/* Two digits for each byte; a byte each, with what the protocol reserves escaped. */
void gdb_reply_hex(struct gdb *g, const void *bytes, size_t n);
void gdb_reply_binary(struct gdb *g, const void *bytes, size_t n);
/* Sends text for gdb's console at once, as many packets as it takes. */
void gdb_print(struct gdb *g, const void *text, size_t n);
/* The reply is an error, which means nothing to gdb but that it is one; gdb may show the text (NULL = none). */
void gdb_error(struct gdb *g, const char *text);

/* ---- query.c, registers.c, memory.c, points.c, run.c: each answers packets of its kind ---- */

void gdb_query(struct gdb *g, const char *packet);
void gdb_set(struct gdb *g, const char *packet);             /* Q... */
void gdb_read_registers(struct gdb *g, const char *packet);  /* g */
void gdb_write_registers(struct gdb *g, const char *packet); /* G */
void gdb_read_register(struct gdb *g, const char *packet);   /* p */
void gdb_write_register(struct gdb *g, const char *packet);  /* P */
/* Writes its value to the reply. */
void gdb_reply_register(struct gdb *g, unsigned number);
/* The description of the registers, as XML; malloc'ed. */
char *gdb_target_xml(void);
void gdb_read_memory(struct gdb *g, const char *packet);            /* m */
void gdb_write_memory(struct gdb *g, const char *packet, size_t n); /* M and X */
void gdb_point(struct gdb *g, const char *packet);                  /* Z and z */
/* The bytes of a POINT_WRITE. */
void gdb_point_read(const struct gdb *g, const struct gdb_point *p, uint8_t bytes[WATCH_BYTES]);
void gdb_continue(struct gdb *g, const char *packet); /* c C s S bc bs vCont */
void gdb_restart(struct gdb *g);                      /* R vRun */

/* ---- arrive.c ---- */

struct gdb_arrivals { /* of the lanes that gdb debugs, at instructions that have not been tried before */
  struct gdb *g;
  int direction;
  bool points;        /* points count */
  bool steps;         /* the end of a step counts: the lane arrives outside of [begin, end) */
  uint32_t step_lane; /* that makes the step */
  uint32_t begin, end;
  bool known;                    /* the place before is known: */
  bool away;                     /* another lane has run since */
  uint32_t lane, pc;             /* of the last arrival */
  const struct gdb_point *write; /* whose bytes have changed since the last arrival; NULL = none; */
  uint32_t written;              /* and where */
};
/* Begins at the present. */
struct gdb_arrivals gdb_arrivals(struct gdb *g, int direction);
/* For timeline_condition: does the run stop here? g->hit says by which point; NULL = the step is done. */
bool gdb_arrives(void *arrivals, struct machine *m, struct recorder *r);
/* The watchpoint, if there is one, on reads or accesses that the instruction at the PC would hit; *at: where. */
const struct gdb_point *gdb_accessed(struct gdb *g, uint32_t *at);
void gdb_arrivals_restart(void *arrivals, struct machine *m, struct recorder *r);

/* ---- ahead.c, back.c: moves; each returns why it ended ---- */

/* To position `limit` at most, where a move ends with REASON_STEP. */
enum gdb_reason gdb_run_ahead(struct gdb *g, struct gdb_arrivals *a, uint64_t limit);
/* After Ctrl-C, which usually comes while a kernel runs: to where gdb's program runs, if that is near. */
void gdb_settle(struct gdb *g);
/* Which it was that broke the move off: Ctrl-C or want of memory. */
enum gdb_reason gdb_broken_off(struct gdb *g);
/* For timeline_condition, with struct gdb: does a lane run that gdb debugs? */
bool gdb_lane_runs(void *gdb, struct machine *m, struct recorder *r);
/* To the arrival before this position. */
enum gdb_reason gdb_step_back(struct gdb *g);
enum gdb_reason gdb_run_back(struct gdb *g);

/* ---- stop.c ---- */

void gdb_reply_stop(struct gdb *g); /* ? and the end of each move */
/* Gives gdb what the guest has put out since the last call. */
void gdb_show_output(struct gdb *g);
void gdb_print_line(struct gdb *g, const char *text);
/* Says that, and how, the machine has stopped for good; to be called when it has. */
void gdb_print_end(struct gdb *g);

/* ---- lane.c ---- */

/* Does gdb debug the lane? */
bool gdb_debugs(const struct gdb *g, uint32_t lane);
/* Chooses the lane of the run's program. */
void gdb_choose_program(struct gdb *g);
/* `monitor lane [NAME|any]`; writes the answer to `out`. */
void gdb_choose_lane(struct gdb *g, const char *name, FILE *out);
/* A lane that gdb debugs: the one that runs, if it is such a lane. UINT32_MAX = none. */
uint32_t gdb_lane(const struct gdb *g);

#endif
