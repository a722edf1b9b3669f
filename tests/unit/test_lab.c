/* test_lab.c - lab.yaml: what is read, and each mistake with its place; a student's numbers; names of
 * counters; patterns over console lines. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "isa/pg32.h"
#include "isa/platform.h"
#include "tools/trapeze/grade/lab/console_text.h"
#include "tools/trapeze/grade/lab/counter.h"
#include "tools/trapeze/grade/lab/lab.h"
#include "tools/trapeze/grade/lab/seed.h"
#include "tools/trapeze/grade/lab/sum.h"

/* ---- reading ---- */

/* A whole lab; a mistake takes the place of one of its lines. */
static const char *const lines[] = {
    /* 1 */ "trapeze-lab: 1",
    /* 2 */ "title: \"A lab\"",
    /* 3 */ "hours: 2.5",
    /* 4 */ "submit: [{file: a.c}, {file: b.txt, bytes: 2K, optional: true}]",
    /* 5 */ "build:",
    /* 6 */ "  prog: {kind: program, sources: [a.c]}",
    /* 7 */ "  probe: {kind: image, from: lab, sources: [probe.S]}",
    /* 8 */ "tests:",
    /* 9 */ "  - id: one",
    /* 10 */ "    points: 2.5",
    /* 11 */ "    run: {program: [prog, \"{seed:1..9}\"], limits: {instructions: 3M, console: 2K}}",
    /* 12 */ "    expect:",
    /* 13 */ "      - {status: 0, name: ends}",
    /* 14 */ "    hints: [{when: ends, say: \"End.\"}]",
    /* 15 */ "  - id: two",
    /* 16 */ "    points: 3",
    /* 17 */ "    after: [one]",
    /* 18 */ "    visibility: hidden",
    /* 19 */
    "    runs: {x: {image: probe, depth: 2}, y: {program: [ls], ram: 4M}, w: {image: probe, depth: 0}}",
    /* 20 */ "    expect:",
    /* 21 */ "      - {trace: {pattern: \"[syscall from app, reflect]\", count: \">= 2\"}, in: x, weight: 3}",
    /* 22 */ "      - {counter: \"exits.tlb_miss <= 2K\", in: y}",
    /* 23 */ "      - {same: [x, y]}",
    /* 24 */ "      - {memory: {at: 0x100, words: [1, 0xffffffff], level: 1}}",
    /* 25 */ "      - {register: \"a0 == 42\", in: w}",
    /* 26 */ "      - {console: {has: [\"^n = {seed.n:1..5}$\"], not: [panic], is: \"n = {seed.n:1..5}\"}}",
    /* 27 */ "wrong: {bad: {fails: [one, two]}}",
    /* 28 */ "leaderboard: [{name: Exits, counter: exits, test: two, run: y, order: desc}]",
};
#define LINES (sizeof lines / sizeof *lines)

static struct lab *parse(const char *text, struct lab_error *error) {
  *error = (struct lab_error){{0}};
  return lab_parse("lab.yaml", text, strlen(text), error);
}

/* With `line` (from 1) replaced; NULL leaves it out. */
static struct lab *parse_with(unsigned line, const char *text, struct lab_error *error) {
  char all[4096] = "";
  for (unsigned i = 0; i < LINES; i++) {
    const char *use = i + 1 == line ? text : lines[i];
    if (use) strcat(strcat(all, use), "\n");
  }
  return parse(all, error);
}

static void test_what_is_read(void **state) {
  struct lab_error error;
  struct lab *lab = parse_with(0, NULL, &error);
  (void)state;
  if (!lab) fail_msg("%s", error.text);
  assert_string_equal(lab->title, "A lab");
  assert_true(lab->hours == 2.5);
  assert_int_equal(lab->files, 2);
  assert_int_equal(lab->file[0].bytes, 65536);
  assert_int_equal(lab->file[1].bytes, 2048);
  assert_true(lab->file[1].optional && !lab->file[0].optional);
  assert_int_equal(lab->build[1].kind, BUILD_IMAGE);
  assert_true(lab->build[1].of_lab);
  const struct lab_test *one = &lab->test[0], *two = &lab->test[1];
  assert_true(one->points == 2.5 && one->give_away && one->visibility == VISIBLE);
  assert_int_equal(one->mark.line, 9);
  assert_int_equal(one->run->limits.instructions, 3000000);
  assert_int_equal(one->run->limits.exits, 100000);
  assert_int_equal(one->run->limits.console, 2048);
  assert_int_equal(one->run->depth, 1);
  assert_string_equal(one->run->name, "run");
  assert_string_equal(one->hint[0].say, "End.");
  assert_int_equal(two->visibility, HIDDEN);
  assert_int_equal(two->after[0], 0);
  assert_int_equal(two->run[1].ram, 4 << 20);
  assert_int_equal(two->expect[0].weight, 3);
  assert_int_equal(two->expect[0].trace.depth, 2);
  assert_int_equal(two->expect[0].number, 2);
  assert_int_equal(two->expect[1].compare, COMPARE_LE);
  assert_int_equal(two->expect[1].number, 2000);
  assert_int_equal(two->expect[1].in, 1);
  assert_int_equal(two->expect[2].runs[1], 1);
  assert_int_equal(two->expect[3].memory.word[1], 0xffffffff);
  assert_int_equal(two->expect[4].reg, 10);
  assert_int_equal(lab->wrong[0].n, 2);
  assert_true(lab->figure[0].descending);
  assert_int_equal(lab->figure[0].run, 1);
  lab_free(lab);
}

