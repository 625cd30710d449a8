/**
 * The worker thread of `createMaskDecoder`: decodes the masks that it is sent, one after another.
 */
import { parentPort } from "node:worker_threads";
import { decodeMask } from "./mask/decode-mask.js";
import type { DecodedMask } from "./mask/decode-mask.js";
import { classTable, sendError } from "./mask/decoder/messages.js";
import type { DecodeJob, DecodeReply } from "./mask/decoder/messages.js";
import type { IndexMask } from "./mask/mask.js";

parentPort?.on("message", ({ id, png, options, classes }: DecodeJob) => {
  try {
    const { width, height, data, ...found }: IndexMask & Partial<DecodedMask> =
      classes === undefined
        ? decodeMask(png, options)
        : indicesOf(decodeMask(png, { ...options, classes: classTable(classes) }));
    // Moved where the mask has its memory for itself; a view on more is copied, so that the rest does not travel.
    const own = data.buffer.byteLength === data.length ? data : data.slice();
    reply({ id, width, height, data: own, ...found }, own.buffer);
  } catch (error) {
    reply({ id, error: sendError(error) });
  }
});

/** Without its methods, which cannot be sent. */
function indicesOf({ width, height, data }: IndexMask): IndexMask {
  return { width, height, data };
}

function reply(message: DecodeReply, moved?: ArrayBufferLike): void {
  // Memory that is shared cannot be moved and need not be.
  parentPort?.postMessage(message, moved instanceof ArrayBuffer ? [moved] : []);
}
