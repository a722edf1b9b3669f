/* internal.h - what the files of the assembler share.
 *
 *   as.c         the driver: statements in order, memory, errors
 *   source.c     input: files, comments, .include; with source.h, scan.c,
 *   macro.c        macros and repetitions, with altmacro.c, and
 *   condition.c    .if
 *   token.c      the words of a statement
 *   expr.c       reading expressions; value.c: what they are worth
 *   symbol.c     symbols and the directives about them
 *   section.c    sections and the directives about them
 *   subsection.c the numbered parts of a section, and the layout of structures
 *   data.c       directives that put data
 *   directive.c  finding a directive
 *   insn.c       instructions; with insn.h, operand.c, pseudo.c and riscv.c
 *   line.c       the line program of .debug_line, from .file and .loc
 *   cfi.c        the directives of call frame information; frame.c: .debug_frame
 *   fixup.c      fixups become values or relocations
 *   elf.c        the symbol table and the object file
 *
 * The assembler makes one pass. It knows the size of every statement when it reads it, as no instruction is
 * ever made shorter later (relaxed). A value may depend on a later line, such as the distance to a label that
 * follows; such a value becomes a fixup, which is settled at the end. All memory is one arena. An error after
 * which the assembly cannot go on leaves it by longjmp to as->out. */
#ifndef PG32_AS_INTERNAL_H
#define PG32_AS_INTERNAL_H

#include "isa/as.h"
#include "isa/elf_pg32.h"
#include "isa/pg32.h"

#include <setjmp.h>
#include <stdbool.h>
#include <stdint.h>

#define MAX_OUTPUT (64u << 20)    /* bytes over all sections */
#define MAX_EXPANSION (32u << 20) /* bytes of macros and repetitions; stops an endless macro */
#define MAX_NESTING 64            /* of macros, .rept, .include, .if, .pushsection, parentheses */
#define MAX_SECTIONS 30000        /* ELF can number 65279, with those for relocations */
#define MAX_EXPR_NODES 4096       /* of one expression, with the nodes of its equates */
#define MAX_EVAL_STEPS 20000      /* nodes visited to compute one value */
#define MAX_EVAL_DEPTH 1024       /* the depth of recursion in that */
#define MAX_ALIGN_LOG2 16
#define FIRST_BUCKETS 8192 /* of the hash table of symbols; a power of two */
#define SECTION_BUCKETS 8192
#define LEB_WIDTH 5 /* bytes of a .uleb128 whose value depends on a later line */

/* A piece of the source text; not NUL-terminated. */
struct text {
  const char *p;
  size_t n;
};

/* A place in the source. */
struct place {
  const char *file;
  unsigned line, column;
  struct text source;          /* the whole line */
  const char *context;         /* "in macro ...", or NULL */
  unsigned loc_file, loc_line; /* of the last .loc, or 0 */
};

/* ---- expressions ---- */

/* clang-format off */
enum op {
  OP_NUMBER, OP_SYMBOL,
  OP_NEG, OP_NOT, OP_LNOT,
  OP_MUL, OP_DIV, OP_MOD, OP_SHL, OP_SHR,
  OP_OR, OP_AND, OP_XOR, OP_ORNOT,
  OP_ADD, OP_SUB,
  OP_EQ, OP_NE, OP_LT, OP_LE, OP_GT, OP_GE,
  OP_LAND, OP_LOR,
};
/* clang-format on */

struct expr {
  enum op op;
  unsigned nodes; /* in the whole tree, with those of equates */
  int64_t number;
  struct symbol *symbol;
  const struct expr *left, *right; /* OP_SYMBOL: left is the equate's expression at that time, or NULL */
};

/* A value: n + add - sub, where either symbol may be NULL. */
struct value {
  int64_t n;
  struct symbol *add, *sub;
};

/* ---- symbols and sections ---- */

enum symbol_kind { SYM_UNDEFINED, SYM_LABEL, SYM_EQUATE, SYM_COMMON };

