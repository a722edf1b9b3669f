# formats.t - each output format of `trapeze grade` against the schema that we keep for it, with texts that would break
# it; and each schema against output that is broken, which it must not let pass.
. tests/tap.sh
tools/setup python3-jsonschema libxml2-utils >&2 || exit 1
validate=tests/schemas/validate
samples=$tmp/samples; mkdir "$samples"
check "samples are written" "$BUILD/test/test_formats" "$samples"

for format in text json gradescope prairielearn autolab junit tap html; do
  for sample in nasty perfect unbuilt only; do
    check "$format of $sample is valid" $validate $format "$samples/$sample.$format"
  done
done

# breaks FORMAT SAMPLE WHY SCRIPT: sed's SCRIPT changes the sample, and then it is not valid any more
breaks() {
  sed -E "$4" "$samples/$2.$1" >"$tmp/broken"
  if cmp -s "$samples/$2.$1" "$tmp/broken"; then fail "$1 breaks: $3 (the script changes nothing)"; return; fi
  if $validate "$1" "$tmp/broken" >"$tmp/why" 2>&1; then fail "$1 lets pass: $3"; else pass "$1 refuses: $3"; fi
}

breaks json nasty "another version" 's/"trapeze_result": 2/"trapeze_result": 1/'
breaks json nasty "a status that is none" 's/"status": "skipped"/"status": "ignored"/'
breaks json nasty "no student" '/"student"/d'
breaks json nasty "a score in words" 's/"score": 5.5/"score": "5.5"/'
breaks json nasty "a member that nobody knows" 's/"digest"/"sum"/'
breaks json nasty "a digest that is none" 's/("submission": ").{4}/\1beef:/'
breaks json nasty "an id with a colon" 's/"id": "plain"/"id": "plain:"/'
breaks json nasty "an escape that is not closed" 's/\\"quoted\\"/\\"quoted"/'
breaks json nasty "a member twice" 's/^(  "score": .*)$/\1\n\1/'
breaks json nasty "a control character" "s/fine/$(printf '\001')/"
breaks json nasty "half a character" "s/fine/$(printf '\342\202')/"

breaks gradescope nasty "a status of ours" 's/"status": "failed"/"status": "skipped"/'
breaks gradescope nasty "a visibility that is none" 's/"visibility": "hidden"/"visibility": "secret"/'
breaks gradescope nasty "a format that is none" 's/"output_format": "text"/"output_format": "troff"/'
breaks gradescope nasty "tags in words" 's/"tags": \[/"tags": "a", "x": [/'
breaks gradescope nasty "extra data that is a number" 's/"extra_data": \{/"extra_data": 1, "y": {/'
breaks gradescope nasty "an order that is none" 's/"order": "asc"/"order": "up"/'
breaks gradescope nasty "a score in words" 's/"score": 2,/"score": "2",/'
breaks gradescope nasty "no score at all" '/"score":/d'
breaks gradescope nasty "NaN" 's/"max_score": 2,/"max_score": NaN,/'

breaks prairielearn nasty "a score above 1" 's/"score": 0\.[0-9]+/"score": 1.5/'
breaks prairielearn nasty "no score" '/"score":/d'
breaks prairielearn nasty "gradable in words" 's/"gradable": true/"gradable": "yes"/'
breaks prairielearn nasty "not gradable without reasons" 's/"gradable": true/"gradable": false/'
breaks prairielearn unbuilt "reasons of a gradable one" 's/"gradable": false/"gradable": true, "score": 0/'
breaks prairielearn nasty "a test without a name" '/"name": "plain"/d'
breaks prairielearn nasty "a test's member that is none" 's/"max_points"/"maximum"/'

breaks autolab nasty "a name with a colon" 's/"nasty-1": 2.5/"nasty:1": 2.5/'
breaks autolab nasty "a score in words" 's/"plain": 2/"plain": "2"/'
breaks autolab nasty "no scores" 's/"scores"/"points"/'
breaks autolab nasty "a null in the scoreboard" 's/"scoreboard": \[[0-9.]+/"scoreboard": [null/'
breaks autolab nasty "a line after the last" '$s/$/\nbye/'

breaks html nasty "a bare &" 's/&amp;/\& /'
breaks html nasty "a bare <" 's/&lt;/</'
breaks html nasty "a script" 's|<h1>|<script>1</script><h1>|'

breaks junit nasty "a bare &" 's/&amp;/\&/'
breaks junit nasty "a bare <" 's/&lt;/</'
breaks junit nasty "a control character" "s/fine/$(printf '\001')/"
breaks junit nasty "a failure without a type" 's/ type="failed"//'
breaks junit nasty "a case without a class" 's/ classname="99-nasty"//'
breaks junit nasty "skipped tests of all suites, which Jenkins refuses" 's/(<testsuites[^>]*)>/\1 skipped="1">/'
breaks junit nasty "a count in words" 's/failures="2"/failures="two"/'
breaks junit nasty "a case that has failed and is skipped" 's/(<skipped[^>]*>)/\1<failure type="x"\/>/'
breaks junit nasty "a name that is not closed" 's/name="plain"/name="plain/'

breaks tap nasty "another version" '1s/14/13/'
breaks tap nasty "another plan" '2s/5/6/'
breaks tap nasty "no plan" 2d
breaks tap nasty "a number twice" 's/^not ok 5/not ok 4/'
breaks tap nasty "a skipped test that looks like a success" 's/^not (ok 5)/\1/'
breaks tap nasty "YAML that does not end" '/^  \.\.\.$/d'
breaks tap nasty "a directive in a title" 's/\\# SKIP/# SKIP/'
breaks tap nasty "a quote that is not escaped" 's/\\"quoted/"quoted/'
breaks tap nasty "a line that is none" 's/^# ok 97/gibberish/'

breaks text nasty "an escape sequence" "s/fine/$(printf '\033[31m')/"
done_testing
