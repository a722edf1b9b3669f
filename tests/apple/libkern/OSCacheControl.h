/* OSCacheControl.h - in place of macOS's header (tests/apple/macos.h). */
#ifndef TESTS_OSCACHECONTROL_H
#define TESTS_OSCACHECONTROL_H

#include <stddef.h>

void sys_icache_invalidate(void *start, size_t bytes);

#endif