static const struct mistake {
  unsigned line;
  const char *text, *says; /* says: the end of "lab.yaml:LINE:COLUMN: ..." or a part of it */
} mistakes[] = {
    {1, NULL, "1:1: a lab needs the key 'trapeze-lab'"},
    {1, "trapeze-lab: 2", "1:14: expected a number from 1 to 1"},
    {1, "trapeze-lab: \"1\"", "1:14: expected a number"},
    {1, "trapeze-lab: 1\ntitel: x", "2:1: a lab has no key 'titel'; expected trapeze-lab, title,"},
    {2, "title: [x]", "2:8: expected a text"},
    {2, "title: a\ntitle: b", "3:1: 'title' is given twice; the first time is in line 2"},
    {2, "title: \"a\\0b\"", "2:8: a text cannot contain a NUL character"},
    {2, "title: {", "this is not YAML: "},
    {2, "title: \"\xff\"", "this is not YAML: "},
    {3, "hours: two", "3:8: expected a number such as"},
    {3, "hours: -1", "3:8: expected a number such as"},
    {4, "submit: a.c", "4:9: expected a list of files"},
    {4, "submit: [{file: ../a.c}]", "4:17: '../a.c': expected a file's name"},
    {4, "submit: [{file: /a.c}]", "4:17: '/a.c': expected a file's name"},
    {4, "submit: [{file: a/../c}]", "4:17: 'a/../c': expected a file's name"},
    {4, "submit: [{file: .git}]", "4:17: '.git': expected a file's name"},
    {4, "submit: [{file: \"a b\"}]", "4:17: 'a b': expected a file's name"},
    {4, "submit: [{file: a/}]", "4:17: 'a/': expected a file's name"},
    {4, "submit: [{file: a.c, bytes: 1T}]", "4:29: expected a number"},
    {4, "submit: [{file: a.c, bytes: 0}]", "4:29: expected a number"},
    {4, "submit: [{file: a.c}, {file: a.c}]", "4:30: 'a.c' is asked for twice"},
    {4, "submit: [{file: a.c, optional: yes}]", "4:32: expected true or false"},
    {4, "submit: [{name: a.c}]", "4:11: a file of `submit` has no key 'name'"},
    {6, "  prog: {kind: programme, sources: [a.c]}",
     "6:16: 'programme': expected one of program, image, vmm, kernel"},
    {6, "  prog: {kind: program, sources: [c.c]}", "6:35: 'c.c': `submit` asks for no such file"},
    {6, "  prog: {kind: program, sources: [b.txt]}", "6:35: 'b.txt': expected a .c or .S file"},
    {6, "  prog: {kind: program}", "6:9: a program needs `sources`"},
    {6, "  prog: {kind: program, sources: [a.c], patch: p}", "6:48: only a vmm or a kernel"},
    {6, "  prog: {kind: program, sources: [a.c]}\n  prog: {kind: image, sources: [a.c]}",
     "7:3: 'prog' is given twice"},
    {6, "  a/b: {kind: program, sources: [a.c]}", "6:3: 'a/b': expected a word"},
    {9, "  - id: o ne", "9:9: 'o ne': expected a word"},
    {10, NULL, "9:5: a test needs the key 'points'"},
    {10, "    points: many", "10:13: expected a number such as"},
    {11, NULL, "9:5: a test needs `run` or `runs`"},
    {11, "    run: {program: [prog], image: probe}", "11:10: a run has either `program` or `image`"},
    {11, "    run: {depth: 1}", "11:10: a run has either `program` or `image`"},
    {11, "    run: {program: []}", "11:20: expected a program and its arguments"},
    {11, "    run: {program: prog}", "11:20: expected a list of a program and its arguments"},
    {11, "    run: {program: [bin/ls]}", "11:20: 'bin/ls': expected a program's name"},
    {11, "    run: {image: nothing}", "11:18: 'nothing': `build` makes no image with this name"},
    {11, "    run: {image: prog}", "11:18: 'prog': `build` makes no image with this name"},
    {11, "    run: {program: [ls], vmm: prog}", "11:31: 'prog': `build` makes no vmm with this name"},
    {11, "    run: {program: [ls], depth: 9}", "11:33: expected a number from 0 to 8"},
    {11, "    run: {program: [ls], ram: 5000}", "11:31: expected a multiple of 4K"},
    {11, "    run: {program: [ls], args: [x]}", "11:32: `args` is for an image"},
    {11, "    run: {program: [ls], input: x, input-file: y}",
     "11:48: a run has either `input` or `input-file`"},
    {11, "    run: {program: [ls, \"{seed:9..1}\"]}", "11:25: '{seed:9..1}': expected {seed:A..B}"},
    {11, "    run: {program: [ls, \"{seed.:1..9}\"]}", "11:25: '{seed.:1..9}': expected {seed:A..B}"},
    {11, "    run: {program: [ls], way: translate}", "11:31: the way `translate` needs the CPU pg32-leaky"},
    {11, "    run: {program: [ls], cpu: pg32-nest=9, way: translate}", "11:49: the way `translate` needs"},
    {11, "    run: {program: [sh], also: [ls]}", "11:33: 'ls': `build` makes no program with this name"},
    {11, "    run: {image: probe, also: [prog]}", "11:31: `also` is for a program that starts others"},
    {11, "    run: {program: [ls], limits: {exits: 0}}", "11:42: expected a number from 1"},
    {11, "    run: {program: [ls], cpu: x86}", "11:31: 'x86': expected one of pg32, pg32-leaky"},
    {11, "    run: {program: [ls]}\n    runs: {a: {program: [ls]}}",
     "12:11: a test has either `run` or `runs`"},
    {13, "      - {status: 256}", "13:18: expected a number from 0 to 255"},
    {13, "      - {status: \"=< 3\"}", "13:18: expected a status"},
    {13, "      - {stauts: 0}", "13:10: an expectation has no key 'stauts'"},
    {13, "      - {}", "13:9: an expectation is one of status,"},
    {13, "      - {status: 0, register: \"a0 == 1\"}", "13:9: an expectation is one of status,"},
    {13, "      - {status: 0, weight: 0}", "13:29: expected a number from 1 to 1000"},
    {13, "      - {status: 0, in: other}", "13:25: 'other': this test has no run of that name"},
    {14, "    hints: [{when: begins, say: x}]",
     "14:20: 'begins': no expectation of this test has that `name`"},
    {15, "  - id: one", "15:9: 'one': the test in line 9 has this id"},
    {17, "    after: [two]", "17:13: 'two': no earlier test that the machine judges has this id"},
    {18, "    visibility: secret", "18:17: 'secret': expected one of visible, hidden"},
    {19, "    runs: {}", "19:11: expected at least one run"},
    {20, "    expect: []\n    hints:", "20:13: expected at least one expectation"},
    {21, "      - {trace: {pattern: \"[syscall from ap]\"}, in: x}",
     "at character 15 of the pattern: expected a lane"},
    {21, "      - {trace: {pattern: \"[trap]\", count: 3}, in: x}", "21:44: expected a bound"},
    {22, "      - {counter: \"exits.nothing <= 2\", in: y}", "22:19: 'exits.nothing' is no counter"},
    {22, "      - {counter: \"exits\", in: y}", "22:19: 'exits': expected NAME OP NUMBER"},
    {22, "      - {counter: \"exits = 3\", in: y}", "22:19: 'exits = 3': expected NAME OP NUMBER"},
    {22, "      - {counter: \"exits@2 <= 3\", in: y}",
     "22:19: 'exits@2' counts at depth 2, and the run's depth is 1"},
    {22, "      - {counter: \"lane.vmm@3.instructions <= 3\", in: x}",
     "22:19: 'lane.vmm@3.instructions' counts at depth 3"},
    {22, "      - {counter: \"lane.host-os@3.instructions <= 3\", in: y}",
     "22:19: 'lane.host-os@3.instructions' counts"},
    {22, "      - {counter: \"lane.host-os@0.instructions <= 3\", in: y}",
     "22:19: 'lane.host-os@0.instructions' is no counter"},
    {21, "      - {trace: {pattern: \"[trap]\", depth: 3}, in: x}",
     "21:44: no trace has depth 3: the run's depth is 2"},
    {21, "      - {trace: {pattern: \"[trap]\", depth: 2}, in: y}",
     "21:44: no trace has depth 2: the run's depth is 1"},
    {19, "    runs: {x: {image: probe, depth: 2}, y: {program: [ls], depth: 0}}",
     "22:19: 'exits.tlb_miss': at depth 0 there is no guest to count this in; expected "
     "instructions,"},
    {28, "leaderboard: [{name: E, counter: exits@2, test: two, run: y}]",
     "28:34: 'exits@2' counts at depth 2"},
    {23, "      - {same: [x]}", "23:16: expected two runs"},
    {23, "      - {same: [x, z]}", "23:20: 'z': this test has no run of that name"},
    {23, "      - {invariant: whole, in: x, first: 1K, first-app: 1K}", "23:57: expected either `first` or"},
    {23, "      - {invariant: shadow-owned, in: x, first-app: 1}",
     "23:53: `first-app` is for the invariants"},
    {23, "      - {status: 0, first-app: 1}", "23:32: `first-app` is for the invariants"},
    {24, "      - {memory: {at: 0x100, words: []}}", "24:37: expected at least one word"},
    {24, "      - {memory: {at: 0x100, words: [1], level: 3}}", "24:49: expected a number from 0 to 2"},
    {25, "      - {register: \"q7 == 42\"}", "25:20: 'q7': expected a register"},
    {26, "      - {console: {has: [\"(\"]}}", "26:26: '(': "},
    {26, "      - {console: {}}", "26:19: expected at least one pattern"},
    {26, "      - {predict: {run: run}}", "26:19: a `predict` has either `file` or `list`"},
    {26, "      - {predict: {list: a.txt, depth: 9}}", "26:40: expected a number from 1 to 2"},
    {26, "      - {predict: {list: a.txt, app-trap: 0}}", "26:43: expected a number from 1 to 1000000"},
    {26, "      - {predict: {file: c.txt}}", "26:26: 'c.txt': `submit` asks for no such file"},
    {26, "      - {classify: {file: b.txt, cpu: z80}}", "26:39: 'z80': expected one of"},
    {26, "      - {invariant: safe}", "26:21: 'safe': expected one of unprivileged"},
    {27, "wrong: {bad: {fails: [three]}}", "27:23: 'three': no test that the machine judges has this id"},
    {27, "wrong: {bad: {fails: []}}", "27:22: expected at least one test that the wrong solution fails"},
    {28, "leaderboard: [{name: E, counter: nothing, test: two}]", "28:34: 'nothing' is no counter"},
    {28, "leaderboard: [{name: E, counter: exits, test: two, order: up}]",
     "28:59: 'up': expected one of asc, desc"},
    {28, "---\nx: 1", "29:1: a second document"},
    /* what no solution can meet, and what each one meets */
    {21, "      - {trace: {pattern: \"[syscall from app@2]\"}, in: y}",
     "21:27: at character 15 of the pattern: app@2 is nobody: the run's depth is 1"},
    {21, "      - {trace: {pattern: \"[syscall, not resume vmm@0]\"}, in: y}",
     "21:27: at character 22 of the pattern: vmm@0 is nobody"},
    {21, "      - {trace: {pattern: \"[syscall, reflect]\", depth: 0}, in: y}",
     "21:27: at character 2 of the pattern: at depth 0 a trap has no verdict"},
    {21, "      - {trace: {pattern: \"[syscall-step 1]\", depth: 0}, in: y}",
     "21:27: at character 2 of the pattern: at depth 0"},
    {21, "      - {trace: {pattern: \"[trap]\", count: \"< 0\"}, in: y}", "21:44: no solution can meet this"},
    {21, "      - {trace: {pattern: \"[trap]\", count: \">= 3M\"}, in: y}",
     "21:44: no solution can meet this"},
    {22, "      - {counter: \"exits >= 200K\", in: y}",
     "22:19: no solution can meet this: exits is a number from 0 to 100000"},
    {22, "      - {counter: \"exits.rfe >= 0\", in: y}", "22:19: every solution meets this"},
    {22, "      - {counter: \"console > 66K\", in: y}", "22:19: no solution can meet this"},
    {22, "      - {counter: \"instructions > 200M\", in: y}", "22:19: no solution can meet this"},
    {25, "      - {register: \"a0 == 5000000000\", in: w}",
     "25:20: no solution can meet this: a register is a number"},
    {25, "      - {register: \"zero == 1\", in: w}",
     "25:20: no solution can meet this: zero is a number from 0 to 0"},
    {25, "      - {register: \"a0 == 42\"}",
     "25:20: at depth 2 the machine's registers are those of the VMM"},
    {23, "      - {same: [x, x]}", "23:16: a run is always the same as itself"},
    {26, "      - {console: {has: [\"^a\"], is: \"ba\"}}", "26:26: no solution can meet this and `is`"},
    {26, "      - {console: {not: [b, \"^x*$\"], is: \"xx\"}}", "26:29: no solution can meet this and `is`"},
    {26, "      - {console: {has: [a, b], not: [b]}}", "26:29: no solution can meet this and `not`"},
    {26, "      - {console: {has: [\"a\\nb\"]}}", "26:26: no line has a newline in it"},
    {26, "      - {console: {has: [\"{sed.n:1..5}\"]}}",
     "26:26: '{sed.n:1..5}' is no number of a student's own"},
    {13, "      - {status: 0, name: ends}\n      - {status: \"> 0\"}",
     "14:9: no solution can meet this and the expectation in line 13"},
    {22, "      - {counter: \"exits <= 10\", in: y}\n      - {counter: \"exits.rfe > 10\", in: y}",
     "23:9: no solution can meet this and the expectation in line 22"},
    {22, "      - {counter: \"exits < 10\", in: y}\n      - {counter: \"reflected >= 10\", in: y}",
     "23:9: no solution can meet this and the expectation in line 22"},
    {22, "      - {counter: \"console >= 10\", in: y}\n      - {counter: \"console < 10\", in: y}",
     "23:9: no solution can meet this and the expectation in line 22"},
    {22, "      - {counter: \"reflected@2 > 100K\", in: x}", "22:19: no solution can meet this"},
    {22, "      - {counter: \"lane.ap.instructions > 1\", in: y}",
     "22:19: 'lane.ap.instructions' is no counter"},
    {28, "leaderboard: [{name: E, counter: lane.vm1.1/sh.instructions, test: two, run: y}]",
     "28:34: 'lane.vm1.1/sh.instructions' counts at depth 2"},
    {21, "      - {trace: {pattern: \"[syscall from app, rfe, emulate]\", count: \"> 50K\"}, in: y}",
     "21:70: no solution can meet this: the number of matches is a number from 0 to 50000"},
    {11, "    run: {program: [probe]}", "11:20: 'probe': expected a program; `build` makes an image"},
    {14, "    hints: [{when: ends, say: x, status: 0}]", "14:42: 'ends' holds with this status"},
    {24, "      - {memory: {at: 0x10000000, words: [1], level: 2}}",
     "24:23: 0x10000000: no solution can have words there"},
    {24, "      - {memory: {at: 0x101, words: [1]}}", "24:23: 0x101: expected the address of a word"},
    {2, "title: ~", "2:8: no value: expected a text"},
    {2, "title:", "2:7: no value: expected a text"},
    {2, "title: null", "2:8: no value: expected a text"},
    {2, "title: \xe9", "2:9: this is not YAML: "},
    {24, "      - {memory: {at: 0x100, words: [010]}}", "24:38: expected a number from 0 to"},
    {10, "    points: 02.5", "10:13: expected a number such as"},
    {22, "      - {counter: \"exits <= 010\", in: y}", "22:19: '010': expected a number"},
    /* sums */
    {22, "      - {counter: \"exits * exits\", in: y}", "22:19: 'exits * exits': expected NAME OP NUMBER"},
    {22, "      - {counter: \"exits <= 2 * z:exits\", in: y}",
     "22:19: 'z:exits': this test has no run of that name"},
    {22, "      - {counter: \"x:exits <= 2 * y:exits@3\", in: y}", "22:19: 'exits@3' counts at depth 3"},
    {22, "      - {counter: \"exits <= 1.1234567\", in: y}", "22:19: '1.1234567': expected a number"},
    {22, "      - {counter: \"exits <= {seed:9..3}\", in: y}", "22:19: '{seed:9..3}': expected {seed:A..B}"},
    {22, "      - {counter: \"exits <= {seed:1..3} 4\", in: y}", "22:19: '4': expected +, -, * or /"},
    {22, "      - {counter: \"exits <= {seed:1..3} *\", in: y}", "22:19: '': expected a number or a counter"},
    {22, "      - {counter: \"exits <= 1 / {seed:0..3}\", in: y}",
     "22:19: '1 / {seed:0..3}': a division by 0"},
    {22, "      - {counter: \"exits >= {seed:1..200000}\", in: y}",
     "22:19: no solution can meet this: exits is"},
    {22, "      - {counter: \"exits >= {seed:0..9}\", in: y}", "22:19: every solution meets this"},
    {22, "      - {counter: \"lane.host/sh.instructions >= 0\", in: y}", "22:19: every solution meets this"},
    {22, "      - {counter: \"2 * 3 <= 7\", in: y}", "22:19: '2 * 3 <= 7': expected a counter in it"},
    {25, "      - {register: \"a0 == exits\"}", "25:20: 'exits': expected a number, or {seed:A..B}"},
    {25, "      - {register: \"a0 == 5G + {seed:1..2}\", in: w}", "25:20: no solution can meet this"},
    {24, "      - {memory: {at: 0x100, words: [\"{seed:1..9} / 2\"]}}",
     "24:38: '{seed:1..9} / 2': expected a word"},
    /* credit by proximity */
    {22, "      - {counter: \"exits <= 10\", none-at: 20, in: y}",
     "22:43: `none-at` gives a part of the points"},
    {22, "      - {status: 0, none-at: 20}", "22:30: `none-at` is for a counter, a register or a variable"},
};

