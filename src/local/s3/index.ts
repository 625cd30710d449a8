export { createS3Service } from "./s3-service.js";
