# cc.t - pg32-cc as other compilers' users use it: languages, options, what is refused and why; pg32-ld's options.
. tests/tap.sh
bin=$PWD/$BUILD/bin
cd "$tmp" || exit 1
PATH=$bin:$PATH
# prints NAME OUTPUT OPTION...: standard input, a C program, compiles without a warning and prints OUTPUT (| for lines)
prints() {
  name=$1 want=$2; shift 2
  cat >"p.${suffix:-c}"
  check "$name compiles" pg32-cc -Wall -Werror -o p "$@" "p.${suffix:-c}"
  is "$name prints" "$want" "$(timeout 100 trapeze run -d0 ./p </dev/null 2>&1 | tr '\n' '|' | sed 's/|$//')"
}
# refuses NAME PATTERN OPTION...: pg32-cc fails with 1 and says the pattern
refuses() {
  name=$1 pattern=$2; shift 2
  rm -f p
  timeout 60 pg32-cc -o p "$@" >said 2>&1
  status=$?
  if [ $status -eq 1 ] && [ ! -e p ] && grep -q -e "$pattern" said; then pass "$name"; else fail "$name"; { echo "status $status"; cat said; } | diag; fi
}

# ---- standards ----
every_header='#include <assert.h>
#include <ctype.h>
#include <errno.h>
#include <limits.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>'
{
  echo "$every_header"
  echo 'int main(void) { jmp_buf b; assert(setjmp(b) == 0); puts(abs(-3) == 3 ? "3" : "?"); return 0; }'
} >headers
for standard in c89 iso9899:199409 c99 c11 c17 gnu89 gnu17; do
  prints "every header with -std=$standard" 3 -std=$standard -pedantic -Wextra <headers
done
for standard in -ansi -std=c11; do
  prints "K&R's getline, and strdup, fileno, kill of one's own, with $standard" "3 1 2 4" $standard -Wno-implicit-function-declaration <<'END'
#include <signal.h>
#include <stdio.h>
#include <string.h>
int getline(char s[], int lim) { return s[0] != 0 && lim > 1 ? 3 : 0; }
int strdup(int a) { return a; }
int fileno(void) { return 2; }
long kill(void) { return 4; }
int main(void) { char s[2] = "x"; printf("%d %d %d %ld\n", getline(s, 2), strdup(1), fileno(), kill()); return 0; }
END
done
prints "POSIX on demand" "ab 1" -std=c11 -D_POSIX_C_SOURCE=200809L <<'END'
#include <stdio.h>
#include <string.h>
int main(void) { printf("%s %d\n", strdup("ab"), fileno(stdout)); return 0; }
END
prints "atomics" "3 7 5 1 9 1 6000000000" -std=c11 <<'END'
#include <stdatomic.h>
#include <stdio.h>
static _Atomic int a;
static _Atomic long long big;
static struct s { int x[5]; } volatile unused;
static _Atomic struct s s;
int main(void) {
  atomic_flag flag = ATOMIC_FLAG_INIT;
  int expected = 7;
  a += 3;
  printf("%d ", a);
  atomic_exchange(&a, 7);
  printf("%d ", atomic_load(&a));
  printf("%d ", atomic_compare_exchange_strong(&a, &expected, 5) ? atomic_load(&a) : -1);
  printf("%d ", !atomic_flag_test_and_set(&flag) && atomic_flag_test_and_set(&flag));
  s = (struct s){{1, 2, 3, 4, 9}};
  struct s t = s;
  printf("%d ", t.x[4]);
  printf("%d ", __sync_bool_compare_and_swap((int *)&a, 5, 6) && __sync_fetch_and_or((int *)&a, 8) == 6 && a == 14);
  big += 6000000000;
  printf("%lld\n", (long long)big);
  (void)unused;
  return 0;
}
END

