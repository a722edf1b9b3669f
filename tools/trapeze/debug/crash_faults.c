/* crash_faults.c - why a fault has ended a process, in the words that its programmer needs: one row for each kind
 * of sentence. The first row that fits the trap is said.
 *
 * The sentences state what the machine shows; a guess ends in a question mark. */
#include <ctype.h>
#include <errno.h>
#include <string.h>

#include "crash_scene.h"

#define BEYOND (1 << 16) /* bytes behind a region that still look like an array that was left */
#define INLINED 64       /* functions inlined into one another at one place */

/* ---- questions about the scene ---- */

static bool is_mapped(struct scene *s, uint32_t address) {
  uint32_t pa;
  return mmu_recall(s->d, s->e.regs.status, address, &pa);
}

static bool is_store(const struct scene *s) {
  return s->cause == CAUSE_STORE_MISS || s->cause == CAUSE_STORE_PROT || s->cause == CAUSE_STORE_BUS ||
         s->cause == CAUSE_STORE_MISALIGNED;
}

static const char *access_word(const struct scene *s) { return is_store(s) ? "write to" : "read of"; }

static bool heap(struct scene *s, uint32_t *start, uint32_t *end) {
  return kernel_tables_heap(s->d, status_asid(s->e.regs.status), start, end);
}

static bool is_in_stack(const struct scene *s, uint32_t address) {
  return address >= (s->sp & TLB_VPN_MASK) && address < USER_TOP && s->sp < USER_TOP && s->sp >= STACK_END;
}

/* Of the program's symbols the one that the address lies in; "" if it is in none. */
static const char *symbol(struct scene *s, uint32_t address, char *buf, size_t size) {
  *buf = 0;
  if (!s->e.image || !s->e.image->lines || !pg32_lines_is_loaded(s->e.image->lines, address)) return buf;
  return image_symbol(s->e.image, address, buf, size);
}

bool crash_text_at(struct scene *s, uint32_t address, char *buf, size_t size) {
  const size_t n = eval_read(&s->e, s->e.regs.status, address, buf, size - 1);
  size_t k = 0;
  while (k < n && isprint((unsigned char)buf[k])) k++;
  const bool ended = k >= 2 && k < n && buf[k] == 0;
  buf[k] = 0;
  return ended;
}

/* Are the four bytes of the word printable, as those of a pointer that a string has overwritten? */
static bool is_text(uint32_t word, char text[5]) {
  for (int i = 0; i < 4; i++) {
    text[i] = (char)(word >> 8 * i);
    if (!isprint((unsigned char)text[i])) return false;
  }
  return text[4] = 0, true;
}

/* ---- memory that is not there ---- */

static bool is_null(struct scene *s) { return s->address == 0; }
static bool is_near_null(struct scene *s) { return s->address < PAGE_SIZE; }

/* Was the process refused memory when it last asked for some? Then malloc has given NULL. */
static bool was_refused_memory(struct scene *s) {
  uint32_t result;
  for (uint64_t e = s->c.event - 1; e; e--) {
    if (!(e = index_last_trap(s->d, e, s->c.lane))) break;
    const struct note n = index_note(s->d, e);
    if (n.cause != CAUSE_SYSCALL || n.hi != CALL_sbrk) continue;
    return crash_calls(s->d, e, "sbrk") && crash_call_result(s->d, e, &result) && result == (uint32_t)-ENOMEM;
  }
  return false;
}

static const char *a_null_pointer(struct scene *s) {
  return was_refused_memory(s) ? "the null pointer of a malloc that got no memory?" : "a null pointer?";
}

static void say_null(struct scene *s) { fprintf(s->out, "no page at address 0: %s", a_null_pointer(s)); }

static void say_near_null(struct scene *s) {
  fprintf(s->out, "no page at address %u: a member or element at +%u of %s", s->address, s->address,
          a_null_pointer(s));
}

/* The stack pointer itself points to where no page is, or so far below that its variables do not fit. */
static bool is_stack_overflow(struct scene *s) {
  return s->sp < USER_TOP && USER_TOP - s->sp < 1 << 28 && s->address >= s->sp - PAGE_SIZE &&
         s->address < USER_TOP && !is_mapped(s, s->sp);
}

/* An array of the outermost functions that was left at its end. */
static bool is_behind_stack(struct scene *s) {
  return s->address >= USER_TOP && s->address - USER_TOP < BEYOND && is_in_stack(s, s->sp);
}

static void say_behind_stack(struct scene *s) {
  fprintf(s->out, "%s address 0x%08x, just behind the stack: has a local array been overrun?", access_word(s),
          s->address);
}

