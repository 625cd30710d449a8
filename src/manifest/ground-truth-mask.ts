import type { Mask } from "../mask/mask.js";

/** A Ground Truth mask in the project's class table, with what was noticed on the way. */
export interface GroundTruthMask<in out Name extends string> {
  readonly mask: Mask<Name>;
  /** Empty for a mask that is as Ground Truth writes it today. */
  readonly findings: readonly MaskFinding[];
}

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
