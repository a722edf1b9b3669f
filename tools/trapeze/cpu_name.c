/* cpu_name.c - the names of CPUs. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cpu_name.h"

static const char *const rules[CPU_KINDS] = {"", "leaky", "hole", "spare", "nest", "lock", "words"};

/* Reads "RULE" or "RULE=N" at the beginning of *at, as far as the next `-`. */
static bool rule_named(const char **at, enum machine_cpu *cpu) {
  const size_t all = strcspn(*at, "-"), n = strcspn(*at, "=-");
  const char *name = *at, *digits = name + n + (n < all);
  const size_t length = (size_t)(name + all - digits);
  unsigned least, most;
  *at = name + all;
  for (unsigned rule = 1; machine_cpu_numbers(rule, &least, &most); rule++) {
    if (strlen(rules[rule]) != n || strncmp(rules[rule], name, n) != 0) continue;
    if (length > 3 || strspn(digits, "0123456789") < length || !length != !most) return false;
    const unsigned number = length ? (unsigned)strtoul(digits, NULL, 10) : 0;
    *cpu = CPU_WITH(rule, number);
    return number >= least && number <= most && (n == all) == !most;
  }
  return false;
}

bool cpu_named(const char *name, enum machine_cpu *cpu) {
  enum machine_cpu one = CPU_PG32, other = CPU_PG32;
  if (strncmp(name, "pg32", 4) != 0) return false;
  const char *at = name + 4;
  if (*at == '-' && (at++, !rule_named(&at, &one))) return false;
  if (*at == '-' && (at++, !rule_named(&at, &other))) return false;
  if (*at || (other && (one == CPU_LEAKY || (other & 0xFF) <= (one & 0xFF)))) return false;
  *cpu = CPU_PLUS(one, other);
  return true;
}

const char *cpu_name(enum machine_cpu cpu, char buf[CPU_NAME_MOST]) {
  size_t at = (size_t)snprintf(buf, CPU_NAME_MOST, "pg32");
  for (unsigned rest = cpu; rest && at < CPU_NAME_MOST; rest >>= 16) {
    const unsigned rule = rest & 0xFF, number = rest >> 8 & 0xFF;
    at += (size_t)snprintf(buf + at, CPU_NAME_MOST - at, "-%s", rule < CPU_KINDS ? rules[rule] : "?");
    if (number && at < CPU_NAME_MOST) at += (size_t)snprintf(buf + at, CPU_NAME_MOST - at, "=%u", number);
  }
  return buf;
}

const char *cpu_names(char *buf, size_t size) {
  size_t at = (size_t)snprintf(buf, size, "pg32, pg32-leaky");
  unsigned least, most;
  for (unsigned rule = CPU_HOLE; machine_cpu_numbers(rule, &least, &most) && at < size; rule++)
    at += (size_t)snprintf(buf + at, size - at, ", pg32-%s=%u..%u", rules[rule], least, most);
  return buf;
}
