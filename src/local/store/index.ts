export { openObjects, maxKeyBytes, type ObjectStorage, type ObjectStorageOptions } from "./objects.js";
