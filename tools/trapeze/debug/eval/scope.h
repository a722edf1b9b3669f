/* scope.h - what scope.c and elsewhere.c share: where a name is declared, and what it is then. Functions that find
 * say nothing if there is none. */
#ifndef SCOPE_H
#define SCOPE_H

#include "eval.h"

/* A variable that is more than a declaration, or an enumerator, directly in a scope. */
bool scope_child(Dwarf_Die *scope, const char *name, Dwarf_Die *found);
/* A function of the unit, with code or without. */
bool scope_child_function(Dwarf_Die *unit, const char *name, Dwarf_Die *found);
/* In the blocks and the function of the frame, from inside. */
bool scope_find_local(struct eval *e, const char *name, Dwarf_Die *found);
/* In the files of the program; `external`: no static ones. */
bool scope_find_global(struct eval *e, const char *name, bool external, Dwarf_Die *found);
bool scope_find_function(struct eval *e, const char *name, Dwarf_Die *found);
/* A static variable of a function of the unit, which stands outside of it. */
bool scope_stray(Dwarf_Die *unit, Dwarf_Die *function, const char *name, Dwarf_Die *found);

/* The value of what was found. `function`: whose frame counts; NULL = none. */
bool scope_variable(struct eval *e, Dwarf_Die *function, Dwarf_Die *die, unsigned column, struct value *v);
bool scope_function(struct eval *e, Dwarf_Die *die, unsigned column, struct value *v);
/* False, with nothing said: there is no such symbol. */
bool scope_symbol(struct eval *e, const char *name, struct value *v);

/* "; `kernel::NAME` is that of vm1 kernel": if another image has the name, else "". In the arena. */
const char *scope_suggestion(struct eval *e, const char *name);
/* SCOPE::NAME */
bool scope_elsewhere(struct eval *e, const struct node *n, struct value *v);

#endif
