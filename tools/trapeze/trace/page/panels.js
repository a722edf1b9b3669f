"use strict";
/* panels.js - the sentence and the lecture's list above the diagram, and the panels beside it. All text of the trace is set as
 * text, never as markup. */

function element(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name === "text") made.textContent = value;
    else if (name === "click") made.addEventListener("click", value);
    else made.setAttribute(name, String(value));
  }
  made.append(...children);
  return made;
}

function hex(number, digits = 8) {
  return number === null || number === undefined ? "not known" : `0x${(number >>> 0).toString(16).padStart(digits, "0")}`;
}

/* ---- the story ---- */

function sentenceOf(trace, index) {
  const event = trace.events[index], numbered = (event.s || []).find(([, step]) => step > 0);
  const what = event.y || `${trace.lanes[event.f].name}: ${event.w}.`;
  if (!numbered) return `#${event.n}  ${what}`;
  const [list, step, , , text, own] = numbered, words = trace.data.words[list];
  return `#${event.n}  ${words[0]}, step ${step}: “${own || words[step]}” ${text}`;
}

function stepItem(trace, found, step, index, choose) {
  const done = found.steps.filter((s) => s.step === step), now = done.some((s) => s.index === index);
  /* A list that has words of its own is that of a guest that knows that it is one: what it has not done is not needed. */
  const gone = !done.length && found.steps.some((s) => s.own);
  const item = element("li", { class: now ? "now" : gone ? "gone" : done.some((s) => s.index < index) ? "past" : "" });
  const text = (done.find((s) => s.own) || {}).own || trace.data.words[found.list][step];
  const words = [element("b", { text: `${step}. ` }), element("span", { text: gone ? `Gone: ${text}` : text })];
  if (now) item.setAttribute("aria-current", "step");
  if (!done.length) item.append(...words);
  else item.append(element("a", { href: `#e${trace.events[done[0].index].n}`,
    click: (event) => { event.preventDefault(); choose(done[0].index); } }, ...words));
  return item;
}

