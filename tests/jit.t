# jit.t - the JIT's parts for other hosts compile on this one. What they do is tested where they run: CONTRIBUTING.md.
. tests/tap.sh
CC=${CC:-gcc}
flags="-std=gnu17 -Wall -Wextra -Werror -I. -fsyntax-only"

macos="-D__APPLE__ -DJIT_HOST=2 -include tests/apple/macos.h -isystem tests/apple"
check "the part for macOS compiles" $CC $flags $macos machine/jit/code_memory.c
echo 'int pthread_jit_write_protect_np(void);' >"$tmp/wrong.h"
check "and it is that part" sh -c "! $CC $flags $macos -include $tmp/wrong.h machine/jit/code_memory.c 2>/dev/null"

hosts=; [ -z "${LONG:-}" ] || hosts="0 1 2"
for host in $hosts; do
  for file in machine/jit/*.c machine/jit/*/*.c; do
    check "$file compiles for host $host" $CC $flags -DJIT_HOST=$host "$file"
  done
done
done_testing
