/* contents.h - the parts of pg32-objdump that show a file as it is: headers and bytes. */
#ifndef OBJDUMP_CONTENTS_H
#define OBJDUMP_CONTENTS_H

#include <gelf.h>

/* The name of a section, "?" if it has none. */
const char *section_name(Elf *elf, Elf_Scn *section);
/* -x: type, entry and segments. */
void show_file_header(Elf *elf);
/* -s: the bytes of each section, in hexadecimal and as text. */
void show_contents(Elf *elf);

#endif
