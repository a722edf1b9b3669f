# install.t - what `make install` installs works from its prefix, with the source and the build out of sight; students get no
# solutions; man pages and completion say what --help says; an embedder builds; uninstall removes exactly what was installed.
. tests/tap.sh
case $BUILD in *tiny* | *asan*) echo "1..0 # skip: one edition is installed, and this build is not the one"; exit 0 ;; esac
top=$PWD prefix=$tmp/prefix desk=$tmp/desk
make() { env -u MAKEFLAGS -u MAKELEVEL -u MFLAGS "${MAKE:-make}" --no-print-directory "$@"; }
mkdir -p "$desk" "$prefix/bin" "$prefix/share/man/man1"
echo other >"$prefix/bin/other"; echo other >"$prefix/share/man/man1/other.1"
everything() { (cd "$prefix" && find . | sort); }
everything >"$tmp/before"

# away COMMAND...: runs it in the desk's folder; where the kernel lets us, the source and the build are not there meanwhile
hide=
unshare -m sh -c "mount -t tmpfs none '$top'" 2>/dev/null && hide=yes
away() {
  if [ -n "$hide" ]; then
    unshare -m sh -c 'mount -t tmpfs none "$0" && cd "$1" && shift 1 && exec "$@"' "$top" "$desk" "$@"
  else
    (cd "$desk" && "$@")
  fi
}
export PATH="$prefix/bin:$PATH" PKG_CONFIG_PATH="$prefix/lib/pkgconfig" MANPATH="$prefix/share/man"

# ---- what is installed ----
check "make install" make install PREFIX="$prefix"
is "no solution, no wrong solution" "" "$(find "$prefix" -name '*solution*' -o -name wrong)"
is "nothing of the instructor's" "" "$(find "$prefix" -path '*instructor*')"
is "pg32-manual stays here" "" "$(find "$prefix" -name '*pg32-manual*')"
is "a student's edition of each lab" "$(cd labs && echo [0-9]*)" "$(cd "$prefix/share/trapeze/labs" && echo *)"
is "without a test that is not visible" "" "$(grep -l 'visibility: *[ha]' "$prefix"/share/trapeze/labs/*/lab.yaml)"
for lab in "$prefix"/share/trapeze/labs/*/; do
  for file in $(cd "$lab" && find tests -type f 2>/dev/null); do
    name=${file#tests/}
    grep -q "[^A-Za-z0-9_.-]$name" "$lab/lab.yaml" || grep -rq "include.*$name" "$lab/tests" || echo "$lab$file"
  done
done >"$tmp/unused"
is "nor a file that such a test alone uses" "" "$(cat "$tmp/unused")"
is "no text names the folder of the source" "" "$(grep -rlIF "$top" "$prefix")"
is "no guest program either" "" "$(find "$prefix/share/trapeze" -type f -exec grep -lF "$top" {} +)"

# ---- --help, man pages, completion ----
commands=$(away trapeze --help | sed -n 's/^  \([a-z][a-z-]*\)  .*/\1/p')
check "--help lists the commands" test "$(echo "$commands" | wc -w)" -ge 7
for words in $commands; do
  away trapeze $words --help >"$tmp/$words.help"
  away trapeze $words --help | tr -s ' \n' '\n\n' | grep -o "$prefix/share/doc.*\.md"
done | sort -u >"$tmp/documents"
check "--help names documents" test "$(wc -l <"$tmp/documents")" -ge 5
is "which are there" "" "$(while read -r file; do [ -f "$file" ] || echo "$file"; done <"$tmp/documents")"
is "links between documents lead somewhere" "" "$(cd "$prefix/share/doc/trapeze" && grep -oE '\]\([^)#:]+' $(find . -name '*.md') |
  sed 's/:](/ /' | while read -r from to; do [ -e "$(dirname "$from")/$to" ] || echo "$from: $to"; done)"
missing= differs=
for page in trapeze $(for command in $commands; do echo "trapeze-$command"; done) pg32-as pg32-ld pg32-cc pg32-objdump pg32-addr2line; do
  man=$prefix/share/man/man1/$page.1
  [ -s "$man" ] || { missing="$missing $page"; continue; }
  away $(echo "$page" | sed 's/^trapeze-/trapeze /') --help | grep -oE '^ +(-., )?--?[a-zA-Z][a-z-]*' | sed 's/.* //; s/-/\\-/g' | while read -r option; do
    grep -qF -e "$option" "$man" || echo "$page:$option"
  done >>"$tmp/options"
  grep -q '@' "$man" && differs="$differs $page"
