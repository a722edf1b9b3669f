/* embed.c - a PG32 machine in a program of your own: runs a bare-metal image and prints its console. Build
 * and run:
 *
 *   cc $(pkg-config --cflags trapeze) -o embed embed.c $(pkg-config --libs trapeze)
 *   pg32-cc -T bare -nostdlib -o image image.S && ./embed image */
#include <stdio.h>
#include <stdlib.h>

#include "machine/machine.h"

static void put(void *arg, uint8_t byte) { fputc(byte, arg); }

int main(int argc, char **argv) {
  static char elf[1 << 20];
  FILE *f = argc == 2 ? fopen(argv[1], "rb") : NULL;
  if (!f) return fprintf(stderr, "usage: embed IMAGE\n"), EXIT_FAILURE;
  size_t size = fread(elf, 1, sizeof elf, f);
  fclose(f);

  struct machine *m = machine_new(&(struct machine_config){.ram_bytes = 1 << 20});
  struct machine_error error;
  if (!m || !machine_load(m, elf, size, NULL, 0, NULL, 0, &error))
    return fprintf(stderr, "embed: %s\n", m ? error.text : "out of memory"), EXIT_FAILURE;
  machine_console_output(m, put, stdout);
  enum machine_exit exit =
      machine_run(m, &(struct machine_limits){.insns = 1000000, .until_tick = UINT64_MAX});
  printf("%llu instructions", (unsigned long long)machine_retired(m));
  if (exit == EXIT_POWER) printf(", status %u", machine_exit_status(m));
  putchar('\n');
  machine_free(m);
  return EXIT_SUCCESS;
}
