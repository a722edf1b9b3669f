/* test_gdb.c - the stub for gdb's protocol, packet by packet: frames, registers, memory, and moves in both
 * directions compared with what looking at each position finds. gdb.t has the same with the real gdb. */
#include "debug_kit.h"
#include "normal_tlb.h"
#include "tools/trapeze/debug/gdb/gdb.h"

/* ---- frames ---- */

static struct gdb_reader reader;

/* The last event of the bytes. */
static enum gdb_event feed(const char *bytes, size_t n) {
  enum gdb_event e = GDB_NOTHING, now;
  for (size_t i = 0; i < n; i++)
    if ((now = gdb_read_byte(&reader, (uint8_t)bytes[i]))) e = now;
  return e;
}
#define FEED(text) feed(text, sizeof(text) - 1)

static void test_frames(void **state) {
  (void)state;
  assert_int_equal(FEED("$g#67"), GDB_WHOLE);
  assert_string_equal(reader.data, "g");
  assert_int_equal(FEED("$g#6"), GDB_NOTHING);
  assert_int_equal(FEED("8"), GDB_DAMAGED);
  assert_int_equal(FEED("$g#6x"), GDB_DAMAGED);
  assert_int_equal(FEED("$g#x7"), GDB_DAMAGED);
  assert_int_equal(FEED("$#00"), GDB_WHOLE);
  assert_int_equal(reader.n, 0);
  assert_int_equal(FEED("\003"), GDB_INTERRUPT);
  assert_int_equal(FEED("-"), GDB_REPEAT);
  assert_int_equal(FEED("+#67g}"), GDB_NOTHING);
  assert_int_equal(FEED("$gg$g#67"), GDB_WHOLE); /* the end of the first one was lost */
  assert_int_equal(reader.n, 1);
  assert_int_equal(FEED("$a}\003b\003#46"), GDB_WHOLE); /* escaped #; a byte 3 inside is data */
  assert_int_equal(reader.n, 4);
  assert_memory_equal(reader.data, "a#b\003", 4);
}

static void test_long_frames(void **state) {
  (void)state;
  static char bytes[GDB_PACKET + 5];
  memset(bytes, 'a', sizeof bytes);
  bytes[0] = '$';
  memcpy(bytes + GDB_PACKET + 1, "#00", 3); /* GDB_PACKET times 'a' is a multiple of 256 */
  assert_int_equal(feed(bytes, GDB_PACKET + 4), GDB_WHOLE);
  assert_int_equal(reader.n, GDB_PACKET);
  memcpy(bytes + GDB_PACKET + 1, "a#61", 4);
  assert_int_equal(feed(bytes, GDB_PACKET + 5), GDB_TOO_LONG);
  assert_int_equal(FEED("$g#67"), GDB_WHOLE);
}

static void test_numbers(void **state) {
  (void)state;
  const char *text = "ffffffff,";
  uint32_t n;
  uint8_t bytes[2];
  assert_true(gdb_number(&text, &n) && n == UINT32_MAX && *text == ',');
  text = "100000000";
  assert_false(gdb_number(&text, &n));
  text = "g";
  assert_false(gdb_number(&text, &n));
  assert_int_equal(gdb_hex_bytes("0aFf", bytes, 2), 2);
  assert_int_equal(bytes[0] << 8 | bytes[1], 0x0AFF);
  assert_int_equal(gdb_hex_bytes("0aFf00", bytes, 2), 2);
  assert_int_equal(gdb_hex_bytes("0", bytes, 2), 0);
  assert_int_equal(gdb_hex_bytes("0ax", bytes, 2), 1);
}

/* ---- a session: touch-pages in a VM ---- */

static struct debug d;
static struct gdb g;

static int open_session(void **state) {
  static char *argv[] = {"touch-pages", "40"};
  (void)state;
  open_debug(&d, 1, 2, argv);
  gdb_begin(&g, &d);
  return 0;
}

static int close_session(void **state) {
  (void)state;
  gdb_end(&g);
  model_close(&d);
  return 0;
}

/* The reply to a packet, until the next call. */
static const char *reply_to(const char *packet) {
  gdb_packet(&g, packet, strlen(packet));
  bytes_append(&g.reply, "", 1);
  return (const char *)g.reply.data;
}
#define assert_reply(packet, expected) assert_string_equal(reply_to(packet), expected)

static void begin(void) { gdb_restart(&g); }

static struct machine_regs regs(void) {
  struct machine_regs r;
  machine_get_regs(d.m, &r);
  return r;
}

