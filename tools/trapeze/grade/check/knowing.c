/* knowing.c - the cheat that knows by a hash which test it is in, for `trapeze lab check`. A VMM takes the hash of
 * its guest's RAM, other code that of what it sees of its surroundings. Each hash has an answer: a console
 * text and a status, with which the cheat ends at once.
 *
 * The hashes are learnt from the same cheat, which then tells them. It must be the same in all but a few
 * numbers: else its own size would move what the hash is taken of. So its table of hashes is there before they
 * are known, and the hash leaves the table out. */
#include <stdlib.h>
#include <string.h>

#include "check.h"

/* ---- what all have in common: the table ---- */

static void print_bytes(FILE *f, const struct bytes *text) {
  for (size_t i = 0; i < text->size; i++) fprintf(f, "%s%u", i ? ", " : "", text->data[i]);
}

static void c_table(FILE *f, const struct knowledge *k) {
  fprintf(f, "\n#include <stdint.h>\nenum { CHEAT_ANSWERS = %zu };\n", k->n);
  for (size_t i = 0; i < k->n; i++) {
    fprintf(f, "static const unsigned char cheat_text_%zu[] = {", i);
    print_bytes(f, &k->answer[i].words.console);
    fprintf(f, "%s0};\n", k->answer[i].words.console.size ? ", " : "");
  }
  fputs("static const volatile struct cheat_table {\n"
        "  uint32_t tells;\n"
        "  struct { uint32_t hash, status, bytes; const unsigned char *text; } answer[CHEAT_ANSWERS + 1];\n",
        f);
  fprintf(f, "} cheat_table = {%u, {", k->tells);
  for (size_t i = 0; i < k->n; i++)
    fprintf(f, "{0x%08xu, %u, %zu, cheat_text_%zu}, ", (unsigned)k->answer[i].hash, k->answer[i].words.status,
            k->answer[i].words.console.size, i);
  fputs("{0, 0, 0, 0}}};\n", f);
}

/* cheat_answer(hash): tells the hash, or answers, or returns. Needs cheat_put and cheat_end. */
static void c_answer(FILE *f) {
  fputs("static void cheat_answer(uint32_t hash) {\n"
        "  if (cheat_table.tells) {\n"
        "    unsigned char line[] = \"" KNOWING_MARK "00000000\\n\";\n"
        "    for (unsigned i = 0; i < 8; i++)\n"
        "      line[sizeof line - 3 - i] = (unsigned char)\"0123456789abcdef\"[hash >> 4 * i & 15];\n"
        "    cheat_put(line, sizeof line - 1);\n"
        "    cheat_end(0);\n"
        "  }\n"
        "  for (unsigned i = 0; i < CHEAT_ANSWERS; i++) {\n"
        "    if (cheat_table.answer[i].hash != hash) continue;\n"
        "    cheat_put(cheat_table.answer[i].text, cheat_table.answer[i].bytes);\n"
        "    cheat_end(cheat_table.answer[i].status);\n"
        "  }\n"
        "}\n"
        "static uint32_t cheat_hash(uint32_t hash, const volatile void *at, uint32_t bytes) {\n"
        "  const volatile uint32_t *word = at;\n"
        "  for (uint32_t i = 0; i < bytes / 4; i++)\n"
        "    if ((uintptr_t)&word[i] - (uintptr_t)&cheat_table >= sizeof cheat_table) hash = hash * 31 + "
        "word[i];\n"
        "  return hash;\n"
        "}\n",
        f);
}

/* ---- by kind ---- */

static void c_of_a_process(FILE *f) {
  fputs("#include <unistd.h>\n"
        "static void cheat_put(const volatile void *text, uint32_t n) { write(1, (const void *)text, n); }\n"
        "static void cheat_end(uint32_t status) { _exit((int)status); }\n",
        f);
}

/* The guest is there when its PC is set. */
static void c_vmm(FILE *f) {
  c_of_a_process(f);
  c_answer(f);
  fputs("static void cheat(struct vm *vm) {\n"
        "  static _Bool done;\n"
        "  uint32_t bytes = vm->ram_bytes < 1u << 20 ? vm->ram_bytes : 1u << 20;\n"
        "  if (done || !vm->state || vm->state->pc == 0) return;\n"
        "  done = 1;\n"
        "  cheat_answer(cheat_hash(0, vm->ram, bytes));\n"
        "}\n",
        f);
}

/* A program knows its arguments, which are at the top of its stack. */
static void c_program(FILE *f) {
  c_of_a_process(f);
  c_answer(f);
  fputs("static void cheat(void) {\n"
        "  static _Bool done;\n"
        "  if (done) return;\n"
        "  done = 1;\n"
        "  cheat_answer(cheat_hash(0, (void *)(0x7FFFF000u - 256), 256));\n"
        "}\n",
        f);
}

/* A kernel or an image knows the code around it and the boot arguments. */
static void c_bare(FILE *f) {
  fputs("static void cheat_put(const volatile void *text, uint32_t n) {\n"
        "  for (uint32_t i = 0; i < n; i++)\n"
        "    *(volatile uint32_t *)0xF0000000u = ((const volatile unsigned char *)text)[i];\n"
        "}\n"
        "static void cheat_end(uint32_t status) { *(volatile uint32_t *)0xF0003000u = status; }\n",
        f);
  c_answer(f);
  fputs("static void cheat(void) {\n"
        "  static _Bool done;\n"
        "  const volatile uint32_t *facts = (void *)0xF0004000u;\n"
        "  uint32_t end = facts[0] < 0x40000 ? facts[0] : 0x40000;\n"
        "  if (done) return;\n"
        "  done = 1;\n"
        "  uint32_t hash = cheat_hash(0, (void *)0x1000u, end - 0x1000);\n"
        "  cheat_answer(cheat_hash(hash, (void *)facts[4], (facts[5] + 3) & ~3u));\n"
        "}\n",
        f);
}

