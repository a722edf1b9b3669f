/* fuzz_session.c - libFuzzer entry: any bytes as a session, without the checksum that would keep most away;
 * if it opens, a few steps of it, and back. */
#include "machine/timeline/internal.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  struct machine_error error;
  struct session session;
  struct timeline *t =
      timeline_session_open(data, size, &(struct timeline_config){8 << 20}, &session, &error);
  if (!t) return 0;
  timeline_go(t, timeline_start(t) + 2000);
  timeline_step(t, -1000);
  timeline_event(t, 1);
  timeline_free(t);
  return 0;
}
