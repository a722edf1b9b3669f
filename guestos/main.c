/* main.c - boot: sets up the kernel and starts the first process. Also panic, power-off and kprintf. */
#include "kernel.h"
#include <stdarg.h>

/* ---- power, panic, messages ---- */

void power_off(uint32_t status) {
  dev_store(DEV_POWER + POWER_OFF, status);
  for (;;) {
  } /* not reached: the store has stopped the machine */
}

void panic(const char *what) {
  kprintf("kernel panic: %s\n", what);
  power_off(255);
}

uint64_t now(void) { return clock_tick(); }

static void put_string(const char *s) {
  while (*s) console_send(*s++);
}

static void put_number(uint32_t v, uint32_t base, int digits) {
  char text[12], *at = text + sizeof text;
  *--at = 0;
  do *--at = "0123456789abcdef"[v % base], v /= base, digits--;
  while (v || digits > 0);
  put_string(at);
}

void kprintf(const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  for (const char *f = format; *f; f++) {
    switch (*f == '%' ? *++f : 0) {
    case 0: console_send(*f); break;
    case 's': put_string(va_arg(arguments, const char *)); break;
    case 'u': put_number(va_arg(arguments, uint32_t), 10, 1); break;
    case 'x': put_string("0x"), put_number(va_arg(arguments, uint32_t), 16, 8); break;
    default: panic("kprintf: unknown conversion");
    }
  }
  va_end(arguments);
}

/* RAM in the larger unit in which it is a whole number: "8 MiB" or "1536 KiB". */
void advise_ram(void) {
  uint32_t kib = dev_load(DEV_FACTS + FACTS_RAM) >> 10, mib = kib >> 10;
  bool whole = (kib & 1023) == 0;
  kprintf(" (%u %s; try --ram %uM)", whole ? mib : kib, whole ? "MiB" : "KiB",
          mib < 8     ? 64
          : mib < 384 ? 8 * mib
                      : 3072);
}

/* ---- boot ---- */

/* A frame with the addresses of the words, ended by 0. */
static uint32_t *split(const char *words, uint32_t bytes) {
  uint32_t *word = frame_alloc(), n = 0;
  for (uint32_t i = 0; i < bytes; i++) {
    if (i && words[i - 1]) continue;
    if (n == PAGE_SIZE / 4 - 1) panic("boot: too many boot arguments");
    word[n++] = (uint32_t)(words + i);
  }
  return word;
}

static bool has(const char *s, char c) {
  while (*s && *s != c) s++;
  return *s == c;
}

/* The path of the first program: `name` itself if it has a slash, else /bin/name. */
static void first_path(const char *name, char *path, uint32_t size) {
  uint32_t n = strlen(name), skip = has(name, '/') ? 0 : 5;
  memcpy(path, "/bin/", skip);
  if (skip + n >= size) panic("boot: the first program's name is too long");
  memcpy(path + skip, name, n + 1);
}

/* The boot arguments are the first program's words; without any, a shell is started. Words such as TERM=xterm before
 * them are for its environment. CONSOLE=raw before these is for the kernel: console input is data, which nobody types. */
static void start_first(void) {
  const char *words = (const char *)dev_load(DEV_FACTS + FACTS_ARGS);
  uint32_t bytes = dev_load(DEV_FACTS + FACTS_ARGS_SIZE);
  if (bytes && words[bytes - 1]) panic("boot: the boot arguments do not end with a NUL");
  uint32_t *argv = split(words, bytes), environment[11] = {(uint32_t) "PATH=/bin", (uint32_t) "HOME=/tmp"};
  uint32_t *word = argv, n = 2;
  if (*word && memcmp((const char *)*word, "CONSOLE=raw", 12) == 0) console_takes_data(), word++;
  while (*word && n < 10 && has((const char *)*word, '=')) environment[n++] = *word++;
  if (!*word) *word = (uint32_t) "sh";
  char path[PATH_BYTES];
  first_path((const char *)*word, path, sizeof path);
  struct proc *p = proc_new(NULL);
  files_standard(p);
  int error = exec(p, path, NULL, (uint32_t)word, (uint32_t)environment);
  frame_drop(argv);
  if (error) {
    kprintf("%s: %s", path,
            error == -ENOENT   ? "no such program"
            : error == -ENOMEM ? "too large for the memory of this machine"
                               : "cannot be run");
    if (error == -ENOMEM) advise_ram();
    kprintf("\n");
    power_off(127);
  }
  proc_ready(p);
}

/* The first byte behind the image, the initrd and the boot arguments. */
static uint32_t first_free(void) {
  uint32_t end = (uint32_t)__image_end;
  uint32_t initrd = dev_load(DEV_FACTS + FACTS_INITRD) + dev_load(DEV_FACTS + FACTS_INITRD_SIZE);
  uint32_t args = dev_load(DEV_FACTS + FACTS_ARGS) + dev_load(DEV_FACTS + FACTS_ARGS_SIZE);
  if (initrd > end) end = initrd;
  if (args > end) end = args;
  return end;
}

/* From entry.S, at reset. Never returns. */
void kernel_main(void) {
  frames_init(first_free(), dev_load(DEV_FACTS + FACTS_RAM));
  tlb_init();
  path_init();
  initrd_init();
  console_interrupts(true);
  start_first();
  schedule();
}
