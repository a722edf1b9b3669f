/* errno.c - the error numbers, held against the kernel's. */
#include <errno.h>
#include "isa/platform.h"

int errno;

#define AGREE(name, number, text) _Static_assert(name == number, #name " is the kernel's");
PG32_ERRORS(AGREE)