static void test_nonsense(void **state) {
  (void)state;
  static const char *const empty[] = {"",
                                      "vNothing",
                                      "qNothing",
                                      "QNothing",
                                      "Z",
                                      "Z5,0,4",
                                      "Zx,0,4",
                                      "z9",
                                      "X",
                                      "vFile:open:0",
                                      "j",
                                      "QNonStop:0",
                                      "qXfer:nothing:read::0,100"};
  static const char *const errors[] = {"gg",
                                       "p",
                                       "p26",
                                       "px",
                                       "P",
                                       "P0",
                                       "P1=",
                                       "P1=0102",
                                       "P1=0102030x",
                                       "P21=00000000",
                                       "G",
                                       "G00",
                                       "m",
                                       "m0",
                                       "m,4",
                                       "m0,",
                                       "m0,4x",
                                       "m100000000,4",
                                       "m0,4",
                                       "Z0",
                                       "Z0,0",
                                       "Z0,,",
                                       "Z0,0,4x",
                                       "Z2,10000,0",
                                       "Z2,10000,41",
                                       "Z2,0,4",
                                       "T2",
                                       "vCont",
                                       "vCont;",
                                       "vCont;x",
                                       "vCont;r",
                                       "vCont;r1",
                                       "vCont;r1,",
                                       "c100",
                                       "s100",
                                       "qXfer:features:read:target.xml:",
                                       "qXfer:features:read:target.xml:0",
                                       "qXfer:threads:read::x,1",
                                       "qXfer:features:read:target.xml:0,1x"};
  begin();
  const uint64_t here = model_position(&d), latest = timeline_latest(d.t);
  for (size_t i = 0; i < sizeof empty / sizeof *empty; i++)
    if (*reply_to(empty[i]) && *empty[i] != 'X') fail_msg("%s: %s", empty[i], reply_to(empty[i]));
  for (size_t i = 0; i < sizeof errors / sizeof *errors; i++)
    if (*reply_to(errors[i]) != 'E') fail_msg("%s: %s", errors[i], reply_to(errors[i]));
  static const char *const writes[] = {"M",
                                       "M10000",
                                       "M10000,4",
                                       "M10000,4:",
                                       "M10000,4:010203",
                                       "M10000,4:0102030x",
                                       "X10000,4:abc",
                                       "X10000,4:abcde",
                                       "M0,4:01020304",
                                       "X100000000,0:"};
  for (size_t i = 0; i < sizeof writes / sizeof *writes; i++)
    if (*reply_to(writes[i]) != 'E') fail_msg("%s: %s", writes[i], reply_to(writes[i]));
  assert_int_equal(model_position(&d), here);
  assert_int_equal(timeline_latest(d.t), latest);
  assert_int_equal(g.points, 0);
}

static void test_registers(void **state) {
  (void)state;
  char p[8], one[20];
  begin();
  const char *all = strdup(reply_to("g"));
  assert_int_equal(strlen(all), 8 * 33 + 3 * 8 + 2 * 16);
  for (unsigned i = 0; i <= 37; i++) {
    snprintf(p, sizeof p, "p%x", i);
    snprintf(one, sizeof one, "%s", reply_to(p));
    assert_int_equal(strlen(one), i < 36 ? 8 : 16);
    assert_memory_equal(one, all + (i < 36 ? 8 * i : 8 * 36 + 16 * (i - 36)), strlen(one));
  }
  free((char *)all);
  assert_int_equal(regs().pc, USER_BASE);
  assert_reply("p20", "00000100"); /* pc = 0x00010000, little endian */
  assert_reply("P0=00000000", "OK");
  assert_true(strncmp(reply_to("P0=01000000"), "E.", 2) == 0);
  assert_true(strncmp(reply_to("P21=01000000"), "E.", 2) == 0);
}

static void test_memory(void **state) {
  (void)state;
  begin();
  char words[40];
  snprintf(words, sizeof words, "%s", reply_to("m10000,10"));
  assert_int_equal(strlen(words), 32);
  assert_memory_equal(reply_to("m10004,4"), words + 8, 8);
  assert_reply("m10000,0", "");
  assert_reply("X10000,0:", "OK"); /* gdb asks whether X is known */
  assert_int_equal(strlen(reply_to("m10000,ffffffff")) % 2, 0);
}

static const char *stop(const char *packet) {
  const char *r = reply_to(packet);
  return r;
}

