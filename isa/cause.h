/* cause.h - why a trap happens: the numbers that the machine writes to low core as CAUSE, from the one table.
 */
#ifndef PG32_CAUSE_H
#define PG32_CAUSE_H

enum pg32_cause {
  CAUSE_NONE = 0, /* no trap */
#define PG32_CAUSE(name, number, text) CAUSE_##name = number,
#include "pg32.def"
  PG32_CAUSES /* one more than the highest number */
};

#endif
