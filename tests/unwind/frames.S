# frames.S - frames that no compiler makes, and that only call frame information describes; for test_unwind.

	.text
# int in_register(int n): the return address is in s1, whose value is on the stack.
	.globl	in_register
	.type	in_register, @function
in_register:
	.cfi_startproc
	addi	sp, sp, -16
	.cfi_adjust_cfa_offset 16
	sw	s1, 12(sp)
	.cfi_rel_offset s1, 12
	mv	s1, ra
	.cfi_register ra, s1
	call	small
	mv	ra, s1
	.cfi_restore ra
	lw	s1, 12(sp)
	.cfi_restore s1
	addi	sp, sp, 16
	.cfi_adjust_cfa_offset -16
	ret
	.cfi_endproc

# int other_stack(int n): what it calls runs on a stack of its own, and s2 remembers the caller's.
	.globl	other_stack
	.type	other_stack, @function
other_stack:
	.cfi_startproc
	addi	sp, sp, -32
	.cfi_def_cfa_offset 32
	sw	ra, 0(sp)
	sw	s2, 4(sp)
	.cfi_offset ra, -32
	.cfi_offset s2, -28
	bgez	a0, 1f
	.cfi_remember_state
	lw	ra, 0(sp)
	lw	s2, 4(sp)
	addi	sp, sp, 32
	.cfi_def_cfa sp, 0
	.cfi_restore ra
	.cfi_restore s2
	ret
1:	.cfi_restore_state
	mv	s2, sp
	.cfi_def_cfa_register s2
	la	sp, stack_top
	call	recursive
	mv	sp, s2
	.cfi_def_cfa_register sp
	lw	ra, 0(sp)
	lw	s2, 4(sp)
	addi	sp, sp, 32
	ret
	.cfi_endproc

# int wrapped(int n): a frame that is made late, a call that does not return, and then code without the frame. As
# clang 14 does, the table says nothing about where the frame is taken down.
	.globl	wrapped
	.type	wrapped, @function
wrapped:
	.cfi_startproc
	bltz	a0, 3f
	addi	sp, sp, -16
	.cfi_def_cfa_offset 16
	sw	ra, 12(sp)
	.cfi_offset ra, -4
	call	leaf
	bltz	a0, 1f
	lw	ra, 12(sp)
	addi	sp, sp, 16
	ret
1:	call	last
2:	nop
	ret
3:	addi	a0, a0, 1
	j	2b
	.cfi_endproc

# int pointing(int n): s0 points into the frame for a while, and a row of the table begins where two paths meet, of which
# one has moved s0. As GCC does, the table says where each register is loaded back.
	.globl	pointing
	.type	pointing, @function
pointing:
	.cfi_startproc
	addi	sp, sp, -32
	.cfi_def_cfa_offset 32
	sw	s0, 24(sp)
	.cfi_offset s0, -8
	addi	s0, sp, 4
	sw	ra, 28(sp)
	.cfi_offset ra, -4
	blez	a0, 2f
1:	addi	s0, s0, 4
	sw	a0, 0(sp)
	call	leaf
	lw	a0, 0(sp)
	addi	a0, a0, -1
	bgtz	a0, 1b
	j	3f
2:	li	a0, 0
3:	lw	ra, 28(sp)
	.cfi_restore ra
	lw	s0, 24(sp)
	.cfi_restore s0
	addi	sp, sp, 32
	.cfi_def_cfa_offset 0
	ret
	.cfi_endproc

	.bss
	.p2align 4
	.space	2048
stack_top:
