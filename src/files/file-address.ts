import path from "node:path";
import { fileURLToPath } from "node:url";
import { SegmentationError } from "../core/errors.js";
import { folderUri, parseS3Uri } from "../core/s3-uri.js";

/*
 * Addresses of files: `s3://bucket/key` as everywhere; a path on this machine, absolute, with slashes; and a file in a
 * ZIP archive, `/data/export.zip!/annotations.xml`. All of them are raw text, nothing is percent-encoded.
 */

/** Whether an address is one of S3; all others are on this machine. */
export function isS3(address: string): boolean {
  return address.startsWith("s3://");
}

/** A file in an archive, in parts; `undefined` for any other address. */
export function zipParts(address: string): { readonly archive: string; readonly entry: string } | undefined {
  const match = isS3(address) ? null : /^([\s\S]*?\.zip)!\/([\s\S]*)$/i.exec(address);
  return match === null ? undefined : { archive: match[1]!, entry: match[2]! };
}

/**
 * The address of a file that a user has named: `s3://...`, a path, or a `file:` URL.
 *
 * @throws `s3.uri`, `input.invalid`.
 */
export function fileAddress(given: string, parameter: string): string {
  if (typeof given !== "string" || given === "" || given.includes("\0"))
    throw new SegmentationError("input.invalid", `${parameter} is no address. Expected ${expected}.`, {
      parameter,
      value: given,
      expected,
    });
  if (given.startsWith("s3:")) {
    parseS3Uri(given);
    return given;
  }
  const local = given.startsWith("file:") ? fileURLToPath(given) : given;
  return slashes(path.resolve(local));
}

const expected = "s3://bucket/prefix/, a path on this machine, or the path of a ZIP file";

/**
 * The address of a folder that a user has named, ending in `/`; a path that ends in `.zip` is the archive's root.
 *
 * @throws `s3.uri`, `input.invalid`.
 */
export function folderAddress(given: string, parameter: string): string {
  const address = fileAddress(given, parameter);
  if (isS3(address)) return folderUri(address);
  if (/\.zip$/i.test(address)) return `${address}!/`;
  return address.endsWith("/") ? address : `${address}/`;
}

/**
 * The address of a file below a folder, by the name that an export gives it.
 *
 * @throws `import.path` for a name that is absolute or leads out of the folder.
 */
export function addressBelow(folder: string, name: string, file: string): string {
  // Exports made on Windows have backslashes; in S3 and on POSIX systems a backslash in a real name is rarer than that.
  const segments = name.replaceAll("\\", "/").split("/");
  const bad = segments.some((segment, at) => segment === ".." || (segment === "" && at < segments.length));
  if (bad || name.includes("\0") || /^[A-Za-z]:/.test(name)) {
    const right = "a relative name without .. and empty parts";
    throw new SegmentationError("import.path", `${file} names the file "${name}". Expected ${right}.`, {
      file,
      name,
      expected: right,
    });
  }
  return folder + segments.filter((segment) => segment !== ".").join("/");
}

/** The same path with slashes, as the system's functions take it everywhere. */
export function slashes(local: string): string {
  return path.sep === "\\" ? local.replaceAll("\\", "/") : local;
}
