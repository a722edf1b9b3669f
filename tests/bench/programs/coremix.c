/* coremix - what small embedded programs do, in turn: a linked list is searched, reversed and sorted, a
 * matrix of halves is worked on, a state machine reads numbers, and a CRC by bits goes over the results. */
#include "bench.h"

#define NODES 200
#define DIM 16
#define ROUNDS 2200

struct node {
  struct node *next;
  int16_t value, order;
};
static struct node nodes[NODES];
static int16_t left[DIM][DIM], right[DIM][DIM];
static int32_t product[DIM][DIM];
static char text[512];

static uint16_t crc16(uint16_t crc, uint16_t value) {
  for (int bit = 0; bit < 16; bit++, value = (uint16_t)(value >> 1)) {
    const uint16_t feedback = (crc ^ value) & 1;
    crc = (uint16_t)(crc >> 1);
    if (feedback) crc ^= 0xA001;
  }
  return crc;
}

/* ---- lists ---- */

static struct node *reverse(struct node *list) {
  struct node *done = NULL;
  while (list) {
    struct node *next = list->next;
    list->next = done, done = list, list = next;
  }
  return done;
}
static int by_value(const struct node *a, const struct node *b) { return a->value - b->value; }
static int by_order(const struct node *a, const struct node *b) { return a->order - b->order; }

static struct node *merge(struct node *a, struct node *b,
                          int (*compare)(const struct node *, const struct node *)) {
  struct node *list = NULL, **end = &list;
  while (a && b) {
    struct node **least = compare(a, b) <= 0 ? &a : &b;
    *end = *least, end = &(*least)->next, *least = (*least)->next;
  }
  *end = a ? a : b;
  return list;
}
static struct node *sort(struct node *list, int (*compare)(const struct node *, const struct node *)) {
  if (!list || !list->next) return list;
  struct node *middle = list;
  for (struct node *end = list->next; end && end->next; end = end->next->next) middle = middle->next;
  struct node *rest = middle->next;
  middle->next = NULL;
  return merge(sort(list, compare), sort(rest, compare), compare);
}
static const struct node *find(const struct node *list, int16_t value) {
  while (list && list->value != value) list = list->next;
  return list;
}

static uint16_t lists(uint16_t crc, uint32_t *seed) {
  for (int i = 0; i < NODES; i++)
    nodes[i] =
        (struct node){i + 1 < NODES ? &nodes[i + 1] : NULL, (int16_t)(bench_random(seed) & 0xFF), (int16_t)i};
  struct node *list = reverse(nodes);
  for (int16_t i = 0; i < 20; i++) {
    const struct node *found = find(list, (int16_t)(i * 7));
    crc = crc16(crc, found ? (uint16_t)found->order : 0xFFFF);
  }
  list = sort(list, by_value);
  for (const struct node *n = list; n; n = n->next) crc = crc16(crc, (uint16_t)n->value);
  list = sort(list, by_order);
  return crc16(crc, (uint16_t)list->value);
}

/* ---- a matrix ---- */

static uint16_t matrix(uint16_t crc, uint32_t *seed) {
  for (int i = 0; i < DIM; i++)
    for (int j = 0; j < DIM; j++)
      left[i][j] = (int16_t)bench_random(seed), right[i][j] = (int16_t)(i * j + 1);
  for (int i = 0; i < DIM; i++)
    for (int j = 0; j < DIM; j++) {
      product[i][j] = 0;
      for (int k = 0; k < DIM; k++) product[i][j] += left[i][k] * right[k][j];
    }
  for (int i = 0; i < DIM; i++)
    for (int j = 0; j < DIM; j++) crc = (uint16_t)(crc + (product[i][j] >> 4 & 0xFFF));
  return crc16(crc, (uint16_t)product[3][5]);
}

/* ---- a state machine: which words of a text are numbers, and of which kind ---- */

enum state { START, SIGN, INTEGER, POINT, FRACTION, EXPONENT, SCIENTIFIC, INVALID, STATES };

static enum state step(enum state state, char c) {
  const int digit = c >= '0' && c <= '9';
  switch (state) {
  case START: return digit ? INTEGER : c == '+' || c == '-' ? SIGN : c == '.' ? POINT : INVALID;
  case SIGN: return digit ? INTEGER : c == '.' ? POINT : INVALID;
  case INTEGER: return digit ? INTEGER : c == '.' ? FRACTION : c == 'e' ? EXPONENT : INVALID;
  case POINT: return digit ? FRACTION : INVALID;
  case FRACTION: return digit ? FRACTION : c == 'e' ? EXPONENT : INVALID;
  case EXPONENT: return digit ? SCIENTIFIC : c == '+' || c == '-' ? EXPONENT : INVALID;
  case SCIENTIFIC: return digit ? SCIENTIFIC : INVALID;
  default: return INVALID;
  }
}

static uint16_t states(uint16_t crc, uint32_t *seed) {
  static const char letters[] = "0123456789012345.e+-,,,x";
  uint32_t ends[STATES] = {0};
  for (size_t i = 0; i < sizeof text; i++) text[i] = letters[bench_random(seed) % (sizeof letters - 1)];
  enum state state = START;
  for (size_t i = 0; i < sizeof text; i++) {
    if (text[i] == ',')
      ends[state]++, state = START;
    else
      state = step(state, text[i]);
  }
  for (int i = 0; i < STATES; i++) crc = crc16(crc, (uint16_t)ends[i]);
  return crc;
}

uint32_t bench(void) {
  uint32_t seed = 3;
  uint16_t crc = 0;
  for (int round = 0; round < ROUNDS; round++) {
    crc = lists(crc, &seed);
    for (int i = 0; i < 4; i++) crc = matrix(crc, &seed);
    for (int i = 0; i < 4; i++) crc = states(crc, &seed);
  }
  return crc;
}
