/* pg32-manual - makes the generated parts of isa/MANUAL.md from isa/pg32.def.
 *
 *   pg32-manual FILE           prints FILE with its generated parts made anew
 *   pg32-manual --check FILE   exits with 1, and names the first line that differs, if they are out of date
 *   pg32-manual --write FILE   rewrites FILE
 *
 * A part stands between the lines `<!-- BEGIN name -->` and `<!-- END name -->`. Everything else
 * is written by hand and passes through. */
#include "isa/pg32.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tools/common/argp.h"
#include "tools/version.h"

const char *argp_program_version = TRAPEZE_VERSION_OF("pg32-manual");

/* ---- facts that follow from a row ---- */

static bool is_load(const struct pg32_row *row) {
  return row->shape == PG32_SHAPE_LOAD && row != pg32_row(PG32_jalr);
}

/* How many bytes a load or store moves. The second letter of its name tells. */
static unsigned access_bytes(const struct pg32_row *row) {
  return row->name[1] == 'b' ? 1 : row->name[1] == 'h' ? 2 : 4;
}

static const char *class_word(enum pg32_class class) {
  switch (class) {
  case PG32_INNOCUOUS: return "innocuous";
  case PG32_PRIVILEGED: return "privileged";
  case PG32_TRAPPING: return "always trapping";
  }
  return "?";
}

static const char *group_title(unsigned opcode) {
  static const char *const titles[8] = {[1] = "0x10: register with register",
                                        [2] = "0x20: multiplication and division",
                                        [3] = "0x30: register with immediate",
                                        [4] = "0x40: loads and stores",
                                        [5] = "0x50: control flow, and words without effect",
                                        [6] = "0x60: calls upwards",
                                        [7] = "0x70: privileged"};
  const char *title = titles[opcode >> 4];
  return title ? title : "others";
}

/* An instruction of class TRAPPING raises the cause that has its name. */
static uint32_t trapping_cause(const struct pg32_row *row) {
  for (uint32_t c = 1; c < PG32_CAUSES; c++)
    if (!strcasecmp(pg32_cause_name(c), row->name)) return c;
  return CAUSE_NONE;
}

static void put_causes(FILE *out, const struct pg32_row *row) {
  bool one_byte = access_bytes(row) == 1;
  if (is_load(row))
    fprintf(out, "%sLOAD_MISS, LOAD_PROT, LOAD_BUS", one_byte ? "" : "LOAD_MISALIGNED, ");
  else if (row->shape == PG32_SHAPE_STORE)
    fprintf(out, "%sSTORE_MISS, STORE_PROT, STORE_BUS", one_byte ? "" : "STORE_MISALIGNED, ");
  else if (row == pg32_row(PG32_jalr))
    fputs("FETCH_MISALIGNED (bit 1 of t is set)", out);
  else if (row->class == PG32_PRIVILEGED)
    fputs("PRIVILEGED, in user mode", out);
  else if (row->class == PG32_TRAPPING)
    fprintf(out, "%s, always", pg32_cause_name(trapping_cause(row)));
  else
    fputs("none of its own", out);
}

/* ---- drawing one instruction ---- */

static void put_binary(FILE *out, unsigned value, int bits) {
  while (bits--) fputc('0' + (value >> bits & 1), out);
}

/* A field of five bits: the name of its register, or the zeros that it must hold. */
static const char *field(const char *operands, char letter, const char *name) {
  return strchr(operands, letter) ? name : "00000";
}

static void put_layout(FILE *out, const struct pg32_row *row) {
  const char *ops = pg32_operands(row->shape);
  const char *high = strchr(ops, 'd') ? " rd  " : row->format == PG32_R ? "00000" : field(ops, 't', " rs2 ");
  const char *ruler[] = {[PG32_R] = "     31     25 24   20 19   15 14   10 9            0\n",
                         [PG32_I] = "     31     25 24   20 19   15 14                   0\n",
                         [PG32_U] = "     31     25 24   20 19                           0\n"};
  fputs(ruler[row->format], out);
  fputs("    | ", out);
  put_binary(out, row->opcode, 7);
  fprintf(out, " | %s | ", high);
  switch (row->format) {
  case PG32_R:
    fprintf(out, "%s | %s | 0000000000  |\n", field(ops, 's', " rs1 "), field(ops, 't', " rs2 "));
    break;
  case PG32_I:
    fprintf(out, "%s | %-19s |\n", field(ops, 's', " rs1 "),
            row->shape == PG32_SHAPE_SHIFT   ? "  0000000000 imm5"
            : row->shape == PG32_SHAPE_SCOPE ? "  imm15: 0, 1 or 2"
            : row->shape == PG32_SHAPE_MARK  ? "  imm15, unsigned"
                                             : "  imm15, signed");
    break;
  case PG32_U:
    fprintf(out, "%-27s |\n", row->shape == PG32_SHAPE_JUMP ? "    imm20, signed, words" : "    imm20");
    break;
  }
}

