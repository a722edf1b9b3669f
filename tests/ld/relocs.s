# every relocation once; ld.t knows the words that must come out
  .section .text.one, "ax", @progbits
  .globl _start
_start:
  lui a0, %hi(target+4)
  addi a0, a0, %lo(target+4)
.Lhere:
  auipc a1, %pcrel_hi(target+4)
  addi a1, a1, %pcrel_lo(.Lhere)
  sw a0, %lo(target)(zero)
  beq a0, a1, next
  j next
  .section .text.two, "ax", @progbits
  .globl next
next:
  jal ra, next
  .data
  .globl target
target:
  .word target
  .word next - target
  .word absolute
  .half absolute
  .byte absolute
  .comm shared, 12, 8
  .comm shared, 20, 4
  .globl absolute
  .set absolute, 100
