/* system.c - commands about the machine and its processes: env date df hostname free mount uptime true false. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "commands.h"
#include "pg32.h"

int true_main(int argc, char **argv) { return (void)argc, (void)argv, 0; }
int false_main(int argc, char **argv) { return (void)argc, (void)argv, 1; }

int env_main(int argc, char **argv) {
  int i = 1;
  for (; i < argc && strchr(argv[i], '=') != NULL; i++) putenv(argv[i]);
  if (i == argc) {
    for (char **p = environ; *p != NULL; p++) puts(*p);
    return 0;
  }
  execvp(argv[i], argv + i);
  fail(argv[i]);
  return errno == ENOENT ? 127 : 126;
}

static struct pg32_sysinfo system_now(void) {
  struct pg32_sysinfo info = {0};
  if (sysinfo(&info) < 0) exit(fail("sysinfo"));
  return info;
}

static unsigned long seconds(const struct pg32_sysinfo *info) {
  uint64_t ticks = 0;
  clock_ticks(&ticks);
  return (unsigned long)(ticks / info->hz);
}

static void print_time(unsigned long s) { printf("%lu:%02lu:%02lu", s / 3600, s / 60 % 60, s % 60); }

int date_main(int argc, char **argv) {
  struct pg32_sysinfo info = system_now();
  if (argc > 1) usage();
  (void)argv;
  print_time(seconds(&info));
  puts(" since the machine was switched on (it has no calendar)");
  return 0;
}

int uptime_main(int argc, char **argv) {
  struct pg32_sysinfo info = system_now();
  (void)argc, (void)argv;
  printf("up ");
  print_time(seconds(&info));
  printf(", %u processes\n", info.processes);
  return 0;
}

int hostname_main(int argc, char **argv) {
  char name[HOST_NAME];
  if (argc > 2) usage();
  if (argc == 2) return sethostname(argv[1], strlen(argv[1])) < 0 ? fail(argv[1]) : 0;
  return gethostname(name, sizeof name) < 0 ? fail("gethostname") : (puts(name), 0);
}

static void print_memory(const struct pg32_sysinfo *info) {
  unsigned total = info->ram_bytes >> 10, left = info->free_pages * (PAGE_SIZE >> 10);
  printf("%u KiB of memory, %u used, %u free\n", total, total - left, left);
}

int free_main(int argc, char **argv) {
  struct pg32_sysinfo info = system_now();
  (void)argc, (void)argv;
  print_memory(&info);
  return 0;
}

void print_system(void) {
  struct pg32_sysinfo info = system_now();
  printf("up ");
  print_time(seconds(&info));
  printf(", %u processes, ", info.processes);
  print_memory(&info);
}

/* ---- file systems ---- */

/* The bytes of the disk; 0: the machine has none. */
static unsigned long disk_bytes(void) {
  struct stat st;
  return stat("/dev/disk", &st) == 0 ? (unsigned long)st.st_size : 0;
}

int df_main(int argc, char **argv) {
  struct pg32_sysinfo info = system_now();
  unsigned total = info.ram_bytes >> 10, left = info.free_pages * (PAGE_SIZE >> 10);
  if (argc > 1) usage();
  (void)argv;
  printf("FILE SYSTEM       KiB      USED      FREE  ON\n");
  printf("%-10s %10u %9u %9u  %s\n", "memory", total, total - left, left, "/");
  if (disk_bytes() > 0)
    printf("%-10s %10lu %9s %9s  %s\n", "disk", disk_bytes() >> 10, "?", "?", "/dev/disk");
  return 0;
}

int mount_main(int argc, char **argv) {
  if (argc > 1) usage();
  (void)argv;
  puts("memory on / (files of /boot/initrd, and what has been written since; lost at power-off)");
  if (disk_bytes() > 0) puts("disk on /dev/disk (sectors of 512 bytes; kept at power-off)");
  return 0;
}
