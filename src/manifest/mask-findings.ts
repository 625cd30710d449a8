/** Something about a mask file that was handled, and that the owner of the data should know. */
export interface MaskFinding {
  /**
   * `index-mismatch`: the palette index of a colour is not its key in the colour map (jobs of June to September 2020
   * with one worker, and the first version of AWS's repair script); the colour was followed.
   * `padding-used`: a palette entry beyond the colour map is used; it is white and was read as background.
   * `no-colors`: the mask or the map has no colours, so indices were trusted as they are.
   * `not-palette`: the mask is a colour picture; it was read by its colours.
   * `transparent`: fully transparent pixels were read as background.
   * `half-transparent`: drawn with soft edges; pixels of at least half opacity were read by colour, the others as background.
   */
  readonly kind: "index-mismatch" | "padding-used" | "no-colors" | "not-palette" | "transparent" | "half-transparent";
  /** One sentence for people. */
  readonly message: string;
  /** Pixels concerned. */
  readonly pixels: number;
  /** Palette index in the file, where one is concerned. */
  readonly index?: number;
  /** Key in the colour map that the colour belongs to, for `index-mismatch`. */
  readonly expectedIndex?: number;
}

/** Collects what is noticed while a mask is read; one finding of a kind for each index. */
export class MaskFindings {
  readonly #found = new Map<string, MaskFinding>();

  /** Adds pixels to a finding. */
  add(
    kind: MaskFinding["kind"],
    pixels: number,
    where: { readonly index?: number; readonly expectedIndex?: number } = {},
  ) {
    if (pixels === 0) return;
    const key = `${kind} ${where.index ?? ""}`;
    const total = pixels + (this.#found.get(key)?.pixels ?? 0);
    this.#found.set(key, { kind, pixels: total, ...where, message: messageOf(kind, total, where) });
  }

  list(): readonly MaskFinding[] {
    return Object.freeze([...this.#found.values()]);
  }
}

function messageOf(
  kind: MaskFinding["kind"],
  pixels: number,
  { index, expectedIndex }: { readonly index?: number; readonly expectedIndex?: number },
): string {
  switch (kind) {
    case "index-mismatch":
      return `${pixels} pixels have the palette index ${index ?? ""}, but the colour of index ${expectedIndex ?? ""}; the colour was followed.`;
    case "padding-used":
      return `${pixels} pixels have the palette index ${index ?? ""}, which is no class; it is white and was read as background.`;
    case "no-colors":
      return `${pixels} pixels were read by index alone: there are no colours to check them against.`;
    case "not-palette":
      return `The mask is a colour picture, not a palette PNG; its ${pixels} pixels were read by colour.`;
    case "transparent":
      return `${pixels} pixels are transparent and were read as background.`;
    case "half-transparent":
      return `${pixels} pixels are half transparent (soft edges); from half opacity on they were read by colour.`;
  }
}