/* Executions of the instruction at `pc` by the program, by looking at each position. */
struct count {
  uint32_t lane, pc, last_lane, last_pc;
  unsigned n;
};
static bool counts(void *arg, struct machine *m, struct recorder *r) {
  struct count *c = arg;
  struct machine_regs now;
  machine_get_regs(m, &now);
  const uint32_t lane = recorder_current(r);
  c->n += lane == c->lane && c->last_lane == c->lane && c->last_pc == c->pc && now.pc == c->pc + 4;
  c->last_lane = lane;
  c->last_pc = now.pc;
  return false;
}

static uint32_t program_lane(void) { return gdb_lane(&g); }

/* The load of the program that misses the TLB most often. */
static uint32_t faulting_load(void) {
  static struct {
    uint32_t pc;
    unsigned n;
  } loads[1000], *most = loads;
  for (uint64_t n = 1; n <= index_events(&d); n++) {
    const struct note note = index_note(&d, n);
    if (note.kind != RECORD_TRAP || note.from != program_lane() || note.cause != CAUSE_LOAD_MISS) continue;
    const uint32_t pc = timeline_event(d.t, n)->trap.pc;
    unsigned i = 0;
    while (loads[i].n && loads[i].pc != pc) i++;
    loads[i].pc = pc;
    if (++loads[i].n > most->n) most = &loads[i];
  }
  assert_true(most->n > 20);
  return most->pc;
}

static void test_an_instruction_that_faults_is_seen_once(void **state) {
  (void)state;
  char z[32];
  begin();
  const uint32_t pc = faulting_load();
  struct count c = {.lane = program_lane(), .pc = pc};
  const struct timeline_condition all = {.holds = counts, .arg = &c};
  timeline_forward(d.t, &all, timeline_latest(d.t));
  assert_true(c.n >= 40);
  begin();
  snprintf(z, sizeof z, "Z0,%x,4", pc);
  assert_reply(z, "OK");
  unsigned ahead = 0, back = 0;
  for (; strstr(stop("vCont;c"), "replaylog:end") == NULL; ahead++) {
    assert_int_equal(regs().pc, pc);
    const uint64_t here = model_position(&d);
    g.points = 0;
    assert_memory_equal(stop("vCont;s"), "T05", 3); /* the load is one step, however many traps it takes */
    assert_int_equal(regs().pc, pc + 4);
    assert_int_equal(recorder_current(timeline_recorder(d.t)), c.lane);
    if (ahead % 10 == 0) {
      assert_memory_equal(stop("bs"), "T05", 3);
      assert_int_equal(model_position(&d), here);
      stop("vCont;s");
    }
    reply_to(z);
  }
  for (; strstr(stop("bc"), "replaylog:begin") == NULL; back++) assert_int_equal(regs().pc, pc);
  assert_int_equal(ahead, c.n);
  assert_int_equal(back, c.n);
  z[0] = 'z';
  assert_reply(z, "OK");
  assert_int_equal(g.points, 0);
}

/* gdb reads the code where it has stopped: the page is there by then. */
static void test_an_arrival_is_behind_the_fault_of_its_fetch(void **state) {
  (void)state;
  char z[32];
  uint32_t pc, pa;
  begin();
  assert_true(expr_in_image(image_of(&d, program_lane()), "printf", &pc));
  snprintf(z, sizeof z, "Z0,%x,4", pc);
  assert_reply(z, "OK");
  assert_memory_equal(stop("vCont;c"), "T05", 3);
  assert_int_equal(regs().pc, pc);
  const uint32_t status = regs().status;
  assert_int_equal(machine_translate(d.m, pc, ACCESS_FETCH, (status & ST_T) != 0, status_asid(status), &pa),
                   0);
  g.points = 0;
}

/* Ahead gdb is told before the change, back behind it. */
static void test_watchpoints(void **state) {
  (void)state;
  char z[32];
  begin();
  const uint32_t pc = faulting_load();
  snprintf(z, sizeof z, "Z0,%x,4", pc);
  reply_to(z);
  for (int i = 0; i < 5; i++) stop("vCont;c");
  const struct pg32_insn load = pg32_decode(machine_peek_word(
      d.m, (struct machine_space){(regs().status & ST_T) != 0, status_asid(regs().status)}, pc, NULL));
  const uint32_t address = regs().x[load.rs1] + (uint32_t)load.imm;
  g.points = 0;
  stop("vCont;s");
  const uint64_t behind = model_position(&d);
  begin();
  snprintf(z, sizeof z, "Z4,%x,1", address);
  assert_reply(z, "OK");
  assert_non_null(strstr(stop("vCont;c"), "awatch:"));
  assert_int_equal(regs().pc, pc);
  assert_non_null(
      strstr(stop("vCont;c"), "awatch:")); /* it has not been done: gdb steps over it without Z4 */
  assert_int_equal(regs().pc, pc);
  model_go(&d, behind);
  assert_non_null(strstr(stop("bc"), "awatch:"));
  assert_int_equal(model_position(&d), behind);
}

