# students.sh - for tests to source: a class for the lab in tests/class.

# student CLASS I: one of eight things that students hand in, each with its own number in it.
student() {
  of=$1/$(printf 's%03d' "$2"); mkdir "$of"
  case $(($2 % 8)) in
  1 | 2) cp tests/class/solution/reference/answer.S "$of" ;;
  3) cp tests/class/solution/wrong/off-by-one/answer.S "$of" ;;
  4) cp tests/class/solution/wrong/never-ends/answer.S "$of" ;;
  5) cp tests/class/solution/wrong/talks/answer.S "$of" ;;
  6) echo "        no such instruction" >"$of/answer.S" ;;
  7) echo "I could not do it" >"$of/README" ;;
  0) printf '        .globl _start\n_start: li t0, 0xF0000000\n        li t1, %d\n1:      sw t1, 0(t0)\n        j 1b\n' $((33 + $2 % 90)) >"$of/answer.S" ;;
  esac
  [ ! -e "$of/answer.S" ] || echo "# student $2" >>"$of/answer.S"
}
