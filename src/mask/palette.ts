/** A colour as three bytes, red, green, blue. */
export type Rgb = readonly [red: number, green: number, blue: number];

/**
 * Ground Truth's own colours: background white, classes 1 to 4 as seen in real jobs and the guide; 5 to 10 are the
 * rest of the same well-known ten-colour set (not confirmed for Ground Truth: read the manifest, never assume).
 */
const groundTruthColors = [
  "#ffffff", "#2ca02c", "#1f77b4", "#ff7f0e", "#d62728", "#9467bd", "#8c564b", "#e377c2", "#7f7f7f", "#bcbd22", "#17becf",
]; // prettier-ignore

/** The default colour of a class index: Ground Truth's for 0 to 10, beyond that hues spread by the golden angle. */
export function defaultColor(index: number): Rgb {
  const named = groundTruthColors[index];
  return named === undefined ? hueColor(index) : (parseColor(named) ?? [0, 0, 0]);
}

/** Reads `#rrggbb` in either case; `undefined` for anything else. */
export function parseColor(text: string): Rgb | undefined {
  const match = /^#([0-9a-f]{2})([0-9a-f]{2})([0-9a-f]{2})$/i.exec(text);
  return match === null ? undefined : [parseInt(match[1]!, 16), parseInt(match[2]!, 16), parseInt(match[3]!, 16)];
}

/** Writes a colour as `#rrggbb`, small letters, as Ground Truth does. */
export function formatColor(color: Rgb): string {
  return `#${color.map((byte) => byte.toString(16).padStart(2, "0")).join("")}`;
}

/** 137.5 degrees between neighbours keeps them apart; three rings of lightness keep far ones apart. */
function hueColor(index: number): Rgb {
  const hue = (index * 137.508) % 360;
  const lightness = [0.45, 0.6, 0.3][index % 3]!;
  const chroma = 0.7 * Math.min(lightness, 1 - lightness);
  const channel = (shift: number): number => {
    const k = (shift + hue / 30) % 12;
    return Math.round(255 * (lightness - chroma * Math.max(-1, Math.min(k - 3, 9 - k, 1))));
  };
  return [channel(0), channel(8), channel(4)];
}