static void put_syntax(FILE *out, const struct pg32_row *row) {
  fprintf(out, "%s", row->name);
  const char *sep = " ";
  for (const char *p = pg32_operands(row->shape); *p; p++) switch (*p) {
    case 'd': fprintf(out, "%srd", sep); break;
    case 's': fprintf(out, "%srs1", sep); break;
    case 't': fprintf(out, "%srs2", sep); break;
    case 'p': fprintf(out, "%starget", sep); break;
    case 'i':
    case 'h':
    case 'u':
    case 'k': fprintf(out, "%simm", sep); break;
    case ',': sep = ", "; break;
    default:
      sep = "";
      fputc(*p, out);
      break;
    }
}

/* One instruction of each shape with its word, as examples. */
static void put_example(FILE *out, enum pg32_id id) {
  const struct pg32_row *row = pg32_row(id);
  const char *ops = pg32_operands(row->shape);
  struct pg32_insn insn = {.id = id};
  if (strchr(ops, 'd')) insn.rd = 10;
  if (strchr(ops, 's')) insn.rs1 = 11;
  if (strchr(ops, 't')) insn.rs2 = 12;
  if (strchr(ops, 'i') || strchr(ops, 'p')) insn.imm = 8;
  if (strchr(ops, 'h') || strchr(ops, 'k')) insn.imm = 2;
  if (strchr(ops, 'u')) insn.imm = 0x12345;
  uint32_t word;
  if (!pg32_encode(insn, &word)) abort(); /* the fields above fit every shape */
  char text[80];
  pg32_disassemble(text, sizeof text, word, 0x1000);
  char *gap = text + strcspn(text, " "); /* one blank in place of those in "add     a0, a1" */
  size_t extra = strspn(gap, " ");
  if (extra > 1) memmove(gap + 1, gap + extra, strlen(gap + extra) + 1);
  fprintf(out, "`%s`%s is `0x%08X`", text, strchr(ops, 'p') ? " at 0x1000" : "", word);
}

/* ---- the generated parts ---- */

static void put_instructions(FILE *out) {
  int group = -1;
  for (enum pg32_id id = 0; id < PG32_INSNS; id++) {
    const struct pg32_row *row = pg32_row(id);
    if (row->opcode >> 4 != group) {
      group = row->opcode >> 4;
      fprintf(out, "\n### Opcodes from %s\n", group_title(row->opcode));
    }
    fprintf(out, "\n#### `");
    put_syntax(out, row);
    fprintf(out, "`\n\n");
    put_layout(out, row);
    fprintf(out, "\n`%s`\n\n", row->meaning);
    fprintf(out, "Opcode 0x%02x, %s. Causes: ", row->opcode, class_word(row->class));
    put_causes(out, row);
    fprintf(out, ". Example: ");
    put_example(out, id);
    fprintf(out, ".\n");
  }
  fputc('\n', out);
}

static void put_opcode_map(FILE *out) {
  fputs("\n| |", out);
  for (unsigned low = 0; low < 16; low++) fprintf(out, " %x |", low);
  fputs("\n|---|", out);
  for (unsigned low = 0; low < 16; low++) fputs("---|", out);
  for (unsigned high = 0; high < 8; high++) {
    fprintf(out, "\n| **0x%x0** |", high);
    for (unsigned low = 0; low < 16; low++) {
      const char *name = "";
      for (enum pg32_id id = 0; id < PG32_INSNS; id++)
        if (pg32_row(id)->opcode == (high << 4 | low)) name = pg32_row(id)->name;
      fprintf(out, " %s |", name);
    }
  }
  fputs("\n\n", out);
}

/* What a trap writes, by cause. */
struct trap_words {
  const char *pc, *badva, *badinst;
};

static struct trap_words trap_words(enum pg32_cause cause) {
  switch (cause) {
  case CAUSE_TIMER:
  case CAUSE_DEVICE: return (struct trap_words){"the instruction not yet begun", "0", "0"};
  case CAUSE_FETCH_MISALIGNED:
    return (struct trap_words){"that PC; for `jalr` its own", "that PC; for `jalr` its target",
                               "0; for `jalr` its word"};
  case CAUSE_FETCH_MISS:
  case CAUSE_FETCH_PROT:
  case CAUSE_FETCH_BUS: return (struct trap_words){"that PC", "that PC", "0"};
  case CAUSE_ILLEGAL:
  case CAUSE_PRIVILEGED: return (struct trap_words){"its own", "0", "the word"};
  case CAUSE_SYSCALL:
  case CAUSE_HCALL:
  case CAUSE_BREAK: return (struct trap_words){"the next", "0", "the word"};
  default: return (struct trap_words){"its own", "the address", "the word"};
  }
}

