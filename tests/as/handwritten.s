# handwritten.s - what people write by hand: each line's words are those of the line behind its mark in plain directives;
# as.t compares both.
	.word 1L, 2UL, 3u, 0x10ULL	#~ .word 1, 2, 3, 16
	.WORD 5				#~ .word 5
	ADD a0, a0, a1			#~ add a0, a0, a1
	Addi a0, zero, 7		#~ addi a0, zero, 7
	.float 1.5, -2e-3, 0f3.25, inf	#~ .word 0x3fc00000, 0xbb03126f, 0x40500000, 0x7f800000
	.single 0.1			#~ .word 0x3dcccccd
	.double 2.0, 0.1, -nan		#~ .word 0, 0x40000000, 0x9999999a, 0x3fb99999, 0, 0xfff80000
	.octa 1, 0x112233445566778899aabbccddeeff00	#~ .word 1, 0, 0, 0, 0xddeeff00, 0x99aabbcc, 0x55667788, 0x11223344
	.octa -2, 340282366920938463463374607431768211455	#~ .word -2, -1, -1, -1, -1, -1, -1, -1
	.dc.b 1, 2 ; .dc.w 3 ; .dc 4, 5 ; .dc.l 6	#~ .byte 1, 2 ; .short 3, 4, 5 ; .word 6
	.dc.s 1.0 ; .dc.d 1.0		#~ .word 0x3f800000, 0, 0x3ff00000
	.ds.b 4, 9 ; .ds.w 2 ; .ds.l 1 ; .ds 2	#~ .word 0x09090909, 0, 0, 0
	.equiv A, 3 ; .eqv B, A + 1 ; .word A, B	#~ .word 3, 4
	.extern foo ; .subsection 0	#~
	.insn r 0x33, 0, 0, a0, a1, a2	#~ add a0, a1, a2
	.insn r 0x33, 5, 1, t0, t1, t2	#~ divu t0, t1, t2
	.insn i 0x13, 7, a0, a1, 12	#~ andi a0, a1, 12
	.insn i 0x03, 2, a0, 8(sp)	#~ lw a0, 8(sp)
	.insn s 0x23, 2, a0, -4(sp)	#~ sw a0, -4(sp)
	.insn sb 0x63, 1, a0, a1, .	#~ bne a0, a1, .
	.insn u 0x37, a0, 0x12345	#~ lui a0, 0x12345
	jump there, t0			#~ j there
	.macro m a
	.if \a
	.word 0x11
	.exitm
	.else
	.word 0x22
	.endif
	.word 0x33
	.endm
	m 1				#~ .word 0x11
	m 0				#~ .word 0x22, 0x33
	.rept 3 ; .word 4 ; .exitm ; .endr	#~ .word 4
	.ifeqs "a b", "a b" ; .word 1 ; .endif ; .ifnes "a", "a" ; zap ; .endif	#~ .word 1
x:	.byte 1 ; . = . + 3 ; .set ., x + 8 ; .word 2	#~ .word 1, 0, 2
	.byte 1 /* over
two */, 2, 3, 4			#~ .word 0x04030201
1$:	beqz a0, 2$			#~ beqz a0, .+8
	j 1$				#~ j .-4
2$:	.word 2$ - 1$			#~ .word 8
name:	j 1$				#~ j .+4
1$:	.word . - 1$			#~ .word 0
.Lx:	.word 1$ - .Lx			#~ .word -4
	.struct 4
first:	.space 8
second:	.struct second + 20
third:
	.previous
	.word first, second, third	#~ .word 4, 12, 32
	.word -1>>1, -8>>1, 2+3<<1, 2*3|4, 1|2+3	#~ .word -1, -4, 8, 6, 6
	.dcb.b 2, 7 ; .dcb.w 1, 9 ; .dcb.l 2, 5 ; .dcb.s 1, 1.5	#~ .word 0x00090707, 5, 5, 0x3fc00000
	.byte 1, 1 ; .balignw 4, 0x1234 ; .word 2 ; .p2alignl 2, 3	#~ .word 0x12340101, 2
	.string16 "a" ; .string8 "xyz"	#~ .word 0x61, 0x7a7978
	.nop ; .nops 8			#~ nop ; nop ; nop
	.rep 2 ; .word 6 ; .endr	#~ .word 6, 6
	.altmacro
	.macro pair name, b
	LOCAL here, next
here:	.word next - here, name, b
next:	.asciz "&name&x!"
	.endm
	pair 5, <1, 2>			#~ .word 16, 5, 1, 2 ; .asciz "5x!"
	pair %2 * 3, 9			#~ .word 12, 6, 9 ; .asciz "6x!"
	.noaltmacro
	.subsection 2 ; .word 0xb2 ; .text 1 ; .word 0xb1 ; j there ; .text	#~ .word 0xb1 ; j there ; .word 0xb2
	.section .text, 3
there:
	.end
	zap
