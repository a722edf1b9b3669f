"use strict";
/* diagram.js - the part of a sequence diagram around one event, as SVG. Only the rows that are visible are drawn. */

const SVG = "http://www.w3.org/2000/svg";
const MANY_LANES = 10; // with more, only those that run near the event are shown
const NEAR = 120; // events

function svg(parent, tag, attributes, text) {
  const element = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, String(value));
  if (text !== undefined) element.textContent = text;
  parent.appendChild(element);
  return element;
}

/* The order of the layers: application, guest OS, VMM, host OS. */
function byLayer(a, b) {
  const kernel = (lane) => (lane.kind === "process" ? 0 : 1);
  return b.depth - a.depth || kernel(a) - kernel(b) || a.id - b.id;
}

function isArrow(event) {
  return event.k === "T" || event.k === "R";
}

class Diagram {
  /* `choose(index)` is called when a person chooses an event. */
  constructor(figure, trace, choose) {
    this.figure = figure;
    this.trace = trace;
    this.choose = choose;
    this.pen = document.createElement("canvas").getContext("2d");
  }

  lanesNear(rows, index) {
    const { lanes, events } = this.trace;
    const used = new Set();
    const add = (event) => { used.add(event.f); used.add(event.t); };
    if (lanes.length <= MANY_LANES) events.slice(0, 1).forEach(add), lanes.forEach((lane) => used.add(lane.id));
    else {
      for (let i = Math.max(0, index - NEAR); i < Math.min(events.length, index + NEAR); i++) add(events[i]);
      rows.forEach((row) => add(events[row]));
    }
    return lanes.filter((lane) => used.has(lane.id)).sort(byLayer);
  }

  /* shown: the indices that are stepped through; index: the current one; apart: the first difference, or -1 */
  draw(shown, index, apart) {
    const width = Math.max(this.figure.clientWidth, 300), height = Math.max(this.figure.clientHeight, 160);
    const letter = parseFloat(getComputedStyle(document.documentElement).getPropertyValue("--size")) || 16;
    const rowHeight = Math.round(letter * 2.1), top = Math.round(letter * 2);
    const n = Math.max(3, Math.floor((height - top) / rowHeight));
    const at = place(shown, index), first = Math.max(0, Math.min(at - Math.floor(n / 2), shown.length - n));
    const rows = shown.slice(first, first + n);
    const lanes = this.lanesNear(rows, index), gap = width / lanes.length;
    const x = new Map(lanes.map((lane, i) => [lane.id, gap * (i + 0.5)]));
    const root = document.createElementNS(SVG, "svg");
    root.setAttribute("width", String(width));
    root.setAttribute("height", String(height));
    root.setAttribute("viewBox", `0 0 ${width} ${height}`);
    this.drawRows(root, rows, { index, apart, width, top, rowHeight });
    this.drawLanes(root, lanes, rows, { x, gap, height, top, rowHeight, letter });
    const last = lanes.length - 1, middle = (i) => top + rowHeight * (i + 0.7);
    rows.forEach((row, i) => this.drawEvent(root, row, x, middle(i), { gap, letter, width, last, now: row === index }));
    this.figure.replaceChildren(root);
    this.figure.setAttribute("aria-label", this.spoken(index));
  }

  drawRows(root, rows, { index, apart, width, top, rowHeight }) {
    rows.forEach((row, i) => {
      const box = { x: 1, y: top + rowHeight * i, width: width - 2, height: rowHeight };
      const here = svg(root, "rect", { class: row === index ? "row now" : "row", ...box, "data-event": this.trace.events[row].n });
      here.addEventListener("click", () => this.choose(row));
      if (row === apart) svg(root, "rect", { class: "row apart", ...box });
    });
  }

  /* A lane: its name above a line; thick where it runs. */
  drawLanes(root, lanes, rows, { x, gap, height, top, rowHeight, letter }) {
    for (const lane of lanes) {
      svg(root, "line", { class: "lane", x1: x.get(lane.id), x2: x.get(lane.id), y1: top - 4, y2: height });
      const room = Math.max(4, Math.floor(gap / (letter * 0.52)));
      const name = lane.name.length > room ? `${lane.name.slice(0, room - 1)}…` : lane.name;
      const label = svg(root, "text", { class: "name", x: x.get(lane.id), y: letter * 1.2 }, name);
      svg(label, "title", {}, `${lane.name}, depth ${lane.depth}`);
    }
    rows.forEach((row, i) => {
      const y = top + rowHeight * (i + 0.7), runs = x.get(this.trace.events[row].t);
      if (runs !== undefined) svg(root, "line", { class: "busy", x1: runs, x2: runs, y1: y, y2: y + rowHeight });
    });
  }

