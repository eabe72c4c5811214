/** `@overwire/server/s3`: uploads that go straight into an S3 store. */
export {
  type PresignOptions,
  type S3Meta,
  type S3MultipartMeta,
  type S3Object,
  type S3PutMeta,
  type S3Storage,
  type S3StorageOptions,
  type StorableEntry,
  s3Storage,
} from "./storage/s3.ts";
export type { S3Bucket } from "./storage/signing.ts";
