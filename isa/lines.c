/* lines.c - source lines (through libdw) and symbols (through libelf) of a linked image. */
#define _GNU_SOURCE /* reallocarray */
#include "lines.h"
#include "elf_pg32.h"
#include <elfutils/libdw.h>
#include <errno.h>
#include <gelf.h>
#include <setjmp.h>
#include <stdlib.h>
#include <string.h>

struct range {
  uint32_t from;
  uint64_t end;
};

struct pg32_lines {
  Elf *elf;
  Dwarf *dwarf; /* NULL: no debug information */
  struct pg32_lines_row *rows;
  size_t nrows, rows_room;
  struct pg32_lines_symbol *symbols;
  size_t nsymbols;
  struct range *loaded; /* the sections that take memory */
  size_t nloaded;
};

/* ---- reading: each function returns false if memory runs out ---- */

const char pg32_lines_no_memory[] = "out of memory";

static bool add_row(struct pg32_lines *lines, struct pg32_lines_row row) {
  if (lines->nrows == lines->rows_room) {
    size_t room = lines->rows_room ? 2 * lines->rows_room : 1024;
    struct pg32_lines_row *rows = reallocarray(lines->rows, room, sizeof row);
    if (!rows) return false;
    lines->rows = rows;
    lines->rows_room = room;
  }
  lines->rows[lines->nrows++] = row;
  return true;
}

static bool read_loaded(struct pg32_lines *lines) {
  Elf_Scn *section = NULL;
  GElf_Shdr header;
  size_t count;
  if (elf_getshdrnum(lines->elf, &count)) return errno != ENOMEM;
  lines->loaded = calloc(count + 1, sizeof *lines->loaded);
  if (!lines->loaded) return false;
  while ((section = elf_nextscn(lines->elf, section)))
    if (gelf_getshdr(section, &header) && header.sh_flags & SHF_ALLOC && header.sh_size)
      lines->loaded[lines->nloaded++] =
          (struct range){(uint32_t)header.sh_addr, header.sh_addr + header.sh_size};
  return true;
}

bool pg32_lines_is_loaded(const struct pg32_lines *lines, uint32_t address) {
  for (size_t i = 0; i < lines->nloaded; i++)
    if (address >= lines->loaded[i].from && address < lines->loaded[i].end) return true;
  return false;
}

static bool add_line(struct pg32_lines *lines, Dwarf_Line *line) {
  Dwarf_Addr address;
  int number;
  bool end, statement;
  if (dwarf_lineaddr(line, &address) || dwarf_lineno(line, &number) || dwarf_lineendsequence(line, &end) ||
      dwarf_linebeginstatement(line, &statement))
    return true;
  if (!end && !number) return true; /* the compiler does not know: the line before goes on */
  const char *file = end ? NULL : dwarf_linesrc(line, NULL, NULL);
  return add_row(lines, (struct pg32_lines_row){(uint32_t)address, file, number, statement, lines->nrows});
}

/* Behind the last row of the sequence that row `i` begins. */
static size_t sequence_end(Dwarf_Lines *table, size_t i, size_t count) {
  bool end = false;
  while (i < count && !end)
    if (dwarf_lineendsequence(dwarf_onesrcline(table, i++), &end)) end = false;
  return i;
}

/* The rows of a function that the linker has dropped stay in the debug information, from address 0 on. */
static bool is_of_dropped(const struct pg32_lines *lines, Dwarf_Line *first) {
  Dwarf_Addr address;
  return dwarf_lineaddr(first, &address) == 0 && address == 0 && !pg32_lines_is_loaded(lines, 0);
}

static bool read_unit(struct pg32_lines *lines, Dwarf_Die *unit) {
  Dwarf_Lines *table;
  size_t count;
  if (dwarf_getsrclines(unit, &table, &count)) return errno != ENOMEM;
  for (size_t i = 0; i < count;) {
    const size_t end = sequence_end(table, i, count);
    const bool dropped = is_of_dropped(lines, dwarf_onesrcline(table, i));
    for (; i < end; i++)
      if (!dropped && !add_line(lines, dwarf_onesrcline(table, i))) return false;
  }
  return true;
}

/* By address. At one address a gap comes before a line, as another unit may begin where one ends. */
static int compare_rows(const void *left, const void *right) {
  const struct pg32_lines_row *a = left, *b = right;
  if (a->address != b->address) return a->address < b->address ? -1 : 1;
  if (!a->file != !b->file) return a->file ? 1 : -1;
  return a->order < b->order ? -1 : 1;
}

/* Where read_lines goes on when libdw finds no memory: libdw would end the process otherwise, and its handler
 * gets no argument, so that this must be a variable. It is set while read_lines runs. */
static _Thread_local jmp_buf *libdw_no_memory;

