import { SaxesParser } from "saxes";
import type { ObjectStore } from "../core/object-store.js";
import { importError, type Place } from "./import-error.js";

/** The beginning or end of an element. */
export interface XmlTag {
  readonly kind: "open" | "close";
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly place: Place;
}

/** Largest piece of a document without an element. */
const largestPiece = 64 * 1024 ** 2;

/**
 * Reads the tags of an XML document as it arrives; text between them is passed over. Entities that the document itself
 * defines are never expanded, and nothing outside of the document is loaded.
 *
 * @throws `import.file` with the line.
 */
export async function* readXmlTags(
  store: ObjectStore,
  file: string,
  signal: AbortSignal | undefined,
): AsyncGenerator<XmlTag, void, void> {
  const parser = new SaxesParser();
  const decoder = new TextDecoder("utf-8", { fatal: true });
  let found: XmlTag[] = [];
  let sinceTag = 0;
  let failure: Error | undefined;
  const take = (kind: "open" | "close", name: string, attributes: Readonly<Record<string, string>>): void => {
    sinceTag = 0;
    found.push({ kind, name, attributes, place: { file, line: parser.line } });
  };
  parser.on("error", (error) => (failure ??= error));
  parser.on("opentag", ({ name, attributes }) => take("open", name, { ...attributes }));
  parser.on("closetag", ({ name }) => take("close", name, {}));
  const step = (work: () => void): void => {
    try {
      work();
    } catch (error) {
      throw importError({ file, line: parser.line }, "this is no UTF-8 text", "XML in UTF-8", error);
    }
    if (failure === undefined) return;
    const expected = "XML as the tool exports it";
    throw importError(
      { file, line: parser.line },
      `this is no whole XML document (${failure.message})`,
      expected,
      failure,
    );
  };
  for await (const chunk of store.stream(file, signal === undefined ? {} : { signal })) {
    signal?.throwIfAborted();
    sinceTag += chunk.length;
    step(() => parser.write(decoder.decode(chunk, { stream: true })));
    yield* found;
    found = [];
    if (sinceTag > largestPiece)
      throw importError(
        { file, line: parser.line },
        "one part is too large",
        `elements of at most ${largestPiece} bytes`,
      );
  }
  step(() => parser.write(decoder.decode()).close());
  yield* found;
}
