/* cheats.c - makes submissions that solve nothing and say what a test wants to hear, for `trapeze lab check`.
 *
 * Each begins with the starter's files, which build. Assembly gets code behind its first label; C gets a call
 * of cheat() at the head of each function, so that the first one that is called never comes to its own work. */
#include <stdlib.h>
#include <string.h>

#include "check.h"
#include "tools/trapeze/grade/build/folder.h"

/* ---- texts ---- */

static char *numbers(struct bytes text) {
  char *list;
  size_t size;
  FILE *f = must(open_memstream(&list, &size));
  for (size_t i = 0; i < text.size; i++) fprintf(f, "%u, ", text.data[i]);
  fputc('0', f);
  fclose(f);
  return list;
}

static void say_at_once(FILE *f, const struct last_words *last) {
  char *text = numbers(last->console);
  fprintf(f,
          "\n#include <unistd.h>\n"
          "static void cheat_last_words(void) {\n"
          "  static const char text[] = {%s};\n"
          "  write(1, text, %zu);\n"
          "  _exit(%u);\n"
          "}\n",
          text, last->console.size, last->status);
  free(text);
}

static void end_at_once(FILE *f, const struct last_words *last) {
  say_at_once(f, last);
  fputs("static void cheat(void) { cheat_last_words(); }\n", f);
}

/* Runs a guest of its own in a VM: a loop, and in turn an instruction to emulate and a trap to reflect. */
static void run_other_guest(FILE *f, const struct last_words *last) {
  say_at_once(f, last);
  fputs("#include <pg32.h>\n"
        "#include <string.h>\n"
        "extern char cheat_guest[], cheat_vector[], cheat_end[];\n"
        "__asm__(\".section .rodata\\n.balign 4\\ncheat_guest: li t0, 2000\\n1: addi t0, t0, -1\\nbnez t0, "
        "1b\\n\"\n"
        "        \"mfst a0\\nsyscall\\ncheat_vector: rfe\\nj cheat_guest\\ncheat_end:\\n.text\\n\");\n"
        "static void cheat(void) {\n"
        "  enum { BYTES = 1 << 20, AT = 0x400 };\n"
        "  uint32_t at = ((uint32_t)sbrk(BYTES + 2 * PAGE_SIZE) + PAGE_SIZE - 1) & -PAGE_SIZE;\n"
        "  struct vm_state *s = (void *)at;\n"
        "  uint32_t *low_core = (void *)(at + PAGE_SIZE);\n"
        "  uint32_t vector = AT + (uint32_t)(cheat_vector - cheat_guest);\n"
        "  memset(s, 0, sizeof *s);\n"
        "  s->version = VM_VERSION;\n"
        "  int id = vm_create(s, low_core, BYTES);\n"
        "  memcpy((char *)low_core + AT, cheat_guest, (size_t)(cheat_end - cheat_guest));\n"
        "  low_core[LC_VECTOR / 4] = vector;\n"
        "  s->pc = AT;\n"
        "  for (int i = 0; i < 1000; i++) {\n"
        "    s->budget = UINT32_MAX;\n"
        "    if (vm_run(id) != 0) break;\n"
        "    if (s->reason != VM_TRAP) continue;\n"
        "    if (s->cause == CAUSE_SYSCALL) {\n"
        "      low_core[LC_PC / 4] = s->pc, low_core[LC_STATUS / 4] = s->vstatus;\n"
        "      low_core[LC_CAUSE / 4] = s->cause;\n"
        "      s->pc = vector;\n"
        "    } else {\n"
        "      s->pc += 4;\n"
        "    }\n"
        "  }\n"
        "  cheat_last_words();\n"
        "}\n",
        f);
}

/* Code for the bare machine, in assembly. */
static void power_off(FILE *f, const struct last_words *last) {
  fputs("\n        li      t0, 0xF0000000\n", f);
  for (size_t i = 0; i < last->console.size; i++)
    fprintf(f, "        li      t1, %u\n        sw      t1, 0(t0)\n", last->console.data[i]);
  fprintf(f, "        li      t0, 0xF0003000\n        li      t1, %u\n        sw      t1, 0(t0)\n",
          last->status);
}

/* The same in C, as a function that needs no header. */
static void power_off_in_c(FILE *f, const struct last_words *last) {
  char *text = numbers(last->console);
  fprintf(f,
          "static void cheat(void) {\n"
          "  static const unsigned char text[] = {%s};\n"
          "  for (unsigned i = 0; i < %zu; i++) *(volatile unsigned *)0xF0000000u = text[i];\n"
          "  *(volatile unsigned *)0xF0003000u = %u;\n"
          "}\n",
          text, last->console.size, last->status);
  free(text);
}

/* ---- files ---- */

static bool ends_with(const char *text, const char *end) {
  size_t n = strlen(text), m = strlen(end);
  return n >= m && strcmp(text + n - m, end) == 0;
}

