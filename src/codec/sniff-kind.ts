/** Kinds of files that are told apart by their first bytes. */
export type FileKind =
  | "jpeg"
  | "png"
  | "gif"
  | "webp"
  | "bmp"
  | "tiff"
  | "heif"
  | "zip"
  | "gzip"
  | "pdf"
  | "html"
  | "xml"
  | "json"
  | "text"
  | "empty"
  | "unknown";

/** What each kind is called in an error message. */
const descriptions: Readonly<Record<FileKind, string>> = {
  jpeg: "a JPEG image",
  png: "a PNG image",
  gif: "a GIF image",
  webp: "a WebP image",
  bmp: "a BMP image",
  tiff: "a TIFF image",
  heif: "an HEIF or AVIF image",
  zip: "a ZIP archive",
  gzip: "gzip data",
  pdf: "a PDF document",
  html: "an HTML page",
  xml: "an XML document (perhaps an error answer of S3)",
  json: "a JSON document",
  text: "text",
  empty: "empty",
  unknown: "no known image format",
};

/** The kind of a file in words, for messages of the form "This is a GIF image". */
export function describeKind(kind: FileKind): string {
  return descriptions[kind];
}

const signatures: readonly (readonly [kind: FileKind, at: number, bytes: string])[] = [
  ["jpeg", 0, "\xff\xd8\xff"],
  ["png", 0, "\x89PNG\r\n\x1a\n"],
  ["gif", 0, "GIF8"],
  ["webp", 8, "WEBP"],
  ["heif", 4, "ftyp"],
  ["bmp", 0, "BM"],
  ["tiff", 0, "II*\0"],
  ["tiff", 0, "MM\0*"],
  ["zip", 0, "PK\x03\x04"],
  ["gzip", 0, "\x1f\x8b"],
  ["pdf", 0, "%PDF-"],
];

/** Tells the kind of a file from its first 512 bytes; never from a name. */
export function sniffKind(bytes: Uint8Array): FileKind {
  if (bytes.length === 0) return "empty";
  const head = String.fromCharCode(...bytes.subarray(0, 512));
  for (const [kind, at, text] of signatures) {
    if (head.startsWith(text, at) && (kind !== "webp" || head.startsWith("RIFF"))) return kind;
  }
  // A byte order mark and white space may stand before text.
  const text = head.replace(/^\xef\xbb\xbf/, "").trimStart();
  if (/^<(?:!doctype\s+html|html|head|body)/i.test(text)) return "html";
  if (text.startsWith("<?xml") || /^<[A-Za-z]/.test(text)) return "xml";
  if (/^[{[]/.test(text)) return "json";
  // eslint-disable-next-line no-control-regex -- control characters are what tells binary data from text
  return /[\x00-\x08\x0e-\x1f]/.test(head) ? "unknown" : "text";
}