/* The lecture's lists to which the event belongs. A list that the event only ends, without a number, is shown, too. */
function showLists(place, trace, index, choose) {
  place.replaceChildren(...trace.listsAt(index).map((found) => {
    const words = trace.data.words[found.list], first = trace.events[trace.byNumber.get(found.first)];
    const title = `${words[0]}, level ${found.level}${first ? `, of ${trace.lanes[first.f].name} (#${first.n})` : ""}`;
    const steps = words.slice(1).map((_, i) => stepItem(trace, found, i + 1, index, choose));
    return element("section", { class: "list" }, element("h2", { text: title }), element("ol", {}, ...steps));
  }));
}

/* ---- registers, low cores, TLBs ---- */

function statusText(value) {
  if (value === null || value === undefined) return "not known";
  const bits = [value & 1 ? "user" : "kernel", value & 2 ? "interrupts on" : "interrupts off",
    value & 4 ? `translated, ASID ${(value >>> 8) & 255}` : "untranslated"];
  return `${hex(value)}  ${bits.join(", ")}`;
}

function row(name, text, changed) {
  return element("tr", {}, element("th", { scope: "row", text: name }), element("td", { text, class: changed ? "changed" : "" }));
}

function table(caption, rows) {
  return element("table", {}, element("caption", { text: caption }), ...rows);
}

function cellRow(trace, state, i) {
  const name = trace.cellNames[i], value = state.cells[i];
  const isCount = name.includes("TIMER") && value !== null && value < 1e9;
  const text = name.endsWith("STATUS") ? statusText(value) : isCount ? `${value}` : hex(value);
  return row(name, text, state.changed.has(i));
}

function range(from, n) {
  return Array.from({ length: n }, (_, i) => from + i);
}

function registersPanel(trace, index) {
  const state = trace.stateAt(index), event = trace.events[index];
  const rows = [32, 33, 34, ...range(1, 31)].map((i) => cellRow(trace, state, i));
  return [table(`After event #${event.n}, of ${trace.lanes[event.t].name}`, rows),
    element("p", { text: "* changed with this event" })];
}

function lowCorePanel(trace, index) {
  const state = trace.stateAt(index), { vm, vm_cells: each, depth } = trace.data, tables = [];
  tables.push(table("The machine's low core", range(35, 7).map((i) => cellRow(trace, state, i))));
  for (let level = 1; level <= depth; level++) {
    const first = vm + (level - 1) * each;
    const rows = range(first, each).map((i) => cellRow(trace, state, i));
    tables.push(table(`The VM of level ${level}: virtual STATUS, TIMER and low core`, rows));
  }
  return tables;
}

function entryText(hi, lo) {
  const rights = (lo & 1 ? "r" : "-") + (lo & 2 ? "w" : "-") + (lo & 4 ? "x" : "-");
  return `page ${hex(hi >>> 12, 5)}  ASID ${hi & 255}  →  ${hex(lo >>> 12, 5)}  ${rights}`;
}

const TLB_ROWS = 64; // entries of one TLB that are listed: a long list would take longer than a step may

/* The newest entries, and how many more there are. */
function newestRows(entries, makeRow) {
  const rows = entries.slice(0, TLB_ROWS).map(makeRow), more = entries.length - rows.length;
  return more > 0 ? [...rows, row("", `and ${more} older ones`, false)] : rows;
}

function tlbPanel(trace, index) {
  const state = trace.stateAt(index), newest = [...state.tlb].sort(([, a], [, b]) => b.number - a.number);
  const tables = [table("The machine's TLB, newest entry first", newestRows(newest, ([slot, { hi, lo }]) =>
    row(`${slot}`, entryText(hi, lo), state.slots.has(slot))))];
  for (const lane of trace.lanes) {
    if (!trace.operations.has(lane.id)) continue;
    const entries = [...trace.guestTlb(lane.id, index)].reverse();
    if (!entries.length) continue;
    tables.push(table(`The TLB that ${lane.name} has made, newest entry first`, newestRows(entries, ([key, { lo, number }]) =>
      row(`#${number}`, entryText(key, lo), number === trace.events[index].n))));
  }
  return tables;
}

/* ---- the tree of nested traps ---- */

const TREE_ROWS = 400; // children of one trap that are listed at once

class Tree {
  constructor(panel, trace, choose) {
    this.panel = panel;
    this.trace = trace;
    this.choose = choose;
    this.open = new Set(); // the traps that are unfolded
    panel.addEventListener("keydown", (event) => this.key(event));
  }

  show(index) {
    this.index = index;
    this.chain = this.trace.ancestors(index);
    this.chain.slice(1).forEach((at) => this.open.add(at));
    this.draw();
  }

  draw() {
    const root = element("ul", { role: "tree", "aria-label": "Nested traps" });
    const outermost = this.chain[this.chain.length - 1], all = this.trace.children.get(-1) || [];
    const at = place(all, outermost), near = all.slice(Math.max(0, at - 20), at + 21);
    root.append(...near.map((index) => this.item(index, 1)));
    this.panel.replaceChildren(root);
    const now = root.querySelector(".now");
    if (now) now.scrollIntoView({ block: "nearest" });
  }

  item(index, level) {
    const { trace } = this, event = trace.events[index], children = trace.children.get(index) || [];
    const name = `#${event.n} ${trace.lanes[event.f].name}: ${event.w}${event.v ? ` · ${event.v}` : ""}`;
    const here = index === this.index;
    const item = element("li", { role: "treeitem", "aria-level": level, tabindex: here ? 0 : -1, "aria-selected": here, "data-index": index },
      element("span", { text: name, class: here ? "now" : "" }));
    item.addEventListener("click", (click) => { click.stopPropagation(); this.press(index); });
    if (!children.length) return item;
    const open = this.open.has(index);
    item.setAttribute("aria-expanded", open);
    if (!open) return item;
    const group = element("ul", { role: "group" }, ...children.slice(0, TREE_ROWS).map((child) => this.item(child, level + 1)));
    if (children.length > TREE_ROWS) group.append(element("li", { text: `and ${children.length - TREE_ROWS} more` }));
    item.append(group);
    return item;
  }

  /* The first click goes there, the next one folds or unfolds. */
  press(index) {
    if (index !== this.index) return this.choose(index);
    this.fold(index, !this.open.has(index));
  }

  fold(index, open) {
    if (open) this.open.add(index);
    else this.open.delete(index);
    this.draw();
    const item = this.panel.querySelector(`[data-index="${index}"]`);
    if (item) item.focus();
  }

  key(event) {
    const item = event.target.closest("[role=treeitem]");
    if (!item || event.ctrlKey || event.metaKey || event.altKey) return;
    const items = [...this.panel.querySelectorAll("[role=treeitem]")], at = items.indexOf(item), index = Number(item.dataset.index);
    const actions = {
      ArrowDown: () => items[at + 1] && items[at + 1].focus(),
      ArrowUp: () => items[at - 1] && items[at - 1].focus(),
      ArrowRight: () => this.fold(index, true),
      ArrowLeft: () => this.fold(index, false),
      Enter: () => this.choose(index),
    };
    if (!actions[event.key]) return;
    event.preventDefault();
    event.stopPropagation();
    actions[event.key]();
  }
}