  drawEvent(root, row, x, y, { gap, letter, width, last, now }) {
    const event = this.trace.events[row], from = x.get(event.f), to = x.get(event.t);
    const steps = (event.s || []).filter(([, step]) => step > 0).map(([list, step]) => "-STP"[list] + step).join(" ");
    const what = event.w.replace(/ a7=\d+ /, " "); // the name of a system call is enough beside an arrow
    const words = `#${event.n} ${what}${event.v && event.k === "T" ? ` · ${event.v}` : ""}${steps ? ` · ${steps}` : ""}`;
    const kind = event.x ? "wrong" : event.k === "T" ? "trap" : "resume";
    if (isArrow(event) && from !== to) {
      const back = to < from ? 1 : -1;
      svg(root, "line", { class: `line ${kind}`, x1: from, x2: to + back * 4, y1: y, y2: y });
      svg(root, "path", { class: `${kind} head`, d: `M${to} ${y}l${back * 9} -4.5v9z` });
    } else svg(root, "circle", { class: isArrow(event) ? `${kind} head` : "other", cx: from, cy: y, r: 4 });
    const long = this.widthOf(words, letter), middle = isArrow(event) && from !== to ? (from + to) / 2 : from;
    const centre = Math.min(Math.max(middle, long / 2 + 4), Math.max(width - long / 2 - 4, width / 2));
    const shift = isArrow(event) || last === 0 ? 0 : gap * 0.05;
    // what is behind the words ends beside them: a lifeline that ran through would be read as a letter
    const box = { x: centre + shift - long / 2 - 3, y: y - letter * 1.2, width: long + 6, height: letter * 0.88 };
    svg(root, "rect", { class: now ? "behind here" : "behind", ...box });
    svg(root, "text", { class: isArrow(event) ? "" : "dim", x: centre + shift, y: y - letter * 0.4, "text-anchor": "middle" }, words);
  }

  /* The width of words in the diagram's font, in pixels. */
  widthOf(words, letter) {
    this.pen.font = `${letter * 0.875}px ${getComputedStyle(document.body).fontFamily}`;
    return this.pen.measureText(words).width;
  }

  /* What a screen reader says of the diagram. */
  spoken(index) {
    const event = this.trace.events[index], { lanes } = this.trace;
    return `Event ${event.n} of a sequence diagram: ${lanes[event.f].name} to ${lanes[event.t].name}, ${event.w}`;
  }
}

/* Where `index` is in the ascending array `shown`; if it is not there, the place of the last one before it (at least 0). */
function place(shown, index) {
  let low = 0, high = shown.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (shown[middle] <= index) low = middle + 1;
    else high = middle;
  }
  return Math.max(0, low - 1);
}

/* ---- the time line: which lane runs when ---- */

const COLOURS = ["#0b57d0", "#a3330c", "#0b6b3a", "#7a2ea0", "#8a6d00", "#00727a"];

class TimeLine {
  constructor(canvas, trace) {
    this.canvas = canvas;
    this.trace = trace;
    this.from = Number(trace.events[0].i);
    this.until = Math.max(this.from + 1, Number(trace.events[trace.events.length - 1].i));
    this.rows = [...new Set(trace.lanes.map((lane) => `${lane.depth} ${lane.kind === "process"}`))].sort().reverse();
  }

  rowOf(lane) {
    return this.rows.indexOf(`${lane.depth} ${lane.kind === "process"}`);
  }

  draw(index) {
    const { canvas, trace } = this, scale = window.devicePixelRatio || 1;
    const width = canvas.clientWidth, height = canvas.clientHeight, pen = canvas.getContext("2d");
    canvas.width = width * scale, canvas.height = height * scale;
    pen.scale(scale, scale);
    if (this.drawnWidth !== width) this.takePixels(width);
    const each = (height - 6) / this.rows.length;
    this.pixels.forEach((mask, x) => {
      for (let row = 0; row < this.rows.length; row++) {
        if (!(mask & (1 << row))) continue;
        pen.fillStyle = COLOURS[row % COLOURS.length];
        pen.fillRect(x, 3 + row * each, 1, Math.max(1, each - 1));
      }
    });
    pen.fillStyle = getComputedStyle(document.documentElement).getPropertyValue("--ink");
    pen.fillRect(this.xOf(trace.events[index].i, width) - 1, 0, 3, height);
  }

  xOf(tick, width) {
    return ((Number(tick) - this.from) / (this.until - this.from)) * (width - 1);
  }

  /* For each pixel column the rows that run in it. */
  takePixels(width) {
    const { events, lanes } = this.trace;
    this.drawnWidth = width;
    this.pixels = new Array(width).fill(0);
    events.forEach((event, i) => {
      const row = this.rowOf(lanes[event.t]), end = events[i + 1] || event;
      const last = Math.round(this.xOf(end.i, width));
      for (let x = Math.round(this.xOf(event.i, width)); x <= last && x < width; x++) this.pixels[x] |= 1 << row;
    });
  }

  /* The event at a place of the canvas. */
  indexAt(x) {
    const tick = this.from + (x / Math.max(1, this.canvas.clientWidth - 1)) * (this.until - this.from);
    let low = 0, high = this.trace.events.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (Number(this.trace.events[middle].i) <= tick) low = middle + 1;
      else high = middle;
    }
    return Math.max(0, low - 1);
  }
}
