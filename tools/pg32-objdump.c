/* pg32-objdump - shows what is in a PG32 object or executable: code, source lines, symbols, sections,
 * relocations.
 *
 * To find the source lines of an object, it is linked in memory first, as .debug_line has relocations. */
#include "isa/elf_pg32.h"
#include "isa/ld.h"
#include "isa/lines.h"
#include "isa/pg32.h"
#include <errno.h>
#include <fcntl.h>
#include <gelf.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tools/common/argp.h"
#include "tools/objdump/contents.h"
#include "tools/version.h"

const char *argp_program_version = TRAPEZE_VERSION_OF("pg32-objdump");

struct label { /* a symbol; its value is an offset in its section */
  const char *name;
  size_t section;
  uint32_t value, size;
  int type, binding;
};

struct reloc {
  uint32_t offset, type, addend;
  const char *symbol;
};

struct dump {
  const char *path;
  bool disassemble, source, line_numbers, symbols, headers, relocs, file_header, contents;
  Elf *elf;
  bool object; /* it is relocatable: every section starts at address 0 */
  struct label *labels;
  size_t nlabels;
  struct pg32_ld *link; /* an object linked, for its lines */
  int image;            /* the file that lines are read from; -1: none */
  struct pg32_lines *lines;
  struct pg32_lines_place last; /* source line last shown */
  struct source {
    const char *path;
    char **line;
    size_t count;
  } text; /* source file last shown */
};

static void die(const struct dump *dump, const char *why) {
  fprintf(stderr, "pg32-objdump: %s: %s\n", dump->path, why);
  exit(EXIT_FAILURE);
}

static void *must(void *memory) {
  if (memory) return memory;
  fputs("pg32-objdump: out of memory\n", stderr);
  exit(EXIT_FAILURE);
}

/* ---- reading ---- */

static void check_kind(struct dump *dump) {
  GElf_Ehdr header;
  if (elf_kind(dump->elf) != ELF_K_ELF || !gelf_getehdr(dump->elf, &header)) die(dump, "not an ELF file");
  if (header.e_ident[EI_CLASS] != ELFCLASS32 || header.e_ident[EI_DATA] != ELFDATA2LSB ||
      header.e_machine != EM_PG32)
    die(dump, "not an ELF file for PG32");
  dump->object = header.e_type == ET_REL;
}

static Elf_Scn *find_section(const struct dump *dump, uint32_t type) {
  GElf_Shdr header;
  Elf_Scn *section = NULL;
  while ((section = elf_nextscn(dump->elf, section)))
    if (gelf_getshdr(section, &header) && header.sh_type == type) return section;
  return NULL;
}

static uint32_t section_address(const struct dump *dump, size_t index) {
  GElf_Shdr header;
  Elf_Scn *section = elf_getscn(dump->elf, index);
  return section && gelf_getshdr(section, &header) ? (uint32_t)header.sh_addr : 0;
}

static void read_label(struct dump *dump, const GElf_Sym *raw, size_t names, struct label *label) {
  const char *name = elf_strptr(dump->elf, names, raw->st_name);
  *label = (struct label){.name = name ? name : "?",
                          .section = raw->st_shndx,
                          .value = (uint32_t)raw->st_value,
                          .size = (uint32_t)raw->st_size,
                          .type = GELF_ST_TYPE(raw->st_info),
                          .binding = GELF_ST_BIND(raw->st_info)};
  if (label->section < SHN_LORESERVE) label->value -= section_address(dump, label->section);
  if (label->type == STT_SECTION && label->section < SHN_LORESERVE && elf_getscn(dump->elf, label->section))
    label->name = section_name(dump->elf, elf_getscn(dump->elf, label->section));
}

static void read_labels(struct dump *dump) {
  GElf_Shdr header;
  Elf_Scn *section = find_section(dump, SHT_SYMTAB);
  Elf_Data *data = section ? elf_getdata(section, NULL) : NULL;
  if (!data || !gelf_getshdr(section, &header)) return;
  dump->nlabels = data->d_size / sizeof(Elf32_Sym);
  dump->labels = must(calloc(dump->nlabels + 1, sizeof *dump->labels));
  for (size_t i = 0; i < dump->nlabels; i++) {
    GElf_Sym raw;
    if (gelf_getsym(data, (int)i, &raw)) read_label(dump, &raw, header.sh_link, &dump->labels[i]);
  }
}

