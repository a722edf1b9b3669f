/* fuzz_engines.c - libFuzzer entry: any bytes as the choices that make a random program and what happens to
 * it, run by every engine that this host has, and by the reference. */
#include "tests/unit/lockstep.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  struct lockstep_config config = {.bytes = data,
                                   .size = size,
                                   .engine = {ENGINE_INTERP, ENGINE_JIT},
                                   .reference = size % 2 == 0, /* it is slow */
                                   .pieces = 40,
                                   .longest = 3000};
  uint64_t insns = 0;
  enum lockstep_result result = lockstep(&config, &insns, stderr);
  if (result == LOCKSTEP_NO_ENGINE) {
    config.engine[1] = ENGINE_INTERP;
    result = lockstep(&config, &insns, stderr);
  }
  if (result != LOCKSTEP_SAME) abort();
  return 0;
}
