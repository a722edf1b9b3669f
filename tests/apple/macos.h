/* macos.h - what macOS declares for programs that write code, as Apple's documentation has it: "Porting just-in-time
 * compilers to Apple silicon". Tests compile the part for macOS with this, on computers that are none. */
#ifndef TESTS_MACOS_H
#define TESTS_MACOS_H

#define MAP_JIT 0x0800
/* enabled: may the thread execute what is mapped so (1), or write it (0)? */
void pthread_jit_write_protect_np(int enabled);

#endif
