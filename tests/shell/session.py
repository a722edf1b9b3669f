#!/usr/bin/env python3
"""session.py TRAPEZE SESSION ROUNDS PACE - an hour at the shell, in tmux at 80x24: types what SESSION says, and compares the
whole screen at the end of each block. TAP comes out. With WRITE=1 the screens in SESSION are written anew: read the
difference before you commit it.

A block begins with a line `# name`, on an empty screen. Then: `> text` types a line, `+ text` types without Enter,
`key NAME...` presses keys as tmux calls them, `wait SECONDS`, and `| text` are the lines of the screen (`~ regex` a line
that is not always the same). After each round the memory that is free must be what it was after the round before.
"""
import os, re, subprocess, sys, time

trapeze, path, rounds, pace = sys.argv[1], sys.argv[2], int(sys.argv[3]), float(sys.argv[4])
socket = f"trapeze-session-{os.getpid()}"
points = failures = 0


def tmux(*words):
    return subprocess.run(["tmux", "-L", socket, "-f", "/dev/null", *words], capture_output=True, text=True).stdout


def screen():
    lines = [line.rstrip() for line in tmux("capture-pane", "-p", "-t", "t").split("\n")]
    while lines and not lines[-1]:
        lines.pop()
    return [re.sub(r"^(\[\d+\]) \d+$", r"\1 PID", line) for line in lines]


def matches(expected, lines):
    return len(expected) == len(lines) and all(
        re.fullmatch(e[2:], line) if e[0] == "~" else e[2:] == line for e, line in zip(expected, lines))


def point(good, name, detail=()):
    global points, failures
    points += 1
    failures += not good
    print(f"{'ok' if good else 'not ok'} {points} - {name}", *(f"\n#   {line}" for line in detail), sep="", flush=True)


def settle():
    """The screen when it has been the same for a while."""
    last, since = screen(), time.time()
    while time.time() - since < 0.6:
        time.sleep(0.1)
        now = screen()
        if now != last:
            last, since = now, time.time()
    return last


def await_prompt():
    """Or two seconds: a program that goes on, or that reads, shows none."""
    until = time.time() + 2
    time.sleep(0.15)
    while time.time() < until and not re.search(r"^(depth \d \$|>)$", (screen() or [""])[-1]):
        time.sleep(0.05)


def act(line):
    word, _, rest = line.partition(" ")
    if word == ">" and rest:
        tmux("send-keys", "-t", "t", "-l", rest)
    if word == ">":
        tmux("send-keys", "-t", "t", "Enter")
        await_prompt()
        time.sleep(pace)
    elif word == "+":
        tmux("send-keys", "-t", "t", "-l", rest)
    elif word == "key":
        tmux("send-keys", "-t", "t", *rest.split())
        time.sleep(0.15)
    elif word == "wait":
        time.sleep(float(rest))


def blocks():
    block = None
    for line in open(path, encoding="utf-8").read().splitlines():
        if line.startswith("# "):
            if block:
                yield block
            block = [line[2:], [], []]
        elif line:
            block[2 if line[0] in "|~" else 1].append(line)
    yield block


def run(block):
    name, actions, expected = block
    tmux("send-keys", "-t", "t", "C-l")
    time.sleep(0.15)
    for line in actions:
        act(line)
    if "WRITE" in os.environ:
        if not any(e[0] == "~" for e in expected) or not matches(expected, settle()):
            block[2] = [f"| {line}" for line in settle()]
        return
    until = time.time() + 20
    while not matches(expected, screen()) and time.time() < until:
        time.sleep(0.1)
    lines = screen()
    good = matches(expected, lines)
    point(good, name, [] if good else ["expected:", *expected, "on the screen:", *lines])


def free_memory():
    tmux("send-keys", "-t", "t", "C-l")
    act("> free")
    found = [line for line in settle() if "KiB of memory" in line]
    return found[-1] if found else "the screen is lost"


tmux("-u", "new-session", "-d", "-s", "t", "-x", "80", "-y", "24", f"{trapeze} run --depth 1; echo left with $?; exec sleep 9999")
time.sleep(1)
all_blocks = list(blocks())
free = []
try:
    for number in range(rounds):
        for block in all_blocks:
            run(block)
        free.append(free_memory())
    if "WRITE" in os.environ:
        with open(path, "w", encoding="utf-8") as f:
            f.write("\n\n".join("\n".join([f"# {name}", *a, *e]) for name, a, e in all_blocks) + "\n")
    for number in range(1, rounds):
        point(free[number] == free[0], f"round {number + 1} takes no memory for good", [free[0], free[number]])
    tmux("send-keys", "-t", "t", "C-l")
    act("> exit 7")
    point(settle()[-1:] == ["left with 7"], "the shell lives to the end, and its exit status arrives")
finally:
    tmux("kill-server")
print(f"1..{points}")
sys.exit(failures > 0)