static void report(void *context, const char *message) {
  (void)context;
  fprintf(stderr, "pg32-objdump: no source lines: %s\n", message);
}

static void open_lines(struct dump *dump, int fd) {
  const char *why;
  if (dump->object) {
    struct pg32_ld_options options = {.layout = PG32_LD_BARE, .allow_undefined = true, .report = report};
    dump->link = must(pg32_ld_new(&options));
    bool good = pg32_ld_add_file(dump->link, dump->path) && pg32_ld_link(dump->link);
    dump->image = good ? pg32_ld_open_image(dump->link) : -1;
  } else {
    dump->image = dup(fd);
  }
  if (dump->image >= 0) dump->lines = pg32_lines_open(dump->image, &why);
}

/* ---- section headers and symbols ---- */

static void show_headers(const struct dump *dump) {
  GElf_Shdr header;
  Elf_Scn *section = NULL;
  printf("\nSections:\nIdx Name                 Size     Address  Offset   Align Flags\n");
  while ((section = elf_nextscn(dump->elf, section))) {
    if (!gelf_getshdr(section, &header)) continue;
    printf("%3zu %-20s %08" PRIx32 " %08" PRIx32 " %08" PRIx32 " %5" PRIu32 " %s%s%s%s\n",
           elf_ndxscn(section), section_name(dump->elf, section), (uint32_t)header.sh_size,
           (uint32_t)header.sh_addr, (uint32_t)header.sh_offset, (uint32_t)header.sh_addralign,
           header.sh_flags & SHF_ALLOC ? "A" : "", header.sh_flags & SHF_WRITE ? "W" : "",
           header.sh_flags & SHF_EXECINSTR ? "X" : "", header.sh_type == SHT_NOBITS ? " no bits" : "");
  }
}

static const char *place_name(const struct dump *dump, size_t section) {
  if (section == SHN_UNDEF) return "*UND*";
  if (section == SHN_ABS) return "*ABS*";
  if (section == SHN_COMMON) return "*COM*";
  Elf_Scn *scn = elf_getscn(dump->elf, section);
  return scn ? section_name(dump->elf, scn) : "?";
}

static char type_letter(int type) {
  static const char letters[] = {
      [STT_NOTYPE] = ' ', [STT_OBJECT] = 'O', [STT_FUNC] = 'F', [STT_SECTION] = 'd', [STT_FILE] = 'f'};
  return (size_t)type < sizeof letters ? letters[type] : '?';
}

static void show_symbols(const struct dump *dump) {
  printf("\nSymbols:\n");
  for (size_t i = 1; i < dump->nlabels; i++) {
    const struct label *label = &dump->labels[i];
    uint32_t base = label->section < SHN_LORESERVE ? section_address(dump, label->section) : 0;
    char binding = label->binding == STB_LOCAL ? 'l' : label->binding == STB_WEAK ? 'w' : 'g';
    printf("%08" PRIx32 " %c %c %-10s %08" PRIx32 " %s\n", base + label->value, binding,
           type_letter(label->type), place_name(dump, label->section), label->size, label->name);
  }
}

/* ---- relocations ---- */

static const char *reloc_name(uint32_t type) {
  static const char *const names[] = {
      "R_PG32_NONE",       "R_PG32_32",         "R_PG32_HI20", "R_PG32_LO12", "R_PG32_BRANCH", "R_PG32_JUMP",
      "R_PG32_PCREL_HI20", "R_PG32_PCREL_LO12", "R_PG32_16",   "R_PG32_8",    "R_PG32_SUB32"};
  return type < sizeof names / sizeof *names ? names[type] : "R_PG32_?";
}

static int compare_relocs(const void *left, const void *right) {
  const struct reloc *a = left, *b = right;
  if (a->offset != b->offset) return a->offset < b->offset ? -1 : 1;
  return a->type < b->type ? -1 : a->type > b->type;
}

static void read_reloc(const struct dump *dump, const GElf_Rela *raw, struct reloc *reloc) {
  size_t symbol = GELF_R_SYM(raw->r_info);
  *reloc = (struct reloc){.offset = (uint32_t)raw->r_offset,
                          .type = (uint32_t)GELF_R_TYPE(raw->r_info),
                          .addend = (uint32_t)raw->r_addend,
                          .symbol = symbol < dump->nlabels ? dump->labels[symbol].name : "?"};
}

