        .globl _start
_start: j       .
