# format.t - every C file is as clang-format 14 would have it (`make format`). Other versions format a few constructs otherwise.
. tests/tap.sh
format=$(command -v clang-format-14 || command -v clang-format) || { echo "1..0 # skip: no clang-format"; exit 0; }
version=$("$format" --version | sed 's/.*version \([0-9]*\).*/\1/')
[ "$version" = 14 ] || { echo "1..0 # skip: clang-format $version, and the files are formatted with 14"; exit 0; }
git ls-files >/dev/null 2>&1 || { echo "1..0 # skip: not a git repository"; exit 0; }
git ls-files '*.c' '*.h' >"$tmp/files"
check "there are C files" test "$(wc -l <"$tmp/files")" -gt 100
xargs "$format" --dry-run --Werror <"$tmp/files" >"$tmp/out" 2>&1
is "clang-format has nothing to change" "" "$(grep 'error:' "$tmp/out" | sed 's/:.*//' | sort -u)"
done_testing