/* The relocations of section `target`, by offset; malloc'ed, NULL if there are none. */
static struct reloc *read_relocs(const struct dump *dump, size_t target, size_t *count) {
  GElf_Shdr header;
  Elf_Scn *section = NULL;
  *count = 0;
  while ((section = elf_nextscn(dump->elf, section)))
    if (gelf_getshdr(section, &header) && header.sh_type == SHT_RELA && header.sh_info == target) break;
  Elf_Data *data = section ? elf_getdata(section, NULL) : NULL;
  if (!data || !data->d_size) return NULL;
  *count = data->d_size / sizeof(Elf32_Rela);
  struct reloc *relocs = must(calloc(*count + 1, sizeof *relocs));
  for (size_t i = 0; i < *count; i++) {
    GElf_Rela raw;
    if (gelf_getrela(data, (int)i, &raw)) read_reloc(dump, &raw, &relocs[i]);
  }
  qsort(relocs, *count, sizeof *relocs, compare_relocs);
  return relocs;
}

static void show_reloc(const struct reloc *reloc, const char *indent) {
  printf("%s%08" PRIx32 ": %-18s %s", indent, reloc->offset, reloc_name(reloc->type), reloc->symbol);
  int32_t addend = (int32_t)reloc->addend;
  if (addend) printf("%c0x%" PRIx32, addend < 0 ? '-' : '+', addend < 0 ? -reloc->addend : reloc->addend);
  putchar('\n');
}

static void show_relocs(const struct dump *dump) {
  Elf_Scn *section = NULL;
  while ((section = elf_nextscn(dump->elf, section))) {
    size_t count;
    struct reloc *relocs = read_relocs(dump, elf_ndxscn(section), &count);
    if (count) printf("\nRelocations of section %s:\n", section_name(dump->elf, section));
    for (size_t i = 0; i < count; i++) show_reloc(&relocs[i], "");
    free(relocs);
  }
}

/* ---- source lines ---- */

static void forget_source(struct source *source) {
  for (size_t i = 0; i < source->count; i++) free(source->line[i]);
  free(source->line);
  *source = (struct source){0};
}

static void read_source(struct source *source, const char *path) {
  size_t room = 0;
  char *line = NULL;
  forget_source(source);
  source->path = path;
  FILE *file = fopen(path, "r");
  if (!file) return;
  while (getline(&line, &room, file) >= 0) {
    source->line = must(realloc(source->line, (source->count + 1) * sizeof *source->line));
    source->line[source->count++] = line;
    line = NULL, room = 0;
  }
  free(line);
  fclose(file);
}

static void show_source(struct dump *dump, const struct pg32_lines_place *from, int to) {
  if (!dump->text.path || strcmp(dump->text.path, from->file)) read_source(&dump->text, from->file);
  for (int line = from->line; line <= to; line++)
    if (line > 0 && (size_t)line <= dump->text.count) fputs(dump->text.line[line - 1], stdout);
}

/* Shows the source of the instruction at `address` if its line is not the one shown last. If that line comes
 * shortly before, the lines between them are shown, too. */
static void show_line(struct dump *dump, uint32_t address) {
  enum { FEW = 10 };
  struct pg32_lines_place place;
  if (!dump->lines || !pg32_lines_at(dump->lines, address, &place) || !place.file) return;
  bool same_file = dump->last.file && !strcmp(dump->last.file, place.file);
  if (same_file && dump->last.line == place.line) return;
  if (dump->line_numbers) printf("%s:%d\n", place.file, place.line);
  struct pg32_lines_place from = place;
  if (same_file && place.line > dump->last.line && place.line - dump->last.line <= FEW)
    from.line = dump->last.line + 1;
  if (dump->source) show_source(dump, &from, place.line);
  dump->last = place;
}

/* ---- disassembly ---- */

static bool is_heading(const struct label *label) {
  bool known = label->type == STT_FUNC || label->type == STT_OBJECT || label->type == STT_NOTYPE;
  return known && *label->name && strncmp(label->name, ".L", 2);
}

/* Of two labels at one place: is `label` the better name? A function's is, then a global one; and `read` is better
 * than the C library's own __libc_read. */
