/* errno.c - the error numbers, held against the kernel's, and their texts. */
#include <errno.h>
#include <string.h>
#include "isa/platform.h"

int errno;

#define AGREE(name, number, text) _Static_assert(name == number, #name " is the kernel's");
PG32_ERRORS(AGREE)

char *strerror(int error) {
  switch (error) {
  case 0: return "success";
#define TEXT(name, number, text) \
  case number: return text;
    PG32_ERRORS(TEXT)
  default: return "unknown error";
  }
}
