# para.sh - what paravirtualization buys, at depths 1 to 3 (para-costs). Exact: the same on every host.
echo "An event by trap and emulate, and in paravirtual guests, in simulated instructions beyond the bare machine's:"
BUILD=$BUILD $here/para-costs 1 2 3