static void test_mistakes(void **state) {
  (void)state;
  for (size_t i = 0; i < sizeof mistakes / sizeof *mistakes; i++) {
    const struct mistake *m = &mistakes[i];
    struct lab_error error;
    struct lab *lab = parse_with(m->line, m->text, &error);
    if (lab) fail_msg("line %u, '%s' is read", m->line, m->text ? m->text : "(left out)");
    if (strncmp(error.text, "lab.yaml:", 9) != 0 || !strstr(error.text, m->says))
      fail_msg("'%s': says '%s', expected '%s'", m->text ? m->text : "(left out)", error.text, m->says);
  }
}

/* What a run of depth 0 does count: the machine's own. */
static void test_counters_of_the_machine(void **state) {
  static const char *const good[] = {"instructions",
                                     "ticks",
                                     "console",
                                     "lane.app@0.instructions",
                                     "lane.guest-os@0.instructions",
                                     "lane.host-os.instructions"};
  (void)state;
  for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
    char text[600];
    struct lab_error error;
    snprintf(text, sizeof text,
             "trapeze-lab: 1\ntitle: t\nsubmit: []\ntests:\n  - {id: a, points: 1, run: {program: [ls], "
             "depth: 0}, "
             "expect: [{counter: \"%s <= 1\"}, {trace: {pattern: \"[trap]\", depth: 0}}]}\n",
             good[i]);
    struct lab *lab = parse(text, &error);
    if (!lab) fail_msg("%s", error.text);
    lab_free(lab);
  }
}

