/* watch.c - checks from outside what must hold on every machine that runs our kernel with processes and VMs.
 *
 * The watch looks only at facts of the machine: registers, TLB, traps, and the page tables that the kernel's
 * low core names. From system calls it learns which window of which process's memory is a VM's RAM, and which
 * pages the VMM lets the VM map. Each time a process or a VM is resumed in user mode, the watch checks
 *   - the real STATUS: user mode, interrupts on, translated, an ASID that is not the kernel's;
 *   - the registers: those that the process or VM had when it was left, except what the answer to its trap
 *     changes;
 *   - each TLB entry of the ASID: a process's entry maps what its page table maps; a VM's entry maps a page
 *     of its RAM that its VMM promised, or that the guest itself has told its hypervisor, or the identity;
 *     neither grants more rights;
 *   - from time to time, that no two processes, and no process and the kernel, share a writable frame. */
#include <elf.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "isa/para.h"
#include "isa/pg32.h"
#include "safety.h"

#define LC_PAGES 0x50 /* guestos/kernel.h: the page directory of the process that runs */
#define CENSUS_EVERY 4096
#define CODE_EVERY 61
#define PER_TABLE 1024
#define PHYSICAL ((struct machine_space){0})
#define INSN_RD(word) ((word) >> 20 & 31)

enum { SYS_EXIT = 1, SYS_EXECV = 3, SYS_VM_CREATE = 21, SYS_VM_WINDOW = 25 };

__attribute__((format(printf, 3, 4))) static void violate(struct watch *w, enum watch_rule rule,
                                                          const char *format, ...) {
  va_list ap;
  if (w->rule[rule].violated) return;
  va_start(ap, format);
  vsnprintf(w->rule[rule].text, sizeof w->rule[rule].text, format, ap);
  va_end(ap);
  w->rule[rule].violated = true;
  w->rule[rule].retired = machine_retired(w->m);
  if (!w->violation[0]) memcpy(w->violation, w->rule[rule].text, sizeof w->violation);
  if (!w->go_on) machine_stop(w->m);
}

static uint32_t word_at(const struct watch *w, uint32_t address) {
  return machine_peek_word(w->m, PHYSICAL, address, NULL);
}

/* ---- page tables ---- */

/* The page-table entry of a page of a process; 0 = there is none. */
static uint32_t pte_of(const struct watch *w, uint32_t directory, uint32_t va) {
  uint32_t table = word_at(w, directory + (va >> 22) * 4);
  return table ? word_at(w, table + (va >> PAGE_SHIFT) % PER_TABLE * 4) : 0;
}

static uint64_t mix(uint64_t hash, const void *data, size_t n) {
  for (const uint8_t *p = data; n--; p++) hash = (hash ^ *p) * UINT64_C(0x100000001B3);
  return hash;
}

/* A hash of the pages of [from, to) that are mapped. */
static uint64_t hash_memory(const struct watch *w, uint32_t directory, uint32_t from, uint32_t to) {
  uint64_t hash = UINT64_C(0xCBF29CE484222325);
  uint8_t page[PAGE_SIZE];
  for (uint32_t va = from; va < to; va += PAGE_SIZE) {
    uint32_t pte = pte_of(w, directory, va);
    if (!pte) continue;
    machine_peek(w->m, PHYSICAL, pte & TLB_PFN_MASK, page, sizeof page);
    hash = mix(mix(hash, &va, sizeof va), page, sizeof page);
  }
  return hash;
}

/* ---- the census: which process does each frame belong to? ---- */

enum { NOBODY = 0, KERNELS = 0xFF, SHARED = 0x80 }; /* else a pid, with SHARED when the frame is read-only */

static void take_frame(struct watch *w, uint32_t pid, uint32_t va, uint32_t pte) {
  uint8_t *owner = &w->owner[pte >> PAGE_SHIFT], mine = pid | (pte & TLB_W ? 0 : SHARED);
  if (*owner == NOBODY || (*owner & mine & SHARED && *owner != KERNELS))
    *owner = mine;
  else if ((*owner & 0x7F) != pid || *owner == KERNELS)
    violate(w, RULE_FRAMES, "frame 0x%08x at 0x%08x of process %u is %s %u's too", pte & TLB_PFN_MASK, va,
            pid, *owner == KERNELS ? "the kernel's: owner" : "process", *owner & 0x7F);
}