# ---- C++ ----
suffix=cpp
prints "C++: global objects, templates, virtual functions, new and delete" "in|1 5 7 4|gone 3|local|main's end|out" -std=c++17 -O1 <<'END'
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
struct Base { int x = 3; virtual int f() { return 1; } virtual ~Base() {} };
struct Derived : Base { int f() override { return 2 + x; } ~Derived() override { printf("gone %d\n", x); } };
struct Global { int v; Global() : v(7) { puts("in"); } ~Global() { puts("out"); } } global;
struct Local { Local() { puts("local"); } };
static void once() { static Local l; (void)l; }
template <class T> T larger(T a, T b) { return a < b ? b : a; }
int main() {
  Base b, *p = new Derived;
  printf("%d %d %d %d\n", b.f(), p->f(), global.v, larger(3, 4));
  delete p;
  int *many = new int[100];
  delete[] many;
  once(), once();
  puts("main's end");
  return 0;
}
END
cp p.cpp q.cc
check "-c of .cc" pg32-cc -c -o q.o q.cc
check "-x c++" pg32-cc -x c++ -std=c++14 -o q q.cc
unset suffix

# ---- options ----
echo 'int main(void) { return 0; }' >a.c
for word in -shared -pie -r -flto -flto=thin -fsanitize=address -pthread -m64 -march=rv64gc; do
  refuses "$word is refused" "^pg32-cc: $word: .* " $word a.c
done
printf '_Thread_local int t = 5;\nint main(void) { return t; }\n' >t.c
refuses "_Thread_local is refused" 'thread-local' t.c
for name in a.f90 a.rs a.h a.so; do : >$name; refuses "$name is answered" "^pg32-cc: $name: this is " $name; done
check "options that change nothing" pg32-cc -fPIC -static -no-pie -pipe -Wa,--noexecstack a.c -lc -lm -o p
check "libraries that are empty elsewhere" pg32-cc a.c -lrt -ldl -lutil -o p
refuses "-lpthread is refused" "^pg32-cc: -lpthread: .*no threads" a.c -lpthread
refuses "standard input needs its language" "^pg32-cc: -: expected -x LANGUAGE" -
check "standard input is compiled" sh -c 'pg32-cc -x c - -o p <a.c'
pg32-cc -fno-tree-loop-distribute-patterns -fno-dce -O1 -o p a.c 2>said
is "optimizations of gcc's are left out, and said" "0 2" "$? $(grep -c "^pg32-cc: warning: -fno-.* of gcc's" said)"
refuses "and no other option" "unknown argument.*-fno-treetop" -fno-treetop a.c

# -fstack-protector: an array that overflows is noticed when its function returns.
cat >sp.c <<'END'
#include <stdio.h>
#include <string.h>
__attribute__((noinline)) static int fill(const char *from) {
  char room[8];
  strcpy(room, from);
  return room[0];
}
int main(int argc, char **argv) {
  printf("%d\n", fill(argv[argc - 1]));
  fflush(stdout);
  return 0;
}
END
check "-fstack-protector-strong compiles and links" pg32-cc -O1 -fstack-protector-strong -o sp sp.c
is "a text that fits" "120 0" "$(timeout 60 trapeze run -d0 ./sp xyz </dev/null) $?"
timeout 60 trapeze run -d0 ./sp xyzxyzxyzxyzxyz </dev/null >out 2>&1
is "a text that does not: the program aborts" "134 1" "$? $(grep -c 'the stack is damaged' out)"
is "-fsyntax-only makes nothing" "0 " "$(rm -f p; pg32-cc -fsyntax-only -o p a.c; echo $? "$(ls p 2>/dev/null)")"
is "-dumpmachine" riscv32-unknown-unknown-elf "$(pg32-cc -dumpmachine)"

# ---- the linker's options ----
cat >w.c <<'END'
#include <stdio.h>
#include <stdlib.h>
extern char place[], second[];
int answer(void) { return 42; }
int number(void);
void *__real_malloc(size_t n);
void *__wrap_malloc(size_t n) { puts("wrapped"); return __real_malloc(n); }
int main(void) {
  void *volatile p = malloc(3);
  printf("%d %x %d %d\n", p != NULL, (unsigned)(size_t)place, (int)(second - (char *)answer), number());
  return 0;
}
END
echo 'int extra(void) { return 1; } int forced = 1;' >e.c
echo 'int unneeded = 2;' >n.c
check "objects for an archive" pg32-cc -c e.c n.c
ar rc libe.a e.o n.o
check "-l:FILE" pg32-cc -o p a.c -L. -l:libe.a
refuses "-l:FILE that is nowhere" "pg32-ld: libe.so is in none of the 1 folders" a.c -L. -l:libe.so
check "-Wl,... in many forms" pg32-cc -O0 -o p w.c -Wl,--wrap=malloc -Wl,--defsym=place=0x1234,--defsym,second=answer+8 \
  -Wl,--defsym=number=answer -Wl,-Map=map.txt -Wl,--start-group,-le,-L.,--end-group -Wl,-u,extra -Xlinker --no-undefined
