# intake.t - zip and tar files, and what Canvas, Moodle and Gradescope export. The archives are made here.
. tests/tap.sh
tools/setup python3 >&2 || exit 1
case $BUILD in /*) trapeze=$BUILD/bin/trapeze ;; *) trapeze=$PWD/$BUILD/bin/trapeze ;; esac
lab=$PWD/tests/class good=$PWD/tests/class/solution/reference/answer.S bad=$PWD/tests/class/solution/wrong/talks/answer.S
cat >"$tmp/make.py" <<'EOF'
import io, sys, tarfile, warnings, zipfile
warnings.simplefilter("ignore") # of names that are there twice
good, bad = (open(f, "rb").read() for f in sys.argv[1:3])
def pack(name, *entries):
    with zipfile.ZipFile(name, "w", zipfile.ZIP_DEFLATED) as f:
        for entry, data in entries: f.writestr(entry, data)
def file(name): return lambda f: f.addfile(info(name, size=len(good)), io.BytesIO(good))
def info(name, **what):
    i = tarfile.TarInfo(name)
    for key, value in what.items(): setattr(i, key, value)
    return i
def other(name, **what): return lambda f: f.addfile(info(name, **what))
def tar(name, mode, *entries):
    with tarfile.open(name, mode) as f:
        for entry in entries: entry(f)

# what students hand in
pack("top.zip", ("answer.S", good), ("notes/plan.txt", "later"))
pack("folder.ZIP", ("lab/answer.S", good), ("__MACOSX/lab/._answer.S", "x"), ("lab/.DS_Store", ""), ("lab/sub/x", ""))
pack("ünï.zip", ("ünï/answer.S", good))
tar("plain.tar", "w", file("./answer.S"), other("link", type=tarfile.SYMTYPE, linkname="answer.S"))
for kind in "gz", "bz2", "xz": tar("packed.tar." + kind, "w:" + kind, file("lab/answer.S"))
tar("short.tgz", "w:gz", file("answer.S"))
# what is refused
pack("two.zip", ("a/answer.S", good), ("b/answer.S", good))
pack("dots.zip", ("x/../../answer.S", good))
pack("windows.zip", ("a\\..\\..\\answer.S", good))
pack("drive.zip", ("C:/answer.S", good))
pack("absolute.zip", ("/etc/answer.S", good))
pack("twice.zip", ("answer.S", good), ("answer.S", bad))
pack("many.zip", *[("f%d" % i, "") for i in range(10001)])
pack("bomb.zip", ("answer.S", good), *[("zero%d" % i, bytes(16 << 20)) for i in range(17)])
pack("big.zip", ("answer.S", "#" * 5000))
pack("isfolder.zip", ("answer.S/x", ""))
open("text.zip", "w").write("I could not do it\n"); open("empty.zip", "w").close()
open("cut.zip", "wb").write(open("top.zip", "rb").read()[:60])
tar("link.tar", "w", file("x"), other("answer.S", type=tarfile.SYMTYPE, linkname="x"))
tar("out.tar", "w", other("lab/a", type=tarfile.SYMTYPE, linkname="../../etc/passwd"))
tar("hard.tar", "w", other("answer.S", type=tarfile.LNKTYPE, linkname="/etc/passwd"))
tar("device.tar", "w", file("answer.S"), other("null", type=tarfile.CHRTYPE, devmajor=1, devminor=3))
tar("pipe.tar", "w", file("answer.S"), other("pipe", type=tarfile.FIFOTYPE))
# what sites export
top = open("top.zip", "rb").read()
canvas = ("lovelaceada_4711_88123_answer-1.S", good), ("hopper_grace_LATE_4712_88200_lab.zip", top), \
    ("knuthdonald_4713_88201_answer.S", bad), ("knuthdonald_4713_88202_my_plan_7.pdf", "%PDF"), ("anon_x7Yz1_88203_answer.S", good)
pack("canvas.zip", *canvas)
pack("later.zip", ("knuthdonald_LATE_4713_99001_answer-1.S", good), *canvas[:2])
pack("moodle.zip", ("Ada Lovelace_501_assignsubmission_file_/answer.S", good), ("Jörg Müller_502_assignsubmission_file/src/plan", ""),
     ("Grace Hopper_503_assignsubmission_file_/", ""), ("Grace Hopper_503_assignsubmission_file_/lab.tgz", open("short.tgz", "rb").read()),
     ("Ada Lovelace_501_assignsubmission_onlinetext_/onlinetext.html", "hello"))
pack("flat.zip", ("Donald Knuth_504_assignsubmission_file_answer.S", bad))
meta = """---
submission_1:
  :submitters:
  - :name: Grace Hopper
    :sid: 'S3'
    :email: grace@example.org
  - :name: Ada Lovelace
    :sid: 'S1'
    :email: ada@example.org
  :created_at: 2026-11-30 10:00:00.000000000 Z
  :history:
  - :score: 3
submission_2:
  :submitters:
  - :name: Donald Knuth
    :sid: S9
    :email: don@example.org
"""
def gradescope(name, meta, *more):
    pack(name, *[("assignment_12_export/" + n, d) for n, d in (("submission_metadata.yml", meta), ("submission_1/answer.S", good),
         ("submission_2/answer.S", bad), ("submission_2/-rf", "")) + more])
gradescope("gradescope.zip", meta)
gradescope("strange.zip", meta.replace("don@example.org", "a/b~2"), ("submission_3/answer.S", good))
gradescope("broken.zip", meta.replace("- :name: Donald", "- [:name: Donald"))
gradescope("shapeless.zip", "submission_1: [1]\n")
pack("none.zip", ("answer.S", good))
EOF
mkdir "$tmp/in" "$tmp/w"; cd "$tmp/in" || exit 1
python3 "$tmp/make.py" "$good" "$bad" || exit 1

run() { LC_ALL=C timeout 600 "$trapeze" "$@" >"$tmp/out" 2>"$tmp/err" </dev/null; status=$?; }
score() { sed -n '2s/.* has \(.*\) of .* points/\1/p' "$tmp/out"; }

# ---- archives that are taken, whose student is called as the file without its ending ----
for file in top.zip folder.ZIP ünï.zip plain.tar packed.tar.gz packed.tar.bz2 packed.tar.xz short.tgz; do
  run grade "$lab" "$file"; is "$file" "0 3.5" "$status $(score)"
done
is "the student is the name without .tgz" "short has 3.5 of 3.5 points" "$(sed -n 2p "$tmp/out")"
cd "$tmp" || exit 1
mkdir site; cp in/top.zip "site/my lab.zip"; echo x >site/plan.txt
run grade "$lab" site; is "a folder with an archive and without the files" "0 3.5" "$status $(score)"
mkdir -p unzipped/lab/src; cp "$good" unzipped/lab; echo x >unzipped/notes.txt
run grade "$lab" unzipped; is "a folder with a folder and without the files, as sites unpack archives" "0 3.5" "$status $(score)"
ln -s lab unzipped/other; run grade "$lab" unzipped; is "a link beside it is no folder" "0 3.5" "$status $(score)"
mkdir unzipped/second; run grade "$lab" unzipped; is "two folders are none" "0 0" "$status $(score)"
cp "$bad" site/answer.S
run grade "$lab" site; is "the files come first" "0 2.83" "$status $(score)"
rm site/answer.S; cp in/plain.tar site
run grade "$lab" site; is "two archives are none" "0 0" "$status $(score)"

# ---- archives that are refused: no points, and the reason ----
refused() { # refused FILE TEXT
  run grade "$lab" "in/$1"
  if [ "$status $(score)" = "0 0" ] && tr '\n' ' ' <"$tmp/out" | tr -s ' ' | grep -q -e "$2"; then pass "$1: $2"
  else fail "$1: $2"; { echo "status $status"; cat "$tmp/out" "$tmp/err"; } | diag; fi
}
refused two.zip "answer.S: not handed in"
for file in dots windows drive absolute; do refused $file.zip "' leads out of the archive; nothing of the archive is taken"; done
refused twice.zip "answer.S is there twice; nothing"
refused many.zip "more than 10000 files and folders; nothing"
refused bomb.zip "more than 268435456 bytes when it is unpacked; nothing"
refused big.zip "answer.S: more than 4096 bytes"
refused isfolder.zip "answer.S: not handed in"
cp in/text.zip in/work.rar; refused work.rar "work.rar: damaged, or neither a zip nor a tar file"
for file in text empty cut; do refused $file.zip "$file.zip: damaged, or neither a zip nor a tar file"; done
refused link.tar "answer.S: a link; expected a file"
for file in out hard; do refused $file.tar "is a link that leads out of the archive; nothing"; done
for file in device pipe; do refused $file.tar "' is a device or a pipe; nothing"; done

# ---- a class of archives and of several hand-ins ----
mkdir class; cp in/top.zip class/ada.zip; cp in/dots.zip class/eve.zip; mkdir class/bob class/bob~2
cp "$bad" class/bob; cp "$good" class/bob~2
run grade "$lab" --class class -o results -j 2
is "a class of archives" "0 ada: 3.5 of 3.5 bob: 2.83 of 3.5 bob: 3.5 of 3.5 eve: 0 of 3.5" "$status $(sort "$tmp/out" | xargs)"
run grade "$lab" --class class -o again
check "graded again: the same bytes" diff -r results again
stat -c '%n %i' results/*/grade.json >before
run grade "$lab" --class class -o results --resume
is "nothing is graded twice" "$(cat before)" "$(stat -c '%n %i' results/*/grade.json)"
cp in/short.tgz class/ada.zip # another archive, the same files
run grade "$lab" --class class -o results --resume
is "nor is another archive of the same files" "$(cat before)" "$(stat -c '%n %i' results/*/grade.json)"
run grade --summary results --class class
is "the summary" "ada,graded,3.5 bob,graded,2.83 bob~2,graded,3.5 eve,graded,0" "$(tail -n +2 "$tmp/out" | cut -d, -f1-3 | xargs)"
run grade "$lab" --class class --similar=1
is "hand-ins of one student are no copies" 0 "$(grep -c 'bob.*bob' "$tmp/out")"
mkdir class/ada; run grade "$lab" --class class -o results
is "two of one name: exit status" 125 "$status"
check "are named" grep -q "class/ada and class/ada.zip: both would be OUT/ada" "$tmp/err"

