# page.sh - a page of `trapeze trace -f html` with more than a hundred thousand events: from a key to the next picture.
if command -v chromium >/dev/null && /usr/bin/python3 -c 'import selenium' 2>/dev/null; then
  echo "A page with many events in headless Chromium, CPU ms of the page's thread:"
  "$trapeze" trace -f html --depth 3 -o "$tmp/page.html" null-syscall 700 >/dev/null 2>&1
  HOME=$tmp /usr/bin/python3 -B $here/page.py "$tmp/page.html" >"$tmp/page" 2>"$tmp/complaint" || wrong "$(tail -n 1 "$tmp/complaint")"
  while IFS="$(printf '\t')" read -r name value; do
    record page "$name" chromium "$([ "$name" = events ] && echo count || echo ms)" "$value"
    printf '  %-34s %10s\n' "$name" "$value"
  done <"$tmp/page"
else
  echo "without a page in the browser: chromium or python3-selenium is missing"
fi