static void count_table(struct watch *w, uint32_t pid, uint32_t base, uint32_t at) {
  uint32_t table[PER_TABLE];
  machine_peek(w->m, PHYSICAL, at, table, sizeof table);
  for (uint32_t i = 0; i < PER_TABLE; i++)
    if (table[i]) take_frame(w, pid, base + (i << PAGE_SHIFT), table[i]);
}

static void claim_tables(struct watch *w, uint32_t directory) {
  uint32_t tables[PER_TABLE];
  machine_peek(w->m, PHYSICAL, directory, tables, sizeof tables);
  w->owner[directory >> PAGE_SHIFT] = KERNELS;
  for (uint32_t i = 0; i < PER_TABLE; i++)
    if (tables[i]) w->owner[tables[i] >> PAGE_SHIFT] = KERNELS;
}

static void count_pages(struct watch *w, uint32_t pid, uint32_t directory) {
  uint32_t tables[PER_TABLE];
  machine_peek(w->m, PHYSICAL, directory, tables, sizeof tables);
  for (uint32_t i = 0; i < PER_TABLE; i++)
    if (tables[i]) count_table(w, pid, i << 22, tables[i]);
}

static void census(struct watch *w) {
  memset(w->owner, NOBODY, machine_ram_bytes(w->m) >> PAGE_SHIFT);
  memset(w->owner, KERNELS, w->kernel_end >> PAGE_SHIFT);
  for (struct process *p = w->process; p < w->process + WATCH_PROCESSES; p++)
    if (p->directory && !p->gone) claim_tables(w, p->directory);
  for (uint32_t pid = 0; pid < WATCH_PROCESSES; pid++)
    if (w->process[pid].directory && !w->process[pid].gone) count_pages(w, pid, w->process[pid].directory);
}

/* ---- TLB entries ---- */

static void check_entry_of_process(struct watch *w, const struct machine_tlb_entry *e) {
  uint32_t pte = pte_of(w, w->process[w->pid].directory, e->hi);
  if (pte && !((pte ^ e->lo) & TLB_PFN_MASK) && !(e->lo & TLB_RIGHTS & ~pte)) return;
  violate(w, RULE_TLB, "process %u: TLB entry 0x%08x -> 0x%08x, its page table says 0x%08x", w->pid, e->hi,
          e->lo, pte);
}

/* The rights that the map of a VM with a window leaves to a page of its RAM. */
static uint32_t rights_by_map(const struct watch *w, const struct guest *g, uint32_t vpn) {
  const uint32_t at = g->map + (vpn >> PAGE_SHIFT) / 8, pte = pte_of(w, w->process[g->owner].directory, at);
  const uint32_t byte = word_at(w, (pte & TLB_PFN_MASK) | (at & (PAGE_SIZE - 1)));
  return byte >> (vpn >> PAGE_SHIFT) % 8 & 1 ? TLB_R | TLB_X : TLB_RIGHTS;
}

/* ---- guests that know that they are guests: what their kernel tells the hypervisor ---- */

static bool is_para(const struct guest *g) { return g->status & VM_PARAVIRTUAL; }

/* What the guest has told of a page of the space where its status has put it. */
static struct promise told_promise(const struct guest *g, uint32_t vpn) {
  const uint32_t lo = told_entry(g->told, status_asid(g->status & ~(uint32_t)VM_PARAVIRTUAL), vpn);
  if (!(g->status & ST_T)) return (struct promise){vpn, vpn, vpn < g->bytes ? TLB_RIGHTS : 0, 0};
  return (struct promise){vpn, lo & TLB_PFN_MASK, lo & TLB_RIGHTS, 0};
}

static uint32_t shared_page(const struct watch *w, const struct guest *g) {
  return pte_of(w, w->process[g->owner].directory, g->ram) & TLB_PFN_MASK;
}

static bool is_hypercall(const struct guest *g, const struct machine_trap *t) {
  return is_para(g) && t->cause == CAUSE_HCALL && !(g->status & ST_U);
}