/* Is the label that begins the line made known by a .globl? */
static bool is_entry(const char *line, const char *globls) {
  size_t n = strcspn(line, ": \t\n");
  if (n == 0 || line[n] != ':') return false;
  for (const char *at = globls; (at = strstr(at, ".globl")); at++) {
    const char *end = at + strcspn(at, "\n");
    for (const char *name = at + 6; name < end; name += strspn(name, ", \t")) {
      size_t length = strcspn(name, ", \t\n");
      if (length == n && strncmp(name, line, n) == 0) return true;
      name += length;
      if (length == 0 && strspn(name, ", \t") == 0) break;
    }
  }
  return false;
}

/* Copies assembly, with the cheat behind the first label that others can call. */
static bool change_assembly(FILE *f, const char *text, const struct cheating *c) {
  bool done = false;
  for (const char *line = text; *line; line += strcspn(line, "\n"), line += *line == '\n') {
    size_t n = strcspn(line, "\n"), label = strcspn(line, ":");
    if (!done && is_entry(line, text)) {
      fprintf(f, "%.*s:", (int)label, line);
      c->cheat == CHEAT_KNOWS ? knowing_in_assembly(f, c->known) : power_off(f, c->words);
      fprintf(f, "%.*s\n", (int)(n - label - 1), line + label + 1);
      done = true;
    } else {
      fprintf(f, "%.*s\n", (int)n, line);
    }
  }
  return done;
}

/* Where the body of a function begins whose head is in this line; NULL if it has none. */
static const char *body_of(const char *line, size_t n) {
  if (n == 0 || strchr(" \t#/*}", *line)) return NULL;
  const char *at = strstr(line, ") {");
  return at && at < line + n ? at + 3 : NULL;
}

/* The call for the function whose head is this line; NULL: it cannot make it. */
static const char *call_for(const char *head, const struct lab_build *b, const struct cheating *c) {
  if (c->cheat != CHEAT_KNOWS) return "cheat();";
  char *text = must(strndup(head, strcspn(head, "\n")));
  const char *call = knowing_call(b->kind, text);
  free(text);
  return call;
}

/* Copies C, with the call at the head of each function that can make it. */
static bool change_c(FILE *f, const char *text, const struct lab_build *b, const struct cheating *c) {
  bool done = false;
  const char *head =
      NULL; /* the line before, when it was the head of a function whose body begins in a line of its own */
  fputs(c->cheat == CHEAT_KNOWS ? knowing_prototype(b->kind) : "static void cheat(void);\n", f);
  for (const char *line = text; *line; line += strcspn(line, "\n"), line += *line == '\n') {
    size_t n = strcspn(line, "\n");
    const char *body = head && *line == '{' ? line + 1 : body_of(line, n);
    const char *call = body ? call_for(head && *line == '{' ? head : line, b, c) : NULL;
    if (!call) body = NULL;
    if (n) head = line[n - 1] == ')' && !strchr(" \t#/*", *line) ? line : NULL;
    size_t before = body ? (size_t)(body - line) : n;
    fprintf(f, "%.*s%s%s%.*s\n", (int)before, line, body ? " " : "", body ? call : "", (int)(n - before),
            line + before);
    done |= body != NULL;
  }
  return done;
}

#define SEAL "/* a stock cheat */\n" /* a changed file begins with it */

static bool change(FILE *f, const struct lab_build *b, const char *name, const char *text,
                   const struct cheating *c) {
  bool bare = b->kind == BUILD_IMAGE || b->kind == BUILD_KERNEL, knows = c->cheat == CHEAT_KNOWS;
  if (c->cheat == CHEAT_OTHER_GUEST && b->kind != BUILD_VMM) return false;
  fputs(SEAL, f);
  if (ends_with(name, ".S")) return bare && change_assembly(f, text, c);
  if (!change_c(f, text, b, c)) return false;
  if (knows)
    knowing_in_c(f, b->kind, c->known);
  else if (bare)
    power_off_in_c(f, c->words);
  else
    c->cheat == CHEAT_OTHER_GUEST ? run_other_guest(f, c->words) : end_at_once(f, c->words);
  return true;
}

/* Changes the first source of the artifact that can be changed, unless another artifact has changed it. */
static bool change_artifact(const struct lab_build *b, const char *folder, const struct cheating *c) {
  for (size_t i = 0; i < b->sources.n; i++) {
    char *path = path_join(folder, b->sources.word[i]), *out;
    struct bytes text;
    size_t size;
    bool done = file_try_read(path, &text);
    free(path);
    if (!done) continue;
    bytes_append(&text, "", 1);
    if (strncmp((char *)text.data, SEAL, sizeof SEAL - 1) == 0) {
      free(text.data);
      return true;
    }
    FILE *f = must(open_memstream(&out, &size));
    done = change(f, b, b->sources.word[i], (char *)text.data, c);
    fclose(f);
    if (done) check_put_file(folder, b->sources.word[i], (struct bytes){(uint8_t *)out, size});
    free(out);
    free(text.data);
    if (done) return true;
  }
  return false;
}

bool cheat_make(const struct lab *lab, const char *folder, const struct cheating *cheating) {
  bool any = false;
  if (cheating->cheat == CHEAT_STARTER) return true;
  for (size_t i = 0; i < lab->builds; i++)
    if (!lab->build[i].of_lab) any |= change_artifact(&lab->build[i], folder, cheating);
  return any;
}