__attribute__((noreturn)) static void leave_libdw(void) { longjmp(*libdw_no_memory, 1); }

static bool read_units(struct pg32_lines *lines) {
  Dwarf_CU *unit = NULL;
  Dwarf_Die die;
  lines->dwarf = dwarf_begin_elf(lines->elf, DWARF_C_READ, NULL);
  if (!lines->dwarf) return errno != ENOMEM;
  dwarf_new_oom_handler(lines->dwarf, leave_libdw);
  while (!dwarf_get_units(lines->dwarf, unit, &unit, NULL, NULL, &die, NULL))
    if (!read_unit(lines, &die)) return false;
  return errno != ENOMEM;
}

static bool read_lines(struct pg32_lines *lines) {
  jmp_buf no_memory;
  if (setjmp(no_memory)) return false;
  libdw_no_memory = &no_memory;
  if (!read_units(lines)) return false;
  if (lines->nrows) qsort(lines->rows, lines->nrows, sizeof *lines->rows, compare_rows);
  return true;
}

/* Symbols of sections that take no memory, such as .debug_abbrev, are no addresses. */
static bool in_loaded_section(const struct pg32_lines *lines, const GElf_Sym *symbol) {
  GElf_Shdr header;
  Elf_Scn *section = symbol->st_shndx < SHN_LORESERVE ? elf_getscn(lines->elf, symbol->st_shndx) : NULL;
  return !section || !gelf_getshdr(section, &header) || header.sh_flags & SHF_ALLOC;
}

static bool names_address(const struct pg32_lines *lines, const GElf_Sym *symbol, const char *name) {
  int type = GELF_ST_TYPE(symbol->st_info);
  bool known = type == STT_FUNC || type == STT_OBJECT || type == STT_NOTYPE;
  return known && symbol->st_shndx != SHN_UNDEF && symbol->st_shndx != SHN_ABS && name && *name &&
         in_loaded_section(lines, symbol);
}

/* `read` is a better name for the C library's function than __libc_read. */
static bool is_reserved(const char *name) { return !strncmp(name, "__", 2); }

/* By address. At one address the best name comes last: that of a function, or a global one. */
static int compare_symbols(const void *left, const void *right) {
  const struct pg32_lines_symbol *a = left, *b = right;
  if (a->address != b->address) return a->address < b->address ? -1 : 1;
  if ((a->type == STT_FUNC) != (b->type == STT_FUNC)) return a->type == STT_FUNC ? 1 : -1;
  if (a->global != b->global) return a->global ? 1 : -1;
  if (is_reserved(a->name) != is_reserved(b->name)) return is_reserved(a->name) ? -1 : 1;
  return strcmp(b->name, a->name);
}

static bool read_table(struct pg32_lines *lines, Elf_Scn *section, const GElf_Shdr *header) {
  Elf_Data *data = elf_getdata(section, NULL);
  size_t count = data ? data->d_size / sizeof(Elf32_Sym) : 0;
  free(lines->symbols);
  lines->nsymbols = 0;
  lines->symbols = calloc(count + 1, sizeof *lines->symbols);
  if (!lines->symbols) return false;
  for (size_t i = 0; i < count; i++) {
    GElf_Sym symbol;
    if (!gelf_getsym(data, (int)i, &symbol)) continue;
    const char *name = elf_strptr(lines->elf, header->sh_link, symbol.st_name);
    if (!names_address(lines, &symbol, name)) continue;
    lines->symbols[lines->nsymbols++] =
        (struct pg32_lines_symbol){.name = name,
                                   .address = (uint32_t)symbol.st_value,
                                   .size = (uint32_t)symbol.st_size,
                                   .type = GELF_ST_TYPE(symbol.st_info),
                                   .global = GELF_ST_BIND(symbol.st_info) != STB_LOCAL};
  }
  qsort(lines->symbols, lines->nsymbols, sizeof *lines->symbols, compare_symbols);
  return errno != ENOMEM;
}

static bool read_symbols(struct pg32_lines *lines) {
  Elf_Scn *section = NULL;
  GElf_Shdr header;
  while ((section = elf_nextscn(lines->elf, section)))
    if (gelf_getshdr(section, &header) && header.sh_type == SHT_SYMTAB &&
        !read_table(lines, section, &header))
      return false;
  return errno != ENOMEM;
}

static const char *fault(Elf *elf) {
  GElf_Ehdr header;
  if (elf_kind(elf) != ELF_K_ELF || !gelf_getehdr(elf, &header)) return "not an ELF file";
  if (header.e_ident[EI_CLASS] != ELFCLASS32 || header.e_machine != EM_PG32)
    return "not an ELF file for PG32";
  return NULL;
}

/* Has libelf read every section, so that libdw, which takes a section that cannot be read for one that is not
 * there, needs no memory for them. */