/* A hypercall may carry out the queue. */
static void learn_queue(struct watch *w, struct guest *g, const uint32_t *x) {
  struct para_page page;
  machine_peek(w->m, PHYSICAL, shared_page(w, g), &page, sizeof page);
  const uint32_t bits = page.low_core[LC_STATUS / 4] & ~(uint32_t)(TLB_ASID_MASK << ST_ASID_SHIFT);
  const bool loads = bits == (ST_U | ST_IE | ST_T) || bits == ST_IE || bits == 0;
  if (x[17] == HCALL_FLUSH || (x[17] == HCALL_IRET && loads)) told_queue(&g->told, &page, g->bytes);
}

/* The register that a hypercall has answered in; 0: none. IRET that has succeeded loads a7, and all others a0. */
static uint32_t answered_hypercall(const struct watch *w, const struct context *c,
                                   const struct machine_regs *r) {
  const uint32_t page = shared_page(w, &w->guest[w->id]);
  if (c->x[17] != HCALL_IRET || r->x[10] != c->x[10]) return 10;
  return r->x[17] == word_at(w, page + PARA_A7) ? 17 : 0;
}

/* What the VMM lets its VM do with a page of that address space; without rights: nothing. */
static struct promise promised(const struct watch *w, const struct guest *g, uint32_t space, uint32_t vpn) {
  if (g->pages && (space == VM_MAPPED || space == VM_WINDOW))
    return (struct promise){vpn, vpn, vpn < g->bytes ? rights_by_map(w, g, vpn) : 0, 0};
  if (g->pages) space &= ~(uint32_t)VM_WINDOW;
  if (space == 0) return (struct promise){vpn, vpn, vpn < g->bytes ? TLB_RIGHTS : 0, 0};
  for (const struct promise *p = g->slot; p < g->slot + WATCH_SLOTS; p++)
    if (p->rights && p->vpn == vpn && p->space == space) return *p;
  return (struct promise){0};
}

/* The window: its last page is data, the others are code that nobody but the owner may write. */
static void check_entry_of_window(struct watch *w, const struct guest *g, const struct machine_tlb_entry *e) {
  const uint32_t vpn = e->hi & TLB_VPN_MASK, rights = vpn == 0u - PAGE_SIZE ? TLB_R | TLB_W : TLB_X;
  const uint32_t pte = pte_of(w, w->process[g->owner].directory, g->pages + (vpn - VM_WINDOW_START));
  if (pte && !((pte ^ e->lo) & TLB_PFN_MASK) && !(e->lo & TLB_RIGHTS & ~rights)) return;
  violate(w, RULE_TLB, "VM %u: TLB entry 0x%08x -> 0x%08x of its window; it may have 0x%08x, rights %u",
          w->id, e->hi, e->lo, pte & TLB_PFN_MASK, rights);
}

static void check_entry_of_guest(struct watch *w, const struct machine_tlb_entry *e) {
  const struct guest *g = &w->guest[w->id];
  uint32_t space = word_at(w, g->state + offsetof(struct vm_state, space)) & ~(uint32_t)VM_FRESH;
  if (g->pages && (space & VM_WINDOW) && (e->hi & TLB_VPN_MASK) >= VM_WINDOW_START)
    return check_entry_of_window(w, g, e);
  const uint32_t vpn = e->hi & TLB_VPN_MASK;
  if (is_para(g) && !(e->lo & TLB_RIGHTS)) return; /* the guest has told an entry that allows nothing */
  struct promise p = is_para(g) ? told_promise(g, vpn) : promised(w, g, space, vpn);
  uint32_t pte = p.rights && p.gpn < g->bytes ? pte_of(w, w->process[g->owner].directory, g->ram + p.gpn) : 0;
  if (pte && !((pte ^ e->lo) & TLB_PFN_MASK) && !(e->lo & TLB_RIGHTS & ~p.rights)) return;
  violate(w, RULE_TLB,
          "VM %u, space %u: TLB entry 0x%08x -> 0x%08x; promised is guest page 0x%08x (machine 0x%08x), "
          "rights %u",
          w->id, space, e->hi, e->lo, p.gpn, pte, p.rights);
}

static void check_tlb(struct watch *w, uint32_t asid) {
  uint32_t n = machine_tlb_entries(w->m);
  for (uint32_t i = 0; i < n; i++) {
    struct machine_tlb_entry e = machine_tlb_get(w->m, i);
    if (!e.valid || (e.hi & TLB_ASID_MASK) != asid) continue;
    w->entries++;
    if (w->id)
      check_entry_of_guest(w, &e);
    else
      check_entry_of_process(w, &e);
  }
}

/* ---- registers ---- */

