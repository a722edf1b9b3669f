/* fuzz.c - hostile guests: random machines, and mutants of a kernel.
 *
 * A random machine is a bare image with pages of random code. Its trap handler draws the next place, STATUS,
 * TIMER, TLB entry and registers from tables and continues there. So each excursion into the random code,
 * whatever it does, ends in the handler, and the next one starts elsewhere. TIMER is short, so interrupts
 * come at every boundary. Registers point into RAM, code, low core, devices and nowhere, so that loads and
 * stores of each width reach all of them. The code may destroy its own handler or vector: then a check-stop
 * ends this guest and no other. */
#include <elf.h>
#include <stdlib.h>
#include <string.h>

#include "fuzz.h"
#include "isa/elf_pg32.h"

uint32_t fuzz_random(uint64_t *seed) { /* splitmix64 */
  uint64_t z = *seed += UINT64_C(0x9E3779B97F4A7C15);
  z = (z ^ z >> 30) * UINT64_C(0xBF58476D1CE4E5B9);
  z = (z ^ z >> 27) * UINT64_C(0x94D049BB133111EB);
  return (uint32_t)(z >> 32);
}

uint32_t fuzz_below(uint64_t *seed, uint32_t n) { return fuzz_random(seed) % n; }
#define below fuzz_below
static bool one_in(uint64_t *seed, uint32_t n) { return below(seed, n) == 0; }

/* ---- instructions ---- */

static int32_t random_immediate(enum pg32_shape shape, uint64_t *seed) {
  switch (shape) {
  case PG32_SHAPE_SHIFT: return (int32_t)below(seed, 32);
  case PG32_SHAPE_SCOPE: return (int32_t)below(seed, 3);
  case PG32_SHAPE_MARK: return (int32_t)below(seed, 8);
  case PG32_SHAPE_UPPER: return (int32_t)below(seed, 1 << 20);
  case PG32_SHAPE_BRANCH:
  case PG32_SHAPE_JUMP: return 4 * ((int32_t)below(seed, 32) - 12);
  case PG32_SHAPE_LOAD:
  case PG32_SHAPE_STORE:
    if (one_in(seed, 12)) return -4 * (int32_t)below(seed, 4096); /* by base x0: the end of all addresses */
    return 4 * ((int32_t)below(seed, 9) - 2) + (one_in(seed, 8) ? (int32_t)below(seed, 4) : 0);
  default: return (int32_t)below(seed, 1 << 15) - (1 << 14);
  }
}

static bool is_memory(enum pg32_shape shape) { return shape == PG32_SHAPE_LOAD || shape == PG32_SHAPE_STORE; }

/* A quarter of the instructions access memory, a quarter trap in user mode or always. */
static enum pg32_id random_id(uint64_t *seed) {
  uint32_t kind = below(seed, 4);
  for (;;) {
    enum pg32_id id = (enum pg32_id)below(seed, PG32_INSNS);
    const struct pg32_row *row = pg32_row(id);
    if (kind == 0 && !is_memory(row->shape)) continue;
    if (kind == 1 && row->class == PG32_INNOCUOUS) continue;
    return id;
  }
}

static uint32_t random_insn(uint64_t *seed) {
  enum pg32_id id = random_id(seed);
  enum pg32_shape shape = pg32_row(id)->shape;
  struct pg32_insn i = {id, (uint8_t)below(seed, 32), (uint8_t)below(seed, 32), (uint8_t)below(seed, 32),
                        random_immediate(shape, seed)};
  uint32_t word = 0;
  if (shape == PG32_SHAPE_LOAD || shape == PG32_SHAPE_RRI || shape == PG32_SHAPE_SHIFT) i.rs2 = 0;
  if (shape == PG32_SHAPE_NONE) i.rd = i.rs1 = i.rs2 = 0, i.imm = 0;
  if (one_in(seed, 40) || !pg32_encode(i, &word)) return fuzz_random(seed); /* any word at all */
  return word;
}

/* ---- the trap handler ---- */

static void put(struct code *c, uint32_t word) {
  memcpy(c->image + c->at - BASE, &word, sizeof word);
  c->at += 4;
}

void code_emit(struct code *c, enum pg32_id id, unsigned rd, unsigned rs1, unsigned rs2, int32_t imm) {
  uint32_t word = 0;
  if (!pg32_encode((struct pg32_insn){id, (uint8_t)rd, (uint8_t)rs1, (uint8_t)rs2, imm}, &word)) abort();
  put(c, word);
}

