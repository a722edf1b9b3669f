# the entry of the linker's test programs
  .text
  .globl _start
  .type _start, @function
_start:
  call main
1:
  j 1b
  .size _start, .-_start