/* The one register that the answer to the trap may have changed; 0 = none. */
static uint32_t answered(const struct watch *w, const struct machine_trap *t) {
  uint32_t op = t->badinst >> 25;
  if (!w->id) return t->cause == CAUSE_SYSCALL ? 10 : 0;
  if (t->cause == CAUSE_PRIVILEGED) return op == PG32_OP_mfst ? INSN_RD(t->badinst) : 0;
  return op == PG32_OP_lw && t->cause >= CAUSE_LOAD_MISS ? INSN_RD(t->badinst) : 0;
}

/* May the VMM of a VM that runs translated have changed register i since the VM was left, for this `but`? It takes some
 * registers for itself, and carries out loads of the guest's for which the translation has a word 0. */
static bool may_change(const struct watch *w, const struct context *c, uint32_t i, uint32_t *loads) {
  const struct guest *g = &w->guest[w->id];
  if (!w->id || !g->pages || w->process[g->owner].context.left.retired <= c->left.retired) return false;
  return CLAIM_OURS >> i & 1 || (c->left.cause == CAUSE_ILLEGAL && (*loads)++ == 0);
}

/* A program that has just been loaded, or a child just made, starts with registers of its own. */
static bool starts_anew(const struct watch *w, const struct context *c) {
  return !w->id && (!c->seen || (c->left.cause == CAUSE_SYSCALL && c->x[17] == SYS_EXECV));
}

/* May vm_run have put that into register i? It keeps sp and s0 alone; the others are those of the guest that it ran, or
 * 0. */
static bool given_by_vm_run(const struct watch *w, const struct context *c, uint32_t i, uint32_t value) {
  const uint32_t id = c->x[10];
  if (w->id || c->left.cause != CAUSE_SYSCALL || c->x[17] != SYS_VM_RUN || i == 2 || i == 8) return false;
  return value == 0 || (id < WATCH_VMS && w->guest[id].owner == w->pid && value == w->guest[id].context.x[i]);
}

static void check_registers(struct watch *w, const struct machine_regs *r) {
  const struct context *c = w->running;
  uint32_t but = answered(w, &c->left), loads = 0;
  if (starts_anew(w, c)) return;
  if (w->id && c->seen && w->guest[w->id].asked) but = answered_hypercall(w, c, r);
  for (uint32_t i = 1; i < 32; i++) /* a VM's registers are zero before it has run */
    if (i != but && r->x[i] != c->x[i] && !may_change(w, c, i, &loads) && !given_by_vm_run(w, c, i, r->x[i]))
      violate(w, RULE_REGISTERS, "%s %u goes on with x%u = 0x%08x; it left 0x%08x", w->id ? "VM" : "process",
              w->id ? w->id : w->pid, i, r->x[i], c->x[i]);
}

/* ---- what is learnt from system calls ---- */

static void learn_vm(struct watch *w, const struct process *p, uint32_t id) {
  const uint32_t *x = p->context.x;
  if (id == 0 || id >= WATCH_VMS) return;
  struct guest *g = &w->guest[id];
  told_free(g->told);
  memset(g, 0, sizeof *g);
  g->owner = w->pid;
  g->state = pte_of(w, p->directory, x[10]) & TLB_PFN_MASK;
  g->ram = x[11], g->bytes = x[12];
}

static void promise(struct guest *g, const struct vm_op *op) {
  for (struct promise *p = g->slot; p < g->slot + WATCH_SLOTS; p++) {
    bool all = op->slot == VM_ALL && (op->space == VM_ALL || op->space == p->space);
    bool twin = op->slot != VM_ALL && p->vpn == op->vpn << PAGE_SHIFT && p->space == op->space;
    if (all || twin) p->rights = 0;
  }
  if (op->slot < WATCH_SLOTS)
    g->slot[op->slot] = (struct promise){op->vpn << PAGE_SHIFT, op->gpn_rwx & TLB_PFN_MASK,
                                         op->gpn_rwx & TLB_RIGHTS, op->space};
}

static void learn_window(struct watch *w, const uint32_t *x) {
  if (x[10] == 0 || x[10] >= WATCH_VMS || w->guest[x[10]].owner != w->pid) return;
  w->guest[x[10]].pages = x[11], w->guest[x[10]].map = x[12];
}

