/* eval.h - the evaluator of C expressions: what `print`, `x`, `watch`, `who`, `break ... if` and `info
 * locals` share. The files of this folder, in the order in which an expression passes through them:
 *
 *   parse.c      text to a tree
 *   scope.c      the frame that is looked at, and what a name means there; elsewhere.c: SCOPE::NAME
 *   location.c   where a variable is (DWARF 4 and 5); expression.c: DWARF's expressions
 *   types.c      types: from DWARF and from a cast
 *   spell.c      types as text, for `whatis`, `ptype` and messages
 *   memory.c     bytes of a lane's own address space; kernel_tables.c: pages that no TLB entry has named
 *   compute.c    the value of a tree
 *   arithmetic.c C's conversions and operators on numbers
 *   floats.c     floating-point numbers of 2 to 16 bytes
 *   format.c     values as text, as gdb writes them; text.c: strings
 *   eval.c       what the commands call; returned.c: for `finish`; condition.c: for breakpoints
 *   assign.c     PLACE = EXPR, for `set`
 *
 * Everything that one evaluation makes lives in its arena and ends with it. A function that returns bool has,
 * if it returns false, set e->error to a sentence without a full stop, unless its comment says otherwise. */
#ifndef EVAL_H
#define EVAL_H

#include <elfutils/libdw.h>

#include "tools/trapeze/debug/debug.h"

/* ---- trees ---- */

enum node_kind {
  NODE_NUMBER,   /* number; `floating` if is_float; a float if is_single */
  NODE_STRING,   /* text, of `number` bytes with its 0 */
  NODE_NAME,     /* text; scope::text if scope is set */
  NODE_REGISTER, /* number: 0..31, 32 = pc */
  NODE_UNARY,    /* op: - + ~ ! * & */
  NODE_AT,       /* {cast}left: what is at the address */
  NODE_SIZEOF,   /* of left, or of cast */
  NODE_CAST,     /* left to cast */
  NODE_MEMBER,   /* left.text */
  NODE_ARROW,    /* left->text */
  NODE_INDEX,    /* left[right] */
  NODE_BINARY,   /* op: a character, or OP_... */
  NODE_CHOICE,   /* left ? right : other */
  NODE_REPEAT,   /* left@right: an array of `right` elements, the first of which is `left` */
  NODE_ASSIGN,   /* left = right; `left += right` has become left = left + right */
};
enum { OP_SHL = 256, OP_SHR, OP_LE, OP_GE, OP_EQ, OP_NE, OP_AND, OP_OR };

struct type_name { /* `struct point **`, `unsigned char[4]`: as typed in a cast */
  char base[80];   /* "unsigned char"; of a struct, union or enum its tag */
  int tag;         /* DW_TAG_structure_type ..., or 0 */
  unsigned pointers;
  int64_t elements; /* of an array of them; -1 = no array */
};

struct node {
  enum node_kind kind;
  int op;
  unsigned column; /* from 1 */
  uint64_t number;
  double floating;
  bool is_float, is_single, is_char, is_unsigned, is_long, is_long_long;
  bool
      may_be_unsigned; /* a hexadecimal or octal constant becomes unsigned where a decimal one becomes long */
  const char *text, *scope;
  const struct type_name *cast;
  const struct node *left, *right, *other;
};

/* ---- types ---- */

enum type_kind {
  TYPE_VOID,
  TYPE_BOOL,
  TYPE_CHAR,
  TYPE_INTEGER,
  TYPE_FLOAT,
  TYPE_COMPLEX, /* two TYPE_FLOATs, the real part first */
  TYPE_ENUM,
  TYPE_POINTER,
  TYPE_ARRAY,
  TYPE_STRUCT,
  TYPE_UNION,
  TYPE_FUNCTION,
  TYPE_SYMBOL, /* of an ELF symbol without debug information */
  TYPE_UNSUPPORTED,
};

struct type {
  enum type_kind kind;
  const char *name;  /* "unsigned int", a tag, or NULL */
  const char *alias; /* the typedef that it was named by, or NULL */
  uint32_t size;     /* bytes; 0 = incomplete */
  bool is_signed, is_const, is_volatile, is_restrict, is_atomic;
  bool incomplete;           /* a declaration only */
  bool has_die;              /* `die` is that of the type, without qualifiers and typedefs */
  Dwarf_Die die;             /* */
  const struct type *target; /* POINTER, ARRAY, FUNCTION; NULL = not looked up yet: type_target() */
  uint32_t count;            /* ARRAY: elements */
  bool unbounded;            /* ARRAY: the number of elements is not known */
  unsigned dimension;        /* ARRAY: of its DIE's dimensions the one that this type is, from 0 */
};

