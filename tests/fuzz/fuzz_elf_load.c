/* fuzz_elf_load.c - libFuzzer entry: any bytes as an image; if it loads, a few instructions of it. */
#include "machine/machine.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  struct machine *m = machine_new(&(struct machine_config){.ram_bytes = 0x10000});
  struct machine_error error;
  if (!m) return 0;
  if (machine_load(m, data, size, data, size / 2, data, size / 4, &error))
    machine_run(m, &(struct machine_limits){.insns = 1000, .until_tick = 100000});
  machine_free(m);
  return 0;
}
