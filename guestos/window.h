/* window.h - what vm.c needs of window.c, the kernel's part of `--way translate`. */
#ifndef WINDOW_H
#define WINDOW_H

#include "vm.h"

/* The page's frame and rights in the space vm->of, which is VM_MAPPED or has VM_WINDOW; 0: the guest has no such
 * page there. (vm_window has made the window's pages and the map ready.) */
uint32_t window_entry(struct vm *vm, uint32_t vpn);
bool window_space_ok(struct vm *vm, uint32_t space);         /* may the VMM ask for that space? */
bool window_pins(struct vm *vm, uint32_t from, uint32_t to); /* does the window need some of that memory? */
#endif
