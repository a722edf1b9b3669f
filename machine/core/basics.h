/* basics.h - a few words that all files of the machine use. */
#ifndef MACHINE_BASICS_H
#define MACHINE_BASICS_H

#include "isa/platform.h"

#define PAGE_WORDS (PAGE_SIZE / 4)
#define PAGE_MASK 0xFFFFF000u /* the page number of an address */

/* The condition is usually true, usually false: the compiler moves the rare case out of the way. */
#define LIKELY(c) __builtin_expect(!!(c), 1)
#define UNLIKELY(c) __builtin_expect(!!(c), 0)

#endif