/* ---- values ---- */

enum place_kind { IN_MEMORY, IN_REGISTER, IN_BYTES /* computed, or put together from pieces */ };

struct home { /* of one byte of a value that is not in one piece */
  enum { HOME_NONE, HOME_REGISTER, HOME_MEMORY } kind;
  uint32_t at; /* the address; or 4 times the number of the register, plus the byte's in it */
};

struct value {
  const struct type *type;
  enum place_kind where;
  uint32_t address;              /* IN_MEMORY */
  uint32_t status;               /* IN_MEMORY: STATUS of the address space */
  struct image *image;           /* whose functions and types it is about */
  unsigned reg;                  /* IN_REGISTER: 0..32 */
  const uint8_t *bytes;          /* IN_BYTES: type->size of them */
  const uint8_t *known;          /* IN_BYTES: not 0 for each byte that exists; NULL = all do */
  const struct home *home;       /* IN_BYTES: where each byte is; NULL = nowhere, a computed value */
  bool is_string;                /* a string literal */
  bool is_bits;                  /* a bit-field: */
  unsigned bit_offset, bit_size; /* from the lowest bit of the byte at the address */
};

struct number { /* a scalar that has been loaded */
  bool is_float, is_signed;
  unsigned size; /* bytes: 4 or 8 after promotion */
  uint64_t bits; /* sign- or zero-extended */
  double floating;
};

/* ---- one evaluation ---- */

struct arena_block {
  struct arena_block *next;
};

struct eval {
  struct debug *d;
  uint32_t lane;
  struct image *image;
  Dwarf *dwarf; /* NULL = no debug information */
  struct frame_regs regs;
  bool innermost;     /* else registers that a callee need not preserve are not known */
  Dwarf_Die *scopes;  /* around the PC, innermost first */
  int nscopes;        /* how many */
  int function;       /* the index of the (inlined) function that the frame is; -1 = none */
  bool touched_c;     /* a C variable, type or function was looked at */
  bool unknown;       /* the error is that a name or type is not known */
  bool optimized_out; /* the error is that the value has been optimized out */
  bool type_only;     /* values do not matter: each that cannot be had is 1 */
  const char *text;   /* that is evaluated */
  bool kept;          /* it is evaluated at this place again and again (condition.c): then there are kept */
  struct kept_name *names;
  struct kept_type *types;
  enum { FRAME_UNKNOWN, FRAME_MADE, FRAME_UNMADE } frame; /* is the function still making its frame? */
  struct arena_block *blocks;
  unsigned depth, fuel; /* of nested DWARF expressions; operations that are left */
  char error[256];
};

/* source.c: the scopes around `pc`, innermost first, malloc'ed; returns how many. `i` may be NULL. */
int source_scopes(struct image *i, uint32_t pc, Dwarf_Die **scopes);
/* source.c: the file and line that call an inlined function; NULL or 0: not known. */
const char *source_call(Dwarf_Die *call, int *line);

/* Zeroed memory that lives as long as the evaluation. */
void *eval_alloc(struct eval *e, size_t size);
const char *eval_copy(struct eval *e, const char *text, size_t n);
__attribute__((format(printf, 2, 3))) const char *eval_text(struct eval *e, const char *format, ...);
/* Sets e->error (the first one stays); false. `column` 0: none is named. */
__attribute__((format(printf, 3, 4))) bool eval_fail(struct eval *e, unsigned column, const char *format,
                                                     ...);

/* Prepares an evaluation in the frame that the session looks at, or in `r`. Never fails; e->dwarf may be
 * NULL. eval_end frees all. */
void eval_begin(struct eval *e, struct debug *d);
void eval_begin_in(struct eval *e, struct debug *d, uint32_t lane, const struct frame_regs *r, bool innermost,
                   int inlined);
void eval_end(struct eval *e);

/* ---- parse.c ---- */

/* The expression at the beginning of `text`. *rest is where it ends; rest NULL: nothing may follow it. */
const struct node *eval_parse(struct eval *e, const char *text, const char **rest);

/* ---- scope.c ---- */

/* Is `name` a type here? Says nothing. */
bool scope_has_type(struct eval *e, const char *name);
/* What a typedef stands for; NULL, with nothing said: the name is none, or more than a name. */
const struct type *scope_typedef(struct eval *e, const struct type_name *name);
bool scope_type(struct eval *e, const struct type_name *name, unsigned column, const struct type **type);
/* What a name means: a variable, an enumerator, a function, a register or a symbol. */
bool scope_name(struct eval *e, const struct node *n, struct value *v);
/* Is there a C variable of that name in scope? Says nothing. */
bool scope_has_variable(struct eval *e, const char *name);
/* The function whose frame it is; NULL = not known. */
Dwarf_Die *scope_frame_function(struct eval *e);
bool scope_is_variable(Dwarf_Die *die);
/* The index of the innermost scope of the frame; e->function is that of the outermost. */
int scope_first(const struct eval *e);

