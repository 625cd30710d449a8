import { Refusal } from "./refusal.js";

/** The two halves of a request line's target, still percent-encoded. */
export interface RequestTarget {
  readonly path: string;
  readonly query: readonly (readonly [name: string, value: string])[];
}

const strictUtf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
const maxQueryPairs = 200;

/**
 * Splits the target of a request line. Never through `new URL`: that removes `..` and `//`, so that one key becomes
 * another, or another bucket's.
 */
export function parseTarget(target: string): RequestTarget {
  if (!target.startsWith("/")) throw new Refusal(400, "InvalidURI", "Couldn't parse the specified URI.");
  const mark = target.indexOf("?");
  if (mark === -1) return { path: target, query: [] };
  const pairs = target
    .slice(mark + 1)
    .split("&")
    .filter((pair) => pair !== "");
  if (pairs.length > maxQueryPairs) throw new Refusal(400, "InvalidURI", "Too many query parameters.");
  const query = pairs.map((pair): [string, string] => {
    const equals = pair.indexOf("=");
    const [name, value] = equals === -1 ? [pair, ""] : [pair.slice(0, equals), pair.slice(equals + 1)];
    return [decodePercent(name.replaceAll("+", " ")), decodePercent(value.replaceAll("+", " "))];
  });
  return { path: target.slice(0, mark), query };
}

/** Decodes percent escapes once, as UTF-8. Refuses broken escapes, broken UTF-8 and NUL. */
export function decodePercent(text: string): string {
  const bytes = Buffer.alloc(text.length);
  let length = 0;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    if (unit === 0x25) {
      const hex = text.slice(i + 1, i + 3);
      if (!/^[0-9a-fA-F]{2}$/.test(hex)) throw invalidUri();
      bytes[length++] = Number.parseInt(hex, 16);
      i += 2;
    } else if (unit > 0xff) {
      throw invalidUri(); // Node gives the bytes of a request line as Latin-1
    } else {
      bytes[length++] = unit;
    }
  }
  const decoded = bytes.subarray(0, length);
  if (decoded.includes(0)) throw invalidUri();
  try {
    return strictUtf8.decode(decoded);
  } catch {
    throw invalidUri();
  }
}

function invalidUri(): Refusal {
  return new Refusal(400, "InvalidURI", "Couldn't parse the specified URI.");
}
