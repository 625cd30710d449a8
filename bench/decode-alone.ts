/** What a bundle holds of the package when it only reads masks. */
export { decodeMask } from "../src/masks.js";
