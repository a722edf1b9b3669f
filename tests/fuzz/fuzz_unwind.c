/* fuzz_unwind.c - libFuzzer entry: a program's code and its call frame information are any bytes; the debugger
 * analyzes the function without a crash, a leak or an endless loop. The first byte says whether .debug_frame is all
 * bytes, or entries that are in order with a program of any bytes; the second, how many words are code. */
#define _GNU_SOURCE /* memfd_create */
#include <elf.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "tools/trapeze/debug/unwind.h"

_Noreturn void die(int status, const char *format, ...) {
  (void)format;
  exit(status);
}

#define BASE 0x1000
enum { NULL_SECTION, TEXT, FRAME, NAMES, SECTIONS };
static const char NAMES_TEXT[] = "\0.text\0.debug_frame\0.shstrtab";
static const uint8_t COMMON[] = {16, 0, 0, 0,    0xff, 0xff, 0xff, 0xff, 4, 0,
                                 4,  0, 1, 0x7c, 1,    0x0c, 2,    0,    0, 0};

struct file {
  Elf32_Ehdr header;
  Elf32_Phdr segment;
  Elf32_Shdr section[SECTIONS];
  char names[sizeof NAMES_TEXT];
};

/* Entries in order for all of the code: the common one, and one whose program is `bytes`. */
static size_t make_entries(uint8_t *to, uint32_t code, const uint8_t *bytes, size_t n) {
  const uint32_t words[] = {(uint32_t)(12 + n), 0, BASE, code};
  memcpy(to, COMMON, sizeof COMMON);
  memcpy(to + sizeof COMMON, words, sizeof words);
  if (n) memcpy(to + sizeof COMMON + sizeof words, bytes, n);
  return sizeof COMMON + sizeof words + n;
}

static Elf32_Shdr section(Elf32_Word name, Elf32_Word type, size_t offset, size_t size) {
  return (Elf32_Shdr){.sh_name = name,
                      .sh_type = type,
                      .sh_offset = (Elf32_Off)offset,
                      .sh_size = (Elf32_Word)size,
                      .sh_addralign = 1};
}

static int make_file(const uint8_t *code, size_t ncode, const uint8_t *frame, size_t nframe) {
  struct file f = {
      .header = {.e_ident = {ELFMAG0, ELFMAG1, ELFMAG2, ELFMAG3, ELFCLASS32, ELFDATA2LSB, EV_CURRENT},
                 .e_type = ET_EXEC,
                 .e_machine = 0x5032,
                 .e_version = EV_CURRENT,
                 .e_phoff = offsetof(struct file, segment),
                 .e_shoff = offsetof(struct file, section),
                 .e_ehsize = sizeof(Elf32_Ehdr),
                 .e_phentsize = sizeof(Elf32_Phdr),
                 .e_phnum = 1,
                 .e_shentsize = sizeof(Elf32_Shdr),
                 .e_shnum = SECTIONS,
                 .e_shstrndx = NAMES}};
  f.segment = (Elf32_Phdr){.p_type = PT_LOAD,
                           .p_offset = sizeof f,
                           .p_vaddr = BASE,
                           .p_filesz = (Elf32_Word)ncode,
                           .p_memsz = (Elf32_Word)ncode};
  f.section[TEXT] = section(1, SHT_PROGBITS, sizeof f, ncode);
  f.section[FRAME] = section(7, SHT_PROGBITS, sizeof f + ncode, nframe);
  f.section[NAMES] = section(20, SHT_STRTAB, offsetof(struct file, names), sizeof NAMES_TEXT);
  memcpy(f.names, NAMES_TEXT, sizeof NAMES_TEXT);
  const int fd = memfd_create("program", 0);
  if (write(fd, &f, sizeof f) < 0 || write(fd, code, ncode) < 0 || write(fd, frame, nframe) < 0) abort();
  return fd;
}

static void analyze(int fd) {
  struct image image = {.fd = fd};
  struct table t;
  for (uint32_t pc = BASE; pc < BASE + 0x80; pc += 16) {
    const struct unwind_function *f = unwind_function(&image, pc);
    if (f && unwind_state(f, pc)->other > 31) abort();
    if (table_read(&image, pc, &t)) {
      for (size_t i = 1; i < t.rows; i++)
        if (t.row[i].address <= t.row[i - 1].address) abort();
      free(t.row);
    }
  }
  source_close(&image);
  unwind_free(image.functions);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  if (size < 2) return 0;
  const size_t left = size - 2, wanted = 4u * data[1], ncode = wanted < left ? wanted & -4u : left & -4u;
  const uint8_t *code = data + 2, *rest = code + ncode;
  size_t nframe = left - ncode;
  uint8_t *frame = malloc(nframe + 64);
  if (data[0] & 1)
    memcpy(frame, rest, nframe);
  else
    nframe = make_entries(frame, (uint32_t)ncode, rest, nframe);
  const int fd = make_file(code, ncode, frame, nframe);
  analyze(fd);
  close(fd);
  free(frame);
  return 0;
}
