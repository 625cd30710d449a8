export { annotate } from "./annotate.js";
export { consolidate } from "./consolidate.js";
