/* normal_tlb.h - for the main() of tests that suppose the normal TLB: with one of two entries (MODE=tiny)
 * their counts differ, or a VM takes hours. */
#ifndef NORMAL_TLB_H
#define NORMAL_TLB_H

#include <stdio.h>

#ifdef MODE_TINY
#define NEEDS_THE_NORMAL_TLB() return puts("1..0 # skip: supposes the normal TLB"), 0
#else
#define NEEDS_THE_NORMAL_TLB() (void)0
#endif

#endif
