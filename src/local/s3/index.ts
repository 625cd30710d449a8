export { createS3Service, type S3ServiceOptions } from "./s3-service.js";
