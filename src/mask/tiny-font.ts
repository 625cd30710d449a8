/** Width and height of a letter's cell in font pixels, without the gap to the next letter. */
export const glyphSize = { width: 5, height: 7 } as const;

/** ASCII 32 to 126: seven rows from the top, each five pixels as one base-32 digit, the leftmost in the high bit. */
const glyphs = [
  "0000000 4444404 aaa0000 aavavaa 4fke5u4 op248j3 cik8lid 4480000 2488842 8422248 04lel40 044v440 0000c48 000v000",
  "00000cc 01248g0 ehjlphe 4c4444e eh1248v v2421he 26aiv22 vgu11he 68guhhe v124888 ehhehhe ehhf12c 0cc0cc0 0cc0c48",
  "248g842 00v0v00 8421248 eh12404 eh1dlle ehhvhhh uhhuhhu ehggghe sihhhis vgguggv vgguggg ehgnhhf hhhvhhh e44444e",
  "72222ic hikokih ggggggv hrllhhh hhpljhh ehhhhhe uhhuggg ehhhlid uhhukih fgge11u v444444 hhhhhhe hhhhha4 hhhllla",
  "hha4ahh hhha444 v1248gv e88888e 0g84210 e22222e 4ah0000 000000v 8420000 00e1fhf ggmphhu 00egghe 11djhhf 00ehvge",
  "698s888 0fhhf1e ggmphhh 40c444e 20622ic ggikoki c44444e 00qllhh 00mphhh 00ehhhe 00uhugg 00djf11 00mpggg 00ege1u",
  "88s8896 00hhhjd 00hhha4 00hhlla 00ha4ah 00hhf1e 00v248v 2448442 4444444 8442448 008l200",
]
  .join(" ")
  .split(" ");

/** Drawn for letters that the font does not have. */
const box = "vhhhhhv";

/** Width of a text in font pixels. */
export function textWidth(text: string): number {
  return Math.max(0, letters(text).length * (glyphSize.width + 1) - 1);
}

/** Calls `paint` for every set pixel of a text, in font pixels from the text's top left corner. */
export function drawText(text: string, paint: (x: number, y: number) => void): void {
  for (const [place, letter] of letters(text).entries()) {
    const rows = glyphs[letter.charCodeAt(0) - 32] ?? box;
    for (let y = 0; y < glyphSize.height; y++) {
      const bits = parseInt(rows[y]!, 32);
      for (let x = 0; x < glyphSize.width; x++) {
        if ((bits & (16 >> x)) !== 0) paint(place * (glyphSize.width + 1) + x, y);
      }
    }
  }
}

/** One element per letter drawn; accents are dropped, so that "é" is drawn as "e". */
function letters(text: string): readonly string[] {
  return Array.from(text.normalize("NFD").replace(/\p{M}/gu, ""));
}
