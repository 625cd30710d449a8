let lastTime = 0;

/** Letters that the suffix of {@link timeStampedName} takes, its hyphen included. */
export const timeStampLength = 24;

/**
 * A name that no other job has: `<base>-YYYY-MM-DD-hh-mm-ss-mmm` in UTC, the form that SageMaker users know.
 *
 * Two calls in one process never give the same name. A base that would make the name longer than 63 letters is cut.
 */
export function timeStampedName(base: string, now: number = Date.now()): string {
  lastTime = Math.max(Math.trunc(now), lastTime + 1);
  const stamp = new Date(lastTime).toISOString().slice(0, 23).replaceAll(/[T:.]/g, "-");
  const room = 63 - timeStampLength;
  return `${base.slice(0, room).replace(/-+$/, "")}-${stamp}`;
}

/** A name without the suffix of {@link timeStampedName}; any other name as it is. */
export function withoutTimeStamp(name: string): string {
  return name.replace(/-\d{4}(?:-\d{2}){5}-\d{3}$/, "");
}
