/* faulty KIND - does one forbidden thing, for which the kernel should end it by a signal. If it survives,
 * it says so and exits with status 99. Without KIND: lists the kinds. KIND `all`: does each in a process
 * of its own, and exits with the number of those that did not end as they should. */
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>
#include "pg32.h"

#define SURVIVED 99
#define ASM(text) __asm__ volatile(text ::: "memory")

static uint32_t data[4] = {1, 2, 3, 4};

/* A pointer to that address, about which the compiler knows nothing. */
static volatile uint32_t *at(uintptr_t address) {
  __asm__("" : "+r"(address));
  return (volatile uint32_t *)address;
}

static void jump_to(uintptr_t address) { __asm__ volatile("jalr %0" : : "r"(address) : "ra", "memory"); }

static void load_null(void) { (void)*at(0); }
static void store_null(void) { *at(0) = 1; }
static void load_kernel(void) { (void)*at(0x80000000); }
static void load_device(void) { (void)*at(DEV_CONSOLE); }
static void write_text(void) { *at((uintptr_t)load_null) = 0; }
static void exec_data(void) { jump_to((uintptr_t)data); }
static void exec_null(void) { jump_to(0); }
static void misaligned_load(void) { (void)*at((uintptr_t)data + 2); }
static void misaligned_store(void) { *at((uintptr_t)data + 1) = 0; }
static void misaligned_jump(void) { jump_to((uintptr_t)load_null + 2); }
static void illegal(void) { ASM(".word 0"); }
static void privileged_mfst(void) { ASM("mfst a0"); }
static void privileged_mtst(void) { ASM("mtst zero"); }
static void privileged_rfe(void) { ASM("rfe"); }
static void privileged_tlbw(void) { ASM("tlbw zero, zero"); }
static void privileged_tlbi(void) { ASM("tlbi zero, 0"); }
static void privileged_wait(void) { ASM("wait"); }
static void hypercall(void) { ASM("hcall"); }
static void breakpoint(void) { ASM("break"); }

static uint32_t deeper(volatile uint32_t *above) {
  volatile uint32_t frame[256];
  frame[0] = *above + 1;
  return frame[0] != 0 ? deeper(frame) + frame[0] : 0;
}

static void stack_overflow(void) { printf("%u\n", (unsigned)deeper(data)); }

/* Not a fault on PG32: x / 0 = -1 and x % 0 = x. */
static void divide(void) {
  int quotient, rest;
  __asm__("div %0, %2, zero\n\trem %1, %2, zero" : "=&r"(quotient), "=&r"(rest) : "r"(7));
  printf("7 / 0 = %d, 7 %% 0 = %d\n", quotient, rest);
}

static const struct {
  const char *name;
  void (*act)(void);
  int signal; /* the signal that should end it; 0: it should survive */
} kinds[] = {
    {"null", load_null, SIGSEGV},
    {"null-store", store_null, SIGSEGV},
    {"kernel", load_kernel, SIGSEGV},
    {"device", load_device, SIGSEGV},
    {"write-text", write_text, SIGSEGV},
    {"exec-data", exec_data, SIGSEGV},
    {"exec-null", exec_null, SIGSEGV},
    {"stack-overflow", stack_overflow, SIGSEGV},
    {"misaligned", misaligned_load, SIGBUS},
    {"misaligned-store", misaligned_store, SIGBUS},
    {"misaligned-jump", misaligned_jump, SIGBUS},
    {"illegal", illegal, SIGILL},
    {"privileged", privileged_mfst, SIGILL},
    {"mtst", privileged_mtst, SIGILL},
    {"rfe", privileged_rfe, SIGILL},
    {"tlbw", privileged_tlbw, SIGILL},
    {"tlbi", privileged_tlbi, SIGILL},
    {"wait", privileged_wait, SIGILL},
    {"hcall", hypercall, SIGILL},
    {"break", breakpoint, SIGTRAP},
    {"abort", abort, SIGABRT},
    {"div", divide, 0},
};
#define KINDS (sizeof kinds / sizeof kinds[0])

static int list(void) {
  for (size_t i = 0; i < KINDS; i++) printf("%-16s signal %d\n", kinds[i].name, kinds[i].signal);
  return 0;
}

static int act(size_t kind) {
  kinds[kind].act();
  printf("faulty: survived %s\n", kinds[kind].name);
  return kinds[kind].signal != 0 ? SURVIVED : 0;
}

static int act_in_child(size_t kind) {
  int status = -1;
  fflush(NULL);
  pid_t child = fork();
  if (child == 0) exit(act(kind));
  if (child < 0 || waitpid(child, &status, 0) != child) perror("faulty");
  if (status == kinds[kind].signal) return 0;
  printf("faulty: %s ended with %#x, not by signal %d\n", kinds[kind].name, (unsigned)status,
         kinds[kind].signal);
  return 1;
}

static int all(void) {
  int wrong = 0;
  for (size_t i = 0; i < KINDS; i++) wrong += act_in_child(i);
  return wrong;
}

int main(int argc, char **argv) {
  if (argc < 2) return list();
  if (strcmp(argv[1], "all") == 0) return all();
  for (size_t i = 0; i < KINDS; i++)
    if (strcmp(argv[1], kinds[i].name) == 0) return act(i);
  fprintf(stderr, "faulty: no kind %s\n", argv[1]);
  return 2;
}
