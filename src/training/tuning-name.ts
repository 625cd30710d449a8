let lastSecond = 0;

/**
 * A name that no other tuning job has: `<base>-YYMMDD-hhmmss` in UTC. Tuning jobs have shorter names than others, at most
 * 32 letters; a longer base is cut.
 *
 * Two calls in one process never give the same name.
 */
export function tuningName(base: string, now: number = Date.now()): string {
  lastSecond = Math.max(Math.floor(now / 1000), lastSecond + 1);
  const stamp = new Date(lastSecond * 1000).toISOString().slice(2, 19).replaceAll(/[-:]/g, "").replace("T", "-");
  return `${base.slice(0, 31 - stamp.length).replace(/-+$/, "")}-${stamp}`;
}
