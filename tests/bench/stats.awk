# stats.awk - reads records; med(section, name, column, metric) is the median of what was measured, 0 if nothing was.
BEGIN { FS = "\t" }
{
  key = $1 SUBSEP $2 SUBSEP $3 SUBSEP $4
  if (!(key in count)) order[++keys] = key
  n = ++count[key]
  for (at = n; at > 1 && sorted[key, at - 1] > $5 + 0; at--) sorted[key, at] = sorted[key, at - 1]
  sorted[key, at] = $5 + 0
  given[key, n] = $5
}
function median_of(key,   n) {
  n = count[key]
  return (sorted[key, int((n + 1) / 2)] + sorted[key, int(n / 2) + 1]) / 2
}
function med(section, name, column, metric,   key) {
  key = section SUBSEP name SUBSEP column SUBSEP metric
  return key in count ? median_of(key) : 0
}
