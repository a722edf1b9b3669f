/* memory.h - string.h under a name of old. */
#include <string.h>