static bool is_kernels(struct scene *s) { return s->address >= USER_TOP; }

static void say_kernels(struct scene *s) {
  fprintf(s->out, "%s address 0x%08x, which no program may use: a wrong pointer?", access_word(s),
          s->address);
}

static bool is_behind_heap(struct scene *s) {
  uint32_t start, end;
  return heap(s, &start, &end) && end > start && s->address >= end && s->address - end < BEYOND;
}

static void say_behind_heap(struct scene *s) {
  fprintf(s->out, "no page at 0x%08x, just behind the heap: beyond what malloc gave?", s->address);
}

/* The heap begins behind the variables; nothing of it is in use yet. */
static bool is_behind_variables(struct scene *s) {
  uint32_t start, end;
  return heap(s, &start, &end) && end == start && s->address >= start && s->address - start < BEYOND;
}

static void say_behind_variables(struct scene *s) {
  fprintf(s->out, "no page at 0x%08x, just behind the global variables: has a global array been overrun?",
          s->address);
}

static bool is_text_address(struct scene *s) {
  char text[5];
  return is_text(s->address, text);
}

static void say_text_address(struct scene *s) {
  char text[5];
  is_text(s->address, text);
  fprintf(s->out, "no page at 0x%08x, which spells \"%s\": a pointer that a string has overwritten?",
          s->address, text);
}

static void say_no_page(struct scene *s) {
  fprintf(s->out, "no page at 0x%08x: a wrong pointer or index?", s->address);
}

/* ---- memory without the right ---- */

static void say_read_only(struct scene *s) {
  char name[200], text[24];
  struct source_function f[INLINED];
  symbol(s, s->address, name, sizeof name);
  const int functions = source_functions(s->e.image, s->address, f, INLINED);
  if (functions)
    fprintf(s->out, "write to 0x%08x, which is the code of `%s`", s->address, f[functions - 1].name);
  else if (crash_text_at(s, s->address, text, sizeof text))
    fprintf(s->out, "write to read-only memory: the constant \"%s\"", text);
  else if (*name)
    fprintf(s->out, "write to read-only memory at 0x%08x: the constant `%s`?", s->address, name);
  else
    fprintf(s->out, "write to read-only memory at 0x%08x", s->address);
}

static void say_unreadable(struct scene *s) {
  fprintf(s->out, "read of 0x%08x, which may not be read", s->address);
}

static void say_bus(struct scene *s) {
  fprintf(s->out, "%s address 0x%08x, where neither memory nor a device is", access_word(s), s->address);
}

static void say_misaligned(struct scene *s) {
  const struct pg32_insn i = pg32_decode(s->badinst);
  const bool half = i.id == PG32_lh || i.id == PG32_lhu || i.id == PG32_sh;
  fprintf(s->out, "%s 0x%08x, which is no multiple of %d: a pointer to another type?", access_word(s),
          s->address, half ? 2 : 4);
}

/* ---- jumps to what is no code ---- */

/* A jump to no multiple of 4 traps at the jump; all others trap where they lead. */
static uint32_t target(const struct scene *s) {
  return s->cause == CAUSE_FETCH_MISALIGNED ? s->address : s->pc;
}

static bool returned(const struct scene *s) {
  const struct pg32_insn i = pg32_decode(s->badinst);
  if (s->cause == CAUSE_FETCH_MISALIGNED) return i.id == PG32_jalr && i.rd == 0 && i.rs1 == 1;
  return (s->e.regs.x[1] & ~1u) == s->pc; /* jalr takes bit 0 away */
}

/* "return to 0x41414141 ("AAAA")" */
static void say_jump(struct scene *s) {
  char text[5];
  fprintf(s->out, "%s 0x%08x", returned(s) ? "return to" : "jump to", target(s));
  if (is_text(returned(s) ? s->e.regs.x[1] : target(s), text)) fprintf(s->out, " (\"%s\")", text);
}

static void say_why_jump(struct scene *s) {
  fputs(returned(s) ? ": has a local array been overrun?" : ": a wrong function pointer?", s->out);
}

static void say_null_call(struct scene *s) {
  fputs(returned(s) ? "return to address 0: has a local array been overrun?"
                    : "jump to address 0: a call through a null function pointer?",
        s->out);
}

static void say_jump_nowhere(struct scene *s) {
  say_jump(s);
  fputs(", where no page is", s->out);
  say_why_jump(s);
}

