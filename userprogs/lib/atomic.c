/* atomic.c - <stdatomic.h> and the __sync functions. PG32 has no atomic instructions, so compilers call these. One
 * processor runs one thread of a process, and no signal handlers: nothing can come between a load and a store. */
#include <string.h>
#include "internal.h"

#define SIZES(DO) DO(1, uint8_t) DO(2, uint16_t) DO(4, uint32_t) DO(8, uint64_t)
/* The library's names are no identifiers that C lets us define: they stand for builtin functions. */
#define NAME(name) __asm__(name)
#define TEXT(n) #n

#define ACCESS(n, type)                                                                                      \
  type load_##n(const volatile type *p, int order) NAME("__atomic_load_" TEXT(n));                           \
  type load_##n(const volatile type *p, int order) { return (void)order, *p; }                               \
  void store_##n(volatile type *p, type v, int order) NAME("__atomic_store_" TEXT(n));                       \
  void store_##n(volatile type *p, type v, int order) { (void)order, *p = v; }                               \
  type exchange_##n(volatile type *p, type v, int order) NAME("__atomic_exchange_" TEXT(n));                 \
  type exchange_##n(volatile type *p, type v, int order) {                                                   \
    type old = *p;                                                                                           \
    (void)order, *p = v;                                                                                     \
    return old;                                                                                              \
  }                                                                                                          \
  bool compare_##n(volatile type *p, type *expected, type v, int order, int failed)                          \
      NAME("__atomic_compare_exchange_" TEXT(n));                                                            \
  bool compare_##n(volatile type *p, type *expected, type v, int order, int failed) {                        \
    type old = *p;                                                                                           \
    (void)order, (void)failed;                                                                               \
    if (old != *expected) return *expected = old, false;                                                     \
    *p = v;                                                                                                  \
    return true;                                                                                             \
  }                                                                                                          \
  type value_swap_##n(volatile type *p, type expected, type v) NAME("__sync_val_compare_and_swap_" TEXT(n)); \
  type value_swap_##n(volatile type *p, type expected, type v) {                                             \
    type old = *p;                                                                                           \
    if (old == expected) *p = v;                                                                             \
    return old;                                                                                              \
  }                                                                                                          \
  bool bool_swap_##n(volatile type *p, type expected, type v) NAME("__sync_bool_compare_and_swap_" TEXT(n)); \
  bool bool_swap_##n(volatile type *p, type expected, type v) {                                              \
    return value_swap_##n(p, expected, v) == expected;                                                       \
  }                                                                                                          \
  type test_and_set_##n(volatile type *p, type v) NAME("__sync_lock_test_and_set_" TEXT(n));                 \
  type test_and_set_##n(volatile type *p, type v) { return exchange_##n(p, v, 0); }                          \
  void release_##n(volatile type *p) NAME("__sync_lock_release_" TEXT(n));                                   \
  void release_##n(volatile type *p) { *p = 0; }
SIZES(ACCESS)

#define CHANGE(n, type, word, new_value)                                                                  \
  type fetch_##word##_##n(volatile type *p, type v, int order) NAME("__atomic_fetch_" #word "_" TEXT(n)); \
  type fetch_##word##_##n(volatile type *p, type v, int order) {                                          \
    type old = *p;                                                                                        \
    (void)order, *p = (type)(new_value);                                                                  \
    return old;                                                                                           \
  }                                                                                                       \
  type sync_##word##_##n(volatile type *p, type v) NAME("__sync_fetch_and_" #word "_" TEXT(n));           \
  type sync_##word##_##n(volatile type *p, type v) { return fetch_##word##_##n(p, v, 0); }                \
  type then_##word##_##n(volatile type *p, type v) NAME("__sync_" #word "_and_fetch_" TEXT(n));           \
  type then_##word##_##n(volatile type *p, type v) {                                                      \
    fetch_##word##_##n(p, v, 0);                                                                          \
    return *p;                                                                                            \
  }
#define CHANGES(n, type)        \
  CHANGE(n, type, add, old + v) \
  CHANGE(n, type, sub, old - v) \
  CHANGE(n, type, and, old &v)  \
  CHANGE(n, type, or, old | v)  \
  CHANGE(n, type, xor, old ^ v) \
  CHANGE(n, type, nand, ~(old & v))
SIZES(CHANGES)

/* ---- any size ---- */

void load(size_t n, const void *p, void *to, int order) NAME("__atomic_load");
void load(size_t n, const void *p, void *to, int order) { (void)order, memcpy(to, p, n); }

void store(size_t n, void *p, const void *from, int order) NAME("__atomic_store");
void store(size_t n, void *p, const void *from, int order) { (void)order, memcpy(p, from, n); }

void exchange(size_t n, void *p, const void *from, void *old, int order) NAME("__atomic_exchange");
void exchange(size_t n, void *p, const void *from, void *old, int order) {
  (void)order, memcpy(old, p, n), memcpy(p, from, n);
}

bool compare(size_t n, void *p, void *expected, const void *from, int order, int failed)
    NAME("__atomic_compare_exchange");
bool compare(size_t n, void *p, void *expected, const void *from, int order, int failed) {
  bool same = memcmp(p, expected, n) == 0;
  (void)order, (void)failed;
  memcpy(same ? p : expected, same ? from : p, n);
  return same;
}

bool lock_free(size_t n, const void *p) NAME("__atomic_is_lock_free");
bool lock_free(size_t n, const void *p) { return (void)p, n <= 8; }
