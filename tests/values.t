# values.t - what the debugger prints of C's types in every storage, optimized or not, in DWARF 4 and 5, next to what
# gdb prints of the same program on the host. Then expressions, formats, types and frames, which gdb does alike.
. tests/tap.sh
trapeze=$BUILD/bin/trapeze
source=tests/values/values.c

if ! command -v gdb >/dev/null 2>&1; then echo "1..0 # skip gdb is not installed: tools/setup gdb"; exit 0; fi
if ! command -v clang >/dev/null 2>&1; then echo "1..0 # skip clang is not installed"; exit 0; fi

names=$(sed -n 's/^  V(\([a-z]*\),.*/\1/p' $source)
arrays=$(sed -n 's/^  A(\([a-z]*\),.*/\1/p' $source)

# What both are asked, a line each.
for n in $names $arrays; do printf 'g_%s\ns_%s\nl_%s\nf_%s\nm_%s.it\ne_%s[1]\n' $n $n $n $n $n $n; done >"$tmp/values"
for n in $names; do echo "a_$n"; done >"$tmp/arguments"
for n in $names; do [ $n = wchar ] || echo "ret_$n"; done >"$tmp/returned" # of a returned wchar_t, gdb forgets the name
cat >"$tmp/expressions" <<'EOT'
g_int + 1
g_int / 7
g_int % 7
-g_int
g_uint / 3
g_uint > g_int
g_llong * 2
g_ullong / 10
g_int < 0 && g_bool
!g_bool || g_char == 'y'
~g_ushort
g_ushort << 4
g_int >> 3
g_uint >> 3
g_double * 2
g_float + 1
g_int == -2000000000 ? 1 : 2
1 + 2 * 3 - (4 - 5)
0x10 | 3
g_char + 1
(char) 65
(unsigned char) g_int
(short) 70000
(int) g_double
(float) 1
(unsigned) -1 > 0
(enum colour) 5
sizeof(int)
sizeof g_row
sizeof(struct pair)
*g_row
*(g_row + 2)
g_grid[1][2]
*g_grid[1]
g_nested.second[1].y
g_nested.text
g_nested.second
(&g_pair)->x
*&g_pair
&g_row[2] - &g_row[0]
g_string[2]
*g_string
g_words[1]
g_unnamed.bytes[0]
g_unnamed.y
BLUE
g_colour == GREEN
g_row[0]@2
*g_string@3
g_grid[0]@2
g_double / 0
-1 / 0.0f
0b101
1.5L
sizeof g_pair.x
main::f_wide
*g_callback
EOT
for f in x d u o t c; do for n in int schar llong ushort colour pair row float double; do echo "/$f g_$n"; done; done >"$tmp/formats"
{ for n in $names $arrays; do printf 'g_%s\n' $n; done; printf '%s\n' half callback row words grid 'half *' 'struct pair'; } >"$tmp/types"

# In one form: pointers' values and sizes that the two machines do not share are left out.
tidy() {
  sed -E 's/^(-?[0-9]+) \(0x[0-9a-f]+, (.*)\)$/\2/; s/^([0-9]+) \(0x[0-9a-f]+\)$/\1/; s/^0x[0-9a-f]{8} = (-?[0-9]+)$/\1/
          s/0x[0-9a-f]{5,}( <(g|s|l|f|m|e)_[a-z+0-9]*>)?/ADDRESS/g; s/^\((.*)\) 0x0$/(\1) ADDRESS/; s/^returned 0x0$/returned ADDRESS/'
}
# ask_gdb PROGRAM: the answers of gdb, a line each
ask_gdb() {
  { echo 'set width 0'; echo 'set confirm off'; echo 'set debuginfod enabled off'; echo 'break here'; echo 'run'; echo 'up'
    cat "$tmp/values" "$tmp/expressions" "$tmp/formats" | sed 's/^/print /; s,^print /,print/,'
    sed 's/^/whatis /' "$tmp/types"
    while read -r a; do echo "break arg_${a#a_}"; echo 'continue'; echo "print $a"; done <"$tmp/arguments"
    while read -r r; do echo "break $r"; echo 'continue'; echo 'finish'; done <"$tmp/returned"; } >"$tmp/gdb.commands"
  gdb -nx -batch -x "$tmp/gdb.commands" "$1" 2>"$tmp/gdb.err" </dev/null |
    sed -n 's/^\$[0-9]* = //p; s/^type = //p; s/^Value returned is \$[0-9]* = \(([^)]*\*) \)*\(([^)]*(\*)([^)]*)) \)*/returned /p' | tidy
}
# ask_trapeze PROGRAM: ours
ask_trapeze() {
  { echo 'break here in app'; echo 'c'; echo 'up'
    cat "$tmp/values" "$tmp/expressions" "$tmp/formats" | sed 's/^/print /; s,^print /,print/,'
    sed 's/^/whatis /' "$tmp/types"
    while read -r a; do echo 'delete'; echo "break arg_${a#a_} in app"; echo 'c'; echo "print $a"; done <"$tmp/arguments"
    while read -r r; do echo 'delete'; echo "break $r in app"; echo 'c'; echo 'finish'; done <"$tmp/returned"; } >"$tmp/commands"
  timeout 120 "$trapeze" debug --batch -d 0 -x "$tmp/commands" "$1" >"$tmp/out" 2>"$tmp/err" || cat "$tmp/err" >&2
  awk '/^ret_[a-z]* has / { sub(/^[^ ]* has /, ""); sub(/: main, values.c:[0-9]*$/, ""); print }
       /^> (print|whatis)/ { said = ""; getline said; if ($1 == ">" && index($0, "whatis") == 3) { print said; next }
       sub(/^> print(\/[a-z])? ?/, ""); if (index(said, $0 " = ") == 1) said = substr(said, length($0) + 4); print said }' "$tmp/out" | tidy
}

