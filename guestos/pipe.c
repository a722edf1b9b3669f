/* pipe.c - pipes: a frame whose bytes one side writes and the other reads.
 *
 * A call that must wait is made again when the other side has done something. How much a write has written until then
 * is in p->progress. */
#include "kernel.h"

struct pipe {
  uint32_t ends[2];    /* open files that read from the pipe, and that write to it */
  uint32_t head, tail; /* bytes [head, tail) are to be read, each at its place modulo the size */
  uint8_t bytes[PAGE_SIZE - 16];
};
_Static_assert(sizeof(struct pipe) == PAGE_SIZE, "a pipe is a frame");

struct pipe *pipe_new(void) {
  struct pipe *pipe = frames_free() > SPARE_PAGES ? frame_alloc() : NULL;
  if (pipe) pipe->ends[0] = pipe->ends[1] = 1;
  return pipe;
}

void pipe_close(struct pipe *pipe, bool writing) {
  pipe->ends[writing]--;
  proc_wake_events(EVENT_PIPE);
  if (!pipe->ends[0] && !pipe->ends[1]) frame_drop(pipe);
}

/* How many bytes, at most so many, lie in a row from `at` on. */
static uint32_t run(uint32_t at, uint32_t most) {
  uint32_t row = sizeof((struct pipe *)0)->bytes - at;
  return most < row ? most : row;
}

int pipe_read(struct proc *p, struct pipe *pipe, uint32_t buf, uint32_t n) {
  uint32_t done = 0;
  if (pipe->head == pipe->tail) return n && pipe->ends[1] ? proc_block(p, UINT64_MAX, EVENT_PIPE) : 0;
  while (done < n && pipe->head != pipe->tail) {
    uint32_t left = pipe->tail - pipe->head, k = run(pipe->head, left < n - done ? left : n - done);
    int error = copy_out(p, buf + done, pipe->bytes + pipe->head, k);
    if (error) return done ? (int)done : error;
    pipe->head += k, done += k;
    if (pipe->head < sizeof pipe->bytes) continue;
    pipe->head -= sizeof pipe->bytes, pipe->tail -= sizeof pipe->bytes; /* both stay below twice the size */
  }
  proc_wake_events(EVENT_PIPE);
  return done;
}

/* What does not fit waits, unless nobody reads any more. */
int pipe_write(struct proc *p, struct pipe *pipe, uint32_t buf, uint32_t n) {
  uint32_t done = p->progress;
  p->progress = 0;
  if (!pipe->ends[0]) return signal_send(p, SIGPIPE), done ? (int)done : -EPIPE;
  while (done < n && pipe->tail - pipe->head < sizeof pipe->bytes) {
    uint32_t room = sizeof pipe->bytes - (pipe->tail - pipe->head), at = pipe->tail % sizeof pipe->bytes;
    uint32_t k = run(at, room < n - done ? room : n - done);
    int error = copy_in(p, pipe->bytes + at, buf + done, k);
    if (error) return done ? (int)done : error;
    pipe->tail += k, done += k;
  }
  proc_wake_events(EVENT_PIPE);
  if (done == n) return n;
  p->progress = done;
  return proc_block(p, UINT64_MAX, EVENT_PIPE);
}
