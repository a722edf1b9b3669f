# package.t - trapeze lab new, starter and package; the packages are unpacked and run as Gradescope and Autolab would do it,
# Trapeze being built from the source that is in them.
. tests/tap.sh
tools/setup zip unzip make >&2 || exit 1
tools/setup python3-jsonschema >&2 || exit 1
trapeze=$PWD/$BUILD/bin/trapeze; case $BUILD in /*) trapeze=$BUILD/bin/trapeze ;; esac
validate=$PWD/tests/schemas/validate

run() { timeout 600 "$trapeze" "$@" >"$tmp/out" 2>"$tmp/err" </dev/null; status=$?; }
usage() { # usage NAME TEXT WORD...
  usage_name=$1 text=$2; shift 2
  run "$@"
  is "$usage_name: exit status" 125 "$status"
  check "$usage_name: is said" grep -q -e "$text" "$tmp/err"
}
usage "lab without a command" "Usage: trapeze lab" lab
usage "a command that is none" "no lab command called 'sell'" lab sell
usage "new without a folder" "expected a folder" lab new
usage "new in a folder with things in it" "expected a new folder" lab new tests
usage "starter of no lab" "no lab" lab starter nonesuch "$tmp/x"
usage "starter without a folder" "expected a lab and a folder" lab starter labs/template
usage "starter in a folder with things in it" "expected a new folder" lab starter labs/template tests
usage "a package for nobody" "expected gradescope or autolab" lab package labs/template --for moodle -o "$tmp/x"
usage "a package without a file" "expected LAB, --for" lab package labs/template --for autolab
for words in "lab" "lab new" "lab check" "lab starter" "lab package" "grade"; do run $words --help; is "$words --help" 0 "$status"; done
run lab package labs/template --for gradescope -o "$tmp/none/x.zip"
check "a package that cannot be written: status" test "$status" -ne 0
check "is named" grep -q "none/x.zip" "$tmp/err"

# ---- new, starter ----
run lab new "$tmp/mine"
is "lab new" 0 "$status"
check "is the template" diff -r labs/template "$tmp/mine"
case $BUILD in *tiny*) ;; *) # whose limits suppose the normal TLB
  run lab check "$tmp/mine"
  is "and passes lab check" 0 "$status"
  run grade "$tmp/mine" "$tmp/mine/solution/reference"
  is "its reference has all points" "reference has 10 of 10 points" "$(sed -n 2p "$tmp/out")" ;;
esac
run lab starter labs/template "$tmp/ada"
is "lab starter" 0 "$status"
is "gives the README and the files, no more" "README.md count.c" "$(ls -A "$tmp/ada" | xargs)"
number=$(sed -n 's/.*Your number to try it with is \([0-9]*\)\..*/\1/p' "$tmp/ada/README.md")
check "with a number of the student's own" test "${number:-0}" -ge 30 -a "${number:-0}" -le 60
check "and no other braces" sh -c "! grep -q '{seed' $tmp/ada/README.md"
run lab starter labs/template "$tmp/other" --student ada
check "the student is who is named, or the folder" diff -r "$tmp/ada" "$tmp/other"
for who in b c d e f g; do run lab starter labs/template "$tmp/$who"; sed -n 's/.*try it with is \([0-9]*\)\..*/\1/p' "$tmp/$who/README.md"; done | sort -u >"$tmp/numbers"
check "others have others" test "$(wc -l <"$tmp/numbers")" -ge 3
run grade --format json labs/template "$tmp/ada"
check "grade asks for the same number" grep -q "/^$number\\$/" "$tmp/out"
cp -R labs/template "$tmp/malformed"; echo 'and {seed:9..1}' >>"$tmp/malformed/README.md"
run lab starter "$tmp/malformed" "$tmp/x"
is "a seed that is none: exit status" 2 "$status"
check "is named with its line" grep -q "README.md:$(grep -c '' "$tmp/malformed/README.md"): expected {seed" "$tmp/err"

