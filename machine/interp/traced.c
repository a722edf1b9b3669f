/* traced.c - the copy of the interpreter's handlers that serves observers of each instruction. */
#define HANDLERS engine_traced
#define TRACED 1
#include "handlers.h"
