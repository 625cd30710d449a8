import { paddedSize, parseTarHeader, tarBlock } from "../../codec/tar/tar-header.js";
import { ContainerError } from "../contracts.js";

/**
 * Reads the plain files of a tar; directories, links and extension records are passed over.
 *
 * Names are only compared, never used as paths. Throws a `ClientError` when the archive is damaged.
 */
export function readTar(tar: Uint8Array): ReadonlyMap<string, Uint8Array> {
  const files = new Map<string, Uint8Array>();
  let at = 0;
  while (at + tarBlock <= tar.length) {
    const header = parseTarHeader(tar.subarray(at, at + tarBlock));
    if (header.kind === "end") return files;
    if (header.kind === "damaged") throw damaged(`a header is damaged at byte ${at}`);
    const { name, size, type } = header;
    if (size > tar.length - at - tarBlock) throw damaged(`a file is cut off at byte ${at}`);
    if (type === "0") files.set(name.replace(/^\.\//, ""), tar.subarray(at + tarBlock, at + tarBlock + size));
    at += tarBlock + paddedSize(size);
  }
  throw damaged("it has no end");
}

function damaged(why: string): ContainerError {
  return new ContainerError("ClientError", `model.tar.gz cannot be read: ${why}`);
}
