/* encoder.h - a position in a buffer of machine code, and what every host's encoder can do without knowing its
 * instructions. */
#ifndef JIT_ENCODER_H
#define JIT_ENCODER_H

#include <stdint.h>

struct encoder {
  uint8_t *p;    /* where the next byte goes */
  uint8_t *base; /* the beginning of the code: what offsets are relative to */
};

static inline uint32_t code_offset(const struct encoder *e) { return (uint32_t)(e->p - e->base); }

#endif
