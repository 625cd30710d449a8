import type { ObjectStore } from "../core/object-store.js";
import { largestImageFile, readWithin } from "../core/read-within.js";
import { isS3, zipParts } from "./file-address.js";
import { localFiles } from "./local-files.js";
import { zipFiles } from "./zip-files.js";

/**
 * A store that also knows the files of this machine and of ZIP archives, each by its address.
 *
 * Copies from here to S3 are uploads; inside S3 they stay copies.
 */
export function withLocalFiles(store: ObjectStore): ObjectStore {
  const zips = zipFiles();
  const of = (address: string): ObjectStore =>
    isS3(address) ? store : zipParts(address) === undefined ? localFiles : zips;
  return {
    list: (prefix, options) => of(prefix).list(prefix, options),
    read: (address, options) => of(address).read(address, options),
    stream: (address, options) => of(address).stream(address, options),
    head: (address, options) => of(address).head(address, options),
    write: (address, body, options) => of(address).write(address, body, options),
    async copy(from, to, options = {}) {
      if (isS3(from) && isS3(to)) return store.copy(from, to, options);
      // In one piece, so that S3 tags the object with the MD5 of its content.
      const what = { what: "image", limit: largestImageFile, signal: options.signal };
      return of(to).write(to, await readWithin(of(from), from, what), options);
    },
  };
}
