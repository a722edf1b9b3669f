/* export.c - events as text, diagrams and recordings: those of `trapeze trace`, and two of our own. */
#include "view.h"
bool export_events(struct debug *d, const char *format, uint64_t first, uint64_t last, const char *path)
{
  (void)format, (void)first, (void)last, (void)path;
  return fail(d, "not yet");
}
