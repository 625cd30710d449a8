import { createHash } from "node:crypto";

/** An image that is to get a name in the channels. */
export interface Nameable {
  /** The name it would like, without extension. */
  readonly stem: string;
  /** Where it comes from; makes equal names different. */
  readonly uri: string;
}

// The training container's file names are not documented beyond "same base name"; letters, digits, `-` and `_` are
// safe with every reader, blanks in keys occur in two public failure reports, and a dot could be taken for the
// beginning of the extension.
const unsafe = /[^A-Za-z0-9_-]+/g;
const longestStem = 120;

/**
 * Gives every image a file name stem of letters, digits, `-` and `_`, all different even where case does not count.
 *
 * A name depends on the image and on the names equal to it, never on the order.
 */
export function conservativeStems(images: readonly Nameable[]): string[] {
  const wished = images.map(({ stem }) => stem.replace(unsafe, "_").slice(0, longestStem) || "_");
  const claims = new Map<string, number>();
  for (const stem of wished) claims.set(stem.toLowerCase(), (claims.get(stem.toLowerCase()) ?? 0) + 1);
  const taken = new Set<string>();
  return wished.map((stem, at) => {
    const { uri, stem: original } = images[at]!;
    const alone = claims.get(stem.toLowerCase()) === 1 && original.length <= longestStem;
    let name = alone ? stem : `${stem}-${digest(uri).slice(0, 10)}`;
    // Only a name that looks like another's suffixed one gets here.
    while (taken.has(name.toLowerCase())) name = `${name}-${digest(uri + name).slice(0, 10)}`;
    taken.add(name.toLowerCase());
    return name;
  });
}

function digest(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}
