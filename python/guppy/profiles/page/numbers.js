"use strict";
// Numbers as guppy/profiles/Numbers.py shows them, to the character; halves go to the even side, as in Python.

const SUFFIXES = ["", "K", "M", "G", "T", "P", "E"];

function roundedQuotient(value, divisor) {
  const quotient = Math.floor(value / divisor), rest = value - quotient * divisor;
  return quotient + (2 * rest > divisor || (2 * rest === divisor && quotient % 2 !== 0) ? 1 : 0);
}

// A number in at most five digits: 99999, 100K, 1235M.
function short(value) {
  let divisor = 1, power = 0;
  while (Math.abs(value) > 99999 * divisor && power < SUFFIXES.length - 1) {
    divisor *= 1000;
    power++;
  }
  let number = roundedQuotient(value, divisor);
  if (number && number % 1000 === 0 && power < SUFFIXES.length - 1) {
    number /= 1000;
    power++;
  }
  return String(number) + SUFFIXES[power];
}

// Round a positive number to some significant digits, half to even; toPrecision() alone rounds halves up.
function toDigits(p, digits) {
  const exact = p.toPrecision(60), plain = p.toPrecision(digits);
  const [mantissa, exponent] = p.toExponential(59).split("e");
  const figures = mantissa.replace(".", "");
  if (/^50*$/.test(figures.slice(digits)) && figures[digits - 1] % 2 === 0)
    return Number(figures.slice(0, 1) + "." + figures.slice(1, digits) + "e" + exponent);
  return exact ? Number(plain) : NaN;
}

// One digit with an exponent, as "%.0e" writes it.
function toExponent(p) {
  const [digit, exponent] = toDigits(p, 1).toExponential(0).split("e");
  const sign = exponent[0] === "-" ? "-" : "+";
  return digit + "e" + sign + exponent.replace(/[-+]/, "").padStart(2, "0");
}

// `part` as a percentage of `whole`; "---" of nothing.
function percent(part, whole) {
  if (!whole)
    return "---";
  const p = 100 * part / whole, size = Math.abs(p), sign = p < 0 ? "-" : "";
  if (size >= 10) {
    const floor = Math.floor(size), rest = size - floor;
    const number = floor + (rest > 0.5 || (rest === 0.5 && floor % 2) ? 1 : 0);
    return sign + (number <= 9999 ? String(number) : toExponent(size));
  }
  if (size >= 0.01)
    return sign + String(toDigits(size, 2));
  return size < 1e-10 ? "0" : sign + toExponent(size);
}

// The smallest of 1, 2, 5, 10, 20, 50 ... that is not below `value`.
function rangeAbove(value) {
  for (let step = 1; ; step *= 10)
    for (const factor of [1, 2, 5])
      if (factor * step >= value)
        return factor * step;
}

// A sample's time as Python's time.asctime() writes it, in the zone of whoever looks.
function timeText(seconds) {
  const date = new Date(seconds * 1000);
  if (isNaN(date))
    return seconds + " seconds";
  const days = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"];
  const months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
  const two = (n, fill) => String(n).padStart(2, fill);
  return days[date.getDay()] + " " + months[date.getMonth()] + " " + two(date.getDate(), " ") + " " + two(date.getHours(), "0") +
    ":" + two(date.getMinutes(), "0") + ":" + two(date.getSeconds(), "0") + " " + date.getFullYear();
}
