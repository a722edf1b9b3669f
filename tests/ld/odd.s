# a value that does not fit, and a jump into the middle of an instruction
  .text
  .globl helper
helper:
  jal ra, other+2
  ret
  .data
  .byte other
  .section .text.other, "ax", @progbits
  .globl other
other:
  ret
