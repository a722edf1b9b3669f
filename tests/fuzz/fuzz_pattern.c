/* fuzz_pattern.c - libFuzzer over trace patterns: any text parses or says where not; what parses can be
 * matched against any events, which come from the same bytes. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "tools/trapeze/grade/lab/pattern.h"

#define EVENTS 64
static const struct role roles[] = {{0, true, false}, {0, false, true}, {1, true, false}, {1, false, false}};

static size_t make_events(const uint8_t *data, size_t size, struct event *e) {
  size_t n = 0;
  for (; size >= 4 && n < EVENTS; data += 4, size -= 4, n++) {
    e[n] = (struct event){
        .event = n + 1, .kind = data[0] % 5, .from = data[1] % 4, .to = data[2] % 4, .trap.cause = data[3]};
    e[n].levels = roles[e[n].from].depth;
    e[n].verdict[0] = e[n].verdict[1] = data[2] % 7;
    e[n].trap.badinst = (uint32_t)data[3] << 25;
    e[n].steps = data[0] >> 7;
    e[n].step[0].list = data[0] >> 6 & 1, e[n].step[0].step = data[3] % 8, e[n].step[0].level = 1;
  }
  return n;
}

static void check(const struct match *m, size_t events) {
  for (size_t i = 0; i < m->n; i++)
    if (m->at[i] >= events || (i && m->at[i] < m->at[i - 1])) abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  struct pattern_error error = {0};
  struct event e[EVENTS];
  size_t length = strnlen((const char *)data, size), rest = length < size ? length + 1 : size;
  char *text = malloc(length + 1);
  if (!text) return 0;
  memcpy(text, data, length);
  text[length] = 0;
  struct pattern *p = pattern_parse(text, &error);
  if (!p && (error.column < 1 || error.column > length + 1 || !*error.text)) abort();
  if (p) {
    size_t n = make_events(data + rest, size - rest, e);
    struct matches m = pattern_match(p, &(struct events){e, n, roles}, 1, 1);
    if (m.count > n || m.longest.n > pattern_events(p) || (m.wanted.n && m.wanted.n != pattern_events(p)))
      abort();
    check(&m.wanted, n);
    check(&m.longest, n);
  }
  pattern_free(p);
  free(text);
  return 0;
}