static void test_no_lab_at_all(void **state) {
  static const char *const texts[] = {"", "[]", "x", "# nothing\n", "&a [*a]", "trapeze-lab: &a {<<: *a}"};
  struct lab_error error;
  (void)state;
  for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
    assert_null(parse(texts[i], &error));
    assert_memory_equal(error.text, "lab.yaml:", 9);
  }
}

/* ---- a student's numbers ---- */

static char *expand(const char *text, const char *student) {
  const char *wrong;
  char *out = seed_expand(text, student, &wrong);
  assert_non_null(out);
  return out;
}

static void test_seeds(void **state) {
  unsigned seen = 0;
  (void)state;
  for (int i = 0; i < 200; i++) {
    char student[20];
    snprintf(student, sizeof student, "s%03d", i);
    char *a = expand("x{seed:3..7}y", student), *b = expand("x{seed:3..7}y", student);
    assert_string_equal(a, b);
    assert_int_equal(strlen(a), 3);
    assert_true(a[0] == 'x' && a[2] == 'y' && a[1] >= '3' && a[1] <= '7');
    seen |= 1u << (a[1] - '3');
    free(a);
    free(b);
  }
  assert_int_equal(seen, 31); /* every number is somebody's */
}

static void test_named_seeds(void **state) {
  unsigned differ = 0;
  (void)state;
  for (int i = 0; i < 50; i++) {
    char student[20], *a;
    unsigned x, y, z;
    snprintf(student, sizeof student, "s%03d", i);
    a = expand("{seed.a:1..1000} {seed.b:1..1000} {seed.a : 1..1000}", student);
    assert_int_equal(sscanf(a, "%u %u %u", &x, &y, &z), 3);
    assert_int_equal(x, z);
    differ += x != y;
    free(a);
  }
  assert_true(differ > 45);
}

