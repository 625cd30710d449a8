import { validationError } from "../wire/api-error.js";
import type { Input } from "../wire/operation.js";

/** How one kind of resource is listed. */
export interface ListedItem {
  readonly name: string;
  readonly createdAt: number;
  readonly modifiedAt: number;
  readonly status?: string;
}

/** One page, and the token of the next. */
export interface Page<Item> {
  readonly items: readonly Item[];
  readonly nextToken: string | undefined;
}

/**
 * Filters, sorts and pages as all of SageMaker's List operations do: `NameContains`, `CreationTimeAfter/Before`,
 * `LastModifiedTimeAfter/Before`, `StatusEquals`, `SortBy`, `SortOrder`, `MaxResults`, `NextToken`.
 */
export function listPage<Item extends ListedItem>(
  all: readonly Item[],
  input: Input,
  defaultOrder: "Ascending" | "Descending",
): Page<Item> {
  const chosen = all.filter((item) => isWanted(item, input));
  const sortBy = (input["SortBy"] as string | undefined) ?? "CreationTime";
  const descending = (input["SortOrder"] ?? defaultOrder) === "Descending";
  chosen.sort((a, b) => compare(sortKey(a, sortBy), sortKey(b, sortBy)) * (descending ? -1 : 1));
  const token = input["NextToken"] as string | undefined;
  const start = token === undefined ? 0 : positionAfter(chosen, token, sortBy, descending);
  const size = (input["MaxResults"] as number | undefined) ?? 10;
  const items = chosen.slice(start, start + size);
  const last = items.at(-1);
  const more = start + size < chosen.length && last !== undefined;
  return { items, nextToken: more ? encodeToken(sortKey(last, sortBy)) : undefined };
}

function isWanted(item: ListedItem, input: Input): boolean {
  const part = input["NameContains"] as string | undefined;
  if (part !== undefined && !item.name.toLowerCase().includes(part.toLowerCase())) return false;
  const status = input["StatusEquals"];
  if (status !== undefined && item.status !== status) return false;
  const limit = (name: string, otherwise: number): number => {
    const value = input[name] as number | undefined;
    return value === undefined ? otherwise : value * 1000;
  };
  return (
    item.createdAt >= limit("CreationTimeAfter", -Infinity) &&
    item.createdAt <= limit("CreationTimeBefore", Infinity) &&
    item.modifiedAt >= limit("LastModifiedTimeAfter", -Infinity) &&
    item.modifiedAt <= limit("LastModifiedTimeBefore", Infinity)
  );
}

type SortKey = readonly [value: string | number, name: string];

/** The name ends every tie, so that pages neither repeat nor skip. */
function sortKey(item: ListedItem, sortBy: string): SortKey {
  if (sortBy === "Name") return [item.name, item.name];
  if (sortBy === "Status") return [item.status ?? "", item.name];
  if (sortBy === "LastModifiedTime") return [item.modifiedAt, item.name];
  return [item.createdAt, item.name];
}

function compare(a: SortKey, b: SortKey): number {
  if (a[0] !== b[0]) return a[0] < b[0] ? -1 : 1;
  return a[1] < b[1] ? -1 : a[1] > b[1] ? 1 : 0;
}

/** The token holds the last item's key, not a number: items that come or go meanwhile shift nothing. */
function encodeToken(key: SortKey): string {
  return Buffer.from(JSON.stringify(key)).toString("base64url");
}

function positionAfter(items: readonly ListedItem[], token: string, sortBy: string, descending: boolean): number {
  const key = decodeToken(token);
  const index = items.findIndex((item) => compare(sortKey(item, sortBy), key) * (descending ? -1 : 1) > 0);
  return index < 0 ? items.length : index;
}

function decodeToken(token: string): SortKey {
  try {
    const value: unknown = JSON.parse(Buffer.from(token, "base64url").toString("utf8"));
    if (Array.isArray(value) && value.length === 2 && typeof value[1] === "string") {
      const first: unknown = value[0];
      if (typeof first === "string" || typeof first === "number") return [first, value[1]];
    }
  } catch {
    // told below
  }
  throw validationError("The pagination token is invalid.");
}
