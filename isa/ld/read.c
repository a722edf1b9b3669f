/* read.c - the linker's reader: files, archives and objects.
 *
 * Inputs are not trusted. After read_elf has accepted an object, every section, symbol and
 * relocation index in it is in range, every name is a string, every relocation's place is inside
 * its section. */
#include "internal.h"
#include "isa/elf_pg32.h"
#include <ar.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* What is not in the arena and must be given back at the end. The newest file is the first of the list, so
 * that members are ended before their archive, and an Elf before the bytes that it reads. */
struct ld_file {
  struct ld_file *next;
  Elf *elf;    /* may be NULL */
  void *bytes; /* may be NULL */
};

static struct ld_file *new_file(struct pg32_ld *ld) {
  struct ld_file *file = pg32_ld_alloc(ld, 1, sizeof *file);
  file->next = ld->files;
  ld->files = file;
  return file;
}

void pg32_ld_free_files(struct pg32_ld *ld) {
  for (struct ld_file *file = ld->files; file; file = file->next) {
    elf_end(file->elf);
    free(file->bytes);
  }
}

/* ---- one object ---- */

static bool check_header(struct pg32_ld *ld, const char *name, Elf *elf, GElf_Ehdr *header) {
  if (elf_kind(elf) != ELF_K_ELF) return pg32_ld_error(ld, "%s: not an ELF file", name);
  if (!gelf_getehdr(elf, header)) return pg32_ld_error(ld, "%s: the ELF header is truncated", name);
  if (header->e_ident[EI_CLASS] != ELFCLASS32 || header->e_ident[EI_DATA] != ELFDATA2LSB)
    return pg32_ld_error(ld, "%s: expected a 32-bit little-endian ELF file", name);
  if (header->e_machine != EM_PG32)
    return pg32_ld_error(ld, "%s: made for machine number %d; expected PG32 (%d)", name, header->e_machine,
                         EM_PG32);
  if (header->e_type != ET_REL && header->e_type != ET_EXEC)
    return pg32_ld_error(ld, "%s: ELF type %d; expected an object or an executable", name, header->e_type);
  return true;
}

/* Finds the section's bytes; false if the file does not hold all of them. */
static bool read_bytes(struct pg32_ld *ld, struct ld_section *section, Elf_Scn *scn) {
  if (section->type == SHT_NOBITS || section->type == SHT_NULL || !section->size) return true;
  Elf_Data *data = elf_rawdata(scn, NULL);
  if (!data || !data->d_buf || data->d_size != section->size)
    return pg32_ld_error(ld, "%s: section %s is truncated", section->object->name, section->name);
  section->bytes = data->d_buf;
  return true;
}

static bool read_section(struct pg32_ld *ld, struct ld_object *object, size_t index, size_t names) {
  struct ld_section *section = &object->sections[index];
  Elf_Scn *scn = elf_getscn(object->elf, index);
  GElf_Shdr header;
  if (!scn || !gelf_getshdr(scn, &header))
    return pg32_ld_error(ld, "%s: section header %zu cannot be read", object->name, index);
  const char *name = elf_strptr(object->elf, names, header.sh_name);
  if (!name) return pg32_ld_error(ld, "%s: section %zu has no valid name", object->name, index);
  uint32_t align = header.sh_addralign ? (uint32_t)header.sh_addralign : 1;
  if ((align & (align - 1)) || align > LD_MAX_ALIGN)
    return pg32_ld_error(ld, "%s: section %s has alignment %u; expected a power of two up to %d",
                         object->name, name, (unsigned)align, LD_MAX_ALIGN);
  *section = (struct ld_section){.object = object,
                                 .name = name,
                                 .type = header.sh_type,
                                 .flags = header.sh_flags,
                                 .size = header.sh_size,
                                 .align = align,
                                 .entsize = header.sh_entsize,
                                 .sequence = ld->sections++};
  return read_bytes(ld, section, scn);
}

static bool read_sections(struct pg32_ld *ld, struct ld_object *object) {
  size_t names;
  if (elf_getshdrnum(object->elf, &object->nsections) || elf_getshdrstrndx(object->elf, &names))
    return pg32_ld_error(ld, "%s: the section headers are damaged: %s", object->name, elf_errmsg(-1));
  if (object->nsections < 2)
    return pg32_ld_error(
        ld, object->header.e_shoff ? "%s: truncated: no section headers at byte %u" : "%s: has no sections",
        object->name, (unsigned)object->header.e_shoff);
  object->sections = pg32_ld_alloc(ld, object->nsections, sizeof *object->sections);
  object->sections[0] = (struct ld_section){.object = object, .name = "", .align = 1};
  for (size_t i = 1; i < object->nsections; i++)
    if (!read_section(ld, object, i, names)) return false;
  return true;
}

