# own.t - a program may have functions of its own with the names of the library's: the library goes on to use its own.
. tests/tap.sh
bin=$PWD/$BUILD/bin
library=$PWD/$BUILD/share/trapeze/lib/libc.a

# What the library's objects refer to by a name that a program may take. Compilers call the mem functions by
# themselves, in any C; malloc and free are meant to be the program's (program_malloc).
mkdir "$tmp/objects"
(cd "$tmp/objects" && ar x "$library")
for object in "$tmp"/objects/*.o; do
  readelf -sW "$object" | awk '$5 != "LOCAL" && $4 != "SECTION" && NF == 8 && $1 != "Num:" {print $8}' >"$tmp/globals"
  readelf -rW "$object" | awk '/^Relocation/ {debug = /debug/} !debug && /^[0-9a-f]+ / {print $(NF - 2)}' |
    grep -xF -f "$tmp/globals"
done | grep -vxE '__.*|usertest_.*|mem(cpy|move|set|cmp)|malloc|free|errno|std(in|out|err)|main' | sort -u >"$tmp/public"
is "the library calls itself by reserved names" "" "$(cat "$tmp/public")"

# A program that takes every name of the library, but those that it calls itself.
readelf -sW "$tmp"/objects/*.o | awk '$4 == "FUNC" && $5 == "WEAK" {print $8}' | sort -u >"$tmp/names"
grep -vxE 'mem(cpy|move|set|cmp)|printf|fopen|fgets|fclose|fprintf|scanf|getline|qsort|calloc|free|malloc' "$tmp/names" \
  >"$tmp/taken"
check "the library has more than 120 names to take" [ "$(wc -l <"$tmp/taken")" -gt 120 ]
{
  sed 's/.*/int &(void) { hits++; return -7; }/' "$tmp/taken" | sed '1i int hits;'
} >"$tmp/taken.c"
cat >"$tmp/main.c" <<'END'
#include <stdio.h>
#include <stdlib.h>
extern int hits;
static int compare(const void *a, const void *b) { return *(const int *)a - *(const int *)b; }
int main(void) {
  int *n = calloc(20, sizeof *n), word = 0;
  char text[40] = "", *line = NULL;
  size_t size = 0;
  for (int i = 0; i < 20; i++) n[i] = i * 7 % 20;
  qsort(n, 20, sizeof *n, compare);
  FILE *f = fopen("/etc/motd", "r");
  if (!f || !fgets(text, sizeof text, f) || fclose(f)) return 1;
  int got = scanf("%d", &word);
  long length = getline(&line, &size, stdin);
  printf("%d %d %d %d %ld %s\n", n[3], n[19], got, word, length, text);
  fprintf(stderr, "%d of mine were called\n", hits);
  free(line);
  free(n);
  return 3;
}
END
check "it compiles and links" "$bin/pg32-cc" -w -O1 -fno-builtin -o "$tmp/taker" "$tmp/main.c" "$tmp/taken.c"
printf '3 19 1 42 4 %s\n0 of mine were called\n' "$(head -n 1 userprogs/etc/motd | cut -c1-39)" >"$tmp/want"
for depth in 0 1; do
  printf '42abc\n' | timeout 60 "$bin/trapeze" run -d$depth "$tmp/taker" >"$tmp/got"
  is "and ends with its own status at depth $depth" 3 $?
  same "the library does not call it at depth $depth" "$tmp/want" "$tmp/got"
done

# "Write your own malloc": what the library gives the program to free comes from that malloc.
cat >"$tmp/heap.c" <<'END'
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
static char pool[1 << 14];
static size_t used;
static int given, back;
void *malloc(size_t n) { given++; used += (n + 15) & ~(size_t)15; return used <= sizeof pool ? pool + used - ((n + 15) & ~(size_t)15) : NULL; }
void free(void *p) { if (p) back++; if (p && ((char *)p < pool || (char *)p >= pool + sizeof pool)) puts("not mine"); }
int main(int argc, char **argv) {
  char *a = strdup("one"), *b = NULL, *line = NULL, *zeros = calloc(3, 100);
  size_t size = 0;
  asprintf(&b, "%s %d", a, 2);
  for (int i = 0; i < 300; i++) if (zeros[i]) puts("no zero");
  while (getline(&line, &size, stdin) >= 0) printf("%s", line);
  puts(b);
  free(a), free(b), free(line), free(zeros);
  printf("%d %d\n", given, back);
  (void)argv;
  if (argc > 1) zeros = realloc(malloc(3), 70);
  return 0;
}
END
{ echo short; printf '%090d\n' 5; echo end; } >"$tmp/lines"
{ cat "$tmp/lines"; echo one 2; echo 5 5; } >"$tmp/want"
for level in -O0 -O1 -O2; do
  check "a malloc of one's own compiles at $level" "$bin/pg32-cc" -w $level -o "$tmp/heap" "$tmp/heap.c"
  timeout 60 "$bin/trapeze" run -d0 "$tmp/heap" <"$tmp/lines" >"$tmp/got"
  same "strdup, asprintf, calloc and getline use it at $level" "$tmp/want" "$tmp/got"
done
"$bin/trapeze" run -d0 "$tmp/heap" again </dev/null 2>/dev/null | tail -n 1 >"$tmp/got"
is "realloc without one's own says so" \
  "realloc: a program with a malloc of its own needs this function of its own, too" "$(cat "$tmp/got")"

# The compiler takes none of the four for the standard one: each call happens, and what a block holds after `free` is
# the program's affair.
cat >"$tmp/four.c" <<'END'
#include <stdio.h>
#include <stdlib.h>
static char pool[1 << 12];
static size_t used;
static int given;
void *malloc(size_t n) {
  void *p = pool + used;
  used += (n + 15) & ~15u, given++;
  return p;
}
void *calloc(size_t n, size_t m) {
  char *p = malloc(n * m);
  for (size_t i = 0; i < n * m; i++) p[i] = 0;
  return p;
}
void *realloc(void *old, size_t n) {
  char *p = malloc(n);
  for (int i = 0; i < 16; i++) p[i] = ((char *)old)[i];
  return p;
}
void free(void *p) { given += p != NULL ? 100 : 0; }
int main(void) {
  int *a = malloc(40), *b = calloc(2, 4);
  a[3] = 7;
  free(a);
  free(malloc(3));
  b[1] = a[3] + 1;
  b = realloc(b, 12);
  printf("%d %d %d %d\n", a[3], b[1], (int)used, given);
  return 0;
}
END
echo "7 8 96 204" >"$tmp/want"
for level in -O0 -O1 -O2; do
  "$bin/pg32-cc" -w $level -o "$tmp/four" "$tmp/four.c" && timeout 60 "$bin/trapeze" run -d0 "$tmp/four" >"$tmp/got"
  same "a heap of one's own is what its source says at $level" "$tmp/want" "$tmp/got"
done

# Names in tools: the public one.
"$bin/pg32-objdump" -d "$tmp/taker" 2>/dev/null | grep -oE 'jal +ra, [^ ]+ <[a-z_]*printf>' | sort -u | grep -c __libc_printf >"$tmp/got"
is "a disassembly calls it printf" 0 "$(cat "$tmp/got")"
done_testing
