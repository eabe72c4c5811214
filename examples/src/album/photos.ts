/** The photos of the album: which there are, on all nodes, and what a place to keep them in has to offer. */
import { type ExternalMeta, topic, type UploadEntry } from "@overwire/server";
import { catchUp } from "../shared/late-node.ts";
import { pubsub } from "../shared/pubsub.ts";

/** Types that browsers show as a picture, and that cannot hold a script. */
export const photoTypes = ["image/jpeg", "image/png", "image/webp", "image/gif", "image/avif"];

export interface Photo {
  /** Unguessable. It names the photo in URLs and where it is kept. */
  readonly id: string;
  /** The user's name for it: to be shown, never a path. */
  readonly name: string;
  /** One of {@link photoTypes}. */
  readonly type: string;
  /** In bytes. */
  readonly size: number;
}

/** @typeParam Meta what an upload says of a file that has arrived */
export interface PhotoStore<Meta extends object = object> {
  /** Other origins that pages send to and show from. */
  readonly origins: readonly string[];
  /** Upload of a photo from the browser to the store itself. Without it photos come through this server. */
  external?(entry: UploadEntry): Promise<Meta & ExternalMeta>;
  /** @returns false if there is nothing to be kept, or not as agreed */
  keep(photo: Photo, meta: Meta): Promise<boolean>;
  /** Answers a request for a photo; `undefined` if it has just gone. */
  show(photo: Photo): Promise<Response | undefined>;
  remove(photo: Photo): Promise<void>;
}

/** When there are more, the oldest go. */
export const KEPT = 24;

/** Published when there is one more, and one less. */
export const added = topic<Photo>("album:added");
export const removed = topic<Photo>("album:removed");

let photos: readonly Photo[] = [];

/** The newest first. */
export const allPhotos = (): readonly Photo[] => photos;

export const findPhoto = (id: string): Photo | undefined => photos.find((photo) => photo.id === id);

/** @returns those that go for it */
export function addPhoto(photo: Photo): readonly Photo[] {
  const gone = photos.slice(KEPT - 1);
  photos = [photo, ...photos.slice(0, KEPT - 1)];
  return gone;
}

/** @returns false if it is gone */
export function forgetPhoto(photo: Photo): boolean {
  const before = photos.length;
  photos = photos.filter((other) => other !== photo);
  return photos.length < before;
}

const has = ({ id }: Photo) => findPhoto(id) !== undefined;

// Photos that other nodes add and take away; they see to the files.
pubsub.subscribe(added, (photo) => {
  if (!has(photo)) addPhoto(photo);
});
pubsub.subscribe(removed, ({ id }) => {
  photos = photos.filter((photo) => photo.id !== id);
});

/** Published when this node has learned of photos that others had before. */
export const photosLearned = catchUp("album", allPhotos, (known) => {
  photos = [...photos, ...known.filter((photo) => !has(photo))].slice(0, KEPT);
});
