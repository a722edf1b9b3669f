"use strict";
/* player.js - the page: which event is shown, and what keys, buttons, the wheel and the address do about it. */

/** @type {(id: string) => any} */
const $ = (id) => document.getElementById(id);
const PLAY_MS = 900;
const WHEEL = 40; // of its units for one event; a notch of a mouse is more, and one event all the same

class Player {
  constructor(trace, beside) {
    this.trace = trace;
    this.beside = beside;
    this.index = 0;
    this.panel = "registers";
    this.everyEvent = trace.events.map((_, index) => index);
    this.transfers = this.everyEvent.filter((index) => isArrow(trace.events[index]));
    this.diagrams = [new Diagram($("diagram-0"), trace, (index) => this.go(index))];
    this.timeline = new TimeLine($("timeline"), trace);
    this.tree = new Tree($("panel-tree"), trace, (index) => this.go(index));
    if (beside) this.takeBeside();
    this.setTitle();
    this.listen();
    this.mode = trace.stepped.length ? "transfers" : "all";
    $("mode").value = this.mode;
    const asked = this.fromAddress();
    this.go(asked !== undefined ? asked : trace.stepped.length ? trace.stepped[0] : 0);
  }

  setTitle() {
    const { data, events } = this.trace, name = data.program.join(" ") || "a trace";
    $("title").textContent = name;
    document.title = `${name} – Trapeze`;
    $("about").textContent = `${this.wayOf(data)}, ${events.length.toLocaleString("en")} events`;
  }

  wayOf(data) {
    return `depth ${data.depth}, ${data.cpu}${data.way === "trap" ? "" : `, way ${data.way}`}`;
  }

  /* ---- two traces ---- */

  takeBeside() {
    this.compared = compare(this.trace, this.beside);
    this.besideAll = this.beside.events.map((_, index) => index).filter((index) => isArrow(this.beside.events[index]));
    $("diagram-1").hidden = false;
    this.diagrams.push(new Diagram($("diagram-1"), this.beside, (index) => this.go(this.toOther(this.compared.right, this.compared.left, index))));
    const { at, left, right } = this.compared, note = $("difference");
    const word = (trace, event) => (event ? trace.brief(event.index) : "nothing more");
    note.hidden = false;
    note.classList.toggle("none", at < 0);
    const there = `Below: ${this.beside.data.program.join(" ")}, ${this.wayOf(this.beside.data)}.`;
    if (at < 0) {
      note.textContent = `${there} There is no difference.`;
      return;
    }
    note.textContent = `${there} First difference: ${word(this.trace, left[at])} above, ${word(this.beside, right[at])} below. `;
    note.append(element("button", { id: "to-difference", text: "Go there (d)", click: () => this.toDifference() }));
  }

  /* The event of one trace that stands in the place of an event of the other. */
  toOther(mine, theirs, index) {
    if (!mine.length || !theirs.length) return 0;
    const at = place(mine.map((event) => event.index), index);
    return theirs[Math.min(at, theirs.length - 1)].index;
  }

  toDifference() {
    if (!this.compared || this.compared.at < 0) return;
    const { left, at } = this.compared;
    if (left.length) this.go(left[Math.min(at, left.length - 1)].index);
  }

  /* ---- going ---- */

  shown() {
    return this.mode === "all" ? this.everyEvent : this.mode === "steps" && this.trace.stepped.length ? this.trace.stepped : this.transfers;
  }

  go(index) {
    this.index = Math.max(0, Math.min(index, this.trace.events.length - 1));
    this.draw();
    const address = `#e${this.trace.events[this.index].n}`;
    if (location.hash !== address) history.replaceState(null, "", address);
  }

  /* n events on, or back, among `list`. */
  move(n, list = this.shown()) {
    if (!list.length) return;
    const at = place(list, this.index), exact = list[at] === this.index;
    const before = !exact && list[at] < this.index; // the place is the one before
    const target = n > 0 ? (exact || before ? at + n : at + n - 1) : exact || !before ? at + n : at + n + 1;
    this.go(list[Math.max(0, Math.min(target, list.length - 1))]);
  }

  /* The event that the address names; if it names none of this trace, that is said. */
  fromAddress() {
    const found = /^#e(\d+)$/.exec(location.hash);
    const index = found ? this.trace.byNumber.get(Number(found[1])) : undefined;
    if (index === undefined && location.hash) $("found").textContent = `There is no event ${location.hash} here.`;
    return index;
  }

