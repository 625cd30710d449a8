/** Ground Truth writes microseconds and no zone; hand-made files have `Z` or what JavaScript prints for a date. */
export function creationDate(text: string | undefined): Date | undefined {
  if (text === undefined || text.length > 100) return undefined;
  const bare = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(\.\d{1,3})?\d*$/.exec(text);
  const date = new Date(bare === null ? text : `${bare[1]!}${bare[2] ?? ""}Z`);
  return Number.isNaN(date.getTime()) ? undefined : date;
}
