# Numbers that change with every compiler, masked so that columns stay: for tests/debug.t.
s/^[─░█▼]+$/(the time line)/
s/^[=.#v]+$/(the time line)/
s/^(.)? *[0-9]{3,7}( +[│|●o◀<─=┄-])/\1   EVENT\2/
s/#[0-9]+\+[0-9]+/#N+N/
s/-[0-9]{3,}/-N/g
s/insn [0-9]+/insn N/g
s/^(.*lines [0-9]+-[0-9]+ of) [0-9]+$/\1 N/
s/TIMER  [0-9]+ +[≠*] +[0-9]+ */TIMER  N differs N /
s/TIMER  [0-9]+\*? */TIMER  N        /
s/next slot [0-9]+/next slot N/g
s/ +[0-9]+ [0-9a-f]{5} a/ N ..... a/g
s/0x[0-9a-f]{8}/0x......../g
s/0x[0-9a-f]{5}\b/0x...../g
s/0x[0-9a-f]{4}\b/0x..../g
s/\b[0-9a-f]{8}\b/......../g
s/\b[0-9a-f]{6}\b/....../g
s/\b[0-9a-f]{5}\b/...../g
s/#[0-9]+(\+[0-9]+)? */#N /g
s/#-?[0-9]+/#N/g
# which registers have changed depends on the compiler, too
s/(\.{8})\*/\1 /g
s/ +$//