done
is "each command has a man page" "" "$missing"
is "with each option of its --help" "" "$(cat "$tmp/options")"
is "and no placeholder" "" "$differs"
is "a page of one command has the usual headings" "DESCRIPTION NAME NOTES OPTIONS SEE ALSO SYNOPSIS" \
  "$(cd "$prefix/share/man/man1" && sed -n 's/^\.SH //p' trapeze-run.1 trapeze-trace.1 trapeze-debug.1 trapeze-grade.1 pg32-*.1 | sort -u | xargs)"
if command -v man >/dev/null; then
  is "man has no warning" "" "$(for page in "$prefix"/share/man/man1/[pt]*.1; do man --warnings -l -E UTF-8 "$page" 2>&1 >/dev/null; done)"
fi
cat >"$tmp/complete" <<'EOT'
. "$1"
try() {
  COMP_WORDS=("$@") COMP_CWORD=$(($# - 1)) COMPREPLY=()
  _trapeze 2>/dev/null
  echo "${COMPREPLY[*]}"
}
try trapeze tr
try trapeze run --dis
try trapeze run lec
try trapeze lab package --f
try trapeze grade 04
try trapeze run --lab = 07
EOT
is "bash completes commands, options, programs, labs" "trace translate --disk= lecture --for= 04-syscalls 07-trap-handler" \
  "$(away bash "$tmp/complete" "$prefix/share/bash-completion/completions/trapeze" | xargs)"

# ---- editors ----
sed -n 's/^PG32_INSN(\([a-z0-9]*\),.*/\1/p' isa/pg32.def >"$tmp/mnemonics"
for file in vim/vimfiles/syntax/pg32.vim trapeze/vscode/pg32/pg32.tmLanguage.json; do
  is "$file has each instruction, and pseudo-instructions" "" "$({ cat "$tmp/mnemonics"; echo li; echo ret; } | while read -r name; do grep -qwF -- "$name" "$prefix/share/$file" || echo "$name"; done)"
done
for file in "$prefix"/share/trapeze/vscode/pg32/*.json; do check "${file##*/} is JSON" python3 -m json.tool "$file"; done
if command -v vim >/dev/null && vim --version | grep -q '+syntax'; then
  printf 'start:  mtst t0 # a comment\n' >"$desk/a.S"
  (cd "$desk" && vim -N -u NONE -i NONE -es -c "set rtp^=$prefix/share/vim/vimfiles" -c 'filetype on' -c 'syntax on' -c 'edit a.S' \
    -c 'redir! > vim.out' -c 'echo &filetype synIDattr(synID(1,9,1),"name") synIDattr(synID(1,14,1),"name") synIDattr(synID(1,19,1),"name")' -c 'qa!') </dev/null >/dev/null 2>&1
  is "Vim knows the file and colours it" "pg32 pg32Privileged pg32Register pg32Comment" "$(xargs <"$desk/vim.out")"
fi

# ---- the commands of README ----
cat >"$desk/mine.c" <<'EOT'
#include <stdio.h>
int main(void) {
  printf("mine\n");
  return 7;
}
EOT
printf '        .globl _start\n_start: li t0, 0xF0003000 # power\n        sw zero, 0(t0)\n' >"$desk/image.S"
echo '9 read # of that image' >"$desk/names"
check "an image of one's own" away pg32-cc -T bare -o image image.S
own="s|KERNEL|$prefix/share/trapeze/debug/boot/kernel|; s|VMM|$prefix/share/trapeze/debug/bin/vmm|"
sed -n 's/^| `\(\(trapeze\|pg32-[a-z]*\) [^`]*\)`.*/\1/p' README.md >"$tmp/commands"
check "README has commands" test "$(wc -l <"$tmp/commands")" -ge 10
while read -r command; do
  case $command in
  "trapeze lab new"*) continue ;; # the instructor's: below
  "trapeze grade"*) command="trapeze grade 7 $prefix/share/trapeze/labs/07-trap-handler/starter" ;;
  "trapeze debug"*) command="trapeze debug --batch --execute /dev/null lecture" ;;
  esac
  # shellcheck disable=SC2086
  away timeout 120 $(echo "$command" | sed 's/PROG/hello/; s/-d FILE/-d mine/; s/FILE/file.out/; s/IMAGE/image/; s/NAMES/names/; '"$own") >"$tmp/out" 2>&1 </dev/null; status=$?
  if [ $status -eq 0 ]; then pass "$command"; else fail "$command"; { echo "exit status $status"; cat "$tmp/out"; } | diag; fi