void code_random(struct code *c) {
  LOAD(6, SEED, 0);
  RRI(addi, 6, 6, 0x2AD);
  RRI(slli, 7, 6, 13), RRR(xor, 6, 6, 7);
  RRI(srli, 7, 6, 17), RRR(xor, 6, 6, 7);
  RRI(slli, 7, 6, 5), RRR(xor, 6, 6, 7);
  STORE(6, SEED, 0);
}

void code_choose(struct code *c, unsigned rd, int shift) {
  RRI(srli, rd, 6, shift), RRI(andi, rd, rd, 0xFC);
  LUI(7, TABLES), RRR(add, rd, rd, 7);
}

static void emit_handler(struct code *c) {
  code_random(c);
  LUI(7, BASE), STORE(7, LC_VECTOR, 0);
  LUI(8, CODE_END - CODE), RRI(addi, 8, 8, -4), RRR(and, 9, 6, 8);
  LUI(8, CODE), RRR(add, 9, 9, 8), STORE(9, LC_PC, 0);
  code_choose(c, 10, 15);
  LOAD(11, STATUSES, 10), STORE(11, LC_STATUS, 0);
  code_choose(c, 10, 21);
  LOAD(11, TIMERS, 10), STORE(11, LC_TIMER, 0);
  code_choose(c, 10, 8), LOAD(11, HIS, 10);
  code_choose(c, 10, 13), LOAD(12, LOS, 10);
  RRI(andi, 9, 6, 2), code_emit(c, PG32_bne, 0, 9, 0, 8);
  RRR(tlbw, 0, 11, 12);
  code_choose(c, 31, 3), RRI(addi, 31, 31, VALUES);
  for (unsigned r = 1; r < 32; r++) LOAD(r, 4 * (int)r, 31);
  RRR(rfe, 0, 0, 0);
}

static void emit_start(struct code *c, uint64_t *seed) {
  LUI(6, fuzz_random(seed)), STORE(6, SEED, 0);
  code_emit(c, PG32_jal, 0, 0, 0, BASE - (int32_t)c->at);
}

/* ---- the tables ---- */

static uint32_t random_asid(uint64_t *seed) { return (uint32_t[]){0, 1, 2, 255}[below(seed, 4)]; }

static uint32_t random_status(uint64_t *seed) {
  if (one_in(seed, 16)) return fuzz_random(seed);
  return below(seed, 2) * ST_U | (one_in(seed, 12) ? 0 : ST_IE) | (one_in(seed, 3) ? ST_T : 0) |
         random_asid(seed) << ST_ASID_SHIFT;
}

static uint32_t random_timer(uint64_t *seed) {
  return one_in(seed, 16) ? fuzz_random(seed) : one_in(seed, 4) ? below(seed, 2000) : below(seed, 24);
}

/* The page of a device: seldom that of DEV_POWER, which ends the run. */
static uint32_t random_device_page(uint64_t *seed) {
  if (one_in(seed, 400)) return DEV_POWER;
  uint32_t page = DEV_BASE + PAGE_SIZE * below(seed, (DEV_END - DEV_BASE) / PAGE_SIZE - 1);
  return page < DEV_POWER ? page : page + PAGE_SIZE;
}

static uint32_t random_device(uint64_t *seed) {
  uint32_t page = random_device_page(seed);
  const uint32_t beyond = DEV_END + 3 * PAGE_SIZE;
  return one_in(seed, 8) ? DEV_BASE + below(seed, beyond - DEV_BASE) : page + 4 * below(seed, 8);
}

/* A value for a register, usually an address of something. */
static uint32_t random_value(uint64_t *seed) {
  switch (below(seed, 11)) {
  case 0: return fuzz_random(seed);
  case 10:
    return VM_WINDOW_START + (below(seed, VM_WINDOW_BYTES) & ~3u); /* where a VMM may have a translation */
  case 1: return one_in(seed, 3) ? below(seed, 0x90) : below(seed, 64); /* low core, small numbers */
  case 2:
  case 3: return random_device(seed);
  case 4: return CODE + below(seed, CODE_END - CODE);
  case 5:
    return one_in(seed, 4) ? 0x001FFFF0 + below(seed, 32)
                           : fuzz_random(seed) & 0x003FFFFC; /* about the end of RAM */
  default: return CODE_END + (below(seed, END - CODE_END) & ~3u);
  }
}

