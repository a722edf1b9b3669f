/* getsubopt.c - options within an option: "ro,size=8". */
#include <stdlib.h>
#include <string.h>
#include "userprogs/lib/internal.h"

int getsubopt(char **rest, char *const *names, char **value) {
  char *word = *rest, *end = word + strcspn(word, ",");
  *rest = *end != '\0' ? end + 1 : end;
  *end = '\0';
  size_t length = strcspn(word, "=");
  for (int i = 0; names[i] != NULL; i++) {
    if (strncmp(names[i], word, length) != 0 || names[i][length] != '\0') continue;
    *value = word[length] == '=' ? word + length + 1 : NULL;
    return i;
  }
  *value = word;
  return -1;
}