/* The words of one name, in several lists: each student has the same place in all of them. */
static void test_seeded_words(void **state) {
  unsigned seen = 0;
  (void)state;
  for (int i = 0; i < 60; i++) {
    char student[20], n;
    unsigned number;
    snprintf(student, sizeof student, "s%03d", i);
    char *a = expand("{seed.w:load x|store\\ny|z} {seed.w:0..2} {seed.w:a|b|c}", student);
    assert_int_equal(sscanf(strrchr(a, ' ') - 1, "%u %c", &number, &n), 2);
    assert_int_equal(n, "abc"[number]);
    assert_memory_equal(a, number == 0 ? "load x 0" : number == 1 ? "store\ny 1" : "z 2", 3);
    seen |= 1u << number;
    free(a);
  }
  assert_int_equal(seen, 7);
  char *least = expand("{seed.w:|x}", SEED_LEAST), *most = expand("{seed.w:|x}", SEED_MOST);
  assert_string_equal(least, "");
  assert_string_equal(most, "x");
  free(least), free(most);
}

static void test_bad_seeds(void **state) {
  static const char *const bad[] = {
      "{seed:a}",     "{seed:a|b",       "{seed:a|{}}",  "{seed:a\n|b}",         "{seed}",
      "{seed:}",      "{seed:1}",        "{seed:1..}",   "{seed:1..2",           "{seed:2..1}",
      "{seed.:1..2}", "{seed.a b:1..2}", "{seed:-1..2}", "{seed:1..99999999999}"};
  (void)state;
  for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
    const char *wrong = NULL;
    char text[60];
    snprintf(text, sizeof text, "ok %s", bad[i]);
    if (seed_expand(text, "x", &wrong)) fail_msg("%s", text);
    assert_ptr_equal(wrong, text + 3);
  }
}

