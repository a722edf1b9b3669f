/* malloc.h - the heap's functions of <stdlib.h> under another name. */
#include <stdlib.h>
