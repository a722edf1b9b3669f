/* main.c - vmm [-m SIZE] [KERNEL [ARGUMENT...]]: makes a virtual machine and runs it until it powers off. */
#include "vmm.h"
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { EXIT_USAGE = 125 };

static struct vm vm;

static const char usage[] =
    "usage: vmm [-m SIZE] [KERNEL [ARGUMENT...]]\n"
    "Runs KERNEL (default: /boot/kernel, the one that runs here) in a virtual machine,\n"
    "with this machine's initrd and the ARGUMENTs as boot arguments.\n"
    "  -m SIZE   the VM's memory, in bytes or with K or M (default: 3/4 of what is free)\n"
    "The exit status is the guest's; 125: it could not be started; 126: it check-stopped.\n";

void die(const char *what, const char *why) {
  fprintf(stderr, "vmm: %s: %s\n", what, why);
  exit(EXIT_USAGE);
}

static uint32_t parse_size(const char *text) {
  char *end;
  unsigned long n = strtoul(text, &end, 0);
  uint32_t unit = *end == 'M' ? 1 << 20 : *end == 'K' ? 1 << 10 : 1;
  if (end == text || (*end && end[1]) || (*end && unit == 1) || n == 0 || n > 0x7FFFFFFF / unit)
    die(text, "expected a size such as 4M");
  return n * unit & TLB_PFN_MASK;
}

static uint32_t default_size(void) {
  struct pg32_sysinfo info;
  sysinfo(&info);
  return info.free_pages / 4 * 3 << PAGE_SHIFT;
}

static void *pages(uint32_t bytes) {
  uint32_t at = (uint32_t)sbrk(0);
  uint32_t pad = -at & (PAGE_SIZE - 1);
  if (sbrk(pad + bytes) == (void *)-1) die("-m", "not enough memory");
  return (void *)(at + pad);
}

static void make(uint32_t bytes) {
  vm.state = pages(PAGE_SIZE);
  vm.ram = pages(bytes);
  vm.ram_bytes = bytes;
  vm.low_core = (uint32_t *)vm.ram;
  vm.retired = true;
  vm.state->version = VM_VERSION;
  vm.id = vm_create(vm.state, vm.ram, bytes);
  if (vm.id < 0) die("vm_create", strerror(errno));
  vtlb__init(&vm.tlb, vm.state->tlb_entries);
}

int main(int argc, char **argv) {
  uint32_t bytes = 0;
  int i = 1;
  for (; i < argc && argv[i][0] == '-'; i++) {
    if (strcmp(argv[i], "-m") == 0 && i + 1 < argc) bytes = parse_size(argv[++i]);
    else if (strcmp(argv[i], "--help") == 0) return fputs(usage, stdout), 0;
    else return fputs(usage, stderr), EXIT_USAGE;
  }
  const char *kernel = i < argc ? argv[i++] : "/boot/kernel";
  make(bytes ? bytes : default_size());
  vm__load(&vm, kernel, argc - i, argv + i);
  device__init(&vm);
  return vm__run(&vm);
}