static bool is_better(const struct label *label, const struct label *best) {
  const bool function = label->type == STT_FUNC, best_function = best->type == STT_FUNC;
  if (function != best_function) return function;
  if (function) return !strncmp(best->name, "__", 2) && strncmp(label->name, "__", 2);
  return label->binding != STB_LOCAL;
}

/* The last label of `section` at or before `offset`, and of several there the best. */
static const struct label *label_at(const struct dump *dump, size_t section, uint32_t offset) {
  const struct label *best = NULL;
  for (size_t i = 1; i < dump->nlabels; i++) {
    const struct label *label = &dump->labels[i];
    if (label->section != section || label->value > offset || !is_heading(label)) continue;
    if (!best || label->value > best->value || (label->value == best->value && is_better(label, best)))
      best = label;
  }
  return best;
}

static void show_headings(const struct dump *dump, size_t section, uint32_t base, uint32_t offset) {
  for (size_t i = 1; i < dump->nlabels; i++) {
    const struct label *label = &dump->labels[i];
    if (label->section == section && label->value == offset && is_heading(label))
      printf("\n%08" PRIx32 " <%s>:\n", base + offset, label->name);
  }
}

struct code { /* a section being disassembled */
  const uint8_t *bytes;
  size_t section;
  uint32_t base, size;
  struct reloc *relocs;
  size_t nrelocs, reloc; /* the next one */
};

/* The section of an executable that holds `address`; the current one if there is none, and for objects. */
static size_t section_of(const struct dump *dump, const struct code *code, uint32_t address) {
  GElf_Shdr header;
  Elf_Scn *section = NULL;
  if (address - code->base < code->size || dump->object) return code->section;
  while ((section = elf_nextscn(dump->elf, section)))
    if (gelf_getshdr(section, &header) && (header.sh_flags & SHF_ALLOC) &&
        address - header.sh_addr < header.sh_size)
      return elf_ndxscn(section);
  return code->section;
}

static void show_target(const struct dump *dump, const struct code *code, uint32_t word, uint32_t pc) {
  struct pg32_insn insn = pg32_decode(word);
  if (insn.id == PG32_ILLEGAL) return;
  enum pg32_shape shape = pg32_row(insn.id)->shape;
  if (shape != PG32_SHAPE_BRANCH && shape != PG32_SHAPE_JUMP) return;
  uint32_t target = pc + (uint32_t)insn.imm;
  size_t section = section_of(dump, code, target);
  uint32_t offset = target - section_address(dump, section);
  const struct label *label = label_at(dump, section, offset);
  if (!label) return;
  printf(" <%s", label->name);
  if (offset != label->value) printf("+0x%" PRIx32, offset - label->value);
  putchar('>');
}

static uint32_t word_at(const uint8_t *p) { return p[0] | p[1] << 8 | p[2] << 16 | (uint32_t)p[3] << 24; }

static bool is_relocated(const struct code *code, uint32_t offset) {
  return code->reloc < code->nrelocs && code->relocs[code->reloc].offset == offset;
}

static void show_instruction(const struct dump *dump, struct code *code, uint32_t offset) {
  char text[80];
  uint32_t word = word_at(code->bytes + offset), pc = code->base + offset;
  while (code->reloc < code->nrelocs && code->relocs[code->reloc].offset < offset) code->reloc++;
  pg32_disassemble(text, sizeof text, word, pc);
  printf("%8" PRIx32 ":\t%08" PRIx32 "\t%s", pc, word, text);
  if (!is_relocated(code, offset)) show_target(dump, code, word, pc);
  putchar('\n');
  for (; is_relocated(code, offset); code->reloc++)
    if (dump->relocs) show_reloc(&code->relocs[code->reloc], "\t\t\t");
}

/* The address of the section's code in the image from which lines are read. */
static uint32_t line_base(const struct dump *dump, const struct code *code) {
  uint32_t address = code->base;
  if (dump->link) pg32_ld_section_address(dump->link, (uint32_t)code->section, &address);
  return address;
}

