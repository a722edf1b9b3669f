"""run.py - a run as its trace tells it, and as the debugger shows the machine at each of its events.

Of an event the checker believes only what the debugger shows too: registers, STATUS, PC, low cores, TLB words."""
import json
import re
import subprocess

import machine


class Seen:
    """What the debugger shows of the machine: before an event, or (for traps and resumes) after it."""


def run_trapeze(command, arguments, text=None):
    done = subprocess.run([command] + arguments, input=text, stdin=None if text is not None else subprocess.DEVNULL,
                          capture_output=True, text=True, errors="replace")
    return done.stdout


def read_trace(trapeze, arguments):
    lines = run_trapeze(trapeze, ["trace", "--format", "json"] + arguments).splitlines()
    return json.loads(lines[0]), [json.loads(line) for line in lines[1:]]


def page_0_frames(events):
    """The frames that page 0 ever leads to: where a low core can lie."""
    return sorted({e["lo"] & ~0xFFF for e in events if e["kind"] == "tlbw" and e["hi"] >> 12 == 0})


def commands(events, frames):
    for e in events:
        yield f"goto #{e['event']}"
        if e["kind"] in ("trap", "resume"):
            yield "step"
        yield "info cpu"
        if e["kind"] in ("tlbw", "tlbi"):
            yield "x/1wx phys $pc"
            continue
        for frame in [0] + frames:
            yield f"x/7wx phys {frame}"


REGISTER = re.compile(r"\b(ra|sp|gp|tp|t[0-6]|s[0-9]|s1[01]|a[0-7]) +([0-9a-f]{8})\b")
STATUS = re.compile(r"^STATUS (user|KERNEL) (ie|IE) (t|T) a(\d+)", re.M)


def parse(answer, frames):
    seen = Seen()
    cpu = answer[answer.index("STATUS"):]
    seen.x = dict.fromkeys(machine.REGISTERS, 0)
    for name, value in REGISTER.findall(answer):
        seen.x[name] = int(value, 16)
    mode, ie, t, asid = STATUS.search(answer).groups()
    seen.status = int(mode == "user") | (ie == "IE") << 1 | (t == "T") << 2 | int(asid) << 8
    seen.timer = int(re.search(r"^TIMER +(\d+)", cpu, re.M).group(1))
    seen.pc = int(re.search(r"^PC +(0x[0-9a-f]+)", cpu, re.M).group(1), 16)
    position = re.findall(r" insn (\d+)", answer)
    seen.retired = int(position[-1]) if position else None
    words = {}
    for address, values in re.findall(r"^(0x[0-9a-f]{8})(?: <.*>)?:((?:\t0x[0-9a-f]{8})+)", answer, re.M):
        for i, value in enumerate(values.split()):
            words[int(address, 16) + 4 * i] = int(value, 16)
    seen.word = words
    seen.low = {f: [words[f + 4 * i] for i in range(7)] for f in [0] + frames if f + 24 in words}
    return seen


def ask(trapeze, arguments, events, frames):
    """Adds to each event what the debugger shows there, as event["seen"]."""
    script = "\n".join(commands(events, frames)) + "\n"
    out = run_trapeze(trapeze, ["debug", "--batch", "-x", "-"] + arguments, script)
    answers = re.split(r"^> goto #(\d+)\n", out, flags=re.M)[1:]
    shown = {int(number): text for number, text in zip(answers[::2], answers[1::2])}
    for e in events:
        e["seen"] = parse(shown[e["event"]], frames)
