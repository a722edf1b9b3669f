/* version.h - the version of Trapeze: the one place where it is written. The Makefile reads it from here. */
#ifndef TRAPEZE_VERSION_H
#define TRAPEZE_VERSION_H

#define TRAPEZE_VERSION "1.0"

/* What `PROGRAM --version` prints; argp looks for the name argp_program_version. */
#define TRAPEZE_VERSION_OF(program) program " (Trapeze) " TRAPEZE_VERSION

#endif