static void put_cause_table(FILE *out) {
  fputs("\n| no. | cause | why | saved PC | BADVA | BADINST |\n|---|---|---|---|---|---|\n", out);
  for (uint32_t c = 1; c < PG32_CAUSES; c++) {
    struct trap_words w = trap_words(c);
    fprintf(out, "| %u | %s | %s | %s | %s | %s |\n", c, pg32_cause_name(c), pg32_cause_text(c), w.pc,
            w.badva, w.badinst);
  }
  fputc('\n', out);
}

static const struct part {
  const char *name;
  void (*put)(FILE *out);
} parts[] = {
    {"opcode map", put_opcode_map},
    {"causes", put_cause_table},
    {"instructions", put_instructions},
};

/* ---- the file ---- */

/* The part that `line` opens or closes (word is BEGIN or END), or NULL. */
static const struct part *marker(const char *line, const char *word) {
  for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
    char want[64];
    snprintf(want, sizeof want, "<!-- %s %s -->\n", word, parts[i].name);
    if (!strcmp(line, want)) return &parts[i];
  }
  return NULL;
}

/* Copies `in` to `out` with every part made anew. Returns what is wrong with the file, or NULL. */
static const char *refresh(FILE *in, FILE *out) {
  char *line = NULL;
  size_t room = 0;
  const struct part *open = NULL;
  const char *problem = NULL;
  unsigned seen = 0;
  while (!problem && getline(&line, &room, in) >= 0) {
    const struct part *begins = marker(line, "BEGIN"), *ends = marker(line, "END");
    if ((begins && open) || (ends && ends != open)) problem = "BEGIN and END markers do not pair";
    if (open && !ends) continue;
    fputs(line, out);
    if (begins) begins->put(out), seen++;
    if (begins || ends) open = begins;
  }
  free(line);
  if (!problem && open) problem = "a BEGIN marker has no END";
  if (!problem && seen != sizeof parts / sizeof *parts) problem = "a generated part has no markers, or two";
  return problem;
}

static unsigned first_difference(const char *a, const char *b) {
  unsigned line = 1;
  for (; *a && *a == *b; a++, b++) line += *a == '\n';
  return line;
}

static char *slurp(FILE *f) {
  char *text = NULL;
  size_t size;
  FILE *mem = open_memstream(&text, &size);
  if (!mem) return NULL;
  for (int c; (c = getc(f)) != EOF;) putc(c, mem);
  return fclose(mem) == 0 ? text : NULL;
}

struct options {
  bool check, write;
  const char *file;
};

static error_t parse(int key, char *arg, struct argp_state *state) {
  struct options *o = state->input;
  switch (key) {
  case 'c': o->check = true; return 0;
  case 'w': o->write = true; return 0;
  case ARGP_KEY_ARG:
    if (o->file) argp_usage(state);
    o->file = arg;
    return 0;
  case ARGP_KEY_END:
    if (!o->file) argp_error(state, "which FILE? the manual is isa/MANUAL.md");
    if (o->check && o->write) argp_error(state, "--check and --write: expected one of the two");
    return 0;
  default: return ARGP_ERR_UNKNOWN;
  }
}

int main(int argc, char **argv) {
  static const struct argp_option options[] = {
      {"check", 'c', 0, 0, "Exit 1 when a generated part is stale", 0},
      {"write", 'w', 0, 0, "Rewrite FILE", 0},
      {0}};
  static const struct argp argp = {options, parse, "FILE",
                                   "Keeps the generated parts of the PG32 manual fresh.", NULL};
  struct options o = {0};
  argp_parse(&argp, argc, argv, 0, &o);

  FILE *in = fopen(o.file, "r");
  if (!in) return fprintf(stderr, "pg32-manual: %s: %s\n", o.file, strerror(errno)), 2;
  char *old = slurp(in), *fresh = NULL;
  size_t size;
  FILE *out = open_memstream(&fresh, &size);
  if (!old || !out) return fprintf(stderr, "pg32-manual: out of memory\n"), 2;
  rewind(in);
  const char *problem = refresh(in, out);
  fclose(in);
  fclose(out);
  int status = 0;
  if (problem) {
    fprintf(stderr, "pg32-manual: %s: %s\n", o.file, problem);
    status = 2;
  } else if (o.check && strcmp(old, fresh)) {
    fprintf(stderr, "%s:%u: stale; run pg32-manual --write %s\n", o.file, first_difference(old, fresh),
            o.file);
    status = 1;
  } else if (o.write && strcmp(old, fresh)) {
    FILE *f = fopen(o.file, "w");
    if (!f || fputs(fresh, f) < 0 || fclose(f) != 0) {
      fprintf(stderr, "pg32-manual: %s: %s\n", o.file, strerror(errno));
      status = 2;
    }
  } else if (!o.check && !o.write) {
    fputs(fresh, stdout);
  }
  free(old);
  free(fresh);
  return status;
}
