/* machine.c - making and freeing a machine. A new machine is in its reset state. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "bus.h"
#include "tlb.h"

#define RAM_MOST 0xE0000000u
#ifdef MODE_TINY
#define TLB_DEFAULT MACHINE_TLB_TINY
#else
#define TLB_DEFAULT MACHINE_TLB_ENTRIES
#endif

bool machine_cpu_numbers(unsigned rule, unsigned *least, unsigned *most) {
  static const uint8_t numbers[CPU_KINDS][2] = {[CPU_HOLE] = {1, 7},
                                                [CPU_SPARE] = {1, 255},
                                                [CPU_NEST] = {8, 13},
                                                [CPU_LOCK] = {8, 11},
                                                [CPU_WORDS] = {4, 15}};
  if (rule >= CPU_KINDS) return false;
  *least = numbers[rule][0];
  *most = numbers[rule][1];
  return true;
}

static bool rule_good(unsigned rule, unsigned number) {
  unsigned least, most;
  return machine_cpu_numbers(rule, &least, &most) && number >= least && number <= most;
}

static bool cpu_good(enum machine_cpu cpu) {
  const unsigned one = cpu & 0xFF, other = cpu >> 16 & 0xFF;
  if (!rule_good(one, cpu >> 8 & 0xFF) || !rule_good(other, cpu >> 24)) return false;
  return other == CPU_PG32 || (one > CPU_LEAKY && other > one);
}

static bool in_range(const struct machine_config *c) {
  const bool ram = c->ram_bytes >= PAGE_SIZE && c->ram_bytes <= RAM_MOST && c->ram_bytes % PAGE_SIZE == 0;
  const bool tlb = c->tlb_entries == 0 || (c->tlb_entries >= 2 && c->tlb_entries <= MACHINE_TLB_ENTRIES);
  const bool disk = (uint64_t)c->disk_bytes <= (uint64_t)UINT32_MAX * BLOCK_SECTOR_BYTES;
  const bool named = cpu_good(c->cpu) && c->engine <= ENGINE_JIT;
  return ram && tlb && disk && named;
}

static bool allocate(struct machine *m, const struct machine_config *config) {
  void *ram = mmap(NULL, config->ram_bytes, PROT_READ | PROT_WRITE,
                   MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (ram == MAP_FAILED) return false;
  m->ram = ram;
  m->ram_bytes = config->ram_bytes;
  m->pages = calloc(m->ram_bytes / PAGE_SIZE, sizeof *m->pages);
  return m->pages && machine_bus_new(m, config);
}

static bool choose_engine(struct machine *m, enum machine_engine engine) {
  return engine == ENGINE_INTERP || jit_new(m, engine == ENGINE_AUTO) || engine == ENGINE_AUTO;
}

struct machine *machine_new(const struct machine_config *config) {
  if (!in_range(config)) {
    errno = EINVAL;
    return NULL;
  }
  struct machine *m = aligned_alloc(_Alignof(struct machine), sizeof *m);
  if (!m) return NULL;
  memset(m, 0, sizeof *m);
  m->cpu = config->cpu;
  m->tlb_entries = config->tlb_entries ? config->tlb_entries : TLB_DEFAULT;
  m->last_trap = NEVER;
  m->watched = MACHINE_NO_PAGE;
  machine_tlb_reset(m);
  errno = ENOMEM;
  if (allocate(m, config) && choose_engine(m, config->engine) && machine_code_new(m)) return m;
  const int why = errno;
  machine_free(m);
  errno = why;
  return NULL;
}

enum machine_cpu machine_cpu(const struct machine *m) { return m->cpu; }

void machine_get_config(const struct machine *m, struct machine_config *config) {
  *config = (struct machine_config){.cpu = m->cpu,
                                    .engine = !m->jit                 ? ENGINE_INTERP
                                              : jit_gives_way(m->jit) ? ENGINE_AUTO
                                                                      : ENGINE_JIT,
                                    .ram_bytes = m->ram_bytes,
                                    .tlb_entries = m->tlb_entries};
  machine_disk(m, &config->disk_bytes, NULL);
}

const char *machine_engine_name(const struct machine *m) { return m->jit ? "jit" : "interp"; }

void machine_free(struct machine *m) {
  if (!m) return;
  machine_bus_free(m);
  for (uint32_t i = 0; m->pages && i < m->ram_bytes / PAGE_SIZE; i++) machine_copy_release(m->pages[i].copy);
  free(m->pages);
  if (m->ram) munmap(m->ram, m->ram_bytes);
  jit_free(m);
  machine_code_free(m);
  free(m);
}