# questions SOURCE: a line "FUNCTION UP EXPRESSION" for each expression that a comment asks for
questions() {
  sed -n 's,^[/ ]\* ask \([a-z_]*\): \(.*\),\1 1 \2,p; s,^[/ ]\* ask \([a-z_]*\) up \([0-9]*\): \(.*\),\1 \2 \3,p' "$1" | sed 's, \*/$,,' |
    awk '{ f = $1; up = $2; sub(/^[^ ]* [^ ]* /, ""); n = split($0, all, "; "); for (i = 1; i <= n; i++) print f, up, all[i] }'
}
# commands CLAUSE: the questions on stdin as commands
commands() {
  last=; up=0
  while read -r f n e; do
    if [ "$f" != "$last" ]; then printf 'delete\nbreak %s%s\ncontinue\n' "$f" "$1"; up=0; fi
    while [ $up -lt "$n" ]; do echo up; up=$((up + 1)); done
    printf 'print %s\n' "$e"; last=$f
  done
}
# asked_gdb PROGRAM, asked_trapeze PROGRAM: the answers, a line each
asked_gdb() {
  { printf 'set width 0\nset confirm off\nset debuginfod enabled off\nset breakpoint pending off\n'
    commands "" <"$tmp/questions" | sed 's/^delete$/delete breakpoints/; 0,/^continue$/s//run/'; } >"$tmp/gdb.commands"
  gdb -nx -batch -x "$tmp/gdb.commands" "$1" 2>"$tmp/gdb.err" </dev/null | sed -n 's/^\$[0-9]* = //p' | tidy
}
asked_trapeze() {
  commands " in app" <"$tmp/questions" >"$tmp/commands"
  timeout 120 "$trapeze" debug --batch -d 0 -x "$tmp/commands" "$1" >"$tmp/out" 2>"$tmp/err" || cat "$tmp/err" >&2
  awk '/^> print/ { said = ""; getline said; sub(/^> print ?/, ""); if (index(said, $0 " = ") == 1) said = substr(said, length($0) + 4); print said }' "$tmp/out" | tidy
}

# Clang 17 and later, when they optimize, forget where some variables are, such as arrays of a computed size and
# long doubles of the host, unless told otherwise.
variables_stay="-Xclang -fexperimental-assignment-tracking=disabled"
clang $variables_stay -fsyntax-only -x c /dev/null 2>/dev/null || variables_stay=
for optimize in -O0 -O2; do
  clang -funsigned-char $optimize $variables_stay -g -w -o "$tmp/host" $source || { fail "clang builds values.c for the host"; continue; }
  ask_gdb "$tmp/host" >"$tmp/expected"
  cat "$tmp/values" "$tmp/expressions" "$tmp/formats" "$tmp/types" "$tmp/arguments" "$tmp/returned" >"$tmp/asked"
  is "gdb answers everything, $optimize" "$(wc -l <"$tmp/asked")" "$(wc -l <"$tmp/expected")"
  paste -d= "$tmp/asked" "$tmp/expected" >"$tmp/expected.named"
  for dwarf in 4 5; do
    "$BUILD/bin/pg32-cc" $optimize -g -gdwarf-$dwarf -w -o "$tmp/values.pg32" $source
    ask_trapeze "$tmp/values.pg32" | paste -d= "$tmp/asked" - >"$tmp/got.named"
    same "values, $optimize, DWARF $dwarf" "$tmp/expected.named" "$tmp/got.named"
  done
done

for optimize in -O0 -O2; do
  questions tests/values/scopes.c >"$tmp/questions"
  clang -funsigned-char $optimize $variables_stay -g -w -o "$tmp/host" tests/values/scopes.c
  asked_gdb "$tmp/host" >"$tmp/expected"
  is "gdb answers everything about scopes, $optimize" "$(wc -l <"$tmp/questions")" "$(wc -l <"$tmp/expected")"
  paste -d= "$tmp/questions" "$tmp/expected" >"$tmp/expected.named"
  for dwarf in 4 5; do
    "$BUILD/bin/pg32-cc" $optimize $variables_stay -g -gdwarf-$dwarf -w -o "$tmp/scopes.pg32" tests/values/scopes.c
    asked_trapeze "$tmp/scopes.pg32" | paste -d= "$tmp/questions" - >"$tmp/got.named"
    same "scopes, $optimize, DWARF $dwarf" "$tmp/expected.named" "$tmp/got.named"
  done
done
done_testing
