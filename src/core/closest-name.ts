/**
 * The name that a mistyped one most likely stands for, or `undefined` when none is near.
 *
 * Capitals, hyphens, underscores and blanks do not count; beyond that at most a third of the letters may differ.
 */
export function closestName(name: string, known: readonly string[]): string | undefined {
  // A name of this length is no typing error; the limit keeps the comparison cheap whatever comes in.
  if (name.length > 100) return undefined;
  const wanted = plain(name);
  let best: string | undefined;
  let bestDistance = Infinity;
  for (const candidate of known) {
    const distance = editDistance(wanted, plain(candidate));
    if (distance < bestDistance) {
      best = candidate;
      bestDistance = distance;
    }
  }
  return bestDistance <= Math.floor(wanted.length / 3) ? best : undefined;
}

function plain(name: string): string {
  return name.toLowerCase().replaceAll(/[-_\s]/g, "");
}

/** Inserted, removed, replaced and swapped neighbouring letters between two texts (Damerau), one row at a time. */
function editDistance(from: string, to: string): number {
  let before: readonly number[] = [];
  let row = Array.from({ length: to.length + 1 }, (_, index) => index);
  for (let i = 1; i <= from.length; i++) {
    const next = [i];
    for (let j = 1; j <= to.length; j++) {
      const replaced = row[j - 1]! + (from[i - 1] === to[j - 1] ? 0 : 1);
      const swapped = from[i - 1] === to[j - 2] && from[i - 2] === to[j - 1] ? before[j - 2]! + 1 : Infinity;
      next.push(Math.min(replaced, swapped, row[j]! + 1, next[j - 1]! + 1));
    }
    before = row;
    row = next;
  }
  return row[to.length]!;
}
