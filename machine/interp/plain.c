/* plain.c - the quick copy of the interpreter's handlers, with fused sequences. */
#define HANDLERS engine_plain
#define TRACED 0
#include "handlers.h"