struct symbol {
  const char *name;
  struct symbol *chain; /* in its hash bucket */
  uint32_t hash;
  struct symbol *next; /* in order of appearance */
  enum symbol_kind kind;
  struct section *section;                 /* SYM_LABEL */
  uint32_t offset;                         /* SYM_LABEL; SYM_COMMON: size */
  uint32_t align;                          /* SYM_COMMON */
  const struct expr *expr;                 /* SYM_EQUATE */
  const struct expr *size;                 /* .size, or NULL */
  unsigned char binding, type, visibility; /* STB_*, STT_*, STV_* */
  bool binding_given;
  bool evaluating; /* it is an equate whose value is being computed: needing it again is a cycle */
  bool settled;    /* value below is final */
  struct value value;
  bool used;           /* named by a relocation, so it must be in the symbol table */
  uint32_t instances;  /* of a numeric local label: how many were defined so far */
  struct macro *macro; /* the macro of that name, or NULL */
  struct place place;  /* of its definition; before that, of its first use */
  uint32_t elf_index;
};

enum fixup_kind { FIX_BYTE, FIX_HALF, FIX_WORD, FIX_DOUBLE, FIX_ULEB, FIX_SLEB, FIX_INSN };

/* How an instruction's immediate is made from its expression. */
enum modifier { MOD_NONE, MOD_HI, MOD_LO, MOD_PCREL_HI, MOD_PCREL_LO };

struct fixup {
  struct fixup *next;
  struct section *section;
  uint32_t offset;
  enum fixup_kind kind;
  enum modifier modifier; /* FIX_INSN */
  const struct expr *expr;
  struct place place;
};

struct relocation {
  struct relocation *next;
  uint32_t offset;
  unsigned type;
  struct symbol *symbol;   /* or ... */
  struct section *section; /* ... the section symbol, or neither */
  int32_t addend;
};

struct section {
  struct section *next, *chain; /* in order of appearance; in its hash bucket */
  const char *name;
  uint32_t type, flags, entsize; /* SHT_*, SHF_* */
  uint8_t *data;                 /* NULL for SHT_NOBITS */
  uint32_t size, capacity, align;
  struct relocation *relocations, **last_relocation;
  uint32_t nrelocations;
  struct line *lines, **last_line; /* rows of .debug_line, see line.c */
  uint32_t symbol_index;           /* of its section symbol, 0 if none is needed */
  uint32_t elf_index;
  struct section *parts; /* its subsections but for number 0, which is itself; by number, linked by `next` */
  struct section *whole; /* of a part: the section; else NULL */
  unsigned number;       /* of a part */
  uint32_t base;         /* of a part that has joined its section: where the part begins there */
  bool joined;
};

/* A function with call frame information, from .cfi_startproc to .cfi_endproc. */
#define PG32_AS_FRAME_WORD 4 /* bytes: offsets in a frame are multiples of it */
struct procedure {
  struct procedure *next;
  struct section *section;
  uint32_t start, end; /* in the section */
  uint32_t at;         /* where the program's last row begins */
  bool simple, signal; /* .cfi_startproc simple, .cfi_signal_frame */
  unsigned return_column;
  uint8_t *program; /* operations of the kind DW_CFA_... */
  uint32_t size, capacity;
  int64_t cfa_offset;           /* from the register that the CFA is computed from */
  int64_t offsets[MAX_NESTING]; /* the same, at each .cfi_remember_state */
  unsigned remembered;
  struct place place;
};

/* ---- source ---- */

/* One statement: up to a `;` or the end of the line, comments blanked. */
struct statement {
  struct text text;
  struct place place; /* of text.p */
};

struct frame; /* one file, macro expansion or repetition being read */
struct macro;
struct condition;
struct line_file;

#define OP2(a, b) ((a) << 8 | (b)) /* an operator of two characters */

enum token_kind { TOK_END, TOK_NAME, TOK_NUMBER, TOK_LOCAL, TOK_STRING, TOK_OP };

struct token {
  enum token_kind kind;
  struct text text;
  uint64_t number;
  const char *bad; /* why the token is malformed, or NULL; reported when the token is used */
  int op;          /* TOK_OP: the character, or OP2 of two; TOK_LOCAL: 'b', 'f' or '$' */
};

struct assembler {
  const struct pg32_as_options *options;
  jmp_buf out;    /* where an error that ends the assembly jumps to */
  bool no_memory; /* that error was a lack of memory */
  unsigned errors;
  struct block *blocks; /* the arena */
  char **loaded;        /* buffers from options->load, to be freed */
  size_t nloaded;