/* ---- counters ---- */

static void test_counters(void **state) {
  static struct role roles[] = {{0, true, false}, {0, false, true}, {1, true, false}, {1, false, false}};
  static struct lane lanes[4] = {
      {.name = "host kernel"}, {.name = "host/vmm"}, {.name = "vm1 kernel"}, {.name = "vm1/x"}};
  static uint64_t retired[] = {1, 20, 300, 4000};
  static struct counts c = {.instructions = 5,
                            .ticks = 6,
                            .console = 7,
                            .role = roles,
                            .lane = lanes,
                            .retired = retired,
                            .lanes = 4};
  (void)state;
  c.depth[0] = (struct depth_stats){.exits = 10,
                                    .reflected = 11,
                                    .emulated = 12,
                                    .filled = 13,
                                    .hidden_fills = 14,
                                    .host_traps = 15,
                                    .retired_native = 16};
  c.depth[1].exits = 99;
  c.depth[0].by_cause[CAUSE_SYSCALL] = 21;
  c.depth[0].by_cause[CAUSE_FETCH_MISS] = 1;
  c.depth[0].by_cause[CAUSE_LOAD_MISS] = 2;
  c.depth[0].by_cause[CAUSE_STORE_MISS] = 4;
  c.depth[0].by_instruction[PG32_OP_rfe] = 31;
  static const struct {
    const char *name;
    uint64_t value;
  } cases[] = {
      {"instructions", 5},
      {"ticks", 6},
      {"console", 7},
      {"exits", 10},
      {"exits@1", 10},
      {"exits@2", 99},
      {"reflected", 11},
      {"emulated", 12},
      {"filled", 13},
      {"hidden_fills", 14},
      {"host_traps", 15},
      {"native", 16},
      {"exits.syscall", 21},
      {"exits.SYSCALL", 21},
      {"exits.load_miss", 2},
      {"exits.load-miss", 2},
      {"exits.tlb_miss", 7},
      {"exits.rfe", 31},
      {"exits.rfe@2", 0},
      {"lane.app.instructions", 4000},
      {"lane.guest-os.instructions", 300},
      {"lane.vmm.instructions", 20},
      {"lane.host-os.instructions", 1},
      {"lane.guest-os@0.instructions", 1},
      {"lane.app@0.instructions", 20},
      {"lane.vm1/x.instructions", 4000},
      {"lane.app@2.instructions", 0},
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    char why[200] = "";
    if (!counter_good(cases[i].name, why, sizeof why)) fail_msg("%s", why);
    if (counter_value(cases[i].name, &c) != cases[i].value)
      fail_msg("%s is %llu", cases[i].name, (unsigned long long)counter_value(cases[i].name, &c));
  }
  static const char *const bad[] = {"",
                                    "exit",
                                    "exits.",
                                    "exits.add",
                                    "exits@",
                                    "exits@9",
                                    "exits@0",
                                    "instructions@1",
                                    "exits.rfe@2x",
                                    "lane.app",
                                    "lane..instructions",
                                    "native@x"};
  for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
    char why[200] = "";
    if (counter_good(bad[i], why, sizeof why)) fail_msg("'%s' is taken", bad[i]);
    assert_true(*why);
  }
}