static bool load_sections(Elf *elf) {
  GElf_Shdr header;
  for (Elf_Scn *section = NULL; (section = elf_nextscn(elf, section));)
    if ((!gelf_getshdr(section, &header) || !elf_rawdata(section, NULL)) && errno == ENOMEM) return false;
  return errno != ENOMEM;
}

/* libelf and libdw say only that they failed; when they found no memory, malloc has left that in errno. */
struct pg32_lines *pg32_lines_open(int fd, const char **why) {
  elf_version(EV_CURRENT);
  errno = 0;
  Elf *elf = elf_begin(fd, ELF_C_READ_MMAP, NULL);
  *why = fault(elf);
  struct pg32_lines *lines = *why ? NULL : calloc(1, sizeof *lines);
  if (!lines) {
    if (errno == ENOMEM) *why = pg32_lines_no_memory;
    elf_end(elf);
    return NULL;
  }
  lines->elf = elf;
  if (load_sections(elf) && read_loaded(lines) && read_lines(lines) && read_symbols(lines)) return lines;
  *why = pg32_lines_no_memory;
  pg32_lines_close(lines);
  return NULL;
}

void pg32_lines_close(struct pg32_lines *lines) {
  if (!lines) return;
  dwarf_end(lines->dwarf);
  elf_end(lines->elf);
  free(lines->rows);
  free(lines->symbols);
  free(lines->loaded);
  free(lines);
}

/* ---- looking up ---- */

static const struct pg32_lines_row *row_at(const struct pg32_lines *lines, uint32_t address) {
  size_t low = 0, high = lines->nrows; /* rows[0..low) are at or before the address */
  while (low < high) {
    size_t middle = low + (high - low) / 2;
    if (lines->rows[middle].address <= address)
      low = middle + 1;
    else
      high = middle;
  }
  return low && lines->rows[low - 1].file ? &lines->rows[low - 1] : NULL;
}

static const struct pg32_lines_symbol *symbol_at(const struct pg32_lines *lines, uint32_t address) {
  size_t low = 0, high = lines->nsymbols;
  while (low < high) {
    size_t middle = low + (high - low) / 2;
    if (lines->symbols[middle].address <= address)
      low = middle + 1;
    else
      high = middle;
  }
  return low ? &lines->symbols[low - 1] : NULL;
}

bool pg32_lines_at(const struct pg32_lines *lines, uint32_t address, struct pg32_lines_place *place) {
  const struct pg32_lines_row *row = row_at(lines, address);
  const struct pg32_lines_symbol *symbol = symbol_at(lines, address);
  if (symbol && symbol->type == STT_OBJECT && symbol->size && address - symbol->address >= symbol->size)
    symbol = NULL;
  *place = (struct pg32_lines_place){0};
  if (row) place->file = row->file, place->line = row->line;
  if (symbol) place->function = symbol->name, place->offset = address - symbol->address;
  return row || symbol;
}

bool pg32_lines_find_symbol(const struct pg32_lines *lines, const char *name, uint32_t *address) {
  const struct pg32_lines_symbol *found = NULL;
  for (size_t i = 0; i < lines->nsymbols; i++)
    if (!strcmp(lines->symbols[i].name, name) && (!found || lines->symbols[i].global))
      found = &lines->symbols[i];
  if (found) *address = found->address;
  return found;
}

bool pg32_lines_is_file(const char *file, const char *path) {
  size_t all = strlen(path), part = strlen(file);
  return part <= all && !strcmp(path + all - part, file) && (part == all || path[all - part - 1] == '/');
}

bool pg32_lines_find_line(const struct pg32_lines *lines, const char *file, int line, uint32_t *address) {
  const struct pg32_lines_row *best = NULL;
  for (size_t i = 0; i < lines->nrows; i++) {
    const struct pg32_lines_row *row = &lines->rows[i];
    if (!row->file || row->line < line || (best && row->line >= best->line)) continue;
    if (pg32_lines_is_file(file, row->file)) best = row;
  }
  if (best) *address = best->address;
  return best;
}

const struct pg32_lines_symbol *pg32_lines_symbols(const struct pg32_lines *lines, size_t *count) {
  *count = lines->nsymbols;
  return lines->symbols;
}

const struct pg32_lines_row *pg32_lines_rows(const struct pg32_lines *lines, size_t *count) {
  *count = lines->nrows;
  return lines->rows;
}

bool pg32_lines_begins(const struct pg32_lines *lines, uint32_t address, bool first) {
  const struct pg32_lines_row *row = row_at(lines, address), *before;
  if (!row || row->address != address || !row->statement) return false;
  if (!first || row == lines->rows) return true;
  before = row - 1;
  return !before->file || before->line != row->line || strcmp(before->file, row->file) != 0;
}
