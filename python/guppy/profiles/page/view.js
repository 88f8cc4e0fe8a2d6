"use strict";
// What is shown: the choices made in the controls, and their answers, kept until a choice changes.

const DEFAULT_COLUMNS = ["A", "Size", "%A:Tot", "Cumul", "%A:Tot"];
const DIFFERENCE_COLUMNS = ["A", "Size", "%B:Tot", "A-B", "%B:Tot"];

class View {
  constructor(profile) {
    this.profile = profile;
    this.a = profile.count - 1;
    this.b = 0;
    this.by = "size";
    this.mode = "bars";
    this.axis = "number";
    this.top = 10;
    this.columns = DEFAULT_COLUMNS.slice();
    this.positions = [];
    for (const time of profile.times) // samples do not overlap where a clock was put back
      this.positions.push(Math.max(time, this.positions.length ? this.positions[this.positions.length - 1] : time));
    this.filter("");
  }

  filter(text) {
    const wanted = text.toLowerCase();
    this.matching = this.profile.names.map((_, kind) => kind).filter(kind => this.profile.names[kind].toLowerCase().includes(wanted));
    this.forget();
  }

  forget() {
    this.kept = new Map();
    this.keptBands = null;
  }

  segments(sample) {
    let found = this.kept.get(sample);
    if (!found)
      this.kept.set(sample, found = this.profile.largest(sample, this.by, this.top, this.matching));
    return found;
  }

  bands() {
    if (!this.keptBands) {
      const kinds = this.profile.largestEver(this.by, this.top, this.matching), values = this.profile.values[this.by];
      const rests = this.profile.totals[this.by].map((total, i) => kinds.reduce((rest, kind) => rest - values[kind][i], total));
      this.keptBands = {kinds, rests};
    }
    return this.keptBands;
  }

  // [[kind, value]] of a sample in the order of the bands.
  band(sample) {
    const {kinds, rests} = this.bands();
    return kinds.map(kind => [kind, this.profile.values[this.by][kind][sample]]).concat([[OTHER, rests[sample]]]);
  }

  rows() {
    return compare(this.profile, this);
  }
}
