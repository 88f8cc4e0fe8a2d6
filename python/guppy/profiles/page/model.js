"use strict";
// The profile in the page: unpacked, and asked for what is shown.  guppy/profiles/PlotHtml.py packs it.

const OTHER = -1; // stands for the kind that the rest is

// The numbers of a deflated stream of LEB128, zigzag.
class Numbers {
  constructor(bytes) {
    this.bytes = bytes;
    this.at = 0;
  }

  next() {
    let value = 0, scale = 1, byte;
    do {
      byte = this.bytes[this.at++];
      value += (byte & 127) * scale;
      scale *= 128;
    } while (byte & 128);
    return value % 2 ? -(value + 1) / 2 : value / 2;
  }

  // A column whose entries were written as differences.
  column(count) {
    const column = new Float64Array(count);
    for (let i = 0, value = 0; i < count; i++)
      column[i] = value += this.next();
    return column;
  }
}

async function inflate(text) {
  const packed = Uint8Array.from(atob(text), c => c.charCodeAt(0));
  const stream = new Blob([packed]).stream().pipeThrough(new DecompressionStream("deflate"));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

class Profile {
  // header: the object of the page; bytes: its inflated columns.
  constructor(header, bytes) {
    const numbers = new Numbers(bytes), count = header.samples;
    this.path = header.path;
    this.count = count;
    this.names = header.names;
    this.colours = header.colours.map(number => header.palette[number]);
    this.times = Array.from(numbers.column(count), t => t / 1e6);
    this.totals = {size: numbers.column(count), count: numbers.column(count)};
    this.kindCounts = numbers.column(count);
    this.values = {size: [], count: []};
    for (let kind = 0; kind < this.names.length; kind++)
      this.values.size.push(numbers.column(count));
    for (let kind = 0; kind < this.names.length; kind++)
      this.values.count.push(numbers.column(count));
    // What stands where in the file decides between equal values.
    this.places = this.names.map(() => new Int32Array(count).fill(-1));
    for (let sample = 0; sample < count; sample++) {
      const order = this.bySize(sample);
      for (let i = 0; i < order.length; i++)
        this.places[order[i]][sample] = i + numbers.next();
    }
  }

  // The kinds that a sample has, by falling size.
  bySize(sample) {
    const kinds = [], size = this.values.size, count = this.values.count;
    for (let kind = 0; kind < this.names.length; kind++)
      if (size[kind][sample] || count[kind][sample])
        kinds.push(kind);
    return kinds.sort((a, b) => size[b][sample] - size[a][sample] || a - b);
  }

  name(kind) {
    return kind === OTHER ? "<Other>" : this.names[kind];
  }

  colour(kind) {
    return kind === OTHER ? "#000000" : this.colours[kind];
  }

  // [[kind, value]] of the `top` largest kinds of a sample, largest first, OTHER at its place.
  // matching: the kinds that may be shown.
  largest(sample, by, top, matching) {
    const values = this.values[by], best = [];
    const isBefore = (a, b) => values[a][sample] > values[b][sample] ||
      (values[a][sample] === values[b][sample] && this.places[a][sample] < this.places[b][sample]);
    for (const kind of matching) {
      if (this.places[kind][sample] < 0 || (best.length === top && !isBefore(kind, best[top - 1])))
        continue;
      let at = best.length < top ? best.length : top - 1;
      for (; at && isBefore(kind, best[at - 1]); at--)
        best[at] = best[at - 1];
      best[at] = kind;
    }
    const pairs = best.map(kind => [kind, values[kind][sample]]);
    if (this.kindCounts[sample] > pairs.length) {
      const rest = this.totals[by][sample] - pairs.reduce((sum, pair) => sum + pair[1], 0);
      let at = pairs.length;
      while (at && pairs[at - 1][1] < rest)
        at--;
      pairs.splice(at, 0, [OTHER, rest]);
    }
    return pairs;
  }

  // The kinds of all bands, largest first: those whose largest value in any sample is largest.
  largestEver(by, top, matching) {
    const greatest = matching.map(kind => [kind, this.values[by][kind].reduce((a, b) => Math.max(a, b), -Infinity)]);
    return greatest.sort((a, b) => b[1] - a[1] || a[0] - b[0]).slice(0, top).map(pair => pair[0]);
  }

  // The value of a kind in a sample; of OTHER what is left when the kinds of `listed` are taken away; of null the total.
  value(sample, by, kind, listed) {
    if (kind === null)
      return this.totals[by][sample];
    if (kind !== OTHER)
      return this.values[by][kind][sample];
    return this.totals[by][sample] - listed.reduce((sum, k) => sum + (k === OTHER ? 0 : this.values[by][k][sample]), 0);
  }
}

const CHOICES = [["A", "B"], ["Size", "Count"], ["%A:Tot", "%B:Tot"], ["Cumul", "A-B", "B-A"], ["%A:Tot", "%B:Tot"]];

// The rows of the table, the total first: {kind, name, value, share, change, changeShare} as numbers and texts.
// state: a, b, by, top, columns, matching.
function compare(profile, state) {
  const [about, quantityName, shareOf, changeName, changeShareOf] = state.columns;
  const quantity = quantityName.toLowerCase();
  const chosen = about === "A" ? state.a : state.b, other = about === "A" ? state.b : state.a;
  const pairs = profile.largest(chosen, state.by, state.top, state.matching), listed = pairs.map(pair => pair[0]);
  const total = name => profile.totals[quantity][name === "A" ? state.a : state.b];
  let running = 0;
  return [null].concat(listed).map(kind => {
    const value = profile.value(chosen, quantity, kind, listed);
    let change = value;
    if (changeName !== "Cumul") {
      change = value - profile.value(other, quantity, kind, listed);
      if (changeName[0] !== about)
        change = 0 - change;
    } else if (kind !== null) {
      change = running += value;
    }
    return {
      kind, name: kind === null ? "<Total>" : profile.name(kind), value, change,
      texts: [short(value), percent(value, total(shareOf[1])), short(change), percent(change, total(changeShareOf[1]))],
      numbers: [value, value / total(shareOf[1]), change, change / total(changeShareOf[1])],
    };
  });
}