# ---- exports ----
take() { run grade "$lab" --intake "$@"; }
files() { (cd "$1" && find . -type f | sed 's|^\./||' | LC_ALL=C sort | tr '\n' '|'); }
take in/canvas.zip -o canvas
is "Canvas: exit status" 0 "$status"
is "Canvas: whose the files are" "anon_x7Yz1/answer.S|hopper_grace_4712/lab.zip|knuthdonald_4713/answer.S|knuthdonald_4713/my_plan_7.pdf|lovelaceada_4711/answer.S|" "$(files canvas)"
is "Canvas: who is late" "hopper_grace_4712: 1 file, late" "$(grep late "$tmp/out")"
run grade "$lab" --class canvas -o canvas-results
is "Canvas: graded" "anon_x7Yz1: 3.5 of 3.5 hopper_grace_4712: 3.5 of 3.5 knuthdonald_4713: 2.83 of 3.5 lovelaceada_4711: 3.5 of 3.5" "$(xargs <"$tmp/out")"
take in/later.zip -o canvas
is "exported again: who handed in again" "0 hopper_grace_4712: 1 file, late, unchanged knuthdonald_4713~2: 1 file, late lovelaceada_4711: 1 file, unchanged" "$status $(xargs <"$tmp/out")"
take in/later.zip -o canvas
is "and again: nobody" 0 "$(grep -vc unchanged "$tmp/out")"
mkdir -p unpacked/all; (cd unpacked/all && python3 -m zipfile -e ../../in/canvas.zip .)
take unpacked -o from-folder
check "a folder is as its archive" sh -c "rm -rf canvas/knuthdonald_4713~2; diff -r canvas from-folder"

