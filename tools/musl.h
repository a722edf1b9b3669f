/* musl.h - is included before everything when HOST=musl: its <limits.h> defines the host's page size by a name that
 * isa/platform.h has for PG32's. */
#include <limits.h>
#undef PAGE_SIZE
