# The lecture's two lists at depth 1, without the numbers that change with every compiler.
trapeze trace --depth 1 --lists --complete --tail 2 --lane vm1/lecture lecture 2>/dev/null |
  sed -E '/^In the whole run/,$d; s/0x[0-9a-f]{8}/0x......../g; s/0x[0-9a-f]{5}\b/0x...../g; s/#[0-9]+/#N/
          s/[0-9]+ instructions/N instructions/; s/(instruction|tick) [0-9]+/\1 N/'
