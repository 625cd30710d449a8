export { openObjects, maxKeyBytes, type ObjectStorage } from "./objects.js";
export type { Bucket } from "./bucket.js";
export type { CorsRule } from "./bucket-folder.js";
export { checksumAlgorithms, checksumLength, startChecksum, type ChecksumAlgorithm } from "./checksums.js";
export { compareKeys } from "./key-order.js";
export { fileBody, readFileBody } from "./file-body.js";
export {
  defaultContentType,
  type Admission,
  type ObjectAttributes,
  type ObjectRecord,
  type StoredChecksum,
} from "./object-record.js";
export type { StagedBody } from "./staging.js";
export type { StoredPart, Upload } from "./uploads.js";
