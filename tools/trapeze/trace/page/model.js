"use strict";
/* model.js - a trace: its events in order, what each belongs to, and the state of the machine at each.
 *
 * The trace comes as html.c writes it. An event has a number n, a kind k (T trap, R resume, W and I the TLB, D a
 * device, E the end), lanes f and t before and after, the trap p during whose handling it happened, the tick i,
 * the instructions r, words w, verdicts v, the sentence y, steps s, cells c and TLB slots b that it changes. */

const KEYFRAME = 256; // events between two complete states

async function unpack(text) {
  const bytes = Uint8Array.from(atob(text.replace(/\s+/g, "")), (letter) => letter.charCodeAt(0));
  const source = new ReadableStream({ start(stream) { stream.enqueue(bytes); stream.close(); } });
  return new Response(source.pipeThrough(new globalThis["DecompressionStream"]("gzip"))).json();
}

class Trace {
  constructor(data) {
    this.data = { way: "trap", ...data }; // pages of before have no way
    this.events = data.events;
    this.lanes = data.lanes.map(([name, depth, kind], id) => ({ id, name, depth, kind }));
    this.byNumber = new Map(this.events.map((event, index) => [event.n, index]));
    this.cellNames = cellNames(data);
    this.takeSteps();
    this.takeChildren();
    this.takeKeyframes();
    this.takeGuestOperations();
  }

  /* ---- lists and steps ---- */

  takeSteps() {
    this.lists = new Map(); // "kind level event of step 1" -> its steps, in order
    this.stepped = []; // indices of the events that are a numbered step of a list
    this.events.forEach((event, index) => {
      for (const [list, step, level, first, text, own] of event.s || []) {
        const key = `${list} ${level} ${first}`;
        if (!this.lists.has(key)) this.lists.set(key, { list, level, first, steps: [] });
        this.lists.get(key).steps.push({ step, index, text, own });
      }
      if ((event.s || []).some(([, step]) => step > 0)) this.stepped.push(index);
    });
  }

  /* An event in a few words, with what was done about it. */
  brief(index) {
    const { n, w, v } = this.events[index];
    return `#${n} ${w}${v ? ` (${v})` : ""}`;
  }

  /* The lists of which an event is a step, the innermost level first. */
  listsAt(index) {
    const steps = this.events[index].s || [];
    const lists = steps.map(([list, , level, first]) => this.lists.get(`${list} ${level} ${first}`));
    return [...new Set(lists)].sort((a, b) => b.level - a.level); // one event can be two steps of a list
  }

  /* ---- the tree of nested traps ---- */

  takeChildren() {
    this.children = new Map(); // index of a trap -> indices of the events during its handling; -1: of none
    this.events.forEach((event, index) => {
      const parent = this.byNumber.has(event.p) ? this.byNumber.get(event.p) : -1;
      if (!this.children.has(parent)) this.children.set(parent, []);
      this.children.get(parent).push(index);
    });
  }

  ancestors(index) {
    const chain = [];
    for (let at = index; at !== undefined; at = this.byNumber.get(this.events[at].p)) chain.push(at);
    return chain;
  }

  /* ---- the machine's state ---- */

  takeKeyframes() {
    this.keyframes = [];
    const cells = this.cellNames.map((_, i) => (i < this.data.vm ? 0 : null)), tlb = new Map(); // as after a reset
    this.events.forEach((event, index) => {
      if (index % KEYFRAME === 0) this.keyframes.push({ cells: cells.slice(), tlb: new Map(tlb) });
      applyChanges(event, cells, tlb);
    });
  }

  /* The state just behind an event, and which cells and slots the event has changed. */
  stateAt(index) {
    const frame = this.keyframes[Math.floor(index / KEYFRAME)];
    const cells = frame.cells.slice(), tlb = new Map(frame.tlb);
    for (let i = index - (index % KEYFRAME); i <= index; i++) applyChanges(this.events[i], cells, tlb);
    const event = this.events[index], changed = new Set(), slots = new Set();
    for (let i = 0; i < (event.c || []).length; i += 2) changed.add(event.c[i]);
    for (let i = 0; i < (event.b || []).length; i += 3) slots.add(event.b[i]);
    return { cells, tlb, changed, slots };
  }

  /* ---- the guests' own TLBs: their tlbw and tlbi, each done when its kernel is resumed ---- */

  takeGuestOperations() {
    this.operations = new Map(); // a kernel's lane -> [{ index, operation, hi, lo }]
    this.frames = new Map(); // a kernel's lane -> its TLB after each KEYFRAME of them
    const under = new Map(); // a kernel's lane -> its tlbw or tlbi that has trapped
    this.events.forEach((event, index) => {
      if (event.k === "T" && this.lanes[event.f].kind === "kernel") under.set(event.f, event.g);
      if (event.k !== "R" || !under.get(event.t)) return;
      const [operation, hi, lo] = under.get(event.t);
      under.delete(event.t);
      if (!this.operations.has(event.t)) this.operations.set(event.t, []);
      this.operations.get(event.t).push({ index, operation, hi: hi >>> 0, lo: lo >>> 0 });
    });
  }

