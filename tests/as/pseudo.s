# pseudo.s - each pseudo-instruction beside the words it must become (as.t compares them).
	nop				# 60000000
	mv a0, a1			# 60a58000
	not a0, a1			# 66a5ffff
	neg a0, a1			# 22a02c00
	zext.b a0, a1			# 6aa580ff
	zext.h a0, a1			# 6ca58010 6ea50010
	sext.b a0, a1			# 6ca58018 70a50018
	sext.h a0, a1			# 6ca58010 70a50010
	seqz a0, a1			# 64a58001
	snez a0, a1			# 28a02c00
	sltz a0, a1			# 26a58000
	sgtz a0, a1			# 26a02c00
	sgt a0, a1, a2			# 26a62c00
	beqz a0, .			# a0050000
	bnez a0, .+4			# a2050001
	blez a0, .-4			# a6a07fff
	bgez a0, .			# a6050000
	bltz a0, .			# a4050000
	bgtz a0, .			# a4a00000
	bgt a0, a1, .			# a4a58000
	ble a0, a1, .			# a6a58000
	bgtu a0, a1, .			# a8a58000
	bleu a0, a1, .			# aaa58000
	j .				# b0000000
	jal .				# b0100000
	jal t0, .+8			# b0500002
	jr a0				# b2050000
	jr 8(a0)			# b2050008
	jalr a0				# b2150000
	jalr -4(a0)			# b2157ffc
	jalr t0, a0			# b2550000
	jalr t0, a0, 4			# b2550004
	jalr t0, 4(a0)			# b2550004
	ret				# b2008000
	call .				# b0100000
	tail .				# b0000000
	unimp				# 00000000
	ebreak				# c4000000
	break				# c4000000
	fence				# ba000000
	fence rw, rw			# ba000000
	fence iorw, iorw		# ba000000
	add a0, a1, 5			# 60a58005
	sll a0, a1, 31			# 6ca5801f
	lw a0, (a1)			# 84a58000
	sw a0, -1(sp)			# 94a17fff
	li a0, 0			# 60a00000
	li a0, -16384			# 60a04000
	li a0, 16383			# 60a03fff
	li a0, 16384			# 78a00004
	li a0, -16385			# 78affffc 60a57fff
	li a0, 0x12345678		# 78a12345 60a50678
	li a0, 0x7fffffff		# 78a80000 60a57fff
	li a0, 0x80000000		# 78a80000
	li a0, 4294967295		# 60a07fff
	li a0, 'A' + (1 << 3 | 1)	# 60a0004a
	lui a0, %hi(0x12345fff)		# 78a12346
	addi a0, a0, %lo(0x12345fff)	# 60a57fff
	andi a0, a0, 0xfffffff0		# 6aa57ff0
	mark 1, a0, a1			# b8b50001
	tlbw a0, a1			# e6052c00
	tlbi a0, 2			# e8050002
	mfst t0				# e0500000
	mtst t0				# e2028000
	rfe				# e4000000
	wait				# ea000000
	syscall				# c0000000
	hcall				# c2000000
