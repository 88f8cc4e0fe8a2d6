"use strict";
// The graph: uPlot makes axes, scales and the canvas; bars, lines and bands are drawn into it.

class Graph {
  // view: what is shown (state and answers of view.js); host: the element it is drawn in; on: callbacks.
  constructor(profile, view, host, on) {
    this.profile = profile;
    this.view = view;
    this.host = host;
    this.on = on;
    this.highlighted = undefined;
    this.handles = {};
    this.build();
  }

  colours() {
    const style = getComputedStyle(this.host);
    const colour = name => style.getPropertyValue(name).trim();
    return {text: colour("--axis"), grid: colour("--grid"), edge: colour("--other-edge")};
  }

  // Where samples stand on the axis, and the space of each.
  position(sample) {
    return this.view.axis === "time" ? this.view.positions[sample] : sample;
  }

  edges(sample) {
    const at = this.position(sample), last = this.profile.count - 1;
    const before = sample ? this.position(sample - 1) : null, after = sample < last ? this.position(sample + 1) : null;
    if (before === null && after === null)
      return [at - 0.5, at + 0.5];
    return [at - (before === null ? after - at : at - before) / 2, at + (after === null ? at - before : after - at) / 2];
  }

  extent() {
    const left = this.edges(0)[0], right = this.edges(this.profile.count - 1)[1];
    return right > left ? [left, right] : [left - 0.5, right + 0.5];
  }

  inView() {
    const {min, max} = this.plot.scales.x;
    let first = 0, end = this.profile.count;
    while (first < end && this.edges(first)[1] <= min)
      first++;
    while (end > first && this.edges(end - 1)[0] >= max)
      end--;
    return [first, end];
  }

  build() {
    if (this.plot)
      this.plot.destroy();
    const colours = this.colours(), isTime = this.view.axis === "time";
    const font = "12px system-ui, sans-serif";
    const axis = {stroke: colours.text, grid: {stroke: colours.grid, width: 1}, ticks: {stroke: colours.grid}, font};
    const xs = Array.from({length: this.profile.count}, (_, i) => this.position(i));
    const options = {
      width: this.host.clientWidth, height: this.host.clientHeight, padding: [30, 26, 0, 0],
      legend: {show: false}, cursor: {drag: {x: false, y: false}, points: {show: false}, y: false},
      scales: {x: {time: isTime, range: (u, min, max) => this.shownRange || this.extent()},
               y: {range: () => [0, this.yRange()]}},
      series: [{}, {paths: () => null, points: {show: false}}],
      axes: [
        {...axis, space: isTime ? 90 : 50, values: isTime ? (u, ticks, i, space, step) => ticks.map(at => this.timeLabel(at, step)) : undefined,
          incrs: isTime ? undefined : [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10000, 20000, 50000]},
        {...axis, size: 64, values: (u, ticks) => ticks.map(short), incrs: this.steps()},
      ],
      hooks: {draw: [() => this.draw()], ready: [u => this.listen(u)], setSize: [() => this.placeMarkers()]},
    };
    this.plot = new uPlot(options, [xs, Array.from(this.profile.totals[this.view.by])], this.host);
    this.placeMarkers();
  }

  timeLabel(seconds, step) {
    const text = timeText(seconds); // "Sun Nov 22 12:39:11 2026"
    return step < 60 ? text.slice(11, 19) : step < 86400 ? text.slice(11, 16) : text.slice(8, 10) + " " + text.slice(4, 7);
  }

  steps() {
    const steps = [];
    for (let ten = 1; ten < 1e17; ten *= 10)
      steps.push(ten, 2 * ten, 5 * ten);
    return steps;
  }

  redraw() {
    const totals = this.profile.totals[this.view.by];
    this.plot.setData([this.plot.data[0], Array.from(totals)], false);
    this.plot.setScale("x", {min: this.range()[0], max: this.range()[1]});
    this.placeMarkers();
  }

  range() {
    return this.shownRange || this.extent();
  }

  // The smallest 1-2-5 that holds what is in view.
  yRange() {
    const [min, max] = this.range();
    let largest = 0;
    for (let sample = 0; sample < this.profile.count; sample++) {
      const [left, right] = this.edges(sample);
      if (right <= min || left >= max)
        continue;
      const segments = this.view.segments(sample);
      const value = this.view.mode === "lines" ? (segments.length ? segments[0][1] : 0) : this.profile.totals[this.view.by][sample];
      largest = Math.max(largest, value);
    }
    return rangeAbove(largest);
  }

  // ---- drawing ----

