# directives.s - what directives leave in .text: words after "#=", relocations (offset, type, symbol, + addend)
# after "#>"; as.t compares both.
	.equ four, 4
	early = later + 1
	.set later, 8
start:
	.word four, early		#= 00000004 00000009
	.set four, 5
	.word four			#= 00000005
	.word end - start, . - start	#= 000000a4 00000010
	.byte 1, 'a', '\n', -1		#= ff0a6101
	.half 0x1234, 1 << 4		#= 00101234
	.8byte 0x1122334455667788	#= 55667788 11223344
	.ascii "ab" ; .asciz "\x41"	#= 00416261
	.uleb128 300 ; .sleb128 -2 ; .byte 0 #= 007e02ac
	.uleb128 end - start ; .zero 3, 7	#= 808081a4 07070700
	.p2align 4			#= 60000000 60000000 60000000
	.balign 4
	.fill 2, 2, 3			#= 00030003
	.org 0x4c			#= 00000000 00000000
	.rept 2 ; .irp x, 6, 7 ; .byte \x ; .endr ; .endr	#= 07060706
	.macro pair a, b=2, rest:vararg
	.byte \a, \b
	.half \rest + \@
	.endm
	pair 1				#= 00000201
	pair b=3, a=4			#= 00010304
	pair 5, 6, 1 + 1		#= 00040605
	.if four == 5 && later
	.word 1				#= 00000001
	.elseif 1
	zap
	.else
	zap
	.endif
	.ifdef nowhere
	zap
	.elseif 7 & 2 * 3 | 1
	.word 2				#= 00000002
	.endif
	.ifndef start ; zap ; .endif
	.include "included.inc"		#= 600000ff
	.incbin "included.inc", 0, 4	#= 6e692023
	.word 4 + 4 | 4 , ~0, !5, 7 % 4, 3 > 2	#= 00000008 ffffffff 00000000 00000003 ffffffff
1:	j 1f				#= b0000001
1:	j 1b				#= b0000000
	.pushsection .data.x, "aw", @progbits
datum:	.word 1
	.popsection
	.word datum + 4			#= 00000000
	lw a0, %lo(datum+4)(a1)		#= 84a58000
	call other@plt			#= b0100000
	la t0, .Lprivate		#= 78500000 60528000
	bnez a0, other			#= a2050000
	.weak start2
start2:	j start2			#= b0000000
end:
	.data
	.word 0
.Lprivate:
#> 00000088 1 datum + 4; 0000008c 3 datum + 4; 00000090 5 other + 0; 00000094 2 .data + 4
#> 00000098 3 .data + 4; 0000009c 4 other + 0; 000000a0 5 start2 + 0
	.section .note.names
	.word .data.x
#> 00000000 1 .data.x + 0
	.section .relocs, "aw"
	.reloc 4, R_RISCV_HI20, other + 4
	.word 0
	.subsection 1
one:	.word 0
	.reloc one, R_PG32_32, other
	.reloc 0, BFD_RELOC_16, far - 2
	.previous
	.word 0
	.reloc ., R_PG32_NONE, other	# it changes nothing, so that it may stand at the end
#> 00000008 0 other + 0
#> 00000004 2 other + 4; 00000008 1 other + 0; 00000008 8 far - 2