is "--wrap and --defsym" "wrapped|1 1234 8 42|" "$(timeout 60 trapeze run -d0 ./p </dev/null | tr '\n' '|')"
is "-u takes a member, and no other" "1 0" "$(grep -c '(e.o)' map.txt | sed 's/[1-9].*/1/') $(grep -c '(n.o)' map.txt)"
check "--whole-archive takes all" pg32-cc -o p a.c -Wl,--whole-archive,-L. -Wl,-le -Wl,--no-whole-archive -Wl,-Map,map.txt
is "both members are there" "e.o n.o" "$(grep -o '[en]\.o' map.txt | sort -u | tr '\n' ' ' | sed 's/ $//')"
refuses "a malformed --defsym is an error" 'expected NAME=NUMBER' a.c -Wl,--defsym=x
refuses "--defsym of nothing is an error" "undefined symbol 'nowhere'" a.c -Wl,--defsym=x=nowhere
for word in -r -shared -pie --emit-relocs; do
  is "pg32-ld $word gives its reason" "1 1" "$(pg32-ld $word -o p e.o 2>said; echo $? "$(grep -c "^pg32-ld: $word: " said)")"
done

# ---- errors in inline assembly are said at the line of the C source ----
mkdir -p sub
cat >sub/bad.c <<'END'
#define ZAP __asm__("zap a0")
__asm__(".globl x\n"
        "x: frob a1");
static inline int get(void) { int v; __asm__ volatile("mv %0, a9" : "=r"(v)); return v; }
int main(void) {
  int v = get();
  __asm__("nop\n\tnop\n\taddi %0, %0, %1" : "+r"(v) : "i"(100000));
  __asm__ volatile("beqz %0, .Lnowhere" : : "r"(v));
  ZAP;
  return v;
}
END
cat >want <<'END'
sub/bad.c:3: error: unknown instruction 'frob'
sub/bad.c:4: error: expected: mv rd, rs1
sub/bad.c:7: error: the immediate 100000 is not in -16384..16383
sub/bad.c:8: error: '.Lnowhere' is not defined
sub/bad.c:9: error: unknown instruction 'zap'
END
mkdir -p temporary
for flags in "" "-g" "-O2 -MMD" "--cc=riscv64-unknown-elf-gcc"; do
  case $flags in *gcc) command -v riscv64-unknown-elf-gcc >/dev/null || continue ;; esac
  TMPDIR=temporary pg32-cc $flags -c -o kept.o sub/bad.c 2>said
  is "inline assembly, $flags: the status, and no object" "1 gone" "$? $([ -e kept.o ] || echo gone)"
  grep error: said | sort >got
  same "inline assembly, $flags: the lines" want got
done
is "no temporary file stays" "" "$(ls temporary)"

# ---- another front end ----
if command -v riscv64-unknown-elf-gcc >/dev/null; then
  for level in -O0 -O2; do
    prints "gcc as front end, $level" "4 7 wrapped up" --cc=riscv64-unknown-elf-gcc $level -g <<'END'
#include <limits.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
_Static_assert(UINT32_MAX == UINT_MAX && INT64_MAX == LLONG_MAX && sizeof(intptr_t) == 4 && INT32_C(-1) < 0, "stdint.h");
static int compare(const void *a, const void *b) { return *(const int *)a - *(const int *)b; }
int main(void) { int n[] = {7, 4}; qsort(n, 2, sizeof *n, compare); printf("%d %d %s\n", n[0], n[1], "wrapped up"); return 0; }
END
  done
else
  pass "gcc as front end # SKIP there is none here"
fi
refuses "a compiler that is not there" 'cannot run nosuch-gcc' --cc=nosuch-gcc a.c
done_testing
