# disk.t - files that go in and out: --files, files named behind a program, --out, and the file system of --disk, from inside
# and outside. (That the disk is whole after a cut at any write is test_diskfs's business.)
. tests/tap.sh
trapeze=$PWD/$BUILD/bin/trapeze
cd "$tmp" || exit 1
# says NAME STATUS TEXT COMMAND...: exit status, and what it prints to both outputs
says() {
  says_name=$1 want=$2 text=$3; shift 3
  timeout 60 "$@" >said 2>&1 </dev/null; got=$?
  is "$says_name" "$want $text" "$got $(cat said)"
}

# ---- the disk, from outside ----
printf 'one\ntwo\n' >lines; head -c 3000 /dev/urandom >random
says "format" 0 "" "$trapeze" disk format d 256K
says "put" 0 "" "$trapeze" disk put d lines
says "put under another name" 0 "" "$trapeze" disk put d random "a folder/raw bytes"
says "ls" 0 "         8  lines
      3000  a folder/raw bytes
    257024  bytes free" "$trapeze" disk ls d
"$trapeze" disk get d "a folder/raw bytes" >copy; same "get" random copy
says "a name that is not there" 125 "trapeze: d: holds no file none; \`trapeze disk ls d\` lists what it holds" "$trapeze" disk get d none
says "no disk of ours" 125 "trapeze: random: there is no file system of ours on the disk" "$trapeze" disk ls random
says "words that are missing" 125 "trapeze: disk format: expected \`trapeze disk format FILE SIZE\`" "$trapeze" disk format e
says "a size that is none" 125 "trapeze: 1000: expected a size such as 4M, a multiple of 512 bytes" "$trapeze" disk format e 1000
echo "not a disk" >kept
says "format spares what is no disk" 125 "trapeze: kept: is there already, and is no disk: expected a new file, or a disk to be emptied" \
  "$trapeze" disk format kept 1M
is "and leaves it" "not a disk" "$(cat kept)"
cp d other
says "a disk of ours is emptied" 0 "" "$trapeze" disk format other 256K
says "no such action" 125 "trapeze: disk mount: expected ls, get, put, rm, check or format" "$trapeze" disk mount d
head -c 300000 /dev/zero >large
says "full" 125 "trapeze: large: no space left on the disk" "$trapeze" disk put d large
says "and nothing is lost" 0 "2 files, 0 damaged" "$trapeze" disk check d
cp d damaged; printf X | dd of=damaged bs=1 seek=$((2 * 512 + 2)) conv=notrunc 2>/dev/null
says "damage" 1 "lines: the file's bytes are damaged
2 files, 1 damaged" "$trapeze" disk check damaged

# ---- from inside: what one machine writes, the next one reads ----
for depth in $depths; do
  says "depth $depth: the guest sees it" 0 "        8  lines
     3000  a folder/raw bytes
   257024  bytes free" "$trapeze" run -d "$depth" --disk d disk ls
  says "depth $depth: it puts a file there" 0 "" "$trapeze" run -d "$depth" --disk d sh -c "echo from $depth >/tmp/x; cd /tmp; disk put x"
  says "depth $depth: which the next machine has" 0 "from $depth" "$trapeze" run -d "$depth" --disk d sh -c "disk get x; cat x"
  says "depth $depth: and the host" 0 "from $depth" "$trapeze" disk get d x
  says "depth $depth: all of it as a folder, and back" 0 "8 /d/lines
3 files, 0 damaged" "$trapeze" run -d "$depth" --disk d sh -c "disk load /d; wc -c /d/lines; disk save /d; disk check"
  "$trapeze" disk rm d x
done
"$trapeze" disk get d "a folder/raw bytes" copy; same "bytes of all values went through it" random copy
says "no disk at all" 1 "disk: /dev/disk: there is no disk" "$trapeze" run -d0 disk ls
head -c 65536 /dev/zero >raw
says "a disk that is not formatted" 1 "disk: /dev/disk: there is no file system of ours on the disk
disk: \`disk format\` makes a new one; what is there is lost then" "$trapeze" run -d0 --disk raw disk ls
says "is formatted" 0 "    64512  bytes free" "$trapeze" run -d0 --disk raw sh -c "disk format; disk ls"

# ---- --files and --out ----
mkdir -p "in/sub folder/deep" empty; echo umlaut >"in/größe"; echo dash >in/-n; echo deep >"in/sub folder/deep/x y"; : >in/nothing
for depth in $depths; do
  rm -rf back
  "$trapeze" run -d "$depth" --files in/. --files lines --out back sh -c 'cd /host; cat größe ./-n "sub folder/deep/x y" lines
    wc -c nothing; echo new >>lines; mkdir made; echo x >"made/in guest"; exit 5' >said 2>errors </dev/null
  is "depth $depth: odd names arrive" "5 umlaut dash deep one two 0 nothing" "$? $(xargs <said)"
  is "depth $depth: what was written is back, and nothing else" "./lines ./made/in guest" "$(cd back && find . -type f | sort | xargs)"
  is "depth $depth: with its bytes" "one two new x" "$(cat back/lines "back/made/in guest" | xargs)"
  check "depth $depth: and that is said" grep -qx 'trapeze: 2 files are back in back' errors
done
says "a program that dies hands over, too" 139 "" sh -c "'$trapeze' run -d0 --out back faulty null >/dev/null 2>&1"
says "a file that is not there" 125 "trapeze: --files none: No such file or directory" "$trapeze" run --files none true
says "a device" 125 "trapeze: --files /dev/null: expected a file or a folder" "$trapeze" run --files /dev/null true
long=$(printf 'n%.0s' $(seq 120)); : >"$long"
check "a name that is too long is refused, with the length" sh -c "! '$trapeze' run --files $long true 2>said && grep -q 'a path of 125 characters in the guest' said"
says "the guest ended before" 124 "trapeze: the budget of 3145728 instructions is used up
trapeze: --out back: the guest has ended before it handed its files over" "$trapeze" run -d0 --max-insns 3M --out back spin 100
says "--out and --disk" 125 "trapeze: --out: expected no --disk, too: the files come back over a disk of their own" "$trapeze" run --out back --disk d true
mkdir trap; ln -s /nonexistent trap/lines
says "a symbolic link in the folder is not followed" 125 "trapeze: --out trap: lines: Too many levels of symbolic links
trapeze: 0 files are back in trap" "$trapeze" run -d0 --files lines --out trap sh -c 'echo x >/host/lines'

# ---- files named behind a program of the host ----
"$trapeze" disk get d lines >/dev/null
cp "$OLDPWD/$BUILD/guest/bin/all-commands" ./wc
says "a named file comes along, and that is said" 0 "trapeze: lines is in the guest, too, as /lines
trapeze: in/nothing is in the guest, too, as /in/nothing
2 lines
0 in/nothing
2 total" sh -c "'$trapeze' run -d0 ./wc -l lines in/nothing | tr -s ' ' | sed 's/^ //'"
says "one that is not there is the program's affair" 1 "wc: none: no such file or directory" "$trapeze" run -d0 ./wc none
done_testing
