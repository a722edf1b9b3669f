# front.t - what a newcomer types first: make, make help, make demo, the first commands of README and tutorial.
. tests/tap.sh
make() { env -u MAKEFLAGS -u MAKELEVEL -u MFLAGS "${MAKE:-make}" --no-print-directory "$@"; }

# ---- plain make installs nothing ----
# A dpkg-query that knows of no libdw-dev, and an apt-get that would be noticed.
mkdir "$tmp/bin"
cat >"$tmp/bin/dpkg-query" <<'EOT'
#!/bin/sh
case $* in *libdw-dev*) exit 1 ;; *) echo "install ok installed" ;; esac
EOT
for tool in apt-get sudo; do printf '#!/bin/sh\necho "%s $*" >>"%s/called"\nexit 1\n' $tool "$tmp" >"$tmp/bin/$tool"; done
chmod +x "$tmp"/bin/*
PATH=$tmp/bin:$PATH make BUILD="$tmp/new" tools >"$tmp/out" 2>"$tmp/err"; status=$?
check "make fails when a package is missing" test "$status" -ne 0
check "and prints the one command to run" grep -q 'apt-get install -y --no-install-recommends libdw-dev$' "$tmp/err"
check "and has not called it" test ! -e "$tmp/called"
check "and has built nothing" sh -c "! find $tmp/new -name '*.o' | grep -q ."
PATH=$tmp/bin:$PATH make BUILD="$tmp/new" setup >/dev/null 2>&1
check "make setup calls apt-get" grep -q '^apt-get\|^sudo' "$tmp/called"
rm -f "$tmp/called"
PATH=$tmp/bin:$PATH make BUILD="$tmp/new" demo >/dev/null 2>&1
check "so does make demo" grep -q '^apt-get\|^sudo' "$tmp/called"

# ---- make help ----
make help >"$tmp/help"
sed -n 's/^\.PHONY: *//p; /^\.PHONY:.*\\$/,/[^\\]$/p' Makefile tools/install.mk tests/tests.mk | tr ' ' '\n' |
  grep -vxE '|tools|guest|share|help|stage|unit|FORCE|fuzz-run|\\|.PHONY:' >"$tmp/targets"
is "make help lists the targets" "" "$(while read -r target; do grep -q "^  $target " "$tmp/help" || echo "$target"; done <"$tmp/targets")"
is "in lines of at most 80 columns" "" "$(awk 'length($0) > 80' "$tmp/help")"

# ---- make demo ----
tools/demo >"$tmp/demo" 2>"$tmp/err"
is "the demo's exit status" 0 $?
check "it shows both lists" sh -c "grep -q '^System call' $tmp/demo && grep -q '^TLB fault' $tmp/demo"
is "no line of it is wider than 80 columns" "" "$(LC_ALL=C.UTF-8 awk 'length($0) > 80' "$tmp/demo")"

# ---- the first commands of README and tutorial, typed in the folder of the project after a build ----
# A command's folder is given with it, or the text has put build/bin into the PATH.
first() { # first FILE: its first line that calls trapeze as a command
  sed -n 's/^    \(\(build\/bin\/\)\{0,1\}trapeze .*\)/\1/p; s/^| `\(trapeze [^`]*\)`.*/\1/p' "$1" | head -n 1
}
for document in README.md tools/TUTORIAL.md; do
  command=$(first $document)
  case $command in
  build/bin/*) pass "$document: $command is found as typed" ;;
  *) check "$document puts build/bin into the PATH before \`$command\`" awk -v command="$command" \
      '/PATH=\$PWD\/build\/bin:\$PATH/ {said = 1} index($0, command) {exit !said} END {exit !said}' $document ;;
  esac
  case $command in *debug*) command="$command --batch --execute /dev/null" ;; esac
  words=${command#build/bin/}; set -- ${words%% *} ${words#* }
  case $words in *debug*) set -- trapeze debug --batch --execute=/dev/null lecture ;; esac
  case "$BUILD $words" in *tiny*debug*) continue ;; esac # each of its many events is made again, over and over
  check "$document: and works" env PATH="$BUILD/bin:$PATH" timeout 60 "$@"
done
done_testing