# ---- packages ----
run lab package labs/template --for gradescope -o "$tmp/lab.zip"
is "a package for Gradescope" 0 "$status"
check "says how many points to type there" grep -q "10 points" "$tmp/out"
unzip -Z1 "$tmp/lab.zip" | sort >"$tmp/names"
is "setup.sh and run_autograder are at the top" "run_autograder setup.sh" "$(grep -x 'setup.sh\|run_autograder' "$tmp/names" | xargs)"
is "no solution is in it" "" "$(grep solution "$tmp/names")"
run lab package labs/template --for autolab -o "$tmp/lab.tar"
is "a package for Autolab" 0 "$status"
is "says which problems to make there" "prints one-call any-number" "$(awk '/ points$/ {print $1}' "$tmp/out" | xargs)"
is "is two files and what an image needs" "autograde-Makefile autograde.tar Dockerfile source.tar.gz" "$(tar -tf "$tmp/lab.tar" | xargs)"
tar -xf "$tmp/lab.tar" -C "$tmp" autograde.tar
is "no solution is in it, either" "" "$(tar -tf "$tmp/autograde.tar" | grep solution)"
run lab package tests/class --for autolab -o "$tmp/board.tar"
is "a leaderboard is a scoreboard there" 'Scoreboard: {"scoreboard": [{"hdr": "Score"}, {"hdr": "instructions", "asc": 1}]}' "$(grep Scoreboard "$tmp/out")"
is "nothing is left behind" "" "$(ls -d "${TMPDIR:-/tmp}"/trapeze-package-* 2>/dev/null)"

# Building takes a minute, so only LONG=1 (`make test-long`) does it; sanitizers and a small TLB would find nothing here.
case $BUILD,${LONG:-} in *tiny* | *asan* | *,) done_testing; exit ;; esac

# as Gradescope: the zip in /autograder/source, setup.sh once, run_autograder copied up, then each submission
root=$tmp/autograder; mkdir -p "$root/source" "$root/submission" "$root/results"
unzip -q "$tmp/lab.zip" -d "$root/source"
# without optimization, which takes half the time
check "setup.sh builds Trapeze from what is in the package" env -u BUILD -u MAKEFLAGS CFLAGS=-O0 bash "$root/source/setup.sh"
cp "$root/source/run_autograder" "$root/"
cat >"$root/submission_metadata.json" <<'EOT'
{"id": 1, "users": [{"email": "zoe@example.org", "id": 2}, {"email": "", "id": 3}, {"email": "ada@example.org", "id": 1}],
 "previous_submissions": [{"results": {"tests": [{"output": "\"email\": \"aaa@example.org\""}]}}]}
EOT
gradescope() { # gradescope WHAT: as the harness runs it, with what is handed in
  rm -rf "$root/submission"; cp -R "$1" "$root/submission"
  (cd "$root" && timeout 600 ./run_autograder) >"$root/results/stdout" 2>"$tmp/err"; status=$?
}
gradescope labs/template/solution/reference
is "run_autograder" 0 "$status"
check "results.json is what Gradescope takes" $validate gradescope "$root/results/results.json"
check "and has all points" grep -q '^  "score": 10,' "$root/results/results.json"
check "the student is the first by address of those who handed in" grep -q '"student": "ada@example.org"' "$root/results/results.json"
gradescope labs/template/solution/wrong/a-call-a-line
check "a wrong one has fewer" grep -q '^  "score": 5,' "$root/results/results.json"
check "its feedback has a command that a student can type" \
  grep -q -e "trapeze debug --lab template --submission \. --student ada@example.org --test one-call --event" "$root/results/results.json"
gradescope tests/class
check "one without the file has none" grep -q '^  "score": 0,' "$root/results/results.json"
echo nonsense >>"$root/source/lab/template/lab.yaml"
gradescope labs/template/solution/reference
check "a broken lab is an error" test "$status" -ne 0
check "and no score" test ! -e "$root/results/results.json"

# as Autolab: an empty folder with the two files and the one handed in; the image has Trapeze
PATH=$root/source/trapeze/bin:$PATH
autolab() { # autolab FILE NAME: handed in as NAME
  rm -rf "$tmp/job"; mkdir "$tmp/job"; tar -xf "$tmp/lab.tar" -C "$tmp/job" autograde-Makefile autograde.tar
  mv "$tmp/job/autograde-Makefile" "$tmp/job/Makefile"; cp "$1" "$tmp/job/$2"
  (cd "$tmp/job" && env -u MAKEFLAGS -u MAKELEVEL make) >"$tmp/out" 2>"$tmp/err"; status=$?
}
autolab labs/template/solution/reference/count.c count.c
is "make" 0 "$status"
check "its last line is what Autolab takes" $validate autolab "$tmp/out"
is "with all points" '{"scores": {"prints": 4, "one-call": 5, "any-number": 1}}' "$(tail -n 1 "$tmp/out")"
tar -cf "$tmp/handin.tar" -C labs/template/solution/wrong/one-too-few count.c
autolab "$tmp/handin.tar" handin.tar
is "a tar is taken, too" '{"scores": {"prints": 0, "one-call": 0, "any-number": 0}}' "$(tail -n 1 "$tmp/out")"
autolab "$tmp/handin.tar" count.c
check "one that is no source has a line of scores as well" $validate autolab "$tmp/out"
done_testing