take in/moodle.zip -o moodle
is "Moodle: a typed text is left out: exit status" 3 "$status"
check "and named" grep -q "onlinetext.html: a text typed on the site; left out" "$tmp/err"
is "Moodle: whose the files are" "Ada Lovelace_501/answer.S|Grace Hopper_503/lab.tgz|Jörg Müller_502/src/plan|" "$(files moodle)"
run grade "$lab" moodle/Grace*; is "Moodle: graded" 3.5 "$(score)"
take in/flat.zip -o flat
is "Moodle without folders" "0 Donald Knuth_504/answer.S|" "$status $(files flat)"

take in/gradescope.zip -o gradescope
is "Gradescope: exit status" 0 "$status"
is "Gradescope: whose the files are" "$(printf '%s' '.groups.csv|ada@example.org/answer.S|don@example.org/-rf|don@example.org/answer.S|')" "$(files gradescope)"
is "the group" '"ada@example.org","grace@example.org"' "$(grep grace gradescope/.groups.csv)"
take in/strange.zip -o strange
is "somebody whom the metadata lack: exit status" 3 "$status"
check "is named" grep -q "submission_3: nobody has handed it in" "$tmp/err"
is "names are names of folders" "a_b-2 ada@example.org submission_3" "$(ls strange | xargs)"
for file in broken shapeless; do
  take in/$file.zip -o x; is "$file metadata: exit status" 125 "$status"
  check "$file metadata: line and column" grep -q "$file.zip/assignment_12_export/submission_metadata.yml:[0-9]*:[0-9]*: " "$tmp/err"
