/**
 * Functions whose last bit the language leaves to the engine, written with exact operations only: the same seed gives
 * the same model on every machine.
 */

/** e to the power of `x`, relative error below 1e-9; 0 below -700, and `x` counts as 700 above it. */
export function exp(x: number): number {
  if (x < -700) return 0;
  const bounded = x > 700 ? 700 : x;
  const power = Math.round(bounded * Math.LOG2E);
  const rest = bounded - power * Math.LN2;
  // Taylor series on |rest| <= ln(2) / 2.
  let sum = 1;
  for (let term = 9; term >= 1; term--) sum = 1 + (rest / term) * sum;
  return sum * twoTo(power);
}

/** The natural logarithm of a positive number. */
export function log(x: number): number {
  let power = 0;
  let mantissa = x;
  while (mantissa > Math.SQRT2) {
    mantissa /= 2;
    power++;
  }
  while (mantissa < Math.SQRT1_2) {
    mantissa *= 2;
    power--;
  }
  // ln(m) = 2 artanh((m - 1) / (m + 1)).
  const ratio = (mantissa - 1) / (mantissa + 1);
  const square = ratio * ratio;
  let sum = 0;
  for (let odd = 19; odd >= 1; odd -= 2) sum = sum * square + 1 / odd;
  return 2 * ratio * sum + power * Math.LN2;
}

/** `base` (not negative) to a power. */
export function power(base: number, exponent: number): number {
  return base <= 0 ? 0 : exp(exponent * log(base));
}

/** The cosine of an angle from 0 to pi. */
export function cosine(angle: number): number {
  const half = angle / 2;
  const square = half * half;
  // Sine of the half angle by its series, then cos(2a) = 1 - 2 sin²(a).
  let sum = 0;
  for (let term = 21; term >= 1; term -= 2) sum = 1 - (square / ((term + 1) * (term + 2))) * sum;
  const sine = half * sum;
  return 1 - 2 * sine * sine;
}

const powersOfTwo = Float64Array.from({ length: 2048 }, (_, index) => exactPower(index - 1024));

function twoTo(power: number): number {
  return powersOfTwo[power + 1024]!;
}

function exactPower(power: number): number {
  let value = 1;
  for (let step = 0; step < Math.abs(power); step++) value *= power < 0 ? 0.5 : 2;
  return value;
}
