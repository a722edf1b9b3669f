# json.awk - all records as JSON; README.md describes the fields.
END {
  printf "{\n  \"version\": 1,\n  \"results\": ["
  for (k = 1; k <= keys; k++) {
    split(order[k], part, SUBSEP)
    printf "%s\n    {\"section\": \"%s\", \"name\": \"%s\", \"column\": \"%s\", \"metric\": \"%s\", \"median\": %.6g, \"runs\": [", \
      (k > 1 ? "," : ""), part[1], part[2], part[3], part[4], median_of(order[k])
    for (i = 1; i <= count[order[k]]; i++) printf "%s%s", (i > 1 ? ", " : ""), given[order[k], i]
    printf "]}"
  }
  printf "\n  ]\n}\n"
}
