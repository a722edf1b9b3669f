/* console_text.c - a guest's console as lines, and patterns over them. */
#include <regex.h>
#include <stdlib.h>
#include <string.h>

#include "console_text.h"

/* Returns what regcomp or regexec answered; dies when there was no memory, because then nothing was found out. */
static int known(int answer) {
  if (answer == REG_ESPACE) must(NULL);
  return answer;
}

bool console_pattern_good(const char *pattern, char *why, size_t size) {
  regex_t regex;
  int error = known(regcomp(&regex, pattern, REG_EXTENDED | REG_NOSUB));
  if (error)
    regerror(error, &regex, why, size);
  else
    regfree(&regex);
  return error == 0;
}

/* The line that begins at *at; *at becomes the beginning of the next line. */
static struct bytes next_line(struct bytes console, size_t *at) {
  uint8_t *start = console.data + *at, *end = memchr(start, '\n', console.size - *at);
  size_t n = end ? (size_t)(end - start) : console.size - *at;
  *at += n + (end != NULL);
  while (n > 0 && start[n - 1] == '\r') n--;
  return (struct bytes){start, n};
}

/* Matches a copy that ends with a NUL. Another control character stands for each NUL in the line, so that patterns see the
 * text after it. */
static bool matches(const regex_t *regex, struct bytes line) {
  char *text = must(malloc(line.size + 1));
  for (size_t i = 0; i < line.size; i++) text[i] = line.data[i] ? (char)line.data[i] : '\1';
  text[line.size] = 0;
  bool found = known(regexec(regex, text, 0, NULL, 0)) == 0;
  free(text);
  return found;
}

size_t console_find(struct bytes console, const char *pattern) {
  regex_t regex;
  size_t found = 0, number = 0;
  if (known(regcomp(&regex, pattern, REG_EXTENDED)) != 0) return 0;
  for (size_t at = 0; !found && at < console.size;) {
    struct bytes line = next_line(console, &at);
    number++;
    if (matches(&regex, line)) found = number;
  }
  regfree(&regex);
  return found;
}

struct bytes console_line(struct bytes console, size_t number) {
  struct bytes line = {0};
  size_t at = 0;
  while (number-- > 0) {
    if (at >= console.size) return (struct bytes){0};
    line = next_line(console, &at);
  }
  return line;
}
