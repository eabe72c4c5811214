/** The store of the album's photos: the bucket that the environment names, or else a folder. */
import { z } from "zod";
import { photoBucket } from "./photo-bucket.ts";
import { photoFolder } from "./photo-folder.ts";
import type { PhotoStore } from "./photos.ts";

const environment = z.object({
  S3_ENDPOINT: z.url(),
  S3_BUCKET: z.string().min(1),
  S3_REGION: z.string().optional(),
  S3_ACCESS_KEY_ID: z.string().min(1),
  S3_SECRET_ACCESS_KEY: z.string().min(1),
});

function chooseStore(): PhotoStore {
  if (!process.env["S3_BUCKET"]) return photoFolder;
  const env = environment.parse(process.env);
  return photoBucket({
    endpoint: env.S3_ENDPOINT,
    bucket: env.S3_BUCKET,
    region: env.S3_REGION,
    accessKeyId: env.S3_ACCESS_KEY_ID,
    secretAccessKey: env.S3_SECRET_ACCESS_KEY,
  });
}

export const photoStore = chooseStore();