/* Half the entries map a page of code onto itself. */
static uint32_t random_hi(uint64_t *seed) {
  uint32_t page = one_in(seed, 2) ? CODE + below(seed, CODE_END - CODE) : random_value(seed);
  return (page & TLB_VPN_MASK) | random_asid(seed);
}

static uint32_t random_lo(uint64_t *seed) {
  return (random_value(seed) & TLB_PFN_MASK) | (one_in(seed, 2) ? (uint32_t)TLB_RIGHTS : below(seed, 16));
}

void code_fill(uint8_t *image, uint32_t at, int n, uint32_t draw(uint64_t *seed), uint64_t *seed) {
  struct code c = {image, at};
  while (n--) put(&c, draw(seed));
}

static void fill_image(uint8_t *image, uint64_t *seed) {
  code_fill(image, TABLES + STATUSES, 64, random_status, seed);
  code_fill(image, TABLES + TIMERS, 64, random_timer, seed);
  code_fill(image, TABLES + HIS, 64, random_hi, seed);
  code_fill(image, TABLES + LOS, 64, random_lo, seed);
  code_fill(image, TABLES + VALUES, 128, random_value, seed);
  code_fill(image, CODE, (CODE_END - CODE) / 4, random_insn, seed);
  code_fill(image, CODE_END, (END - CODE_END) / 4, random_value, seed);
  for (int i = 0; i < 24; i++) /* and entries that lead a page of code back to itself */
    memcpy(image + TABLES + LOS + 4 * i - BASE, image + TABLES + HIS + 4 * i - BASE, 4),
        image[TABLES + LOS + 4 * i - BASE] |= TLB_RIGHTS;
}

static struct bytes make_image(uint64_t *seed, void handler(struct code *c),
                               void tables(uint8_t *image, uint64_t *seed)) {
  const Elf32_Ehdr header = {
      .e_ident = {ELFMAG0, ELFMAG1, ELFMAG2, ELFMAG3, ELFCLASS32, ELFDATA2LSB, EV_CURRENT},
      .e_type = ET_EXEC,
      .e_machine = EM_PG32,
      .e_version = EV_CURRENT,
      .e_entry = START,
      .e_phoff = sizeof header,
      .e_ehsize = sizeof header,
      .e_phentsize = sizeof(Elf32_Phdr),
      .e_phnum = 1};
  const Elf32_Phdr segment = {.p_type = PT_LOAD,
                              .p_offset = sizeof header + sizeof segment,
                              .p_vaddr = BASE,
                              .p_paddr = BASE,
                              .p_filesz = END - BASE,
                              .p_memsz = END - BASE,
                              .p_flags = PF_R | PF_W | PF_X};
  static uint8_t image[END - BASE];
  struct bytes b = {0};
  memset(image, 0, sizeof image);
  fill_image(image, seed);
  if (tables) tables(image, seed);
  handler(&(struct code){image, BASE});
  emit_start(&(struct code){image, START}, seed);
  bytes_append(&b, &header, sizeof header);
  bytes_append(&b, &segment, sizeof segment);
  bytes_append(&b, image, sizeof image);
  return b;
}

struct bytes fuzz_image(uint64_t *seed) {
  return make_image(seed, emit_handler, NULL);
}

struct bytes fuzz_para_image(uint64_t *seed) {
  return make_image(seed, para_handler, para_tables);
}

struct bytes fuzz_greedy_image(uint64_t *seed, bool para) {
  return para ? make_image(seed, greedy_para_handler, greedy_para_tables)
              : make_image(seed, greedy_handler, greedy_tables);
}

void fuzz_options(struct options *o, uint64_t seed) {
  static struct bytes image;
  image = fuzz_image(&seed);
  o->image = "random", o->image_elf = &image;
}

/* ---- mutants ---- */

static const Elf32_Phdr *code_segment(struct bytes image) {
  const Elf32_Ehdr *h = (const void *)image.data;
  const Elf32_Phdr *s = (const void *)(image.data + h->e_phoff);
  while (s->p_type != PT_LOAD || !(s->p_flags & PF_X)) s++;
  return s;
}

struct bytes fuzz_mutant(struct bytes image, uint64_t *seed) {
  struct bytes b = {0};
  bytes_append(&b, image.data, image.size);
  const Elf32_Phdr *s = code_segment(b);
  for (uint32_t n = 1 + below(seed, 12); n--;) {
    uint32_t word = random_insn(seed);
    memcpy(b.data + s->p_offset + 4 * below(seed, s->p_filesz / 4), &word, sizeof word);
  }
  return b;
}
