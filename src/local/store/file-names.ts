import { createHash } from "node:crypto";

const maxSegment = 200; // bytes; file systems stop at 255
const maxPath = 700; // bytes of a whole key's path

/**
 * The path under which a person finds a key: the key itself where every file system can hold it, and percent escapes
 * for what Windows cannot (`:` in Ground Truth's time stamps, names like `CON`, a dot at the end) and what is a path
 * only (`.`, `..`, empty parts, written `%_`). A segment so spelled is never a path of its own. `undefined` when it
 * would be too long.
 */
export function spellKey(key: string): string | undefined {
  const segments = key.split("/").map(spellSegment);
  if (segments.some((segment) => Buffer.byteLength(segment) > maxSegment)) return undefined;
  const path = segments.join("/");
  return Buffer.byteLength(path) > maxPath ? undefined : path;
}

/** One part of a key (or a bucket's name) as a file name. */
export function spellSegment(segment: string): string {
  if (segment === "") return "%_"; // no escape gives this: `%` itself is `%25`
  // eslint-disable-next-line no-control-regex -- control characters are what is looked for
  let spelled = segment.replace(/[\u0000-\u001f\u007f<>:"\\|?*%]/g, escapeUnit);
  spelled = spelled.replace(/[. ]$/, escapeUnit);
  return /^(con|prn|aux|nul|conin\$|conout\$|(com|lpt)[0-9¹²³])(\.|$)/i.test(spelled)
    ? spelled.replace(/^./, escapeUnit)
    : spelled;
}

function escapeUnit(character: string): string {
  return `%${character.charCodeAt(0).toString(16).toUpperCase().padStart(2, "0")}`;
}

/** Two paths with the same fold may be one file where a file system ignores case or Unicode normal form. */
export function foldPath(path: string): string {
  return path.normalize("NFC").toUpperCase().toLowerCase().normalize("NFC");
}

/** The path for a key that has no place under its own name. */
export function hashedPath(key: string): string {
  const hash = createHash("sha256").update(key).digest("hex");
  return `${hash.slice(0, 2)}/${hash}`;
}
