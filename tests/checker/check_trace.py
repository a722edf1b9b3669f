#!/usr/bin/env python3
"""check_trace.py - verifies what `trapeze trace` and the debugger's `why` say of a run, without the recorder.

    tests/checker/check_trace.py [--task OFFSET] BUILD/bin/trapeze [--way para] [--tlb N] [--depth D] --image ELF

The words behind the command are the run's, as for `trapeze trace`. The checker

1. asks the debugger for the machine's state at each event, and for `why` at each trap and resume (run.py);
2. plays each virtual machine by the manual's rules (machine.py, vms.py): what must become of each trap, and which words
   must then be in the guest's low core; with --way para by those of chapter 15 (para.py);
3. derives from that which lists there are, which event is which step, and which process returned (lists.py).
   --task: the word at this offset of the guest's low core says which of its tasks runs (or asid: its ASID does);
4. compares each statement with that: facts and verdicts (claims.py), sentences (sentences.py), `why` (whys.py), and
   the totals and the ends of lists in `--lists` and `--stats` (totals.py).

The status is 0 if each statement holds. Else each false statement is printed (the first 40), and the status is 1."""
import re
import sys

import machine
import run
import totals
import whys
from claims import Claims
from lists import Lists
from vms import Vms


class Count:
    def __init__(self):
        self.statements, self.false = 0, []

    def wrong(self, e, what):
        self.false.append(f"#{e['event']} {what}" if e else what)

    def must(self, e, what, expected, said):
        self.statements += 1
        if expected != said:
            self.wrong(e, f"{what}: it is {expected!r}, but the trace says {said!r}")


def option(arguments, name, default):
    return arguments[arguments.index(name) + 1] if name in arguments else default


def call_names():
    """Our own kernel's system calls, as isa/platform.h numbers them."""
    text = open("isa/platform.h").read()
    return {int(number): name for number, name in re.findall(r"^ *S\((\d+), *(\w+),", text, re.M)}


def said(mistakes):
    return "".join(f", {n} {name}" for name, n in sorted(mistakes.items()))


def main():
    words, task = sys.argv[1:], None
    if words[0] == "--task":
        task, words = words[1] if words[1] == "asid" else int(words[1], 0), words[2:]
    trapeze, arguments = words[0], ["--input", "/dev/null"] + words[1:]
    count, names = Count(), call_names()
    image = "--image" in arguments
    header, events = run.read_trace(trapeze, arguments)
    asked = [e for e in events if e["kind"] != "end"]
    entries = int(option(arguments, "--tlb", "256"))
    if not run.ask(trapeze, arguments, asked, run.page_0_frames(events)):
        count.wrong(None, "the debugger does not show each event of the trace")
        asked = []
    lists = Lists(header, image, task, count.wrong)
    vms = Vms(header, events, entries, count.must, count.wrong, lists, "para" in arguments)
    lists.vms = vms
    for e in asked:
        vms.event(e)
    claims = Claims(vms, lists, count.must, count.wrong)
    for e in asked:
        claims.event(e)

    def call_name(level, number):
        return None if image and level == header["depth"] else names.get(number, "?")

    sentences = sum(whys.verify(whys.At(e, vms, lists, call_name), e["seen"].why, count.wrong)
                    for e in asked if e["kind"] in ("trap", "resume"))
    ends = totals.verify(trapeze, arguments, events, lists, claims, call_name, count) if asked else 0
    if claims.mistakes and "--vmm" not in arguments:
        count.wrong(None, f"our VMM has made mistakes: {claims.mistakes}")
    for line in count.false[:40]:
        print(line)
    print(f"{len(lists.all)} lists ({ends} ends), {len(vms.outcomes)} traps out of VMs, {count.statements} statements, "
          f"{sentences} sentences of why{said(claims.mistakes)}: {len(count.false)} false")
    return 1 if count.false else 0


if __name__ == "__main__":
    sys.exit(main())
