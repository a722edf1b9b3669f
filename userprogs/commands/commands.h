/* commands.h - the small commands. All of them are one program, /bin/all-commands, which has a name for each: the name by
 * which the program is started says which command it is. So they take the room of one. */
#ifndef COMMANDS_H
#define COMMANDS_H
#include <stdbool.h>
#include <stdio.h>

/* clang-format off */
/* name, how it is called, what it does */
#define COMMANDS(C) \
  C(basename, "PATH [SUFFIX]", "prints the last name of a path, without SUFFIX") \
  C(cat, "[FILE...]", "copies files to the console; without any, or for `-`, its input") \
  C(cp, "[-r] FILE... TO", "copies files; -r: folders with all that is in them") \
  C(cut, "-d CHARACTER -f LIST | -c LIST [FILE...]", "prints some fields (or characters) of each line; LIST: 1,3-5,7-") \
  C(date, "", "prints the time since the machine was switched on") \
  C(df, "", "prints how large the file systems are, and how much is free") \
  C(diff, "[-u] OLD NEW", "prints which lines differ; status 1 if some do; -u: with lines around them") \
  C(dirname, "PATH", "prints a path without its last name") \
  C(disk, "ls | put FILE... | get FILE... | rm FILE... | load FOLDER | save FOLDER | check | format", "keeps files on " \
    "/dev/disk, where they survive power-off (trapeze run --disk): put copies files there, get copies them back, load and " \
    "save do so with all files of a folder; `trapeze disk` does the same outside") \
  C(env, "[NAME=VALUE...] [COMMAND [ARGUMENT...]]", "prints the environment, or runs a command with more in it") \
  C(false, "", "ends with status 1") \
  C(find, "[PATH...] [-name PATTERN] [-type f|d]", "prints what is in folders, at any depth") \
  C(free, "", "prints how much memory there is, and how much is free") \
  C(grep, "[-vicnqFl] PATTERN [FILE...]", "prints the lines that match a pattern: . * ^ $ [a-z] \\x; -v: the others, " \
    "-i: in any case, -c: their number, -n: with line numbers, -q: nothing, -F: no pattern, -l: the files' names") \
  C(head, "[-n N | -c N] [FILE...]", "prints the first 10 (or N) lines, or with -c the first N bytes") \
  C(hostname, "[NAME]", "prints the name of the host, or of the container; or sets it") \
  C(kill, "[-SIGNAL] PID... | -l", "sends a signal to processes, or to groups (-PID); SIGNAL: 9, KILL (else TERM); -l: all names") \
  C(ln, "FILE NAME", "gives a file one more name: it is gone with its last one; there are no symbolic links") \
  C(ls, "[-1AadlR] [PATH...]", "prints what is in folders; -l: kinds and sizes, -d: the folders themselves, -A and -a: " \
    "names that begin with a dot, too, -R: and what is in folders there, -1: one in a line") \
  C(mkdir, "[-p] FOLDER...", "makes folders; -p: those that lead there, too") \
  C(more, "[FILE...]", "prints a page at a time: space for the next one, enter for a line, q to end") \
  C(mount, "", "prints which file systems there are, and where") \
  C(mv, "FILE... TO", "gives files another name, or moves them into a folder") \
  C(od, "[-v] [-A BASE] [-t TYPE | -bcdox] [-j SKIP] [-N BYTES] [FILE...]", "prints bytes, 16 in a line; -t x1: as " \
    "hexadecimal numbers of 1 byte, so o d u x and 1 2 4, and c: characters; -A: offsets in o d x, or n: none; " \
    "-b: -t o1, -c: -t c, -d: -t u2, -o: -t o2, -x: -t x2; -v: repeated lines, too") \
  C(printf, "FORMAT [WORD...]", "prints words as the format says: %s %d %u %x %o %c %b %%, \\n") \
  C(ps, "", "prints the processes of this machine, not those of machines in VMs or around") \
  C(rm, "[-rf] FILE...", "removes files; -r: folders with all that is in them, -f: no complaints") \
  C(rmdir, "FOLDER...", "removes empty folders") \
  C(seq, "[FIRST [STEP]] LAST", "prints the numbers from FIRST (or 1) to LAST") \
  C(sleep, "SECONDS", "waits") \
  C(sort, "[-nru] [-k FIELD] [-t CHARACTER] [FILE...]", "sorts lines; -n: as numbers, -r: backwards, -u: equal ones once, " \
    "-k: by what begins at a field, -t: what is between fields") \
  C(tail, "[-n N | -n +N | -c N] [FILE...]", "prints the last 10 (or N) lines, or those from line N on; -c: bytes") \
  C(tee, "[-a] FILE...", "copies its input to the console and to files; -a: behind what is there") \
  C(time, "COMMAND [ARGUMENT...]", "runs a command, and prints how long that took") \
  C(top, "[-n TIMES]", "shows memory, processes and VMs, every second until a key is pressed, or TIMES times") \
  C(touch, "FILE...", "makes empty files; of files that are there, sets the time of their change") \
  C(tr, "[-ds] FROM [TO]", "changes characters; -d: removes those of FROM, -s: several in a row become one") \
  C(true, "", "ends with status 0") \
  C(uniq, "[-cdu] [FILE]", "prints lines that are equal once; -c: how many, -d: only repeated, -u: only single ones") \
  C(uptime, "", "prints for how long the machine has run, and how many processes there are") \
  C(wc, "[-lwc] [FILE...]", "counts lines, words and bytes") \
  C(yes, "[WORD...]", "prints `y` or the words, again and again")
/* clang-format on */

#define DECLARE(name, usage, what) int name##_main(int argc, char **argv);
COMMANDS(DECLARE)
#undef DECLARE

extern const char *command; /* its name, for messages */
int fail(const char *what); /* "name: what: why" of errno; returns 1 */
_Noreturn void usage(void); /* says how the command is called, and ends with status 2 */
/* Takes the letters of argv[1] and so on that are options: flags[i] becomes true for letters[i]. Returns the index of
 * the first argument behind them. Another letter ends the command. */
int take_options(int argc, char **argv, const char *letters, bool *flags);
/* Calls `act` for each of the files, or for standard input if there is none; `-` is standard input, too. The status. */
int each_input(int argc, char **argv, int first, int (*act)(FILE *f, const char *name, void *arg), void *arg);
void print_system(void); /* uptime, processes and memory, in one line */
/* The next line without its newline, in memory that the next call changes; NULL at the end. */
char *next_line(FILE *f);

#endif