/* Which event was one too many: those that no VMM saw do not count. */
static void test_counted_events(void **state) {
  struct event e[] = {
      {.event = 3,
       .kind = RECORD_TRAP,
       .levels = 1,
       .trap.cause = CAUSE_SYSCALL,
       .verdict = {0, VERDICT_REFLECT}},
      {.event = 5,
       .kind = RECORD_TRAP,
       .levels = 1,
       .trap.cause = CAUSE_SYSCALL,
       .verdict = {0, VERDICT_HOST}},
      {.event = 6, .kind = RECORD_RESUME, .levels = 1, .trap.cause = CAUSE_SYSCALL},
      {.event = 8,
       .kind = RECORD_TRAP,
       .levels = 1,
       .trap.cause = CAUSE_PRIVILEGED,
       .trap.badinst = (uint32_t)PG32_OP_rfe << 25,
       .verdict = {0, VERDICT_EMULATE}},
      {.event = 9,
       .kind = RECORD_TRAP,
       .levels = 2,
       .trap.cause = CAUSE_LOAD_MISS,
       .trap.badinst = (uint32_t)PG32_OP_rfe << 25,
       .verdict = {0, VERDICT_FILL, VERDICT_HOST}},
  };
  struct events all = {e, sizeof e / sizeof *e, NULL};
  (void)state;
  assert_int_equal(counter_event("exits", &all, 1), 3);
  assert_int_equal(counter_event("exits", &all, 2), 8);
  assert_int_equal(counter_event("exits", &all, 3), 9);
  assert_int_equal(counter_event("exits", &all, 4), 0);
  assert_int_equal(counter_event("exits.syscall", &all, 2), 0);
  assert_int_equal(counter_event("exits.rfe", &all, 1), 8);
  assert_int_equal(counter_event("exits.rfe", &all, 2), 0);
  assert_int_equal(counter_event("exits.tlb_miss", &all, 1), 9);
  assert_int_equal(counter_event("exits@2", &all, 1), 9);
  assert_int_equal(counter_event("instructions", &all, 1), 0);
}

