# hosts.t - other hosts and containers: what the files that set them up promise.
. tests/tap.sh

# tools/setup alone knows Debian's packages: the container asks it, and so does the sysroot of a cross-compiler.
file=.devcontainer/Containerfile
check "the container has the packages of tools/setup" grep -q '^COPY tools/setup ' $file
is "and installs no others by itself" "" "$(grep -nE 'apt(-get)? |dpkg ' $file)"
is "the packages it adds to those are what a person needs to get the tree" "git ca-certificates" \
  "$(sed -n 's/^RUN [^ ]*setup \([^&]*[^ &]\) *&&.*/\1/p' $file)"
check "devcontainer.json is JSON" jq -e . .devcontainer/devcontainer.json
for field in dockerfile target context; do eval "$field=\$(jq -r .build.$field .devcontainer/devcontainer.json)"; done
check "its file is there" test -e ".devcontainer/$dockerfile"
check "its context is the tree" test -e ".devcontainer/$context/Makefile"
check "its stage is one of the container's" grep -q "^FROM .* AS $target\$" "$file"
is "the sysroot's libraries are those of setup" "$(sed -n 's/^libraries="\(.*\)"$/\1/p' tools/setup)" "$(tools/setup --libraries)"
for library in $(tools/setup --libraries); do
  check "Debian's package needs $library, too" grep -q "^Build-Depends:.* $library\\(,\\|\$\\)" tools/package/debian/control
done

# A test that another host leaves out is named with its reason, and exists.
for list in tests/*.skip; do
  while read -r name reason; do
    { [ -e "tests/$name" ] || [ -e "tests/unit/$name.c" ]; } && [ -n "$reason" ] || echo "$name"
  done <"$list" >"$tmp/strange"
  is "$list names tests, and why" "" "$(cat "$tmp/strange")"
done
printf 'as.t too slow here\n' >"$tmp/skip"
is "tests/run tells what it leaves out" "as.t skipped: too slow here" \
  "$(SKIP=$tmp/skip BUILD=$tmp tests/run as.t | sed -n 's/  */ /; /skipped/p')"

# What is wrong is said.
make HOST=vax help >"$tmp/out" 2>&1; status=$?
is "an unknown host is an error" "2 HOST=vax: expected aarch64 or musl, or nothing for this computer" \
  "$status $(sed -n 's/.*\(HOST=vax:.*\)\.  Stop\.$/\1/p' "$tmp/out")"
tests/emulated vax true >"$tmp/out" 2>&1
is "and so is one that is not emulated" "emulated: 'vax': expected aarch64" "$(cat "$tmp/out")"
for make in tools/sysroot tools/sysroot-musl; do
  $make --check "$tmp/none" >"$tmp/out" 2>&1; status=$?
  is "$make --check fails without a sysroot" 1 "$status"
  check "and says the command" grep -q '^    make HOST=[a-z0-9]* setup$' "$tmp/out"
  check "and makes nothing" test ! -e "$tmp/none"
done
done_testing