static void say_jump_to_data(struct scene *s) {
  char name[200];
  uint32_t start, end;
  say_jump(s);
  if (*symbol(s, s->pc, name, sizeof name))
    fprintf(s->out, ", which is no code but `%s`", name);
  else if (is_in_stack(s, s->pc))
    fputs(", which is no code but the stack", s->out);
  else if (heap(s, &start, &end) && s->pc >= start && s->pc < end)
    fputs(", which is no code but the heap", s->out);
  else
    fputs(", which is no code", s->out);
  say_why_jump(s);
}

static void say_jump_misaligned(struct scene *s) {
  say_jump(s);
  fputs(", which is no multiple of 4", s->out);
  say_why_jump(s);
}

/* ---- instructions ---- */

static void say_illegal(struct scene *s) {
  fprintf(s->out, "0x%08x is no instruction: a jump to what is no code?", s->badinst);
}

static bool is_no_code(struct scene *s) {
  return s->e.image && s->e.image->lines && !image_is_code(s->e.image, s->pc);
}

static bool is_unreachable(struct scene *s) {
  return s->badinst == 0; /* what compilers put where no way leads */
}

static void say_unreachable(struct scene *s) {
  fprintf(s->out, "0x%08x is no instruction: a function without `return`, or undefined behaviour?",
          s->badinst);
}

static void say_privileged(struct scene *s) {
  char text[80];
  pg32_disassemble(text, sizeof text, s->badinst, s->pc);
  text[strcspn(text, " ")] = 0;
  fprintf(s->out, "`%s` is a privileged instruction, which only a kernel may execute", text);
}

static void say_hcall(struct scene *s) { fputs("`hcall`: there is nobody to call", s->out); }

static void say_break(struct scene *s) {
  fputs("`break`: an instruction for debuggers, or a trap of the compiler's", s->out);
}

static void say_other(struct scene *s) { fputs(pg32_cause_text(s->cause), s->out); }

/* ---- the table ---- */

#define ON(cause) (UINT32_C(1) << CAUSE_##cause)
#define ACCESS_MISS (ON(LOAD_MISS) | ON(STORE_MISS))
#define FETCH (ON(FETCH_MISS) | ON(FETCH_PROT) | ON(FETCH_BUS))

/* An address behind 0 is no null pointer: to add to one before a call is rare, to overwrite a return address is not. */
static bool is_null_call(struct scene *s) { return s->pc == 0 && !is_mapped(s, s->pc); }

static const struct {
  uint32_t causes;
  bool (*fits)(struct scene *s); /* NULL = always */
  void (*say)(struct scene *s);
} sentences[] = {
    {ACCESS_MISS, is_null, say_null},
    {ACCESS_MISS, is_near_null, say_near_null},
    {ACCESS_MISS, is_stack_overflow, crash_say_stack_overflow},
    {ACCESS_MISS, is_behind_stack, say_behind_stack},
    {ACCESS_MISS, is_kernels, say_kernels},
    {ACCESS_MISS, is_behind_heap, say_behind_heap},
    {ACCESS_MISS, is_behind_variables, say_behind_variables},
    {ACCESS_MISS, is_text_address, say_text_address},
    {ACCESS_MISS, NULL, say_no_page},
    {ON(STORE_PROT), NULL, say_read_only},
    {ON(LOAD_PROT), NULL, say_unreadable},
    {ON(LOAD_BUS) | ON(STORE_BUS), NULL, say_bus},
    {ON(LOAD_MISALIGNED) | ON(STORE_MISALIGNED), NULL, say_misaligned},
    {FETCH, is_null_call, say_null_call},
    {ON(FETCH_MISS) | ON(FETCH_BUS), NULL, say_jump_nowhere},
    {ON(FETCH_PROT), NULL, say_jump_to_data},
    {ON(FETCH_MISALIGNED), NULL, say_jump_misaligned},
    {ON(ILLEGAL), is_no_code, say_jump_to_data},
    {ON(ILLEGAL), is_unreachable, say_unreachable},
    {ON(ILLEGAL), NULL, say_illegal},
    {ON(PRIVILEGED), NULL, say_privileged},
    {ON(HCALL), NULL, say_hcall},
    {ON(BREAK), NULL, say_break},
    {~(uint32_t)0, NULL, say_other},
};

void crash_say_fault(struct scene *s) {
  for (size_t i = 0; i < sizeof sentences / sizeof *sentences; i++)
    if ((sentences[i].causes >> s->cause & 1) && (!sentences[i].fits || sentences[i].fits(s)))
      return sentences[i].say(s);
}

bool crash_has_jumped(struct scene *s) { return (FETCH >> s->cause & 1) || is_no_code(s); }