  struct frame *frame; /* innermost */
  unsigned depth;      /* of frames */
  uint64_t expanded;   /* bytes of macros and repetitions so far */
  bool macros;         /* at least one has been defined */
  bool alternate;      /* .altmacro is on */
  unsigned locals;     /* labels of LOCAL so far */
  unsigned expansions; /* of macros so far: what \@ stands for */
  struct condition *conditions;

  struct statement now; /* the statement being assembled */
  struct token token;   /* the next one of that statement */
  unsigned nesting;     /* depth of the expression being read or evaluated */
  unsigned eval_steps;

  struct symbol **buckets;
  uint32_t nbuckets, nsymbols;
  struct symbol *symbols, **last_symbol;
  struct section *sections, **last_section, **section_buckets;
  uint32_t nsections;
  bool parts;                            /* some section has subsections */
  struct section structure;              /* where .struct puts its labels; in no list */
  unsigned scope;                        /* of labels such as 1$: the number of ordinary labels so far */
  struct section *here;                  /* the current section */
  struct section *previous;              /* .previous */
  struct section *stack[MAX_NESTING][2]; /* .pushsection: here and previous */
  unsigned stacked;
  uint64_t output; /* bytes, over all sections */
  struct fixup *fixups, **last_fixup;
  struct reloc *relocs, **last_reloc; /* of .reloc; see reloc.c */

  /* .debug_frame */
  struct procedure *procedures, **last_procedure;
  struct procedure *procedure; /* that has no .cfi_endproc yet, or NULL */

  /* .debug_line */
  struct line_file *files;
  unsigned last_file;      /* the highest number of a file */
  const char *source_name; /* from a .file without a number, for the symbol table */
  bool dwarf5;
  bool have_loc;
  struct line_loc {
    bool pending;
    unsigned file, line, column, discriminator;
    bool is_stmt, basic_block, prologue_end, epilogue_begin;
  } loc;
};

/* ---- as.c ---- */

/* Zeroed memory that lives until the assembler ends. If there is none, the assembly ends at once. */
void *pg32_as_alloc(struct assembler *as, size_t size);
/* A NUL-terminated copy. */
char *pg32_as_string(struct assembler *as, struct text text);
/* The tables of directives and of conditions are searched from their start for each statement, so that words which
 * differ must be told apart soon. */
static inline bool pg32_as_text_is(struct text text, const char *word) {
  for (size_t i = 0; i < text.n; i++)
    if (text.p[i] != word[i] || !word[i]) return false;
  return !word[text.n];
}
/* Makes a word of the current statement lower case; false if it is already. */
bool pg32_as_lower(struct text word);

