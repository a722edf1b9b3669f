# frames.s - directives of call frame information: as.t compares .debug_frame with that of clang's assembler.
	.cfi_sections .debug_frame
	.text
plain:	.cfi_startproc
	nop
	.cfi_def_cfa_offset 16
	nop
	.cfi_offset ra, -4
	.cfi_offset x8, -8
	.cfi_def_cfa s0, 0
	.cfi_remember_state
	.space 100
	.cfi_def_cfa sp, 32
	.cfi_adjust_cfa_offset -16
	.cfi_rel_offset s1, 4
	.cfi_restore ra
	.cfi_restore s0
	.space 300
	.cfi_restore_state
	.cfi_def_cfa_register sp
	.space 70000
	.cfi_undefined t0
	.cfi_same_value 9
	.cfi_register ra, t1
	.cfi_offset s2, 8
	.cfi_escape 0x0f, 3, 0x82, 0, 6
	nop
	.cfi_endproc
	.section .text.other, "ax"
other:	.cfi_startproc
	nop
	.cfi_endproc
simple:	.cfi_startproc simple
	.cfi_def_cfa a0, 128
	nop
	.cfi_offset sp, -4
	.cfi_endproc