static enum ld_kind symbol_kind(const GElf_Sym *raw) {
  switch (raw->st_shndx) {
  case SHN_UNDEF: return LD_UNDEFINED;
  case SHN_ABS: return LD_ABSOLUTE;
  case SHN_COMMON: return LD_COMMON;
  default: return LD_DEFINED;
  }
}

static bool read_symbol(struct pg32_ld *ld, struct ld_object *object, struct ld_symbol *symbol,
                        const GElf_Sym *raw, size_t names) {
  const char *name = elf_strptr(object->elf, names, raw->st_name);
  if (!name) return pg32_ld_error(ld, "%s: symbol %zu has no valid name", object->name, symbol - object->own);
  *symbol = (struct ld_symbol){.name = name,
                               .kind = symbol_kind(raw),
                               .object = object,
                               .type = GELF_ST_TYPE(raw->st_info),
                               .binding = GELF_ST_BIND(raw->st_info),
                               .value = raw->st_value,
                               .size = raw->st_size,
                               .weak = GELF_ST_BIND(raw->st_info) == STB_WEAK};
  if (symbol->type == STT_TLS)
    return pg32_ld_error(ld, "%s: '%s' is thread-local; PG32 has no thread-local variables", object->name,
                         name);
  if (symbol->kind == LD_COMMON &&
      (!symbol->value || (symbol->value & (symbol->value - 1)) || symbol->value > LD_MAX_ALIGN))
    return pg32_ld_error(ld, "%s: common symbol '%s' has alignment %u; expected a power of two up to %d",
                         object->name, name, (unsigned)symbol->value, LD_MAX_ALIGN);
  if (symbol->kind != LD_DEFINED) return true;
  if (raw->st_shndx >= object->nsections)
    return pg32_ld_error(ld, "%s: symbol '%s' is in section %u of %zu", object->name, name, raw->st_shndx,
                         object->nsections);
  symbol->section = &object->sections[raw->st_shndx];
  return true;
}

/* Finds the symbol table; *index is its section, 0 if there is none. */
static bool find_symbols(struct pg32_ld *ld, struct ld_object *object, size_t *index) {
  *index = 0;
  for (size_t i = 1; i < object->nsections; i++) {
    if (object->sections[i].type != SHT_SYMTAB) continue;
    if (*index) return pg32_ld_error(ld, "%s: has two symbol tables; expected one", object->name);
    *index = i;
  }
  return true;
}

static bool read_symbols(struct pg32_ld *ld, struct ld_object *object, size_t table) {
  if (!table) return true;
  Elf_Scn *scn = elf_getscn(object->elf, table);
  GElf_Shdr header;
  Elf_Data *data = elf_getdata(scn, NULL);
  if (!data || !gelf_getshdr(scn, &header))
    return pg32_ld_error(ld, "%s: the symbol table cannot be read", object->name);
  object->nsymbols = data->d_size / sizeof(Elf32_Sym);
  object->own = pg32_ld_alloc(ld, object->nsymbols, sizeof *object->own);
  object->symbol = pg32_ld_alloc(ld, object->nsymbols, sizeof *object->symbol);
  for (size_t i = 0; i < object->nsymbols; i++) {
    GElf_Sym raw;
    if (!gelf_getsym(data, (int)i, &raw))
      return pg32_ld_error(ld, "%s: symbol %zu cannot be read", object->name, i);
    object->symbol[i] = &object->own[i];
    if (!read_symbol(ld, object, &object->own[i], &raw, header.sh_link)) return false;
  }
  return true;
}

static uint32_t reloc_width(uint32_t type) {
  return type == R_PG32_NONE || type == R_PG32_8 ? 1 : type == R_PG32_16 ? 2 : 4;
}