/* Reports an error at a place, or at the current token; the assembly continues. */
void pg32_as_error_at(struct assembler *as, const struct place *place, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
void pg32_as_error(struct assembler *as, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* The same at a given piece of the current statement. */
void pg32_as_error_in(struct assembler *as, struct text where, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
/* Says what a source asks to say, which is no error. */
void pg32_as_say_in(struct assembler *as, struct text where, enum pg32_as_kind kind, const char *format, ...)
    __attribute__((format(printf, 4, 5)));
/* Ends the assembly because memory ran out. */
_Noreturn void pg32_as_no_memory(struct assembler *as);
/* Reports, then ends the assembly. */
_Noreturn void pg32_as_fatal(struct assembler *as, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
/* The place of a piece of the current statement. */
struct place pg32_as_place(const struct assembler *as, struct text where);
/* Little-endian numbers of up to 8 bytes. */
void pg32_as_put_le(uint8_t *p, uint64_t number, unsigned bytes);
uint64_t pg32_as_get_le(const uint8_t *p, unsigned bytes);

/* ---- symbol.c ---- */

uint32_t pg32_as_hash(struct text name);
/* The symbol of that name, or NULL. */
struct symbol *pg32_as_find_symbol(struct assembler *as, struct text name);
/* The symbol of that name; a new, undefined one if there is none. */
struct symbol *pg32_as_symbol(struct assembler *as, struct text name);
/* An unnamed label at the current position. */
struct symbol *pg32_as_dot(struct assembler *as);
/* Defines a label at the current position. */
void pg32_as_label(struct assembler *as, struct symbol *symbol, struct place place);
/* Reads an expression and makes `name` an equate for it; the second one wants a name that is not defined yet. */
void pg32_as_assign(struct assembler *as, struct text name);
void pg32_as_assign_new(struct assembler *as, struct text name);
/* The symbol that counts the instances of the label `number:`. */
struct symbol *pg32_as_local_counter(struct assembler *as, uint64_t number);
/* The symbol of a label without a name: the instance of `1:` that is given, or the `1$:` between the ordinary
 * labels around the current place. */
struct symbol *pg32_as_local_symbol(struct assembler *as, const struct token *label, unsigned instance);
/* Whether the name stays inside the assembler: .L..., a numeric local label, or none at all. */
bool pg32_as_is_private(const struct symbol *symbol);
bool pg32_as_symbol_directive(struct assembler *as, struct text name);

/* ---- section.c ---- */

/* The section of that name; a new one if there is none. */
struct section *pg32_as_section(struct assembler *as, const char *name, uint32_t type, uint32_t flags);
/* Makes a section the current one, and the one before .previous. */
void pg32_as_enter(struct assembler *as, struct section *section);
/* Appends `size` bytes, zeros if data is NULL, to the current section. Returns where they are, valid until
 * the next call; NULL in .bss and for no bytes. */
uint8_t *pg32_as_emit(struct assembler *as, const void *data, uint64_t size);
void pg32_as_emit_number(struct assembler *as, uint64_t number, unsigned bytes);
/* Appends a word: the address of `offset` in a section. */
void pg32_as_emit_address(struct assembler *as, struct section *section, uint32_t offset);
void pg32_as_align(struct assembler *as, unsigned log2, int fill, uint32_t most);
/* Notes that the last `size` bytes of the current section are to be computed from expr. */
void pg32_as_fixup(struct assembler *as, enum fixup_kind kind, enum modifier modifier, uint32_t size,
                   const struct expr *expr, struct place place);
bool pg32_as_section_directive(struct assembler *as, struct text name);

/* ---- subsection.c ---- */

/* Reads the number of a subsection, if there is one, and returns that part of the section. */
struct section *pg32_as_part(struct assembler *as, struct section *section);
/* At the end of the source: appends all parts to their sections. */
void pg32_as_join_parts(struct assembler *as);
/* If the symbol's section is a part that has joined a section: places the symbol in that section. */
void pg32_as_leave_part(struct symbol *symbol);
/* At the start: makes the place for labels of .struct. */
void pg32_as_begin_structure(struct assembler *as);
bool pg32_as_part_directive(struct assembler *as, struct text name);

/* ---- source.c ---- */

void pg32_as_push_file(struct assembler *as, const char *name, struct text text);
/* The contents of a file, from options->load, valid until the assembly ends; false if it cannot be read. */
bool pg32_as_load(struct assembler *as, const char *name, struct text *contents);
/* Reports at `where` that the file cannot be read. */
void pg32_as_cannot_read(struct assembler *as, struct text where, const char *name);
/* The next statement into as->now; false at the end of all input. */
bool pg32_as_next_statement(struct assembler *as);
/* Executes the directive if it is .include, or one of macro.c or condition.c. */
bool pg32_as_source_directive(struct assembler *as, struct text name);

/* ---- macro.c ---- */

/* Expands the macro of that name; false if there is none. */
bool pg32_as_expand(struct assembler *as, struct text name);

/* ---- condition.c ---- */

/* Whether an inactive .if hides the current statement. */
bool pg32_as_hidden(const struct assembler *as);
/* At the end of the source: reports an .if without its .endif. */
void pg32_as_finish_source(struct assembler *as);

/* ---- token.c ---- */

/* Starts reading tokens at p, in the current statement. */
void pg32_as_tokens_from(struct assembler *as, const char *p);
void pg32_as_advance(struct assembler *as);
/* Takes the next token if it is that operator. */
bool pg32_as_accept(struct assembler *as, int op);
/* The same, and reports an error if it is not. */
bool pg32_as_expect(struct assembler *as, int op);
/* The rest of the statement, untokenized. */
struct text pg32_as_rest(const struct assembler *as);
/* Reads a string token's bytes, escapes resolved, into the arena. */
bool pg32_as_string_bytes(struct assembler *as, struct text *bytes);
/* Reads a name, which may be in quotes; false after an error. */
bool pg32_as_name(struct assembler *as, struct text *name);

/* ---- expr.c ---- */

/* Reads an expression; NULL after an error. */
const struct expr *pg32_as_expr(struct assembler *as);
const struct expr *pg32_as_number_expr(struct assembler *as, int64_t number);
const struct expr *pg32_as_symbol_expr(struct assembler *as, struct symbol *symbol);
const struct expr *pg32_as_binary(struct assembler *as, enum op op, const struct expr *left,
                                  const struct expr *right);

/* ---- value.c ---- */

/* The operation on two numbers; unary ones take the first. Division by zero gives 0. */
int64_t pg32_as_compute(enum op op, int64_t a, int64_t b);
/* Computes the value that the expression has now. False if that is no number plus a symbol minus a symbol;
 * *why then says why. */
bool pg32_as_value(struct assembler *as, const struct expr *expr, struct value *value, const char **why);
/* Reads an expression that must be constant already; false after an error. */
bool pg32_as_constant(struct assembler *as, int64_t *number);
/* The same, and it must be from low to high. */
bool pg32_as_constant_in(struct assembler *as, int64_t low, int64_t high, int64_t *number);
/* Whether the expression is constant already. */
bool pg32_as_is_constant(struct assembler *as, const struct expr *expr, int64_t *number);

/* ---- insn.c ---- */

/* Assembles the instruction of that mnemonic, whose operands are the next tokens. */
void pg32_as_instruction(struct assembler *as, struct text mnemonic);
/* Puts imm into the encoded instruction at p. If imm does not fit: an error at `place`, and false. */
bool pg32_as_patch(struct assembler *as, uint8_t *p, int64_t imm, const struct place *place);

/* ---- riscv.c ---- */

/* .insn: an instruction by the fields of RISC-V's encoding. */
void pg32_as_insn_directive(struct assembler *as);

/* ---- directive.c ---- */

struct directive {
  const char *name;
  void (*execute)(struct assembler *, int argument);
  int argument;
};

/* Executes the directive; false if there is no such directive. */
bool pg32_as_directive(struct assembler *as, struct text name);
/* The same with one table of `n` directives. */
bool pg32_as_execute(struct assembler *as, const struct directive *table, size_t n, struct text name);

/* ---- data.c ---- */

bool pg32_as_data_directive(struct assembler *as, struct text name);
/* Reads a new place in the current section, and fills up to it. */
void pg32_as_org(struct assembler *as);
/* Writes a LEB128 number of at most 10 bytes to p; returns how many. */
unsigned pg32_as_leb(uint8_t *p, int64_t n, bool is_signed);

/* ---- line.c ---- */

void pg32_as_file_directive(struct assembler *as);
void pg32_as_loc_directive(struct assembler *as);
/* To be called before an instruction is emitted: the last .loc is about it. */
void pg32_as_line_note(struct assembler *as);
/* The name of the file with that number, or NULL. */
const char *pg32_as_file_name(struct assembler *as, unsigned number);
/* Moves the rows of a subsection to the section that it has joined. */
void pg32_as_move_lines(struct section *part, struct section *whole);
/* Appends the line program to .debug_line. */
void pg32_as_line_program(struct assembler *as);

/* ---- cfi.c, frame.c ---- */

/* Executes the directive if it is one of call frame information. */
bool pg32_as_cfi_directive(struct assembler *as, struct text name);
/* Appends the tables of all functions to .debug_frame. */
void pg32_as_frames(struct assembler *as);

/* ---- fixup.c ---- */

/* Appends a relocation: symbol + addend, at an offset in section `place`. */
void pg32_as_relocate(struct assembler *as, struct section *place, uint32_t offset, unsigned type,
                      struct symbol *symbol, int64_t addend);
/* Settles all fixups, turning what is left into relocations. */
void pg32_as_settle(struct assembler *as);

/* ---- reloc.c ---- */

/* .reloc: reads a relocation that the source asks for. */
void pg32_as_reloc_directive(struct assembler *as);
/* After all fixups: makes these relocations. */
void pg32_as_settle_relocs(struct assembler *as);

/* ---- elf.c ---- */

/* Writes the object into *object (from malloc), unless there were errors. */
void pg32_as_write(struct assembler *as, char **object, size_t *size);

#endif