done
take in/none.zip -o x; is "no site: exit status" 125 "$status"
check "is said" grep -q "not an export of Canvas, Moodle or Gradescope" "$tmp/err"
take in/dots.zip -o x; is "an export that leads out: exit status" 125 "$status"
check "nothing is written" test ! -e x
run grade "$lab" --intake in/canvas.zip; is "without -o: exit status" 125 "$status"

# ---- a roster ----
cat >roster.csv <<'EOF'
student;Full name;ID;Email address
al1;Lovelace, Ada;4711;ada@example.org
gh2;Grace Hopper;4712;grace@example.org
dk3;"Knuth; Donald";4713;don@example.org
zz4;Zoe Zed;4714;zoe@example.org
EOF
take in/canvas.zip -o r1 --roster roster.csv
is "Canvas, by number" "al1 anon_x7Yz1 dk3 gh2" "$(ls r1 | xargs)"
is "who is unknown: exit status" 3 "$status"
check "is named" grep -q "anon_x7Yz1: not in the roster" "$tmp/err"
take in/moodle.zip -o r2 --roster roster.csv
is "Moodle, by name" "Jörg Müller_502 al1 gh2" "$(LC_ALL=C ls r2 | tr '\n' ' ' | sed 's/ $//')"
take in/gradescope.zip -o r3 --roster roster.csv
is "Gradescope, by address" "al1 dk3" "$(ls r3 | xargs)"
is "so is the group" 'al1,gh2' "$(tr -d '"' <r3/.groups.csv | tail -n 1)"
cat >gradebook.csv <<'EOF'
Student,ID,SIS User ID,SIS Login ID,Section,lab (77)
    Points Possible,,,,,10.00
"Lovelace, Ada",4711,S1,al1,1,
"Hopper, Grace",4712,S3,gh2,1,
EOF
take in/canvas.zip -o r4 --roster gradebook.csv
is "Canvas' gradebook" "Hopper, Grace Lovelace, Ada" "$(ls r4 | grep , | xargs)"
run grade --summary results --roster gradebook.csv
is "its line of points is no student" 0 "$(grep -c Possible "$tmp/out")"
printf 'Identifier,Full name,Email address,Status\nParticipant 501,Ada L.,ada@example.org,\nParticipant 503,Grace H.,grace@example.org,\n' >worksheet.csv
take in/moodle.zip -o r5 --roster worksheet.csv
is "Moodle's grading worksheet" "ada@example.org grace@example.org" "$(ls r5 | grep @ | xargs)"
printf 'First Name,Last Name,SID,Email\nAda,Lovelace,S1,ada@x.org\nAda,Byron,S2,ada2@x.org\nGrace,Hopper,S3,g@x.org\n' >g.csv
take in/gradescope.zip -o r6 --roster g.csv
is "Gradescope's roster" "ada@x.org don@example.org" "$(ls r6 | xargs)"
printf 'a,Name\n1,Ada Lovelace\n2,ada lovelace\n' >twice.csv
take in/moodle.zip -o x --roster twice.csv
check "two of one name are nobody" grep -q "twice.csv:2 and 3: both are 'Ada Lovelace'" "$tmp/err"

