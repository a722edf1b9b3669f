/* regerror.c - what the errors of regcomp and regexec mean. */
#include <regex.h>
#include <string.h>
#include "userprogs/lib/internal.h"

static const char *const messages[] = {
    "Success",
    "No match",
    "Invalid regular expression",
    "Invalid collation character",
    "Invalid character class name",
    "Trailing backslash",
    "Invalid back reference",
    "Unmatched [, [^, [:, [., or [=",
    "Unmatched ( or \\(",
    "Unmatched \\{",
    "Invalid content of \\{\\}",
    "Invalid range end",
    "Memory exhausted",
    "Invalid preceding regular expression",
    "Premature end of regular expression",
    "Regular expression too big",
    "Unmatched ) or \\)",
};

size_t regerror(int error, const regex_t *restrict regex, char *restrict to, size_t size) {
  (void)regex;
  bool known = error >= 0 && (size_t)error < sizeof messages / sizeof *messages;
  const char *message = known ? messages[error] : "Unknown error";
  size_t n = strlen(message) + 1;
  if (size > 0) {
    size_t copied = n < size ? n : size;
    memcpy(to, message, copied);
    to[copied - 1] = '\0';
  }
  return n;
}