/* ---- console ---- */

static struct bytes text(const char *s, size_t n) { return (struct bytes){(uint8_t *)s, n}; }

static void test_console_lines(void **state) {
  static const char said[] = "one\r\ntwo\0three\n\nfour";
  struct bytes c = text(said, sizeof said - 1);
  char why[100];
  (void)state;
  assert_int_equal(console_find(c, "^one$"), 1);
  assert_int_equal(console_find(c, "three$"), 2); /* behind a NUL */
  assert_int_equal(console_find(c, "^$"), 3);
  assert_int_equal(console_find(c, "fo+ur"), 4);
  assert_int_equal(console_find(c, "one.*two"), 0); /* lines are by themselves */
  assert_int_equal(console_find(text("", 0), "^$"), 0);
  assert_int_equal(console_line(c, 4).size, 4);
  assert_int_equal(console_line(c, 1).size, 3);
  assert_int_equal(console_line(c, 5).size, 0);
  assert_true(console_pattern_good("a{2}(b|c)", why, sizeof why));
  assert_false(console_pattern_good("a[", why, sizeof why));
}

/* ---- sums ---- */

/* x is 7; everything else 10^15. */
static uint64_t counting(const void *arg, size_t run, const char *counter) {
  (void)arg;
  return strcmp(counter, "x") == 0 ? 7 + run : UINT64_C(1000000000000000);
}

static const char *sum(const char *text) {
  static char buf[64];
  static const struct lab_run runs[] = {{.name = "one"}, {.name = "two-b"}};
  static const struct lab_test test = {.run = (struct lab_run *)runs, .runs = 2};
  struct ratio value;
  struct sum *s = sum_parse(text, strlen(text), &test, 0, buf, sizeof buf);
  if (!s) return buf;
  if (sum_value(s, SEED_MOST, counting, NULL, &value))
    ratio_text(value, buf);
  else
    strcpy(buf, "none");
  sum_free(s);
  return buf;
}

static void test_sums(void **state) {
  (void)state;
  assert_string_equal(sum("42"), "42");
  assert_string_equal(sum("x"), "7");
  assert_string_equal(sum("two-b:x"), "8");
  assert_string_equal(sum("1 + 2 * x - two-b:x"), "7");
  assert_string_equal(sum("x - 2*x - 1"), "-8");
  assert_string_equal(sum("8 / 2 / 2"), "2");
  assert_string_equal(sum("x / 2"), "3.5");
  assert_string_equal(sum("x / 3"), "2.3333");
  assert_string_equal(sum("1K + 0x10 + {seed.n:3..9}"), "1025");
  assert_string_equal(sum("lane.host/x.instructions / two-b:lane.host/y.instructions"), "1");
  assert_string_equal(sum("x / 0"), "none");
  assert_string_equal(sum("y * y * y"), "none"); /* more than 38 digits */
  assert_string_equal(sum("y * y / y / y"), "1");
  struct ratio eleven = ratio_of(11), bound;
  char why[100];
  struct sum *s = sum_parse("1.1 * 10", 8, NULL, 0, why, sizeof why);
  assert_true(sum_value(s, "", NULL, NULL, &bound));
  assert_int_equal(ratio_compare(eleven, bound), 0); /* not so with floating point */
  sum_free(s);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_what_is_read),   cmocka_unit_test(test_mistakes),
      cmocka_unit_test(test_no_lab_at_all),  cmocka_unit_test(test_counters_of_the_machine),
      cmocka_unit_test(test_seeds),          cmocka_unit_test(test_named_seeds),
      cmocka_unit_test(test_bad_seeds),      cmocka_unit_test(test_counters),
      cmocka_unit_test(test_counted_events), cmocka_unit_test(test_console_lines),
      cmocka_unit_test(test_sums),           cmocka_unit_test(test_seeded_words),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
