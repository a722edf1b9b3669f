/* below.h - files below a folder that is not trusted: they may be links, pipes or devices, may be endless, or may change
 * while they are read. */
#ifndef BELOW_H
#define BELOW_H

#include "tools/trapeze/trapeze.h"

/* Finds `name`, which may be a path, below the folder that the descriptor `folder` names. Returns a descriptor that names
 * what was found, opened with O_PATH, which does not disturb a device or a pipe; the caller closes it. -1 with errno set
 * when there is none, when the path leads out (EINVAL), or when a component before the last is a link (ENOTDIR). */
int below_find(int folder, const char *name);
/* Reads all of the file that a descriptor of below_find names; the caller frees content->data. At most `most` bytes, and
 * one more when there are more: its size was right a moment ago, but the file may grow meanwhile. False with errno set
 * when the file cannot be read. */
bool below_read(int found, uint64_t most, struct bytes *content);

#endif
