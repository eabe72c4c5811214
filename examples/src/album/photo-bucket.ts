/** Photos in a bucket of an S3 store: browsers bring them there, and get them from there, past this server. */
import { type S3Bucket, type S3Meta, s3Storage } from "@overwire/server/s3";
import type { PhotoStore } from "./photos.ts";

/** Seconds that a link to a photo is good for. */
const SHOWN = 300;

/**
 * The bucket's rules have to let pages of this origin PUT and GET. Photos that were sent there but never
 * kept, since a user went away in between, are best left to a rule that lets old objects expire.
 */
export function photoBucket(bucket: S3Bucket & { readonly endpoint: string }): Required<PhotoStore<S3Meta>> {
  const storage = s3Storage(bucket);
  const keyOf = (id: string) => `album/${id}`;
  return {
    origins: [new URL(bucket.endpoint).origin],

    external: (entry) => storage.presign(entry, { key: keyOf(entry.uuid) }),

    // That a browser says it has sent something is no proof.
    async keep({ id, type, size }) {
      const stored = await storage.head(keyOf(id));
      if (stored?.size === size && stored.contentType === type) return true;
      await storage.delete(keyOf(id));
      return false;
    },

    async show({ id }) {
      const location = await storage.url(keyOf(id), { expires: SHOWN });
      return new Response(null, { status: 302, headers: { location, "cache-control": "no-store" } });
    },

    remove: ({ id }) => storage.delete(keyOf(id)),
  };
}
