/* jit.h - the inside of the JIT, which translates hot PG32 code into host code. Only machine/jit/ and the
 * JIT's unit tests include this header; core/ and interp/ see hooks.h.
 *
 * The parts:
 *     params.h   sizes and thresholds
 *     jit.c      runs translated code; the helpers that translated code calls (helpers.h)
 *     trace.c    chooses the instructions that are translated together (trace.h)
 *     cache.c    keeps blocks and links, evicts them, reviews predictions (cache.h)
 *     code_memory.c  the memory for host code
 *     tables.c   the flat tables, a host TLB that translated code reads (hooks.h)
 *     emit/      decides how a trace becomes host code (emitter.h)
 *     x64/, a64/ say that in the instructions of x86-64 or AArch64
 *
 * In short: the interpreter counts how often each place is reached. At JIT_THRESHOLD, trace.c makes a trace
 * that begins there, and the emitter writes it as a block. A block belongs to one physical page, one virtual
 * page and one offset, so that its PCs are constants. Blocks jump to each other by links, and call or leave
 * to C for whatever is rare. The end of a budget never cuts a block short: a block is entered only if the
 * budget covers the longest possible trace, and the interpreter executes the rest.
 *
 * Glossary: term (where in the code), meaning. Words of QEMU's TCG, Dynamo and LuaJIT are used where these
 * have the thing.
 *
 *   access group (emit/groups.c)
 *       loads, or stores, of a trace by one base register, whose pages are looked up together
 *   addend (hooks.h)
 *       what turns a virtual address into the host's: host address = virtual address + addend
 *   block (struct jit_block)
 *       the host code of one trace; QEMU's translation block, Dynamo's fragment
 *   budget (interp/engine.h; x64: BUDGET)
 *       instructions that may be executed until C must look at interrupts and limits. While translated code
 *       runs, the budget is less by JIT_TRACE_MAX, so that "negative" means: leave. To charge is to subtract
 *       executed instructions; `uncharged` counts those for which that is still to be done
 *   canonical map (emit/registers.c)
 *       the register map in which blocks begin and end
 *   code cache (cache.c)
 *       the memory for host code, a ring of segments
 *   context (hooks.h)
 *       "untranslated", or one ASID; each context has flat tables of its own
 *   flat table (hooks.h, tables.c)
 *       of a context, for loads, stores or fetches: an entry for each virtual page
 *   guard, guard failure (emit/calls.c)
 *       the comparison in an inline cache; its failure is a misprediction
 *   helper (helpers.h)
 *       a C function that translated code calls
 *   hotness (struct jit_page, struct jit_link)
 *       a counter of executions; when it reaches a threshold, something is translated
 *   inline cache (emit/calls.c)
 *       an indirect jump with a predicted target: translated code compares, and continues there
 *   inlined call (trace.c)
 *       a call whose callee is part of the trace; other calls are out of line
 *   landing (emit/calls.c)
 *       the code after an out-of-line call, to which the callee returns
 *   link, stub (struct jit_link)
 *       a jump to another block, patched when it is first taken; before, it goes to its stub, which asks C
 *       for the block. QEMU's block chaining, Dynamo's exit stubs
 *   loop head (struct jit_block)
 *       the beginning of a block that goes back to itself; it has a register map of its own
 *   packed (helpers.h)
 *       an instruction in one word, as an argument of helpers
 *   page check (emit/exits.c)
 *       a comparison with the fetch table: is that page's code still there?
 *   prediction site (struct jit_prediction)
 *       code that relies on what was seen before, and counts mispredictions. After many of them, its
 *       prediction is reviewed
 *   register map (struct jit_register_map)
 *       which PG32 registers are in which host registers
 *   return-address stack (emit/calls.c)
 *       on the host's stack: where out-of-line calls return to
 *   side exit (emit/exits.c)
 *       the way of a branch that the trace does not take
 *   side trace (struct jit_trace, parent)
 *       a trace that begins at a hot side exit of a loop, with the register map of the exit; other traces
 *       begin with the canonical map
 *   slow path (emit/exits.c)
 *       code after a block for the rare case of one of its instructions
 *   target profile (struct jit_target_profile)
 *       where an indirect jump went while it was interpreted
 *   thunk (thunks.c of the host)
 *       code at the beginning of the cache that all blocks use
 *   trace, step (struct jit_trace)
 *       instructions of one page, in the order in which they usually follow one another; each is a step */
#ifndef JIT_H
#define JIT_H

#include "emitter.h"

#endif