static void learn_promises(struct watch *w, uint32_t id) {
  struct vm_state s;
  if (id == 0 || id >= WATCH_VMS || w->guest[id].owner != w->pid) return;
  machine_peek(w->m, PHYSICAL, w->guest[id].state, &s, sizeof s);
  for (uint32_t i = 0; i < s.nops && i < VM_OPS; i++) promise(&w->guest[id], &s.op[i]);
}

static void learn_exit(struct watch *w, struct process *p) {
  p->gone = true;
  p->status = p->context.x[10];
  p->hash = hash_memory(w, p->directory, USER_BASE, USER_TOP);
  for (uint32_t id = 1; id < WATCH_VMS; id++) {
    struct guest *g = &w->guest[id];
    if (g->owner != w->pid) continue;
    p->hash = hash_memory(w, p->directory, g->ram,
                          g->ram + g->bytes); /* the VMM's own memory depends on the time of day */
    g->owner = 0;
  }
  if (w->pid == w->until[0] || w->pid == w->until[1]) machine_stop(w->m);
}

static void learn_call(struct watch *w, struct process *p) {
  switch (p->context.x[17]) {
  case SYS_EXIT: learn_exit(w, p); break;
  case SYS_VM_CREATE: w->creating = w->pid; break;
  case SYS_VM_WINDOW: learn_window(w, p->context.x); break;
  case SYS_VM_RUN: learn_promises(w, p->context.x[10]); break;
  }
}

/* ---- has a VM written its translation? ---- */

static uint64_t hash_code(const struct watch *w, const struct guest *g) {
  return hash_memory(w, w->process[g->owner].directory, g->pages, g->pages + VM_WINDOW_BYTES - PAGE_SIZE);
}

static void code_before(struct watch *w) {
  struct guest *g = &w->guest[w->id];
  g->code = w->id && g->pages && w->exits % CODE_EVERY == 0 ? hash_code(w, g) : 0;
}

static void code_after(struct watch *w) {
  const struct guest *g = &w->guest[w->id];
  if (w->id && g->code && g->code != hash_code(w, g))
    violate(w, RULE_TLB, "VM %u has written its own translation", w->id);
}

/* ---- the observer ---- */

static void see_mark(void *arg, struct machine *m, uint32_t kind, uint32_t a, uint32_t b) {
  struct watch *w = arg;
  struct machine_regs r;
  machine_get_regs(m, &r);
  if (r.status & ST_U) return; /* in user mode any program can write any mark */
  if (kind == MARK_PROC && a < WATCH_PROCESSES)
    w->next_pid = a, w->next_id = 0, w->next = &w->process[a].context;
  if (kind == MARK_VM && a < WATCH_VMS)
    w->next_pid = w->guest[a].owner, w->next_id = a, w->next = &w->guest[a].context, w->next_status = b;
}

static void see_trap(void *arg, struct machine *m, const struct machine_trap *t) {
  struct watch *w = arg;
  struct machine_regs r;
  if (!(t->status & ST_U) || !w->running) return;
  machine_get_regs(m, &r);
  memcpy(w->running->x, r.x, sizeof r.x);
  w->running->left = *t;
  w->running->seen = true;
  code_after(w);
  if (w->id) {
    struct guest *g = &w->guest[w->id];
    g->asked = is_hypercall(g, t);
    if (g->asked) learn_queue(w, g, r.x);
  }
  w->exits++;
  w->process[w->pid].insns += t->retired - w->resumed;
  if (w->id)
    w->process[w->pid].guest_insns += t->retired - w->resumed;
  else if (t->cause == CAUSE_SYSCALL)
    learn_call(w, &w->process[w->pid]);
}

static void check_kernel(struct watch *w, const struct machine_regs *r) {
  if ((r->status & ST_T) || r->pc < IMAGE_BASE || r->pc >= w->image_end)
    violate(w, RULE_MODE, "code outside the kernel is resumed in real kernel mode: STATUS 0x%08x, pc 0x%08x",
            r->status, r->pc);
}

static void check_user(struct watch *w, const struct machine_regs *r) {
  uint32_t asid = status_asid(r->status);
  if (!(r->status & ST_IE) || !(r->status & ST_T) || asid == 0)
    violate(w, RULE_MODE, "%s %u is resumed with STATUS 0x%08x", w->id ? "VM" : "process",
            w->id ? w->id : w->pid, r->status);
  check_registers(w, r);
  check_tlb(w, asid);
  if (w->exits % CENSUS_EVERY == 0) census(w);
  code_before(w);
}

