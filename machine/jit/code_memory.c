/* code_memory.c - memory for host code, of which nothing is writable and executable at once (W^X). There are three
 * ways to that:
 *
 *   - Two mappings: the memory is written under one address and executed under another.
 *   - One mapping, whose pages are writable while they are written, and else executable. This is for hosts where an
 *     instruction cache is not told of what is written under another address: QEMU's emulation of a user's AArch64
 *     programs does not do so before version 8.1.
 *   - macOS: one mapping by MAP_JIT, which is writable or executable for each thread.
 *
 * An x86-64 host has two mappings, and its instruction cache sees what is written. */
#define _GNU_SOURCE
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>
#ifdef __APPLE__
#include <libkern/OSCacheControl.h>
#include <pthread.h>
#endif

#include "jit.h"

#define PREDICTIONS_BYTES ((JIT_SEGMENTS * JIT_SEGMENT_PREDICTIONS + 1) * sizeof(struct jit_prediction))

/* Nothing else lies in the last page of the code, whose size is up to 64 KiB. */
#define CODE_BYTES ((JIT_CODE_BYTES + 0xFFFFu) & ~0xFFFFu)

static void *map(void *at, size_t bytes, int rights, int flags, int fd) {
  void *p = mmap(at, bytes, rights, flags, fd, 0);
  return p == MAP_FAILED ? NULL : p;
}

#ifdef __APPLE__

/* ---- macOS ---- */

/* The hardened runtime lets a program do this that has the entitlement com.apple.security.cs.allow-jit. */
static bool map_code(struct jit *j) {
  j->rw = map(NULL, JIT_CODE_BYTES, PROT_READ | PROT_WRITE | PROT_EXEC, MAP_PRIVATE | MAP_ANON | MAP_JIT, -1);
  j->rx = j->rw;
  void *p = map(NULL, PREDICTIONS_BYTES, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANON, -1);
  j->predictions = p;
  return j->rw && p;
}

void jit_code_open(struct jit *j, uint32_t from, uint32_t to) {
  (void)j, (void)from, (void)to;
  pthread_jit_write_protect_np(0);
}

void jit_code_close(struct jit *j, uint32_t from, uint32_t to) {
  pthread_jit_write_protect_np(1);
  sys_icache_invalidate(j->rw + from, to - from);
}

#else

/* ---- two mappings, or one ---- */

/* Both ways, the predictions lie right after the code that is executed. */
static bool map_twice(struct jit *j) {
  const int fd = memfd_create("trapeze-jit", MFD_CLOEXEC);
  if (fd < 0) return false;
  if (ftruncate(fd, JIT_CODE_BYTES) == 0) {
    j->rw = map(NULL, JIT_CODE_BYTES, PROT_READ | PROT_WRITE, MAP_SHARED, fd);
    const void *rx = map((void *)j->rx, JIT_CODE_BYTES, PROT_READ | PROT_EXEC, MAP_SHARED | MAP_FIXED, fd);
    if (!rx && j->rw) munmap(j->rw, JIT_CODE_BYTES);
    if (!rx) j->rw = NULL;
  }
  close(fd);
  return j->rw != NULL;
}

void jit_code_open(struct jit *j, uint32_t from, uint32_t to) {
  if (j->rw != j->rx) return;
  const uint32_t host_page = (uint32_t)sysconf(_SC_PAGESIZE), first = from / host_page * host_page;
  mprotect(j->rw + first, to - first, PROT_READ | PROT_WRITE);
}

void jit_code_close(struct jit *j, uint32_t from, uint32_t to) {
  if (j->rw == j->rx) {
    const uint32_t host_page = (uint32_t)sysconf(_SC_PAGESIZE), first = from / host_page * host_page;
    mprotect(j->rw + first, to - first, PROT_READ | PROT_EXEC);
  }
  __builtin___clear_cache((char *)j->rx + from, (char *)j->rx + to);
}

#ifdef __aarch64__
/* Does the host execute what has been written last, under the other address? */
static bool sees_changes(struct jit *j) {
  uint32_t result = 0;
  for (uint32_t n = 1; n <= 2; n++) {
    const uint32_t code[] = {0x52800000 | n << 5, 0xD65F03C0}; /* mov w0, #n; ret */
    const void *rx = j->rx;
    uint32_t (*function)(void);
    memcpy(&function, &rx, sizeof function);
    jit_code_open(j, 0, sizeof code);
    memcpy(j->rw, code, sizeof code);
    jit_code_close(j, 0, sizeof code);
    result = function();
  }
  return result == 2;
}
#else
static bool sees_changes(struct jit *j) { return (void)j, true; }
#endif

static bool map_once(struct jit *j) {
  munmap(j->rw, JIT_CODE_BYTES);
  j->rw =
      map((void *)j->rx, JIT_CODE_BYTES, PROT_READ | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1);
  return j->rw != NULL;
}

static bool map_code(struct jit *j) {
  uint8_t *p = map(NULL, CODE_BYTES + PREDICTIONS_BYTES, PROT_READ | PROT_WRITE,
                   MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1);
  j->rx = p;
  j->predictions = p ? (struct jit_prediction *)(void *)(p + CODE_BYTES) : NULL;
  return p && map_twice(j) && (sees_changes(j) || map_once(j));
}

#endif

bool jit_code_new(struct jit *j) { return map_code(j); }

void jit_code_free(struct jit *j) {
  if (j->rw && j->rw != j->rx) munmap(j->rw, JIT_CODE_BYTES);
  if (j->rx) munmap((void *)j->rx, JIT_CODE_BYTES);
  if (j->predictions) munmap(j->predictions, PREDICTIONS_BYTES);
}