/* ---- location.c ---- */

/* The variable that a DIE declares. `function`: whose frame base counts; NULL = none. */
bool location_variable(struct eval *e, Dwarf_Die *function, Dwarf_Die *die, struct value *v);

/* Are the frame's registers those of the machine now? Else register `r`, which is part of `what`, cannot be
 * watched or changed. */
bool eval_has_registers(struct eval *e, unsigned r, const char *what);

/* The bits of register 0..31, or of the PC (32), in the frame. */
bool eval_register(struct eval *e, unsigned r, uint64_t *bits);

/* ---- types.c; spell.c: types as text ---- */

/* The type that DW_AT_type of `die` names; void if there is none. */
const struct type *type_of_die(struct eval *e, Dwarf_Die *die);
const struct type *type_from_die(struct eval *e, Dwarf_Die *type);
const struct type *type_target(struct eval *e, const struct type *t);
const struct type *type_pointer(struct eval *e, const struct type *to);
const struct type *type_array(struct eval *e, const struct type *of, uint32_t count);
/* A base type by C's name for it, for example "unsigned char"; NULL, with nothing said: it is none. */
const struct type *type_base(struct eval *e, const char *name);
/* A constant's value: with its sign if its form has one. False, with nothing said: it is none. */
bool type_constant(Dwarf_Attribute *a, int64_t *value);
bool type_is_scalar(const struct type *t);
bool type_is_integer(const struct type *t);
/* "struct point *", "int [3]". Returns buf. */
char *type_spell(struct eval *e, const struct type *t, char *buf, size_t size);
/* A declaration: "char *name", "int name[3]". Lives in the arena. */
const char *type_declare(struct eval *e, const struct type *t, const char *name);
/* The whole definition, as `ptype` prints it. */
void type_define(struct eval *e, const struct type *t, FILE *out);

/* ---- memory.c ---- */

/* Reads bytes of the address space that `status` names; returns how many until the first that is not there.
 * Says nothing. */
size_t eval_read(struct eval *e, uint32_t status, uint32_t address, void *buf, size_t n);
/* STATUS with which a lane last ran. False, with nothing said: it has not. */
bool eval_lane_status(struct debug *d, uint32_t lane, uint32_t *status);

/* ---- compute.c ---- */

bool compute(struct eval *e, const struct node *n, struct value *v);
/* The bytes of a value. `known` may be NULL: then all of them must exist. */
bool value_bytes(struct eval *e, const struct value *v, uint8_t *bytes, uint8_t *known, size_t n);
/* A scalar, a bit-field, or the address of an array or function. */
bool value_number(struct eval *e, const struct value *v, struct number *n);
struct value value_of_number(struct eval *e, const struct type *type, uint64_t bits);
bool value_member(struct eval *e, const struct value *v, const char *name, unsigned column, struct value *m);
/* The member that the DIE declares. */
struct value value_member_of(struct eval *e, const struct value *v, Dwarf_Die *die);
bool value_element(struct eval *e, const struct value *array, uint32_t index, struct value *element);
/* The two parts of a TYPE_COMPLEX. */
void value_complex(struct eval *e, const struct value *v, struct value *real, struct value *imaginary);
bool value_dereference(struct eval *e, const struct value *v, unsigned column, struct value *to);

/* ---- arithmetic.c ---- */

bool arithmetic(struct eval *e, const struct node *n, struct value *left, struct value *right,
                struct value *v);
bool arithmetic_unary(struct eval *e, const struct node *n, const struct value *of, struct value *v);
bool arithmetic_cast(struct eval *e, const struct value *from, const struct type *to, unsigned column,
                     struct value *v);
bool arithmetic_truth(struct eval *e, const struct value *v, unsigned column, bool *truth);
/* Gives the value the type that it has with one of type `other` on the other side, if both are numbers. */
bool arithmetic_common(struct eval *e, struct value *v, const struct type *other);

/* ---- format.c ---- */

/* A value as gdb writes it; `format` is 0, or x d u o t c a f s z. `typed`: a pointer with its type. */
void eval_format(struct eval *e, const struct value *v, char format, bool typed, FILE *out);

/* ---- text.c ---- */

#define EVAL_LIMIT 200 /* elements of an array and characters of a string that are shown */

