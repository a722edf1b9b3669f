# weak.awk - in assembly, makes public names weak, and gives a function with a reserved name, __libc_read, its public
# name, read, too. See names.h.
{ line = $0 }
/^[ \t]*\.globl[ \t]/ && $2 !~ /^__/ { sub(/\.globl/, ".weak", line) }
/^(__libc_|[ \t]*\.(globl|type|size)[ \t]+__libc_)/ && !/__libc_start/ {
  twin = line
  sub(/__libc_/, "", twin)
  sub(/\.globl/, ".weak", twin)
  print twin
}
{ print line }