  /* The TLB of a guest kernel just behind an event, newest entry last: page and ASID -> { lo, number }. */
  guestTlb(lane, index) {
    const operations = this.operations.get(lane) || [], frames = this.guestFrames(lane, operations);
    let done = 0; // how many operations have come by then
    for (let more = operations.length; done < more;) {
      const middle = (done + more) >> 1;
      if (operations[middle].index <= index) done = middle + 1; else more = middle;
    }
    const frame = Math.floor(done / KEYFRAME), tlb = new Map(frames[frame]);
    for (let i = frame * KEYFRAME; i < done; i++) this.operate(tlb, operations[i]);
    return tlb;
  }

  /* That TLB after each KEYFRAME operations; made when it is asked for first. */
  guestFrames(lane, operations) {
    if (!this.frames.has(lane)) {
      const tlb = new Map(), frames = [new Map()];
      operations.forEach((operation, i) => {
        this.operate(tlb, operation);
        if ((i + 1) % KEYFRAME === 0) frames.push(new Map(tlb));
      });
      this.frames.set(lane, frames);
    }
    return this.frames.get(lane);
  }

  operate(tlb, { index, operation, hi, lo }) {
    const key = (hi & 0xfffff0ff) >>> 0;
    if (operation === "tlbw") {
      tlb.delete(key);
      tlb.set(key, { lo, number: this.events[index].n });
    } else if (lo === 2) tlb.delete(key);
    else {
      const mask = lo === 1 ? 0xff : 0;
      for (const other of [...tlb.keys()]) if (((other ^ hi) & mask) === 0) tlb.delete(other);
    }
  }

  /* ---- searching ---- */

  words(index) {
    const event = this.events[index];
    const steps = (event.s || []).map(([list, step]) => "-STP"[list] + step).join(" ");
    return `#${event.n} ${this.lanes[event.f].name} ${this.lanes[event.t].name} ${event.w} ${event.v || ""} ${steps} ${event.y || ""}`;
  }

  /* The next event from `from` on, in direction +1 or -1, that contains the text; it goes on at the other end. -1: none. */
  find(text, from, direction) {
    const wanted = text.trim().toLowerCase(), total = this.events.length;
    if (!wanted) return -1;
    if (/^#\d+$/.test(wanted)) return this.byNumber.has(Number(wanted.slice(1))) ? this.byNumber.get(Number(wanted.slice(1))) : -1;
    for (let n = 0; n < total; n++) {
      const index = (((from + direction * n) % total) + total) % total;
      if (this.words(index).toLowerCase().includes(wanted)) return index;
    }
    return -1;
  }
}

function applyChanges(event, cells, tlb) {
  const c = event.c || [], b = event.b || [];
  for (let i = 0; i < c.length; i += 2) cells[c[i]] = c[i + 1] < 0 ? null : c[i + 1];
  for (let i = 0; i < b.length; i += 3) {
    if (b[i + 2]) tlb.set(b[i], { hi: b[i + 1], lo: b[i + 2], number: event.n });
    else tlb.delete(b[i]);
  }
}

const REGISTERS = ["zero", "ra", "sp", "gp", "tp", "t0", "t1", "t2", "s0", "s1", "a0", "a1", "a2", "a3", "a4", "a5", "a6",
  "a7", "s2", "s3", "s4", "s5", "s6", "s7", "s8", "s9", "s10", "s11", "t3", "t4", "t5", "t6"];
const LOW_CORE = ["old PC", "old STATUS", "old TIMER", "CAUSE", "BADVA", "BADINST", "vector"];

function cellNames(data) {
  const names = [...REGISTERS, "PC", "STATUS", "TIMER", ...LOW_CORE];
  while (names.length < data.vm + 8 * data.vm_cells) names.push(...["STATUS", "TIMER", ...LOW_CORE]);
  return names;
}

/* ---- two traces ---- */

/* The events of a trace that another run can have, too, as texts. Runs of the same depth and way are compared trap by trap.
 * Otherwise layers differ by nature: then what counts is what the innermost programs ask of their kernel. */
function comparable(trace, sameLayers) {
  const inner = trace.data.depth, found = [];
  trace.events.forEach((event, index) => {
    if (event.k !== "T" && !(sameLayers && event.k === "R")) return;
    const from = trace.lanes[event.f], to = trace.lanes[event.t];
    if (sameLayers) found.push({ index, text: `${event.k} ${from.name} ${to.name} ${event.w} ${event.v || ""}` });
    else if (from.depth === inner && from.kind === "process" && /^(SYSCALL|BREAK|ILLEGAL|PRIVILEGED)/.test(event.w))
      found.push({ index, text: `${from.name.split("/").pop()} ${event.w}` });
  });
  return found;
}

/* { left, right, at }: the comparable events of both, and the place of the first difference; -1: there is none. */
function compare(left, right) {
  const same = left.data.depth === right.data.depth && left.data.way === right.data.way;
  const a = comparable(left, same), b = comparable(right, same), n = Math.max(a.length, b.length);
  let at = 0;
  while (at < n && a[at] && b[at] && a[at].text === b[at].text) at++;
  return { left: a, right: b, at: at < n ? at : -1 };
}
