/* load.c - fills a fresh VM's RAM as the machine's own loader does (platform.h, "boot"): the kernel's image,
 * the initrd, the boot arguments. */
#include "vmm.h"
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Reads n bytes at that offset of the file, or dies. */
static void read_at(int fd, const char *name, uint32_t offset, void *to, uint32_t n) {
  if (lseek(fd, offset, SEEK_SET) < 0 || read(fd, to, n) != (int)n) die(name, "the file is too short");
}

static int open_file(const char *name) {
  int fd = open(name, O_RDONLY);
  if (fd < 0) die(name, strerror(errno));
  return fd;
}

static uint32_t page_up(uint32_t a) { return (a + PAGE_SIZE - 1) & TLB_PFN_MASK; }

static void check_room(const struct vm *vm, const char *name, uint32_t at, uint32_t bytes) {
  if (at > vm->ram_bytes || bytes > vm->ram_bytes - at)
    die(name, "does not fit in the VM's memory (try a larger -m)");
}

/* Returns the first address behind the segment; 0 if there is nothing to load. */
static uint32_t load_segment(struct vm *vm, int fd, const char *name, uint32_t header_at) {
  struct pg32_elf_segment s;
  read_at(fd, name, header_at, &s, sizeof s);
  if (s.type != PG32_ELF_LOAD) return 0;
  if (s.filesz > s.memsz) die(name, "a segment is longer in the file than in memory");
  check_room(vm, name, s.paddr, s.memsz);
  read_at(fd, name, s.offset, vm->ram + s.paddr, s.filesz);
  return s.paddr + s.memsz;
}

/* Returns the first address behind the image. */
static uint32_t load_image(struct vm *vm, const char *name) {
  struct pg32_elf_header h;
  int fd = open_file(name);
  uint32_t end = 0;
  read_at(fd, name, 0, &h, sizeof h);
  if (memcmp(h.ident, PG32_ELF_IDENT, 7) != 0 || h.type != PG32_ELF_EXEC || h.machine != PG32_ELF_MACHINE)
    die(name, "is not a PG32 executable");
  if (h.phentsize != sizeof(struct pg32_elf_segment)) die(name, "its program headers have an unknown size");
  for (uint32_t i = 0; i < h.phnum; i++) {
    uint32_t segment_end = load_segment(vm, fd, name, h.phoff + i * sizeof(struct pg32_elf_segment));
    if (segment_end > end) end = segment_end;
  }
  close(fd);
  vm->state->pc = h.entry;
  return end;
}

/* Without an initrd, its address is the one where it would be, and its size is 0. */
static void load_initrd(struct vm *vm, const char *name, uint32_t at) {
  struct stat st;
  vm->initrd = at;
  if (!name) return;
  int fd = open_file(name);
  if (fstat(fd, &st) < 0) die(name, strerror(errno));
  vm->initrd_bytes = st.st_size;
  check_room(vm, name, at, vm->initrd_bytes);
  read_at(fd, name, 0, vm->ram + at, vm->initrd_bytes);
  close(fd);
}

static void load_arguments(struct vm *vm, uint32_t at, int words, char **word) {
  vm->args = at;
  for (int i = 0; i < words; i++) {
    uint32_t n = strlen(word[i]) + 1;
    check_room(vm, "boot arguments", at, n);
    memcpy(vm->ram + at, word[i], n);
    at += n;
  }
  vm->args_bytes = at - vm->args;
}

void vm__load(struct vm *vm, const char *kernel, const char *initrd, int words, char **word) {
  load_initrd(vm, initrd, page_up(load_image(vm, kernel)));
  load_arguments(vm, page_up(vm->initrd + vm->initrd_bytes), words, word);
}
