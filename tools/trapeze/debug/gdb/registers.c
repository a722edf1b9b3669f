/* registers.c - the registers as gdb counts them: x0 .. x31 and pc, under RISC-V's numbers and names, which are
 * PG32's, too; then registers that only PG32 has, and two that say where in the run the session stands. */
#include <stdlib.h>
#include <string.h>

#include "gdb.h"

enum { PC = 32, STATUS, TIMER, VSTATUS, TICK, STEPS, REGISTERS };

static const char *const extra[][2] = {
    [STATUS] = {"status", "32"}, [TIMER] = {"timer", "32"}, [VSTATUS] = {"vstatus", "32"},
    [TICK] = {"tick", "64"},     [STEPS] = {"steps", "64"},
};

static size_t size_of(unsigned number) { return number >= TICK ? 8 : 4; }

static uint64_t value_of(struct gdb *g, unsigned number) {
  struct machine_regs regs;
  machine_get_regs(g->d->m, &regs);
  switch (number) {
  case PC: return regs.pc;
  case STATUS: return regs.status;
  case TIMER: return regs.timer;
  case VSTATUS: return model_place(g->d).vstatus;
  case TICK: return regs.tick;
  case STEPS: return model_position(g->d);
  default: return regs.x[number];
  }
}

void gdb_reply_register(struct gdb *g, unsigned number) {
  const uint64_t value = value_of(g, number);
  gdb_reply_hex(g, &value, size_of(number));
}

/* ---- reading ---- */

void gdb_read_registers(struct gdb *g, const char *packet) {
  if (packet[1]) return gdb_error(g, NULL);
  for (unsigned i = 0; i < REGISTERS; i++) gdb_reply_register(g, i);
}

void gdb_read_register(struct gdb *g, const char *packet) {
  const char *at = packet + 1;
  uint32_t number;
  if (!gdb_number(&at, &number) || *at || number >= REGISTERS) return gdb_error(g, NULL);
  gdb_reply_register(g, number);
}

/* ---- writing ---- */

/* Register zero may be "written", with 0: `call` saves and restores all. */
static bool write_one(struct gdb *g, unsigned number, uint32_t value) {
  if (value == (uint32_t)value_of(g, number)) return true;
  if (number == 0) return fail(g->d, "Register zero is always 0.");
  return change_begin(g->d) && change_register(g->d, number, value);
}

static void written(struct gdb *g, bool ok) {
  if (ok)
    gdb_reply(g, "OK");
  else
    gdb_error(g, g->d->said);
}

void gdb_write_register(struct gdb *g, const char *packet) {
  const char *at = packet + 1;
  uint32_t number, value;
  if (!gdb_number(&at, &number) || *at++ != '=' || gdb_hex_bytes(at, &value, 4) != 4)
    return gdb_error(g, NULL);
  if (number > PC) return gdb_error(g, "Only the registers x1 to x31 and pc can be set.");
  written(g, write_one(g, number, value));
}

void gdb_write_registers(struct gdb *g, const char *packet) {
  uint32_t values[PC + 1];
  if (gdb_hex_bytes(packet + 1, values, sizeof values) != sizeof values) return gdb_error(g, NULL);
  bool ok = true;
  for (unsigned i = 0; i <= PC && ok; i++) ok = write_one(g, i, values[i]);
  written(g, ok);
}

/* ---- the description ---- */

static void describe_cpu(FILE *out) {
  fputs("<feature name=\"org.gnu.gdb.riscv.cpu\">", out);
  for (unsigned i = 0; i < PC; i++)
    fprintf(out, "<reg name=\"%s\" bitsize=\"32\" type=\"%s\" regnum=\"%u\"/>",
            i == 8 ? "fp" : pg32_register_name(i),
            i == 1             ? "code_ptr"
            : i == 2 || i == 8 ? "data_ptr"
                               : "int",
            i);
  fprintf(out, "<reg name=\"pc\" bitsize=\"32\" type=\"code_ptr\" regnum=\"%d\"/></feature>", PC);
}

char *gdb_target_xml(void) {
  char *text = NULL;
  size_t size;
  FILE *out = must(open_memstream(&text, &size));
  fputs("<?xml version=\"1.0\"?><!DOCTYPE target SYSTEM \"gdb-target.dtd\"><target version=\"1.0\">"
        "<architecture>riscv:rv32</architecture><osabi>none</osabi>",
        out);
  describe_cpu(out);
  fputs("<feature name=\"org.trapeze.pg32\">", out);
  for (unsigned i = STATUS; i < REGISTERS; i++)
    fprintf(out, "<reg name=\"%s\" bitsize=\"%s\" type=\"uint%s\" regnum=\"%u\" group=\"general\"/>",
            extra[i][0], extra[i][1], extra[i][1], i);
  fputs("</feature></target>", out);
  fclose(out);
  return text;
}
