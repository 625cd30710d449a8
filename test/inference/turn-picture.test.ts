import { describe, expect, it } from "vitest";
import { turnPicture } from "../../src/inference/turn-picture.js";

// Expected by looking at the table of EXIF 2.3, 4.6.4 A: the number says which side of the shown picture the stored first
// row and first column are. The stored picture is
//   1 2 3
//   4 5 6
const stored = { width: 3, height: 2, data: Uint8Array.of(1, 2, 3, 4, 5, 6).reduce(tripled, new Uint8Array(18)) };

function tripled(data: Uint8Array, value: number, at: number): Uint8Array {
  return data.fill(value, at * 3, at * 3 + 3);
}

describe("turnPicture", () => {
  it.each([
    [1, ["123", "456"]],
    [2, ["321", "654"]],
    [3, ["654", "321"]],
    [4, ["456", "123"]],
    [5, ["14", "25", "36"]],
    [6, ["41", "52", "63"]],
    [7, ["63", "52", "41"]],
    [8, ["36", "25", "14"]],
    [0, ["123", "456"]],
    [9, ["123", "456"]],
  ])("orientation %i", (orientation, rows) => {
    const { width, height, data } = turnPicture(stored, orientation);
    const shown = Array.from({ length: height }, (_, y) =>
      Array.from({ length: width }, (_unused, x) => data[(y * width + x) * 3]).join(""),
    );
    expect(shown).toEqual(rows);
  });
});