  goToNumber(text) {
    const index = this.trace.byNumber.get(Number(text.replace(/^#?e?/, "")));
    if (index === undefined) $("found").textContent = `There is no event ${text} here.`;
    else this.go(index);
  }

  find(direction) {
    const text = $("search").value, index = this.trace.find(text, this.index + direction, direction);
    $("found").textContent = !text.trim() ? "" : index < 0 ? `“${text}” is not in the trace.` : `found in #${this.trace.events[index].n}`;
    if (index >= 0) this.go(index);
  }

  play(on = !this.timer) {
    clearInterval(this.timer);
    this.timer = on ? setInterval(() => this.playOn(), PLAY_MS) : 0;
    $("play").textContent = on ? "⏸" : "▶▶";
    $("play").setAttribute("aria-label", on ? "Pause" : "Play");
  }

  playOn() {
    const before = this.index;
    this.move(1);
    if (this.index === before) this.play(false);
  }

  /* ---- showing ---- */

  draw() {
    const { trace, index } = this, event = trace.events[index];
    $("sentence").textContent = sentenceOf(trace, index);
    showLists($("lists"), trace, index, (at) => this.go(at));
    const apart = (list) => (this.compared && this.compared.at >= 0 && list[this.compared.at] ? list[this.compared.at].index : -1);
    this.diagrams[0].draw(this.shown(), index, this.compared ? apart(this.compared.left) : -1);
    if (this.beside) {
      const other = this.toOther(this.compared.left, this.compared.right, index);
      this.diagrams[1].draw(this.besideAll, other, apart(this.compared.right));
    }
    this.drawPanel();
    this.timeline.draw(index);
    const list = this.shown();
    $("timeline").setAttribute("aria-valuemin", 1);
    $("timeline").setAttribute("aria-valuemax", trace.events.length);
    $("timeline").setAttribute("aria-valuenow", index + 1);
    $("timeline").setAttribute("aria-valuetext", `event ${event.n}, tick ${event.i}`);
    $("goto").value = event.n;
    $("link").href = `#e${event.n}`;
    $("count").textContent = `${place(list, index) + 1} of ${list.length} · tick ${Number(event.i).toLocaleString("en")}`;
  }

  drawPanel() {
    const makers = { registers: registersPanel, low: lowCorePanel, tlb: tlbPanel };
    for (const name of ["registers", "low", "tlb", "tree"]) {
      const chosen = name === this.panel;
      $(`tab-${name}`).setAttribute("aria-selected", chosen);
      $(`tab-${name}`).tabIndex = chosen ? 0 : -1;
      $(`panel-${name}`).hidden = !chosen;
    }
    if (this.panel === "tree") this.tree.show(this.index);
    else $(`panel-${this.panel}`).replaceChildren(...makers[this.panel](this.trace, this.index));
  }

  choosePanel(name) {
    this.panel = name;
    this.drawPanel();
  }

  theme() {
    const root = document.documentElement, dark = matchMedia("(prefers-color-scheme: dark)").matches;
    const now = root.dataset.theme || (dark ? "dark" : "light");
    root.dataset.theme = now === "dark" ? "light" : "dark";
    this.draw();
  }

  projector() {
    const on = document.documentElement.classList.toggle("projector");
    $("projector").setAttribute("aria-pressed", on);
    this.draw();
  }

  /* ---- what a person does ---- */

  keys() {
    return [
      ["→", "ArrowRight", "the next event", () => this.move(1)],
      ["←", "ArrowLeft", "the event before", () => this.move(-1)],
      ["Shift+→", "Shift+ArrowRight", "the lecture's next step", () => this.move(1, this.trace.stepped)],
      ["Shift+←", "Shift+ArrowLeft", "the lecture's step before", () => this.move(-1, this.trace.stepped)],
      ["PageDown", "PageDown", "ten events on", () => this.move(10)],
      ["PageUp", "PageUp", "ten events back", () => this.move(-10)],
      ["Home", "Home", "the first event", () => this.go(this.shown()[0])],
      ["End", "End", "the last event", () => this.go(this.shown()[this.shown().length - 1])],
      ["space", " ", "play, or pause", () => this.play()],
      ["/", "/", "search", () => $("search").focus()],
      ["n", "n", "the next event that matches", () => this.find(1)],
      ["Shift+N", "N", "the match before", () => this.find(-1)],
      ["g", "g", "go to an event by its number", () => $("goto").select()],
      ["1 2 3 4", "1", "registers, low cores, TLBs, tree", () => this.choosePanel("registers")],
      [null, "2", "", () => this.choosePanel("low")],
      [null, "3", "", () => this.choosePanel("tlb")],
      [null, "4", "", () => this.choosePanel("tree")],
      ["d", "d", "the first difference of two traces", () => this.toDifference()],
      ["t", "t", "light or dark", () => this.theme()],
      ["b", "b", "large type for a hall", () => this.projector()],
      ["?", "?", "this table", () => $("keys").showModal()],
    ];
  }

  listen() {
    const keys = this.keys();
    for (const [shown, , words] of keys)
      if (shown) $("key-table").append(element("tr", {}, element("td", {}, element("kbd", { text: shown })), element("td", { text: words })));
    document.addEventListener("keydown", (event) => this.key(event, keys));
    const clicks = { first: () => this.go(this.shown()[0]), back: () => this.move(-1), next: () => this.move(1), play: () => this.play(),
      last: () => this.go(this.shown()[this.shown().length - 1]), step: () => this.move(1, this.trace.stepped),
      "step-back": () => this.move(-1, this.trace.stepped), find: () => this.find(1), theme: () => this.theme(),
      projector: () => this.projector(), print: () => window.print(), help: () => $("keys").showModal() };
    for (const [id, act] of Object.entries(clicks)) $(id).addEventListener("click", act);
    for (const name of ["registers", "low", "tlb", "tree"]) $(`tab-${name}`).addEventListener("click", () => this.choosePanel(name));
    $("mode").addEventListener("change", () => { this.mode = $("mode").value; this.draw(); });
    $("goto").addEventListener("change", () => this.goToNumber($("goto").value));
    $("search").addEventListener("keydown", (event) => { if (event.key === "Enter") this.find(event.shiftKey ? -1 : 1); });
    $("timeline").addEventListener("pointerdown", (event) => this.go(this.timeline.indexAt(event.offsetX)));
    $("timeline").addEventListener("pointermove", (event) => { if (event.buttons & 1) this.go(this.timeline.indexAt(event.offsetX)); });
    window.addEventListener("resize", () => this.draw());
    window.addEventListener("hashchange", () => { const index = this.fromAddress(); if (index !== undefined) this.go(index); });
    this.wheel = 0;
    $("stage").addEventListener("wheel", (event) => this.turn(event), { passive: false });
  }

  key(event, keys) {
    if (event.ctrlKey || event.metaKey || event.altKey || $("keys").open) return;
    if (event.target.matches("input, select")) {
      if (event.key !== "Escape") return;
      event.preventDefault(); // a browser would empty the search
      event.target.blur();
      return;
    }
    if (event.key === " " && event.target.matches("button, a")) return;
    const pressed = event.shiftKey && event.key.startsWith("Arrow") ? `Shift+${event.key}` : event.key;
    if (event.target.matches("[role=tab]") && /^Arrow(Left|Right)$/.test(pressed)) return void this.turnTab(event);
    const found = keys.find(([, key]) => key === pressed);
    if (!found) return;
    event.preventDefault();
    found[3]();
  }

  turnTab(event) {
    const names = ["registers", "low", "tlb", "tree"], n = names.length;
    const at = (names.indexOf(this.panel) + (event.key === "ArrowRight" ? 1 : n - 1)) % n;
    event.preventDefault();
    this.choosePanel(names[at]);
    $(`tab-${names[at]}`).focus();
  }

  turn(event) {
    event.preventDefault();
    if (Math.abs(event.deltaY) >= WHEEL) this.wheel = Math.sign(event.deltaY) * WHEEL;
    else this.wheel += event.deltaY;
    const steps = Math.trunc(this.wheel / WHEEL);
    this.wheel -= steps * WHEEL;
    if (steps) this.move(steps);
  }
}

/* ---- the beginning ---- */

async function start() {
  const second = $("beside").textContent.trim();
  const trace = new Trace(await unpack($("trace").textContent));
  if (!trace.events.length) {
    $("sentence").textContent = "The trace has no events: the filters have let none pass.";
    return;
  }
  const beside = second ? new Trace(await unpack(second)) : null;
  Object.assign(window, { player: new Player(trace, beside && beside.events.length ? beside : null) }); // for a console
}

start().catch((error) => { $("sentence").textContent = `The trace cannot be shown: ${error.message}`; });