/* `n` characters of 1, 2 or 4 bytes (`size`) between quotes, or the first EVAL_LIMIT; `cut`: there are more. */
void eval_format_text(FILE *out, const void *text, unsigned size, size_t n, bool cut);
/* 'a', L'a' */
void eval_format_character(FILE *out, uint32_t c, unsigned size);

/* ---- floats.c ---- */

/* The number whose bytes these are; `size`: 2, 4, 8 or 16. */
long double float_decode(const uint8_t *bytes, unsigned size);
/* Writes `size` bytes: the nearest number of that size. */
void float_encode(double n, unsigned size, uint8_t *bytes);

/* ---- eval.c ---- */

/* The value of an expression as text, as `print` shows it, with the expression before it;
 * appended to `out`. */
bool eval_print(struct debug *d, const char *text, char format, FILE *out);
bool eval_whatis(struct debug *d, const char *text, bool whole, FILE *out);
/* FILE:LINE or LANE:SYMBOL at the beginning of `text`. *rest is where it ends; rest NULL: nothing may follow
 * it. False, with nothing said: it is none. */
bool eval_colon_address(struct debug *d, const char *text, const char **rest, uint32_t *address);
/* Where the value of the expression, or of eval_colon_address's, is; `physical`: the value is the real
 * address of a word. *rest as for eval_parse. False: `error` is a sentence without a full stop. */
struct eval_place {
  enum { PLACE_MEMORY, PLACE_REGISTER } kind;
  bool is_c; /* a C variable is meant, even if it is in a register */
  int reg;
  uint32_t address, physical, size, status;
  bool follows; /* it is in the address space of the process: */
  uint32_t lane;
  unsigned bit_offset, bit_size; /* of a bit-field; bit_size 0 = none */
};
bool eval_place(struct debug *d, const char *text, const char **rest, bool physical, struct eval_place *place,
                char *error, size_t size);
/* The memory that an expression means to `x`: that at the value of a number or pointer, the place of anything
 * else. */
struct eval_memory {
  uint32_t address, status; /* STATUS of the address space */
  bool here;                /* the space is that of the frame that is looked at */
  struct image *image;      /* whose symbols are there; may be NULL */
  unsigned floating;        /* bytes of the floating-point numbers that are there; 0: others are */
};
bool eval_memory(struct debug *d, const char *text, struct eval_memory *m, char *error, size_t size);
bool eval_address(struct debug *d, const char *text, uint32_t *address, char *error, size_t size);
/* Is the expression at the beginning of `text` well formed? *rest is where it ends. */
bool eval_extent(struct debug *d, const char *text, const char **rest, char *error, size_t size);
/* Are all its names known: at the place, or if that is NULL here? */
bool eval_names_known(struct debug *d, const char *text, const struct code_place *at, char *error,
                      size_t size);
/* Is there a C variable of that name at the place? */
bool eval_has_variable(struct debug *d, const char *name, const struct code_place *at);
/* condition.c: does the condition hold here? 1, 0, or -1 with `error` set. `inlined`: in which of the functions
 * that share the innermost registers, from inside. *sites is at first NULL, and for condition_free in the end;
 * it must be used for no other text. */
int condition_holds(struct debug *d, const char *text, int inlined, struct condition_sites **sites,
                    char *error, size_t size);
void condition_free(struct condition_sites *sites); /* NULL is allowed */
/* returned.c: does the function at `pc`, which is in the program of the frame that is looked at, return its value in
 * memory of the caller's, the address of which is in a0 when the function is called? */
bool eval_returns_in_memory(struct debug *d, uint32_t pc);
/* Writes to `out` what the function at `pc` has returned to here. `memory`: the address just mentioned; 0: it is not
 * known. False, with nothing said: it returns nothing, or that is not known. */
bool eval_returned(struct debug *d, uint32_t pc, uint32_t memory, FILE *out);
/* Writes the variables (`arguments`: only those) of the frame to d->out. */
bool eval_locals(struct debug *d, bool arguments);

/* ---- assign.c ---- */

struct change {
  const char *name; /* of the place, as typed; set by the caller of eval_change() */
  struct value place;
  uint32_t size;
  uint8_t *bytes;    /* the new ones */
  struct home *home; /* where each belongs; HOME_MEMORY: at a physical address */
};
/* What a NODE_ASSIGN would change. It changes nothing. */
bool eval_change(struct eval *e, const struct node *n, struct change *c);
/* Does what PLACE = EXPR says, in a fork of the future. *place is how many bytes of the text are PLACE. False:
 * nothing has changed, and d->said says why. */
bool eval_assign(struct debug *d, const char *text, size_t *place);

#endif