done <"$tmp/commands"
away trapeze run --depth 1 ./mine >"$tmp/out" 2>&1
is "a compiled program's exit status at depth 1" 7 $?
is "and its console" mine "$(cat "$tmp/out")"

# ---- sources in the debugger: the person's own, a bundled program's, the kernel's ----
source_of() { # source_of PROGRAM FILE LINE TEXT
  printf 'break %s:%s\ncontinue\nlist\n' "$2" "$3" >"$desk/commands"
  away trapeze debug --batch --execute commands "$1" >"$tmp/out" 2>&1 </dev/null
  check "the debugger finds $2" awk -v n="$3" -v text="$4" '$1 == "=>" && $2 == n && index($0, text) {found = 1} END {exit !found}' "$tmp/out"
}
check "with debug information" away pg32-cc -g -o mine mine.c
source_of ./mine mine.c 3 'printf("mine'
line() { grep -n "$2" "$1" | head -n 1 | cut -d: -f1; }
n=$(line userprogs/lecture.c 'page\[0\] = 1'); source_of lecture lecture.c "$n" 'page[0] = 1'
n=$(line guestos/trap.c ' = right_needed'); source_of lecture trap.c "$n" 'uint32_t right'

# ---- labs ----
away trapeze lab starter 4 four >"$tmp/out" 2>&1
is "lab starter" 0 $?
"$BUILD/bin/trapeze" lab starter labs/04-syscalls "$tmp/four" --solution >"$tmp/out" && cp "$tmp/four/"*.c "$desk/four/"
away trapeze grade 4 four >"$tmp/out" 2>&1
is "a student grades lab 4" 0 $?
points=$(awk '/^tests:/ {in_tests = 1} /^[^ t]/ {in_tests = 0} in_tests && $1 == "points:" {n = $2} in_tests && $1 == "visibility:" {hidden += n; n = 0} END {print hidden}' labs/04-syscalls/lab.yaml)
check "the reference has all points of the visible tests" grep -q "of $((100 - points)) points" "$tmp/out"
check "which are as many as it has" grep -q "has $((100 - points)) of" "$tmp/out"
check "and the result names those that are missing" grep -q "2 hidden tests more, for $points points" "$tmp/out"
cp labs/07-trap-handler/solution/reference/* "$desk/" && mkdir "$desk/seven" && mv "$desk/handler.S" "$desk/seven/"
away trapeze grade 7 seven >"$tmp/out" 2>&1
check "lab 7 as well" grep -q "seven has 70 of 70 points" "$tmp/out"
for lab in 1 2 3 5 6 8; do away trapeze lab starter $lab "lab$lab" >"$tmp/out" 2>&1 && pass "lab $lab is read" || { fail "lab $lab is read"; diag <"$tmp/out"; }; done
refused() { # refused NAME STATUS TEXT COMMAND...
  refused_name=$1 refused_status=$2 refused_text=$3; shift 3
  away "$@" >"$tmp/out" 2>&1; is "$refused_name: status" "$refused_status" $?
  check "$refused_name: says what is missing" grep -q "$refused_text" "$tmp/out"
}
refused "lab check" 2 "student's edition.*instructor's edition" trapeze lab check 4
refused "lab package" 2 "student's edition.*instructor's edition" trapeze lab package 4 --for autolab -o x.tar
refused "lab new" 125 "instructor's edition" trapeze lab new mylab
refused "a hidden test" 125 "no such test" trapeze trace --lab 4 --submission four --test nested

# ---- embedders ----
printf '        .globl _start\n_start: li t0, 0xF0000000\n        li t1, 104\n        sw t1, 0(t0)\n        li t0, 0xF0003000\n        li t1, 9\n        sw t1, 0(t0)\n' >"$desk/image.S"
check "the example builds with pkg-config" away sh -c "${CC:-cc} \$(pkg-config --cflags trapeze) -o embed $prefix/share/doc/trapeze/example/embed.c \$(pkg-config --libs trapeze)"
check "an image" away pg32-cc -T bare -nostdlib -o image image.S
is "and runs it" "h6 instructions, status 9" "$(away ./embed image)"
check "the example is short" test "$(grep -c '' tools/example/embed.c)" -le 40
is "pkg-config knows the version" "$(sed -n 's/^#define TRAPEZE_VERSION "\(.*\)"/\1/p' tools/version.h)" "$(pkg-config --modversion trapeze)"
for header in $(cd "$prefix/include/trapeze" && find . -name '*.h'); do
  printf '#include "%s"\n' "${header#./}" | ${CC:-cc} -I"$prefix/include/trapeze" -fsyntax-only -xc - 2>>"$tmp/headers"
done
is "each header compiles by itself" "" "$(cat "$tmp/headers")"

# ---- the instructor's edition ----
check "make install-instructor" make install-instructor PREFIX="$prefix"
check "has solutions" test -d "$prefix/share/trapeze/instructor/labs/04-syscalls/solution/reference"
check "lab new" away trapeze lab new mylab
check "lab check" away trapeze lab check mylab
check "lab package" away trapeze lab package mylab --for autolab -o mylab.tar
away trapeze grade 7 seven >"$tmp/out" 2>&1
check "a lab has all of its tests" grep -q "seven has 100 of 100 points" "$tmp/out"

# ---- the end ----
check "make install over it" make install-instructor PREFIX="$prefix"
check "make uninstall" make uninstall PREFIX="$prefix"
everything >"$tmp/after"
same "leaves what was there before, no more and no less" "$tmp/before" "$tmp/after"
if make uninstall PREFIX="$prefix" >"$tmp/out" 2>&1; then fail "a second time is an error"; else pass "a second time is an error"; fi
check "make install with DESTDIR" make install DESTDIR="$tmp/dest" PREFIX=/usr
check "is below it" test -x "$tmp/dest/usr/bin/trapeze"
is "and no file names it" "" "$(grep -rlIF "$tmp" "$tmp/dest")"

# ---- as Debian packages, with LONG=1 (`make test-long`); `make deb LINTIAN=1` checks them with lintian, too ----
if [ -n "${LONG:-}" ] && command -v dpkg-shlibdeps >/dev/null; then
  version=$(sed -n 's/^#define TRAPEZE_VERSION "\(.*\)"/\1/p' tools/version.h)
  check "the packages are built" env -u MAKEFLAGS -u MAKELEVEL VERSION="$version" tools/package/debian/build
  for package in trapeze trapeze-dev trapeze-instructor; do
    dpkg-deb -c "$BUILD"/deb/${package}_*.deb | awk '{print $6}' >"$tmp/$package"
  done
  check "students get the commands" grep -qx './usr/bin/trapeze' "$tmp/trapeze"
  check "with man pages" grep -qx './usr/share/man/man1/trapeze-grade.1.gz' "$tmp/trapeze"
  is "and no solution" "" "$(grep 'solution\|instructor' "$tmp/trapeze")"
  check "embedders get headers and libraries" sh -c "grep -q include/trapeze/machine/machine.h $tmp/trapeze-dev && grep -q libmachine.a $tmp/trapeze-dev"
  check "instructors get solutions" grep -q '04-syscalls/solution/reference' "$tmp/trapeze-instructor"
  is "no file is in two packages" "" "$(cat "$tmp/trapeze" "$tmp/trapeze-dev" "$tmp/trapeze-instructor" | grep -v '/$' | sort | uniq -d)"
  for package in trapeze trapeze-instructor; do dpkg-deb -x "$BUILD"/deb/${package}_*.deb "$tmp/unpacked"; done
  check "what they hold runs" away "$tmp/unpacked/usr/bin/trapeze" run --depth 2 hello
  check "and packages a lab" away "$tmp/unpacked/usr/bin/trapeze" lab package 4 --for autolab -o four.tar
fi
done_testing
