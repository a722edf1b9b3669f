# a branch that cannot reach, to a symbol of another section
  .section .text.a, "ax", @progbits
  .globl helper
  .type helper, @function
helper:
  beq a0, a1, distant
  ret
  .size helper, .-helper
  .section .text.b, "ax", @progbits
  .zero 0x10000
  .globl distant
distant:
  ret