# ---- which hand-in counts, and who has handed in nothing ----
rows() { tail -n +2 "$tmp/out" | tr -d '\r' | cut -d, -f1-4 | xargs; }
rm -rf class results; mkdir class class/al1 class/al1~2 class/al1~3 class/dk3; cp "$good" class/al1~2; cp "$bad" class/al1~3; cp "$bad" class/dk3
run grade "$lab" --class class -o results
run grade --summary results --class class --take last
is "the last" "0 al1,graded,al1~3,2.83 dk3,graded,dk3,2.83" "$status $(rows)"
is "the heading" "student,status,hand-in,score,max,number,quiet,instructions" "$(head -n 1 "$tmp/out" | tr -d '\r')"
run grade --summary results --class class --take best
is "the best" "0 al1,graded,al1~2,3.5 dk3,graded,dk3,2.83" "$status $(rows)"
cp -R class/al1~2 class/al1~10; run grade "$lab" --class class -o results
run grade --summary results --take last
is "10 comes after 9" "al1,graded,al1~10,3.5" "$(rows | cut -d' ' -f1)"
run grade --summary results --take best
is "of equal ones the first" "al1,graded,al1~2,3.5" "$(rows | cut -d' ' -f1)"
printf 'al1~2,gh2\n' >groups; (echo hand-in,student; cat groups) >class/.groups.csv
mkdir class/eve; cp -R results/dk3 results/eve
run grade --summary results --class class --roster roster.csv
is "the roster" "0 al1,graded,al1~10,3.5 gh2,graded,al1~2,3.5 dk3,graded,dk3,2.83 zz4,absent,, eve,graded,eve,2.83" "$status $(rows)"
check "who is not in it" grep -qx "trapeze: eve: not in roster.csv" "$tmp/err"
echo trouble >results/al1/error.txt
run grade --summary results --class class --roster roster.csv --take best
is "nobody knows the best of what is not graded" "3 al1,error,al1," "$status $(rows | cut -d' ' -f1)"
run grade --summary results --roster roster.csv --take last
is "but the last" "0 al1,graded,al1~10,3.5" "$status $(rows | cut -d' ' -f1)"
run grade --summary results --take first; is "--take first: exit status" 125 "$status"
run grade "$lab" class/al1 --take last; is "--take without a summary: exit status" 125 "$status"

wrong() { # wrong NAME TEXT ERROR: a roster with this text
  printf "$2" >wrong.csv; take in/canvas.zip -o x --roster wrong.csv
  if [ "$status" -eq 125 ] && grep -q -e "wrong.csv:$3" "$tmp/err"; then pass "$1"; else fail "$1"; { echo "status $status"; cat "$tmp/err"; } | diag; fi
}
wrong "an open quote" 'student,name\nada,"Ada\n' "2:5: nothing closes the quote"
wrong "text behind a quote" 'student\n"ada"x\n' "2:6: text behind a closing quote"
wrong "too many cells" 'student,name\nada,Ada,4\n' "2:9: cell 3 of a row; the heading has 2"
wrong "no UTF-8" 'student\n\nJ\366rg\n' "3:2: a byte that is no UTF-8"
wrong "a control character" 'student\na\001b\n' "2:2: a control character"
wrong "nothing" '' "1:1: the table is empty"
wrong "two of one ID" 'student,x\nada,\nbob,\nada,\n' "4:1: 'ada': line 2 has this ID, too"
wrong "no ID" 'name,student\nAda,\n' "2:5: '': a student needs an ID"
wrong "an ID that leads elsewhere" 'student\n../x\n' "2:1: '../x': expected an ID that can be a folder's name"
wrong "an ID of a second hand-in" 'student\nada~2\n' "2:1: 'ada~2': an ID cannot end"
take in/canvas.zip -o x --roster nowhere.csv
is "no roster: exit status" 125 "$status"
done_testing
