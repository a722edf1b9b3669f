/* contents.c - what pg32-objdump shows with -s and -x: bytes, and the header of the file. */
#include "tools/objdump/contents.h"

#include <inttypes.h>
#include <stdio.h>

const char *section_name(Elf *elf, Elf_Scn *section) {
  GElf_Shdr header;
  size_t names;
  if (!gelf_getshdr(section, &header) || elf_getshdrstrndx(elf, &names)) return "?";
  const char *name = elf_strptr(elf, names, header.sh_name);
  return name ? name : "?";
}

/* ---- -x ---- */

static void show_segments(Elf *elf) {
  size_t n;
  if (elf_getphdrnum(elf, &n) || !n) return;
  printf("\nSegments:\nAddress  Offset   Bytes in file  in memory  Flags\n");
  for (size_t i = 0; i < n; i++) {
    GElf_Phdr p;
    if (!gelf_getphdr(elf, (int)i, &p)) continue;
    printf("%08" PRIx32 " %08" PRIx32 "      %08" PRIx32 "   %08" PRIx32 "  %c%c%c%s\n", (uint32_t)p.p_vaddr,
           (uint32_t)p.p_offset, (uint32_t)p.p_filesz, (uint32_t)p.p_memsz, p.p_flags & PF_R ? 'R' : '-',
           p.p_flags & PF_W ? 'W' : '-', p.p_flags & PF_X ? 'X' : '-',
           p.p_type == PT_LOAD ? "" : " not loaded");
  }
}

void show_file_header(Elf *elf) {
  GElf_Ehdr header;
  if (!gelf_getehdr(elf, &header)) return;
  printf("\nFormat: ELF, 32 bits, little endian, machine 0x%x\n", header.e_machine);
  if (header.e_type != ET_REL) printf("Entry: %08" PRIx32 "\n", (uint32_t)header.e_entry);
  show_segments(elf);
}

/* ---- -s ---- */

enum { ROW = 16, GROUP = 4 };

static void show_row(uint32_t address, const uint8_t *bytes, size_t n) {
  printf(" %08" PRIx32, address);
  for (size_t i = 0; i < ROW; i++) {
    if (i % GROUP == 0) putchar(' ');
    if (i < n)
      printf("%02x", bytes[i]);
    else
      fputs("  ", stdout);
  }
  fputs("  ", stdout);
  for (size_t i = 0; i < n; i++) putchar(bytes[i] >= ' ' && bytes[i] < 127 ? bytes[i] : '.');
  putchar('\n');
}

static void show_section(Elf *elf, Elf_Scn *section, const GElf_Shdr *header) {
  Elf_Data *data = elf_rawdata(section, NULL);
  if (!data || !data->d_buf || !data->d_size) return;
  const uint8_t *bytes = data->d_buf;
  printf("\nContents of section %s:\n", section_name(elf, section));
  for (size_t i = 0; i < data->d_size; i += ROW)
    show_row((uint32_t)(header->sh_addr + i), bytes + i, data->d_size - i < ROW ? data->d_size - i : ROW);
}

/* The tables that -h, -t and -r show are left out. */
void show_contents(Elf *elf) {
  GElf_Shdr header;
  for (Elf_Scn *section = NULL; (section = elf_nextscn(elf, section));) {
    if (!gelf_getshdr(section, &header) || header.sh_type == SHT_NOBITS) continue;
    if (header.sh_type == SHT_SYMTAB || header.sh_type == SHT_STRTAB || header.sh_type == SHT_RELA) continue;
    show_section(elf, section, &header);
  }
}
