/* params.h - the sizes and thresholds of the JIT, in three sets: normal; MODE_TINY, in which even short tests
 * fill every pool; and JIT_SMALL (test_engines_small), in which traces are nearly as long as ever, but every
 * pool overflows now and then. */
#ifndef JIT_PARAMS_H
#define JIT_PARAMS_H

/* The host for which there is an emitter. JIT_NONE: none. To try that: CFLAGS="-O2 -DJIT_HOST=0" */
#define JIT_NONE 0
#define JIT_X64 1
#define JIT_A64 2
#ifndef JIT_HOST
#if defined __x86_64__ && defined __LP64__
#define JIT_HOST JIT_X64
#elif defined __aarch64__ && defined __LP64__ && defined __AARCH64EL__
#define JIT_HOST JIT_A64
#else
#define JIT_HOST JIT_NONE
#endif
#endif

/* clang-format off */
/* JIT_TRACE_MAX            instructions of a trace
 * JIT_PAGES                pages of RAM that may have blocks at a time
 * JIT_SEGMENTS             of the code cache, at most
 * JIT_SEGMENTS_USUAL       of the code cache, unless evicted code is soon translated again
 *                          The next four limit what one segment holds:
 * JIT_SEGMENT_BYTES        bytes of host code
 * JIT_SEGMENT_BLOCKS       blocks
 * JIT_SEGMENT_LINKS        links
 * JIT_SEGMENT_PREDICTIONS  prediction sites
 * JIT_THRESHOLD            hotness (executions in the interpreter) at which a trace is made
 * JIT_TABLE_PAGES          host pages (4096 bytes) of the flat tables that may be in use at a time
 * JIT_CONTEXTS             contexts that may have flat tables at a time
 * JIT_RETURN_STACK         entries of the return-address stack
 * JIT_DATA_STORES          stores into a page that has no blocks, after which the page counts as data:
 *                          stores into it are no longer watched
 * JIT_DATA_STORES_CODE     the same for a page that has blocks. It is higher, because blocks are lost
 *                          then; but at some number, watched stores cost more than a new translation
 * JIT_WORK_PER_PERIOD      work left to C after which `auto` considers whether translated code pays (choice.c) */
#ifdef MODE_TINY
#define JIT_TRACE_MAX           12
#define JIT_PAGES               4
#define JIT_SEGMENTS            1
#define JIT_SEGMENTS_USUAL      1
#define JIT_SEGMENT_BYTES       (1u << 12)
#define JIT_SEGMENT_BLOCKS      16
#define JIT_SEGMENT_LINKS       64
#define JIT_SEGMENT_PREDICTIONS 64
#define JIT_THRESHOLD           12
#define JIT_TABLE_PAGES         8
#define JIT_CONTEXTS            3
#define JIT_RETURN_STACK        2
#define JIT_DATA_STORES         32
#define JIT_DATA_STORES_CODE    256
#define JIT_WORK_PER_PERIOD     64
#elif defined JIT_SMALL
#define JIT_TRACE_MAX           64
#define JIT_PAGES               9
#define JIT_SEGMENTS            3
#define JIT_SEGMENTS_USUAL      2
#define JIT_SEGMENT_BYTES       (1u << 15)
#define JIT_SEGMENT_BLOCKS      24
#define JIT_SEGMENT_LINKS       80
#define JIT_SEGMENT_PREDICTIONS 70
#define JIT_THRESHOLD           4
#define JIT_TABLE_PAGES         12
#define JIT_CONTEXTS            4
#define JIT_RETURN_STACK        5
#define JIT_DATA_STORES         8
#define JIT_DATA_STORES_CODE    64
#define JIT_WORK_PER_PERIOD     64
#else
#define JIT_TRACE_MAX           192
#define JIT_PAGES               1024
#define JIT_SEGMENTS            64
#define JIT_SEGMENTS_USUAL      16
#define JIT_SEGMENT_BYTES       (1u << 19)
#define JIT_SEGMENT_BLOCKS      1536
#define JIT_SEGMENT_LINKS       6144
#define JIT_SEGMENT_PREDICTIONS 4096
#define JIT_THRESHOLD           16
#define JIT_TABLE_PAGES         3072
#define JIT_CONTEXTS            CONTEXTS
#define JIT_RETURN_STACK        1024
#define JIT_DATA_STORES         256
#define JIT_DATA_STORES_CODE    4096
#define JIT_WORK_PER_PERIOD     2048
#endif
/* clang-format on */

#ifdef JIT_SMALL
#define JIT_SIDE_EXIT_THRESHOLD 3
#else
#define JIT_SIDE_EXIT_THRESHOLD 16 /* hotness at which a side exit gets a side trace */
#endif
#define JIT_SIDE_TRACE_DEPTH 4 /* side traces of side traces of a loop */
#define JIT_TARGET_SAMPLES 4   /* jumps, all to one target, after which an indirect jump is predicted; */
#define JIT_TARGET_MISSES 3    /* predictions given up, after which it is not predicted any more */
#define JIT_TARGET_PROFILES 1024
/* Work (JIT_WORK_PER_PERIOD) that it is to lose a block, which will be counted and translated again. */
#define JIT_WORK_OF_BLOCK 32
#define JIT_THUNK_BYTES 4096 /* of the code cache, before the first segment */
#define JIT_CODE_BYTES (JIT_THUNK_BYTES + JIT_SEGMENTS * JIT_SEGMENT_BYTES)
/* Of host code, at most: for a step, for a block's end, for the beginning of a loop or a side trace. */
#if JIT_HOST == JIT_A64
#define JIT_STEP_BYTES 288
#define JIT_MAP_REGS 16 /* host registers that hold PG32 registers */
#else
#define JIT_STEP_BYTES 256
#define JIT_MAP_REGS 9
#endif
#define JIT_BLOCK_HEADER 4 /* before a block's code: its number */
#define JIT_CACHE_LINE 64  /* bytes of code that a host fetches, or keeps decoded, as one: loops begin one */

#endif
