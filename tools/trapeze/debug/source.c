/* source.c - C variables in scope, from DWARF, and who called whom. */
#include "debug.h"

bool source_locals(struct debug *d) { return fail(d, "not yet"); }
bool source_print(struct debug *d, const char *e, char *buf, size_t size) { (void)d, (void)e, (void)buf, (void)size; return false; }
bool source_backtrace(struct debug *d) { return fail(d, "not yet"); }
