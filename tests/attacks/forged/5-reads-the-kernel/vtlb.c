#include "vmm.h"
void vtlb__init(struct vtlb *tlb, uint32_t entries) { tlb->entries = entries; }
void vtlb__clear(struct vtlb *tlb, struct vtlb_entry *e) { (void)tlb, (void)e; }
uint32_t vtlb__write(struct vtlb *tlb, uint32_t hi, uint32_t lo) {
  (void)tlb, (void)hi, (void)lo;
  return 0;
}
void vtlb__clear_asid(struct vtlb *tlb, uint32_t asid) { (void)tlb, (void)asid; }
void vtlb__clear_all(struct vtlb *tlb) { (void)tlb; }
void vm__shadow(struct vm *vm, uint32_t slot) { (void)vm, (void)slot; }