  draw() {
    const context = this.plot.ctx, box = this.plot.bbox;
    this.edgeColour = this.colours().edge;
    context.save();
    context.beginPath();
    context.rect(box.left, box.top, box.width, box.height);
    context.clip();
    const [first, end] = this.inView();
    if (this.view.mode === "bars")
      this.drawBars(context, first, end);
    else if (this.view.mode === "bands")
      this.drawBands(context, Math.max(0, first - 1), Math.min(this.profile.count, end + 1));
    else
      this.drawLines(context, Math.max(0, first - 1), Math.min(this.profile.count, end + 1));
    context.restore();
  }

  x(position) {
    return this.plot.valToPos(position, "x", true);
  }

  y(value) {
    return this.plot.valToPos(value, "y", true);
  }

  alpha(kind) {
    return this.highlighted === undefined || this.highlighted === kind ? 1 : 0.25;
  }

  // [[from, to, sample]] in whole pixels; of samples that share a pixel the one with the largest total.
  runs(first, end) {
    const runs = [], totals = this.profile.totals[this.view.by];
    for (let sample = first; sample < end; sample++) {
      const [left, right] = this.edges(sample).map(edge => this.x(edge));
      let gap = (right - left) * 0.05;
      if (gap < 0.5)
        gap = 0;
      let from = Math.round(left + gap), to = Math.max(from + 1, Math.round(right - gap));
      const last = runs[runs.length - 1];
      if (last && from < last[1]) {
        if (to - from === 1 && last[1] - last[0] === 1) {
          if (totals[sample] > totals[last[2]])
            last[2] = sample;
          continue;
        }
        from = last[1];
        if (to <= from)
          continue;
      }
      runs.push([from, to, sample]);
    }
    return runs;
  }

  drawBars(context, first, end) {
    for (const [from, to, sample] of this.runs(first, end)) {
      let sum = 0, below = null, y0 = Math.round(this.y(0));
      for (const [kind, value] of this.view.segments(sample).slice().reverse()) {
        if (value <= 0)
          continue;
        sum += value;
        const y1 = Math.round(this.y(sum)), colour = this.profile.colour(kind);
        if (y1 >= y0)
          continue;
        context.globalAlpha = this.alpha(kind);
        context.fillStyle = colour;
        context.fillRect(from, y1, to - from, y0 - y1);
        if (colour === below || kind === OTHER) {
          context.fillStyle = kind === OTHER ? this.edgeColour : "#000000";
          context.fillRect(from, y0 - 1, to - from, 1);
          if (kind === OTHER)
            context.fillRect(from, y1, to - from, 1);
        }
        below = colour;
        y0 = y1;
      }
    }
  }

  drawBands(context, first, end) {
    const {kinds, rests} = this.view.bands(), values = this.profile.values[this.view.by];
    const sums = new Float64Array(end - first);
    for (const kind of kinds.concat([OTHER]).reverse()) {
      const column = kind === OTHER ? rests : values[kind];
      context.beginPath();
      const point = (i, sum, begins) => {
        const [left, right] = this.profile.count === 1 ? this.edges(0) : [this.position(first + i), this.position(first + i)];
        const ends = begins ? [left, right] : [right, left];
        for (const at of left === right ? [left] : ends)
          context.lineTo(this.x(at), this.y(sum));
      };
      for (let i = 0; i < sums.length; i++)
        point(i, sums[i], true);
      for (let i = sums.length - 1; i >= 0; i--)
        point(i, sums[i] += Math.max(0, column[first + i]), false);
      context.globalAlpha = this.alpha(kind);
      context.fillStyle = this.profile.colour(kind);
      context.fill();
      if (kind === OTHER) {
        context.strokeStyle = this.edgeColour;
        context.lineWidth = 1;
        context.stroke();
      }
    }
  }

  drawLines(context, first, end) {
    const dash = 3 * devicePixelRatio, last = new Map();
    for (let sample = first; sample < end; sample++) {
      const [left, right] = this.edges(sample).map(edge => this.x(edge)), inset = (right - left) / 4;
      for (const [kind, value] of this.view.segments(sample)) {
        const y = this.y(value), before = last.get(kind), colour = kind === OTHER ? this.edgeColour : this.profile.colour(kind);
        context.globalAlpha = this.alpha(kind);
        context.strokeStyle = context.fillStyle = colour;
        context.lineWidth = devicePixelRatio;
        if (before && before[2] === sample - 1) {
          context.beginPath();
          context.moveTo(before[0], before[1]);
          context.lineTo(left + inset, y);
          context.stroke();
        }
        context.fillRect(left + inset, y - dash / 2, Math.max(1, right - left - 2 * inset), dash);
        last.set(kind, [right - inset, y, sample]);
      }
    }
  }

  // ---- markers ----

