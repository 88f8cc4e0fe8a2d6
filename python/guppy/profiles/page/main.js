"use strict";
// The page: controls, table and keys.

const element = id => document.getElementById(id);

class Page {
  constructor(profile) {
    this.profile = profile;
    this.view = new View(profile);
    this.sorted = null; // [column, direction] of the table, as clicked
    document.title = "Heapy profile: " + profile.path;
    element("path").textContent = profile.path;
    for (const name of ["a", "b"]) {
      const field = element("sample-" + name);
      field.max = profile.count - 1;
      field.value = this.view[name];
      field.addEventListener("input", () => {
        if (field.value !== "" && field.checkValidity())
          this.move(name, Number(field.value), true);
      });
      field.addEventListener("change", () => { field.value = this.view[name]; });
    }
    for (const [group, apply] of [["by", "forget"], ["mode", null], ["axis", null]])
      for (const radio of document.querySelectorAll("input[name=" + group + "]"))
        radio.addEventListener("change", () => this.choose(group, radio.value, apply));
    element("top").addEventListener("input", event => {
      if (event.target.value !== "" && event.target.checkValidity()) {
        this.view.top = Number(event.target.value);
        this.view.forget();
        this.update();
      }
    });
    element("filter").addEventListener("input", event => {
      this.view.filter(event.target.value);
      this.update();
    });
    element("fit").addEventListener("click", () => this.graph.fit());
    element("difference").addEventListener("change", event => {
      this.setColumns((event.target.checked ? DIFFERENCE_COLUMNS : DEFAULT_COLUMNS).slice());
    });
    this.makeHeader();
    this.graph = new Graph(profile, this.view, element("graph"), {
      move: (name, sample) => this.move(name, sample),
      point: (hit, event) => this.point(hit, event),
    });
    document.addEventListener("keydown", event => this.key(event));
    new ResizeObserver(() => {
      const host = element("graph");
      this.graph.plot.setSize({width: host.clientWidth, height: host.clientHeight});
    }).observe(element("graph"));
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => this.graph.build());
    this.showTable();
  }

  choose(group, value, apply) {
    this.view[group] = value;
    if (apply)
      this.view[apply]();
    const radio = document.querySelector("input[name=" + group + "][value=" + value + "]");
    radio.checked = true;
    if (group === "axis") {
      this.graph.shownRange = null;
      this.graph.build();
    }
    this.update();
  }

  update() {
    this.graph.redraw();
    this.showTable();
  }

  move(name, sample, isTyped) {
    this.view[name] = Math.max(0, Math.min(this.profile.count - 1, sample));
    if (!isTyped)
      element("sample-" + name).value = this.view[name];
    this.graph.reveal(this.view[name]);
    this.graph.placeMarkers();
    this.showTable();
  }

  // ---- table ----

  setColumns(columns) {
    this.view.columns = columns;
    columns.forEach((word, i) => { element("column-" + (i + 1)).value = word; });
    element("difference").checked = columns[3] !== "Cumul";
    this.showTable();
  }

  makeHeader() {
    const row = element("header");
    CHOICES.forEach((choices, i) => {
      const cell = document.createElement("th"), select = document.createElement("select");
      cell.scope = "col";
      select.id = "column-" + (i + 1);
      select.setAttribute("aria-label", "Column " + (i + 1));
      for (const choice of choices)
        select.append(new Option(choice, choice));
      select.value = this.view.columns[i];
      select.addEventListener("change", () => {
        const columns = this.view.columns.slice();
        columns[i] = select.value;
        this.setColumns(columns);
      });
      cell.append(select);
      if (i)
        cell.append(this.sortButton(i - 1, "column " + (i + 1)));
      row.append(cell);
    });
    const kind = document.createElement("th");
    kind.scope = "col";
    kind.className = "kind";
    kind.append("Kind", this.sortButton(4, "kind"));
    row.append(kind);
  }

  sortButton(column, name) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "sort";
    button.textContent = "\u2195";
    button.setAttribute("aria-label", "Sort by " + name);
    button.addEventListener("click", () => {
      const first = column === 4 ? 1 : -1, [old, direction] = this.sorted || [];
      this.sorted = old !== column ? [column, first] : direction === first ? [column, -first] : null;
      this.showTable();
    });
    return button;
  }

  showTable() {
    const view = this.view, profile = this.profile, lines = [];
    const usesOther = view.columns.slice(1).some(word => word !== "Cumul" && word.split(":")[0].includes(view.columns[0] === "A" ? "B" : "A"));
    for (const name of view.columns[0] === "A" ? ["a", "b"] : ["b", "a"])
      if (!lines.length || usesOther)
        lines.push("Sample " + name.toUpperCase() + ": " + view[name] + " at " + timeText(profile.times[view[name]]));
    element("samples").textContent = lines.join("\n");
    let [total, ...rows] = view.rows();
    if (this.sorted) {
      const [column, direction] = this.sorted;
      rows = rows.sort((x, y) => direction * (column === 4 ? x.name.localeCompare(y.name) : x.numbers[column] - y.numbers[column]));
    }
    document.querySelectorAll(".sort").forEach((button, i) => {
      const direction = this.sorted && this.sorted[0] === i ? this.sorted[1] : 0;
      button.textContent = direction ? (direction > 0 ? "\u2191" : "\u2193") : "\u2195";
      button.closest("th").setAttribute("aria-sort", direction ? (direction > 0 ? "ascending" : "descending") : "none");
    });
    element("rows").replaceChildren(...[total].concat(rows).map(row => this.tableRow(row)));
  }

  tableRow(row) {
    const line = document.createElement("tr"), mark = document.createElement("td");
    if (row.kind === null) {
      line.className = "total";
    } else {
      const swatch = document.createElement("span");
      swatch.className = row.kind === OTHER ? "swatch other" : "swatch";
      swatch.style.backgroundColor = this.profile.colour(row.kind);
      mark.append(swatch);
      line.addEventListener("mouseenter", () => this.graph.highlight(row.kind));
      line.addEventListener("mouseleave", () => this.graph.highlight(undefined));
    }
    line.dataset.kind = String(row.kind);
    line.append(mark);
    row.texts.forEach((text, i) => {
      const cell = document.createElement("td");
      cell.textContent = text;
      if (i % 2 === 0)
        cell.title = row.numbers[i].toLocaleString();
      line.append(cell);
    });
    const name = document.createElement("th");
    name.scope = "row";
    name.textContent = name.title = row.name;
    line.append(name);
    return line;
  }

  // ---- pointing ----

  point(hit, event) {
    const tip = element("tip");
    for (const line of document.querySelectorAll("#rows tr"))
      line.classList.toggle("pointed", Boolean(hit) && line.dataset.kind === String(hit.kind));
    tip.hidden = !hit;
    if (!hit)
      return;
    const {sample, kind} = hit, listed = (this.view.mode === "bands" ? this.view.band(sample) : this.view.segments(sample)).map(pair => pair[0]);
    const value = by => this.profile.value(sample, by, kind, listed);
    const share = percent(hit.value, this.profile.totals[this.view.by][sample]);
    tip.textContent = this.profile.name(kind) + "\n" + value("count").toLocaleString() + " objects, " +
      value("size").toLocaleString() + " bytes, " + share + " %\nSample " + sample + " at " + timeText(this.profile.times[sample]);
    const box = tip.getBoundingClientRect();
    tip.style.left = Math.min(event.clientX + 14, innerWidth - box.width - 8) + "px";
    tip.style.top = Math.min(event.clientY + 14, innerHeight - box.height - 8) + "px";
  }

  // ---- keys ----

  key(event) {
    if (event.ctrlKey || event.altKey || event.metaKey || event.target.closest("input:not([type=radio]):not([type=checkbox]), select"))
      return;
    const isRadio = event.target.closest("input[type=radio]");
    const name = event.shiftKey ? "b" : "a", last = this.profile.count - 1;
    const acts = {
      ArrowLeft: isRadio ? null : () => this.move(name, this.view[name] - 1),
      ArrowRight: isRadio ? null : () => this.move(name, this.view[name] + 1),
      Home: () => this.move(name, 0), End: () => this.move(name, last),
      b: () => this.choose("mode", "bars"), l: () => this.choose("mode", "lines"), d: () => this.choose("mode", "bands"),
      s: () => this.choose("by", "size", "forget"), c: () => this.choose("by", "count", "forget"),
      x: () => element("difference").click(), "/": () => element("filter").focus(), 0: () => this.graph.fit(),
      "+": () => this.graph.zoom(0.8), "-": () => this.graph.zoom(1.25),
    };
    if (acts[event.key]) {
      event.preventDefault();
      acts[event.key]();
    }
  }
}

async function start() {
  const header = JSON.parse(element("profile").textContent);
  if (!header.samples) {
    element("path").textContent = header.path;
    element("samples").textContent = "-- No Sample --";
    return;
  }
  window.page = new Page(new Profile(header, await inflate(header.columns)));
  document.body.dataset.state = "drawn";
}

start().catch(error => {
  element("samples").textContent = "This page cannot be shown: " + error.message + ". It needs a browser of 2023 or later.";
});