static void test_the_end(void **state) {
  (void)state;
  begin();
  g.points = 0;
  assert_non_null(strstr(stop("vCont;c"), "replaylog:end"));
  assert_int_equal(recorder_current(timeline_recorder(d.t)), program_lane());
  assert_string_equal(stop("vCont;c"), "W00");
  assert_string_equal(stop("?"), "W00");
  assert_non_null(strstr(stop("vRun;"), "T05"));
  assert_int_equal(regs().pc, USER_BASE);
  assert_string_equal(stop("!"), "OK"); /* `run` in gdb, after `target extended-remote` */
  g.points = 1;
  assert_string_equal(stop("vKill;a410"), "OK");
  assert_false(g.over);
  assert_int_equal(g.points, 0);
  assert_non_null(strstr(stop("vRun;"), "T05"));
  assert_int_equal(regs().pc, USER_BASE);
  g.extended = false;
  assert_string_equal(stop("vKill;a410"), "OK");
  assert_true(g.over);
  g.over = false;
  assert_non_null(strstr(stop("vRun;"), "T05"));
  assert_non_null(strstr(stop("bc"), "replaylog:begin"));
  assert_non_null(strstr(stop("bs"), "replaylog:begin"));
  assert_int_equal(regs().pc, USER_BASE);
}

/* In the middle of the range the step goes on, also over traps; it ends at a breakpoint. */
static void test_ranges(void **state) {
  (void)state;
  begin();
  stop("vCont;r10000,10008");
  assert_int_equal(regs().pc, USER_BASE + 8);
  begin();
  reply_to("Z1,10004,4");
  assert_non_null(strstr(stop("vCont;r10000,10008"), "T05thread:1;"));
  assert_int_equal(regs().pc, USER_BASE + 4);
  assert_string_equal(reply_to("z1,10004,4"), "OK");
}

static void test_changes(void **state) {
  (void)state;
  begin();
  for (int i = 0; i < 3; i++) stop("vCont;s");
  assert_reply("Pa=78563412", "OK");
  assert_int_equal(regs().x[10], 0x12345678);
  const uint64_t here = model_position(&d);
  assert_int_equal(timeline_latest(d.t), here); /* the future is gone */
  assert_memory_equal(stop("bs"), "T05", 3);
  assert_int_not_equal(regs().x[10], 0x12345678);
  stop("vCont;s");
  assert_int_equal(model_position(&d), here);
  assert_int_equal(regs().x[10], 0x12345678);
  char m[40], write[60];
  snprintf(m, sizeof m, "m%x,4", regs().x[2] - 8);
  snprintf(write, sizeof write, "M%x,4:0a0b0c0d", regs().x[2] - 8);
  assert_reply(write, "OK");
  assert_reply(m, "0a0b0c0d");
  char all[700];
  snprintf(all, sizeof all, "G%s", reply_to("g"));
  memcpy(all + 1 + 8 * 15, "aabbccdd", 8);
  assert_reply(all, "OK");
  assert_int_equal(regs().x[15], 0xDDCCBBAA);
  assert_memory_equal(reply_to("g"), all + 1, 8 * 33);
}

int main(void) {
  NEEDS_THE_NORMAL_TLB();
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_frames),
      cmocka_unit_test(test_long_frames),
      cmocka_unit_test(test_numbers),
      cmocka_unit_test(test_nonsense),
      cmocka_unit_test(test_registers),
      cmocka_unit_test(test_memory),
      cmocka_unit_test(test_an_instruction_that_faults_is_seen_once),
      cmocka_unit_test(test_an_arrival_is_behind_the_fault_of_its_fetch),
      cmocka_unit_test(test_watchpoints),
      cmocka_unit_test(test_the_end),
      cmocka_unit_test(test_ranges),
      cmocka_unit_test(test_changes), /* the last one: it changes the run */
  };
  return cmocka_run_group_tests(tests, open_session, close_session);
}
