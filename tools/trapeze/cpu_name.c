/* cpu_name.c - the names of CPUs. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cpu_name.h"

static const char *const kinds[CPU_KINDS] = {"pg32",      "pg32-leaky", "pg32-hole", "pg32-spare",
                                             "pg32-nest", "pg32-lock",  "pg32-words"};

bool cpu_named(const char *name, enum machine_cpu *cpu) {
  const size_t n = strcspn(name, "=");
  unsigned least, most;
  for (unsigned kind = 0; machine_cpu_numbers(kind, &least, &most); kind++) {
    if (strlen(kinds[kind]) != n || strncmp(kinds[kind], name, n) != 0) continue;
    const char *digits = name + n + (name[n] == '=');
    const size_t length = strspn(digits, "0123456789");
    if (digits[length] || length > 3 || !name[n] != !most || !length != !most) return false;
    const unsigned number = (unsigned)strtoul(digits, NULL, 10);
    *cpu = CPU_WITH(kind, number);
    return number >= least && number <= most;
  }
  return false;
}

const char *cpu_name(enum machine_cpu cpu, char buf[CPU_NAME_MOST]) {
  const char *kind = CPU_KIND(cpu) < CPU_KINDS ? kinds[CPU_KIND(cpu)] : "?";
  if (CPU_NUMBER(cpu))
    snprintf(buf, CPU_NAME_MOST, "%s=%u", kind, CPU_NUMBER(cpu) & 0xFFF);
  else
    snprintf(buf, CPU_NAME_MOST, "%s", kind);
  return buf;
}

const char *cpu_names(char *buf, size_t size) {
  size_t at = 0;
  unsigned least, most;
  for (unsigned kind = 0; machine_cpu_numbers(kind, &least, &most) && at < size; kind++) {
    at += (size_t)snprintf(buf + at, size - at, "%s%s", kind ? ", " : "", kinds[kind]);
    if (most && at < size) at += (size_t)snprintf(buf + at, size - at, "=%u..%u", least, most);
  }
  return buf;
}
