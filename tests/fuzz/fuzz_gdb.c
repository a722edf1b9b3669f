/* fuzz_gdb.c - libFuzzer entry: any bytes as what gdb sends, to a small machine that has run to its end. The
 * bytes go through the reader of packets; lines of them are also taken as the content of packets, so that
 * nobody need guess checksums. `monitor` is left out: its commands read and write files. */
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>

#include "tools/trapeze/debug/gdb/gdb.h"

#define CODE 0x1000

_Noreturn void die(int status, const char *format, ...) {
  (void)format;
  exit(status);
}

static uint32_t insn(enum pg32_id id, unsigned rd, unsigned rs1, unsigned rs2, int32_t imm) {
  uint32_t word = 0;
  pg32_encode((struct pg32_insn){id, (uint8_t)rd, (uint8_t)rs1, (uint8_t)rs2, imm}, &word);
  return word;
}

/* Counts to 50, with a store, a load, output and a system call each time; then switches itself off. The vector
 * is an rfe. */
static struct machine *small_machine(void) {
  struct machine *m = machine_new(&(struct machine_config){.ram_bytes = 0x10000, .engine = ENGINE_INTERP});
  const uint32_t code[] = {
      insn(PG32_lui, 8, 0, 0, 0xF0000), insn(PG32_addi, 10, 10, 0, 1),  insn(PG32_sw, 0, 0, 10, 0x200),
      insn(PG32_lw, 11, 0, 0, 0x200),   insn(PG32_sw, 0, 8, 11, 0),     insn(PG32_syscall, 0, 0, 0, 0),
      insn(PG32_addi, 12, 0, 0, 50),    insn(PG32_blt, 0, 10, 12, -24), insn(PG32_lui, 8, 0, 0, 0xF0003),
      insn(PG32_sw, 0, 8, 0, 0),
  };
  const uint32_t vector = 0x2000, rfe = insn(PG32_rfe, 0, 0, 0, 0);
  const struct machine_space real = {0};
  struct machine_regs regs = {.pc = CODE, .x[2] = 0x8000};
  machine_poke(m, real, CODE, code, sizeof code);
  machine_poke(m, real, vector, &rfe, 4);
  machine_poke(m, real, LC_VECTOR, &vector, 4);
  machine_set_regs(m, &regs);
  return m;
}

static void frames(struct gdb *g, const uint8_t *data, size_t size) {
  for (size_t i = 0; i < size && !g->over; i++)
    if (gdb_read_byte(&g->reader, data[i]) == GDB_WHOLE && strncmp(g->reader.data, "qRcmd", 5) != 0)
      gdb_packet(g, g->reader.data, g->reader.n);
}

static void packets(struct gdb *g, const uint8_t *data, size_t size) {
  static char packet[GDB_PACKET + 1];
  for (size_t from = 0, n; from < size && !g->over; from += n + 1) {
    const uint8_t *end = memchr(data + from, '\n', size - from);
    n = end ? (size_t)(end - data) - from : size - from;
    if (n > GDB_PACKET) n = GDB_PACKET;
    memcpy(packet, data + from, n);
    packet[n] = 0;
    if (strncmp(packet, "qRcmd", 5) != 0) gdb_packet(g, packet, n);
  }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  static struct debug d;
  static struct gdb g;
  memset(&d, 0, sizeof d);
  options_defaults(&d.options);
  d.options.depth = 0;
  d.memory_physical = true;
  model_open(&d, small_machine(), true);
  gdb_begin(&g, &d);
  *g.lane = 0; /* any lane */
  frames(&g, data, size);
  packets(&g, data, size);
  gdb_end(&g);
  model_close(&d);
  return 0;
}
