/* way.c - paravirtualization: the way of Xen. The guest's kernel knows that it is a guest (isa/para.h).
 *
 * The hypervisor's part is in the host's kernel, which gives the traps of the guest's processes to the guest's kernel
 * and answers its hypercalls. What is left for us are devices: the rings of the shared page, the registers of what is
 * rare (facts and power), and waiting. */
#include "../vmm.h"
#include "isa/para.h"
#include <unistd.h>

static struct vm *guest;
static struct para_page *page; /* the guest's page 0. It is hostile: each word is read once */

/* ---- the rings ---- */

/* As device.c does it byte by byte: with a name, in whole lines. */
static void print_line(struct vline *l, uint8_t byte) {
  l->text[l->n++] = byte;
  if (byte == '\n' || l->n == LINE_BUFFER) device__flush(guest);
}

/* Prints what is in the output ring. */
static void print(void) {
  uint8_t text[PARA_OUT_BYTES];
  uint32_t head = page->out_head, n = page->out_tail - head;
  if (n > PARA_OUT_BYTES) n = PARA_OUT_BYTES;
  for (uint32_t i = 0; i < n; i++) text[i] = page->out[(head + i) % PARA_OUT_BYTES];
  page->out_head = head + n;
  struct vline *l = &guest->console.out;
  if (n && !l->name) write(STDOUT_FILENO, text, n);
  for (uint32_t i = 0; l->name && i < n; i++) print_line(l, text[i]);
}

/* Moves what we have received into the input ring, and says what is there. */
static void pass_on(void) {
  struct vconsole *c = &guest->console;
  uint32_t head = page->in_head, tail = page->in_tail, room = PARA_IN_BYTES - (tail - head);
  if (room > PARA_IN_BYTES) room = 0;
  for (; room && c->head != c->tail; room--)
    page->in[tail++ % PARA_IN_BYTES] = c->data[c->head++ % CONSOLE_BUFFER];
  page->in_tail = tail;
  bool end = c->hung_up && c->head == c->tail;
  page->in_state = (room ? 0 : PARA_IN_FULL) | (end ? PARA_IN_END : 0);
  if (tail != head || end) page->pending = PARA_INPUT;
  guest->events = device__room(guest) ? EVENT_INPUT : 0;
}

/* Carries out one request. The disk is in whole sectors, and the bytes must lie in the guest's RAM. */
static uint32_t transfer(uint32_t command, uint32_t sector, uint32_t count, uint32_t addr) {
  const struct vblock *b = &guest->block;
  uint32_t bytes = count * BLOCK_SECTOR_BYTES;
  if (command != BLOCK_READ && command != BLOCK_WRITE) return BLOCK_BAD_CMD;
  if (sector > b->sectors || count > b->sectors - sector) return BLOCK_BAD_SECTOR;
  if ((addr & 3) || addr > guest->ram_bytes || bytes > guest->ram_bytes - addr) return BLOCK_BAD_ADDR;
  lseek(b->fd, sector * BLOCK_SECTOR_BYTES, SEEK_SET);
  uint8_t *at = guest->ram + addr;
  int n = command == BLOCK_READ ? read(b->fd, at, bytes) : write(b->fd, at, bytes);
  return n == (int)bytes ? BLOCK_OK : BLOCK_BAD_SECTOR;
}

/* Carries out the requests of the block ring. */
static void transfer_all(void) {
  uint32_t n = page->blocks;
  if (n > PARA_BLOCK_MAX) n = PARA_BLOCK_MAX;
  for (volatile struct para_block *b = page->block; b < page->block + n; b++)
    b->command = transfer(b->command, b->sector, b->count, b->addr);
  page->blocks = 0;
}

static void look_at_rings(void) {
  page->kick = 0;
  print();
  transfer_all();
  pass_on();
}

/* ---- the loop ---- */

static bool is_waiting(const struct vm_state *s) {
  return s->cause == CAUSE_HCALL && s->x[17] == HCALL_WAIT && !(s->vstatus & ST_U);
}

/* The guest's kernel waits: the core does that as for any guest, which has executed `wait`. While it waits, input asks
 * for an interrupt if the guest has enabled it. */
static void wait_for_it(struct vm *vm) {
  struct vm_state *s = vm->state;
  s->x[10] = 0;
  s->reason = VM_BUDGET; /* nothing is to be done any more */
  if (page->pending & page->enabled) return;
  vm->console.ctrl = page->enabled & PARA_INPUT ? CONSOLE_RX_IE : 0;
  vm->pending = false;
  s->pc -= 4;
  vm__emulate(vm, (uint32_t)PG32_OP_wait << 25);
}

static void look_at_trap(struct vm *vm) {
  struct vm_state *s = vm->state;
  if (is_waiting(s)) return wait_for_it(vm);
  if (s->cause != CAUSE_PRIVILEGED) return;
  vm__stop(
      vm,
      "--way para needs a kernel that knows that it is a guest, such as /boot/kernel-para, and this one has "
      "executed a privileged instruction");
  s->reason = VM_BUDGET;
}

static int run(int id) {
  struct vm *vm = guest;
  struct vm_state *s = vm->state;
  uint64_t before = vm->tick;
  vm->console.ctrl = 0, vm->pending = false; /* interrupts are the kernel's affair now */
  s->space = VM_PARA;
  s->timer = vm->timer;
  page->tick = before;
  pass_on();
  s->events = vm->events; /* always: the guest may run for long, and no trap of its can be split by input */
  if (vm_run(id) != 0) return -1;
  vm->tick = page->tick;
  vm->timer = s->timer;
  if (vm->tick != before) vm->retired = true;
  look_at_rings();
  if (s->reason == VM_TRAP) look_at_trap(vm);
  return 0;
}

static void start(struct vm *vm) {
  guest = vm;
  page = (struct para_page *)vm->ram;
}

const struct way para_way = {.name = "para", .start = start, .run = run};
