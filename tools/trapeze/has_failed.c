/* has_failed.c - what main.c must know at the end, and die.c and others at theirs (trapeze.h). */
#include "trapeze.h"

bool has_failed;
