        .globl  greeting, peek, word, calls, value, status
greeting:
        .asciz  "n = 3\nthat is all\n"
        .balign 4
peek:   .word   0               # execute mfst?
word:   .word   0x1234          # for memory
calls:  .word   3               # system calls of the program
value:  .word   42              # for register s0
status: .word   0