static bool read_reloc(struct pg32_ld *ld, struct ld_section *target, const GElf_Rela *raw,
                       struct ld_reloc *reloc) {
  const struct ld_object *object = target->object;
  *reloc = (struct ld_reloc){.offset = raw->r_offset,
                             .type = GELF_R_TYPE(raw->r_info),
                             .symbol = GELF_R_SYM(raw->r_info),
                             .addend = (int32_t)raw->r_addend};
  if (reloc->type > R_PG32_SUB32)
    return pg32_ld_error(ld, "%s: relocation of unknown type %u for section %s", object->name,
                         (unsigned)reloc->type, target->name);
  if (reloc->symbol >= object->nsymbols)
    return pg32_ld_error(ld, "%s: relocation for section %s refers to symbol %u of %zu", object->name,
                         target->name, (unsigned)reloc->symbol, object->nsymbols);
  if ((uint64_t)reloc->offset + reloc_width(reloc->type) > target->size)
    return pg32_ld_error(ld, "%s: relocation at 0x%x lies outside section %s", object->name,
                         (unsigned)reloc->offset, target->name);
  return true;
}

static bool read_relocs(struct pg32_ld *ld, struct ld_object *object, Elf_Scn *scn, size_t symbols) {
  GElf_Shdr header;
  if (!gelf_getshdr(scn, &header) || !header.sh_info || header.sh_info >= object->nsections ||
      header.sh_link != symbols)
    return pg32_ld_error(ld,
                         "%s: a relocation section refers to section %u and symbol table %u, which it cannot",
                         object->name, (unsigned)header.sh_info, (unsigned)header.sh_link);
  struct ld_section *target = &object->sections[header.sh_info];
  Elf_Data *data = elf_getdata(scn, NULL);
  if (!data || (!target->bytes && data->d_size) || target->relocs)
    return pg32_ld_error(ld, "%s: the relocations for section %s cannot be read", object->name, target->name);
  target->nrelocs = data->d_size / sizeof(Elf32_Rela);
  target->relocs = pg32_ld_alloc(ld, target->nrelocs, sizeof *target->relocs);
  for (size_t i = 0; i < target->nrelocs; i++) {
    GElf_Rela raw;
    if (!gelf_getrela(data, (int)i, &raw))
      return pg32_ld_error(ld, "%s: relocation %zu for section %s cannot be read", object->name, i,
                           target->name);
    if (!read_reloc(ld, target, &raw, &target->relocs[i])) return false;
  }
  return true;
}

static bool read_all_relocs(struct pg32_ld *ld, struct ld_object *object, size_t symbols) {
  for (size_t i = 1; i < object->nsections; i++) {
    if (object->sections[i].type == SHT_REL)
      return pg32_ld_error(ld, "%s: relocations without addends (REL); expected RELA", object->name);
    if (object->sections[i].type == SHT_RELA && !read_relocs(ld, object, elf_getscn(object->elf, i), symbols))
      return false;
  }
  return true;
}

static bool read_object(struct pg32_ld *ld, struct ld_object *object) {
  size_t symbols;
  if (!read_sections(ld, object)) return false;
  if (object->header.e_type == ET_EXEC) return true; /* it is copied as it is */
  return find_symbols(ld, object, &symbols) && read_symbols(ld, object, symbols) &&
         read_all_relocs(ld, object, symbols);
}

/* Makes `object` part of the link. */
static bool accept(struct pg32_ld *ld, struct ld_object *object) {
  bool executable = object->header.e_type == ET_EXEC;
  if (executable ? ld->objects || ld->executable : ld->executable != NULL)
    return pg32_ld_error(ld, "%s: an executable can only be copied, as the one input", object->name);
  if (executable) {
    ld->executable = object;
  } else {
    *ld->last_object = object;
    ld->last_object = &object->next;
  }
  return true;
}

static bool read_elf(struct pg32_ld *ld, const char *name, Elf *elf, bool loaded) {
  struct ld_object *object = pg32_ld_alloc(ld, 1, sizeof *object);
  object->name = name;
  object->elf = elf;
  object->loaded = loaded;
  return check_header(ld, name, elf, &object->header) && read_object(ld, object) && accept(ld, object);
}

/* ---- archives and files ---- */

/* The name of a member; *end becomes the offset of its end in the archive. NULL after a report. To be called
 * before elf_next, which reuses the header. */
static const char *member_name(struct pg32_ld *ld, const char *archive, Elf *member, uint64_t *end) {
  const Elf_Arhdr *header = elf_getarhdr(member);
  int64_t base = elf_getbase(member);
  if (!header || !header->ar_name || base < 0 || header->ar_size < 0) {
    pg32_ld_error(ld, "%s: a member's header is damaged", archive);
    return NULL;
  }
  *end = (uint64_t)base + (uint64_t)header->ar_size;
  return pg32_ld_format(ld, "%s(%s)", archive, header->ar_name);
}