  placeMarkers() {
    if (!this.plot)
      return;
    for (const name of ["a", "b"]) {
      let handle = this.handles[name];
      if (!handle) {
        handle = this.handles[name] = document.createElement("div");
        handle.className = "marker marker-" + name;
        handle.setAttribute("aria-hidden", "true");
        const label = document.createElement("span");
        label.textContent = name.toUpperCase();
        handle.append(label);
        this.dragMarker(handle, name);
      }
      if (handle.parentElement !== this.plot.over)
        this.plot.over.append(handle);
      const x = this.plot.valToPos(this.position(this.view[name]), "x");
      handle.hidden = x < 0 || x > this.plot.over.clientWidth;
      handle.style.left = x + "px";
    }
  }

  sampleAt(clientX) {
    const box = this.plot.over.getBoundingClientRect(), at = this.plot.posToVal(clientX - box.left, "x");
    let best = 0;
    for (let sample = 1; sample < this.profile.count; sample++)
      if (Math.abs(this.position(sample) - at) < Math.abs(this.position(best) - at))
        best = sample;
    return best;
  }

  dragMarker(handle, name) {
    handle.addEventListener("pointerdown", event => {
      event.preventDefault();
      event.stopPropagation();
      handle.setPointerCapture(event.pointerId);
      const move = e => this.on.move(name, this.sampleAt(e.clientX));
      handle.addEventListener("pointermove", move);
      handle.addEventListener("pointerup", () => handle.removeEventListener("pointermove", move), {once: true});
    });
  }

  // ---- pointing, zooming, panning ----

  // What is drawn under a point: {sample, kind, value}, or null.
  at(clientX, clientY) {
    const box = this.plot.over.getBoundingClientRect(), value = this.plot.posToVal(clientY - box.top, "y");
    const sample = this.sampleAt(clientX), pairs = this.view.segments(sample);
    if (this.view.mode === "lines") {
      let best = null;
      for (const [kind, v] of pairs) {
        const distance = Math.abs(this.plot.valToPos(v, "y") - (clientY - box.top));
        if (distance <= 5 && (!best || distance < best.distance))
          best = {sample, kind, value: v, distance};
      }
      return best;
    }
    const order = this.view.mode === "bars" ? pairs : this.view.band(sample);
    let sum = 0;
    for (const [kind, v] of order.slice().reverse()) {
      if (v <= 0)
        continue;
      sum += v;
      if (value >= 0 && value < sum)
        return {sample, kind, value: v};
    }
    return null;
  }

  zoom(factor, about) {
    const [min, max] = this.range(), [left, right] = this.extent();
    const width = Math.min(right - left, Math.max((right - left) / this.profile.count * 2, (max - min) * factor));
    const at = about === undefined ? (min + max) / 2 : about, part = (at - min) / (max - min);
    this.show(at - width * part, at - width * part + width);
  }

  show(min, max) {
    const [left, right] = this.extent(), width = Math.min(max - min, right - left);
    min = Math.max(left, Math.min(min, right - width));
    this.shownRange = width >= right - left ? null : [min, min + width];
    this.redraw();
  }

  fit() {
    this.shownRange = null;
    this.redraw();
  }

  // Bring a sample into view.
  reveal(sample) {
    const [min, max] = this.range(), [left, right] = this.edges(sample);
    if (left < min)
      this.show(left, left + max - min);
    else if (right > max)
      this.show(right - (max - min), right);
  }

  highlight(kind) {
    if (kind !== this.highlighted) {
      this.highlighted = kind;
      this.plot.redraw(false);
    }
  }

  listen(u) {
    u.over.addEventListener("wheel", event => {
      event.preventDefault();
      const box = u.over.getBoundingClientRect();
      this.zoom(event.deltaY < 0 ? 0.8 : 1.25, u.posToVal(event.clientX - box.left, "x"));
    }, {passive: false});
    u.over.addEventListener("pointerdown", event => {
      if (event.button)
        return;
      const [min, max] = this.range(), start = event.clientX, width = u.over.clientWidth;
      let isDragged = false;
      u.over.setPointerCapture(event.pointerId);
      const move = e => {
        isDragged = isDragged || Math.abs(e.clientX - start) > 4;
        if (isDragged) {
          const shift = (start - e.clientX) / width * (max - min);
          this.show(min + shift, max + shift);
        }
      };
      u.over.addEventListener("pointermove", move);
      u.over.addEventListener("pointerup", e => {
        u.over.removeEventListener("pointermove", move);
        if (!isDragged)
          this.on.move(e.shiftKey ? "b" : "a", this.sampleAt(e.clientX));
      }, {once: true});
    });
    u.over.addEventListener("mousemove", event => this.on.point(event.buttons ? null : this.at(event.clientX, event.clientY), event));
    u.over.addEventListener("mouseleave", () => this.on.point(null));
  }
}
