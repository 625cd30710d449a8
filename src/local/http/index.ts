export { createLocalServer, type LocalServer, type LocalServerOptions } from "./server.js";
export { escapeXml, Refusal } from "./refusal.js";
export { decodePercent } from "./request-target.js";
export { decodeAwsChunked, type Trailer } from "./aws-chunked.js";