/* Whether the member is the archive's symbol index or its table of long names. */
static bool is_index(const char *archive, const char *name) { return name[strlen(archive) + 1] == '/'; }

/* The next member, which the link owns; NULL after the last one. */
static Elf *open_member(struct pg32_ld *ld, Elf *archive, Elf_Cmd command) {
  struct ld_file *file = new_file(ld);
  return file->elf = elf_begin(-1, command, archive);
}

static bool read_members(struct pg32_ld *ld, const char *archive, Elf *elf, uint64_t *end) {
  Elf_Cmd command = ELF_C_READ_MMAP; /* ELF_C_READ would need a file */
  for (Elf *member; (member = open_member(ld, elf, command)); command = elf_next(member)) {
    const char *name = member_name(ld, archive, member, end);
    if (!name || (!is_index(archive, name) && !read_elf(ld, name, member, ld->whole_archives))) return false;
  }
  return true;
}

static bool read_archive(struct pg32_ld *ld, const char *name, Elf *archive, size_t size) {
  uint64_t end = SARMAG;
  if (!read_members(ld, name, archive, &end)) return false;
  if (end == size || end + (end & 1) == size) return true;
  return pg32_ld_error(ld, "%s: a truncated or damaged archive: its last member ends at byte %llu of %zu",
                       name, (unsigned long long)end, size);
}

bool pg32_ld_read_memory(struct pg32_ld *ld, const char *name, const void *bytes, size_t size) {
  if (size >= SARMAG && !memcmp(bytes, "!<thin>\n", SARMAG))
    return pg32_ld_error(ld, "%s: a thin archive; expected one that holds its members (ar without T)", name);
  struct ld_file *file = new_file(ld);
  Elf *elf = file->elf = size ? elf_memory((char *)bytes, size) : NULL;
  if (!elf || elf_kind(elf) == ELF_K_NONE)
    return pg32_ld_error(ld, "%s: not an ELF file or an archive", name);
  name = pg32_ld_format(ld, "%s", name);
  return elf_kind(elf) == ELF_K_AR ? read_archive(ld, name, elf, size) : read_elf(ld, name, elf, true);
}

/* Reads all of an open file; NULL with errno. */
static void *read_whole(int fd, size_t size) {
  char *bytes = malloc(size ? size : 1);
  for (size_t done = 0; bytes && done < size;) {
    ssize_t n = read(fd, bytes + done, size - done);
    if (n > 0) {
      done += (size_t)n;
    } else if (n == 0 || errno != EINTR) {
      if (n == 0) errno = EIO; /* it shrank while it was read */
      free(bytes);
      return NULL;
    }
  }
  return bytes;
}

static void *load(int fd, size_t *size) {
  struct stat about;
  if (fstat(fd, &about)) return NULL;
  if (!S_ISREG(about.st_mode)) {
    errno = S_ISDIR(about.st_mode) ? EISDIR : EINVAL;
    return NULL;
  }
  *size = (size_t)about.st_size;
  return read_whole(fd, *size);
}

bool pg32_ld_read_file(struct pg32_ld *ld, const char *path) {
  size_t size = 0;
  struct ld_file *file = new_file(ld);
  int fd = open(path, O_RDONLY | O_CLOEXEC);
  if (fd < 0) return pg32_ld_error(ld, "%s: %s", path, strerror(errno));
  file->bytes = load(fd, &size);
  int error = errno;
  close(fd);
  errno = error;
  if (!file->bytes) return pg32_ld_error(ld, "%s: %s", path, strerror(error));
  return pg32_ld_read_memory(ld, path, file->bytes, size);
}

/* A name that begins with a colon is the name of the file. */
bool pg32_ld_read_library(struct pg32_ld *ld, const char *name) {
  const char *file = *name == ':' ? name + 1 : pg32_ld_format(ld, "lib%s.a", name);
  for (size_t i = 0; i < ld->nfolders; i++) {
    const char *path = pg32_ld_format(ld, "%s/%s", ld->folders[i], file);
    if (!access(path, F_OK)) return pg32_ld_read_file(ld, path);
  }
  return pg32_ld_error(ld, "%s is in none of the %zu folders searched (-L)", file, ld->nfolders);
}