static void disassemble_section(struct dump *dump, Elf_Scn *section) {
  Elf_Data *data = elf_rawdata(section, NULL);
  if (!data || !data->d_buf) return;
  struct code code = {.bytes = data->d_buf, .section = elf_ndxscn(section), .size = (uint32_t)data->d_size};
  code.base = section_address(dump, code.section);
  code.relocs = read_relocs(dump, code.section, &code.nrelocs);
  uint32_t lines = line_base(dump, &code);
  printf("\nDisassembly of section %s:\n", section_name(dump->elf, section));
  for (uint32_t offset = 0; code.size - offset >= 4; offset += 4) {
    show_headings(dump, code.section, code.base, offset);
    show_line(dump, lines + offset);
    show_instruction(dump, &code, offset);
  }
  free(code.relocs);
}

static void disassemble(struct dump *dump) {
  GElf_Shdr header;
  Elf_Scn *section = NULL;
  while ((section = elf_nextscn(dump->elf, section)))
    if (gelf_getshdr(section, &header) && header.sh_type == SHT_PROGBITS && (header.sh_flags & SHF_EXECINSTR))
      disassemble_section(dump, section);
}

/* ---- the command line ---- */

static const struct argp_option options[] = {
    {"disassemble", 'd', NULL, 0, "Disassemble executable sections", 0},
    {"source", 'S', NULL, 0, "Disassemble, with source lines in between", 0},
    {"line-numbers", 'l', NULL, 0, "With -d or -S: file names and line numbers", 0},
    {"syms", 't', NULL, 0, "Show the symbol table", 0},
    {"section-headers", 'h', NULL, 0, "Show the section headers", 0},
    {"all-headers", 'x', NULL, 0, "Show the file's header, and what -h, -t and -r show", 0},
    {"full-contents", 's', NULL, 0, "Show the bytes of all sections", 0},
    {"reloc", 'r', NULL, 0, "Show relocations; with -d: at their instructions", 0},
    {0}};

static error_t parse(int key, char *text, struct argp_state *state) {
  struct dump *dump = state->input;
  switch (key) {
  case 'd': dump->disassemble = true; return 0;
  case 'S': dump->disassemble = dump->source = true; return 0;
  case 'l': dump->line_numbers = true; return 0;
  case 't': dump->symbols = true; return 0;
  case 'h': dump->headers = true; return 0;
  case 'r': dump->relocs = true; return 0;
  case 's': dump->contents = true; return 0;
  case 'x': dump->file_header = dump->headers = dump->symbols = dump->relocs = true; return 0;
  case ARGP_KEY_ARG:
    if (dump->path) argp_error(state, "one file at a time");
    dump->path = text;
    return 0;
  case ARGP_KEY_END:
    if (!dump->path) argp_error(state, "no file");
    if (!dump->symbols && !dump->headers && !dump->relocs && !dump->contents) dump->disassemble = true;
    return 0;
  default: return ARGP_ERR_UNKNOWN;
  }
}

static void show(struct dump *dump, int fd) {
  if (dump->source || (dump->disassemble && dump->line_numbers)) open_lines(dump, fd);
  printf("%s: PG32 %s\n", dump->path, dump->object ? "object" : "executable");
  if (dump->file_header) show_file_header(dump->elf);
  if (dump->headers) show_headers(dump);
  if (dump->symbols) show_symbols(dump);
  if (dump->contents) show_contents(dump->elf);
  if (dump->disassemble)
    disassemble(dump);
  else if (dump->relocs)
    show_relocs(dump);
}

int main(int argc, char **argv) {
  static const struct argp argp = {options, parse, "FILE", "Shows what is in a PG32 object or executable.",
                                   NULL};
  argp_err_exit_status = EXIT_FAILURE;
  struct dump dump = {.image = -1};
  if (argp_parse(&argp, argc, argv, 0, &dump)) return EXIT_FAILURE;
  int fd = open(dump.path, O_RDONLY | O_CLOEXEC);
  if (fd < 0) die(&dump, strerror(errno));
  elf_version(EV_CURRENT);
  dump.elf = elf_begin(fd, ELF_C_READ_MMAP, NULL);
  check_kind(&dump);
  read_labels(&dump);
  show(&dump, fd);
  pg32_lines_close(dump.lines);
  if (dump.image >= 0) close(dump.image);
  pg32_ld_free(dump.link);
  forget_source(&dump.text);
  free(dump.labels);
  elf_end(dump.elf);
  close(fd);
  if (fflush(stdout) || ferror(stdout)) die(&dump, "the output cannot be written");
  return EXIT_SUCCESS;
}