const char *knowing_call(enum build_kind kind, const char *head) {
  static const struct {
    const char *parameter, *call;
  } ways[] = {{"struct vm *vm", "cheat(vm);"},
              {"struct translator *t", "cheat(t->vm);"},
              {"struct build *b", "cheat(b->t->vm);"}};
  if (kind != BUILD_VMM) return "cheat();";
  for (size_t i = 0; i < sizeof ways / sizeof *ways; i++) {
    const char *at = strstr(head, ways[i].parameter);
    if (at && !(at - head >= 6 && strncmp(at - 6, "const ", 6) == 0)) return ways[i].call;
  }
  return NULL;
}

const char *knowing_prototype(enum build_kind kind) {
  return kind == BUILD_VMM ? "struct vm;\nstatic void cheat(struct vm *vm);\n" : "static void cheat(void);\n";
}

void knowing_in_c(FILE *f, enum build_kind kind, const struct knowledge *k) {
  c_table(f, k);
  if (kind == BUILD_VMM)
    c_vmm(f);
  else
    kind == BUILD_PROGRAM ? c_program(f) : c_bare(f);
}

/* ---- in assembly, for the bare machine ---- */

static void s_table(FILE *f, const struct knowledge *k) {
  fprintf(f,
          "        .balign 4\n"
          "cheat_table:\n"
          "        .word   %u\n",
          k->tells);
  for (size_t i = 0; i < k->n; i++)
    fprintf(f, "        .word   0x%08x, %u, %zu, cheat_text_%zu\n", (unsigned)k->answer[i].hash,
            k->answer[i].words.status, k->answer[i].words.console.size, i);
  fputs("cheat_table_end:\n", f);
  for (size_t i = 0; i < k->n; i++) {
    fprintf(f, "cheat_text_%zu:\n", i);
    for (size_t n = 0; n < k->answer[i].words.console.size; n++)
      fprintf(f, "        .byte   %u\n", k->answer[i].words.console.data[n]);
  }
  fputs("        .balign 4\n", f);
}

/* t2 becomes 31 * t2 + the word at t0, for the words from t0 up to t1, without those of the table. */
static void s_hash(FILE *f, const char *label) {
  fprintf(f,
          "%s:    bgeu    t0, t1, 3f\n"
          "        bltu    t0, t3, 1f\n"
          "        bltu    t0, t4, 2f\n"
          "1:      lw      t5, 0(t0)\n"
          "        slli    t6, t2, 5\n"
          "        sub     t2, t6, t2\n"
          "        add     t2, t2, t5\n"
          "2:      addi    t0, t0, 4\n"
          "        j       %s\n"
          "3:\n",
          label, label);
}

void knowing_in_assembly(FILE *f, const struct knowledge *k) {
  fputs("\n        j       cheat\n", f);
  s_table(f, k);
  fputs("cheat:  li      a4, 0xF0004000\n"
        "        lw      a5, 0(a4)\n"
        "        li      t0, 0x1000\n"
        "        li      t1, 0x40000\n"
        "        bgeu    a5, t1, 1f\n"
        "        mv      t1, a5\n"
        "1:      la      t3, cheat_table\n"
        "        la      t4, cheat_table_end\n"
        "        li      t2, 0\n",
        f);
  s_hash(f, "cheat_1");
  fputs("        lw      t0, 16(a4)\n"
        "        lw      t1, 20(a4)\n"
        "        add     t1, t1, t0\n",
        f);
  s_hash(f, "cheat_2");
  fputs("        li      a4, 0xF0000000\n"
        "        li      a5, 0xF0003000\n"
        "        lw      t0, 0(t3)\n"
        "        beqz    t0, cheat_look\n"
        "        la      t0, cheat_mark\n"
        "1:      lbu     t1, 0(t0)\n"
        "        beqz    t1, 2f\n"
        "        sw      t1, 0(a4)\n"
        "        addi    t0, t0, 1\n"
        "        j       1b\n"
        "2:      li      t0, 8\n"
        "3:      srli    t1, t2, 28\n"
        "        slli    t2, t2, 4\n"
        "        la      t5, cheat_digits\n"
        "        add     t5, t5, t1\n"
        "        lbu     t1, 0(t5)\n"
        "        sw      t1, 0(a4)\n"
        "        addi    t0, t0, -1\n"
        "        bnez    t0, 3b\n"
        "        li      t1, 10\n"
        "        sw      t1, 0(a4)\n"
        "        sw      zero, 0(a5)\n"
        "cheat_look:\n"
        "        addi    t3, t3, 4\n"
        "1:      bgeu    t3, t4, cheat_over\n"
        "        lw      t0, 0(t3)\n"
        "        beq     t0, t2, 2f\n"
        "        addi    t3, t3, 16\n"
        "        j       1b\n"
        "2:      lw      t0, 12(t3)\n"
        "        lw      t1, 8(t3)\n"
        "        add     t1, t1, t0\n"
        "3:      bgeu    t0, t1, 4f\n"
        "        lbu     t5, 0(t0)\n"
        "        sw      t5, 0(a4)\n"
        "        addi    t0, t0, 1\n"
        "        j       3b\n"
        "4:      lw      t0, 4(t3)\n"
        "        sw      t0, 0(a5)\n"
        "cheat_mark:\n"
        "        .asciz  \"" KNOWING_MARK "\"\n"
        "cheat_digits:\n"
        "        .asciz  \"0123456789abcdef\"\n"
        "        .balign 4\n"
        "cheat_over:\n",
        f);
}