/* Charges the kernel's work for a process's faults, and for its VM (handling its exit, and vm_run), to the process. */
static void bill_kernel(struct watch *w) {
  const struct context *c = w->running;
  if (!c || c->left.cause <= CAUSE_DEVICE) return;
  if (!w->id && c->left.cause == CAUSE_SYSCALL && c->x[17] != SYS_VM_RUN) return;
  w->process[w->pid].insns += machine_retired(w->m) - c->left.retired;
}

static void see_rfe(void *arg, struct machine *m) {
  struct watch *w = arg;
  struct machine_regs r;
  bill_kernel(w);
  machine_get_regs(m, &r);
  if (!(r.status & ST_U)) return check_kernel(w, &r);
  w->running = w->next, w->pid = w->next_pid, w->id = w->next_id;
  if (!w->running || !w->pid)
    return violate(w, RULE_MODE,
                   "user mode is entered at 0x%08x, and the kernel has not marked a process or VM", r.pc);
  if (w->id) w->guest[w->id].status = w->next_status;
  if (!w->id) w->process[w->pid].directory = word_at(w, LC_PAGES);
  if (w->creating == w->pid && !w->id) learn_vm(w, &w->process[w->pid], r.x[10]), w->creating = 0;
  check_user(w, &r);
  w->resumed = machine_retired(m);
}

static void see_device(void *arg, struct machine *m, const struct machine_device_access *a) {
  struct watch *w = arg;
  uint8_t byte = (uint8_t)a->value;
  (void)m;
  if (a->store && a->addr == DEV_CONSOLE + CONSOLE_DATA) bytes_append(&w->process[w->pid].output, &byte, 1);
}

/* ---- beginning and end ---- */

typedef void each_segment(struct watch *w, struct bytes kernel, const Elf32_Phdr *s);

static void segments(struct watch *w, struct bytes kernel, each_segment *each) {
  const Elf32_Ehdr *h = (const void *)kernel.data;
  const Elf32_Phdr *s = (const void *)(kernel.data + h->e_phoff);
  for (unsigned i = 0; i < h->e_phnum; i++)
    if (s[i].p_type == PT_LOAD) each(w, kernel, &s[i]);
}

static void extend(struct watch *w, struct bytes kernel, const Elf32_Phdr *s) {
  (void)kernel;
  if (s->p_paddr + s->p_memsz > w->image_end) w->image_end = s->p_paddr + s->p_memsz;
}

static void compare(struct watch *w, struct bytes kernel, const Elf32_Phdr *s) {
  if (s->p_flags & PF_W) return;
  uint8_t *now = must(malloc(s->p_filesz + 1));
  machine_peek(w->m, PHYSICAL, s->p_paddr, now, s->p_filesz);
  if (memcmp(now, kernel.data + s->p_offset, s->p_filesz) != 0)
    violate(w, RULE_FRAMES, "the kernel's code has changed");
  free(now);
}

struct machine_observer watch_observer(struct watch *w) {
  return (struct machine_observer){
      .trap = see_trap, .rfe = see_rfe, .device = see_device, .mark = see_mark, .arg = w};
}

void watch_begin(struct watch *w, struct machine *m, struct bytes kernel) {
  memset(w, 0, sizeof *w);
  w->m = m;
  w->owner = must(calloc(machine_ram_bytes(m) >> PAGE_SHIFT, 1));
  segments(w, kernel, extend);
  w->kernel_end = w->image_end;
}

void watch_open(struct watch *w, struct machine *m, struct bytes kernel) {
  watch_begin(w, m, kernel);
  const struct machine_observer observer = watch_observer(w);
  machine_observe(m, &observer);
}

void watch_finish(struct watch *w, struct bytes kernel) {
  if (!w->rule[RULE_FRAMES].violated) segments(w, kernel, compare);
}

void watch_end(struct watch *w) {
  for (struct process *p = w->process; p < w->process + WATCH_PROCESSES; p++) free(p->output.data);
  for (struct guest *g = w->guest; g < w->guest + WATCH_VMS; g++) told_free(g->told);
  free(w->owner);
}

void watch_close(struct watch *w) {
  machine_observe(w->m, NULL);
  watch_end(w);
}
