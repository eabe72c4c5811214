/** The store of likes: slow, and not always answering. All tabs see the same ones. */
import { topic } from "@overwire/server";
import { pubsub } from "../shared/pubsub.ts";

export interface Photo {
  readonly id: number;
  readonly title: string;
  /** Path of an SVG of 24 by 14. */
  readonly picture: string;
  readonly likes: number;
}

let photos: readonly Photo[] = [
  { id: 1, title: "Above the clouds", picture: "M2 14 9 4l3 4 3-3 7 9zM19 3a1 1 0 1 0 .1 0z", likes: 41 },
  { id: 2, title: "Low tide", picture: "M0 10q3-2 6 0t6 0 6 0 6 0v4H0zM12 8a4 4 0 0 1 8 0z", likes: 12 },
  {
    id: 3,
    title: "Night bus",
    picture: "M1 14V7h4v7zm5 0V3h5v11zm6 0V6h4v8zm5 0V4h5v10zM4 2a1 1 0 1 0 .1 0z",
    likes: 27,
  },
];

/** Published when a number has changed. */
export const liked = topic<Photo>("likes");

// Likes that another node has saved.
pubsub.subscribe(liked, (saved) => {
  photos = photos.map((photo) => (photo.id === saved.id ? saved : photo));
});

export class NotSaved extends Error {
  override readonly name = "NotSaved";
}

/** The way to the store. Tests put their own in its place. */
export const network = {
  travel: (): Promise<void> => new Promise((arrived) => setTimeout(arrived, 900)),
};

export const photosNow = (): readonly Photo[] => photos;

/**
 * Takes its time.
 * @param fails so that everybody can see what happens then
 * @throws NotSaved
 */
export async function saveLike(id: number, by: 1 | -1, fails: boolean): Promise<Photo> {
  await network.travel();
  const photo = photos.find((photo) => photo.id === id);
  if (fails || !photo) throw new NotSaved(`The like of photo ${id} was not saved.`);
  const saved = { ...photo, likes: photo.likes + by };
  photos = photos.map((photo) => (photo.id === id ? saved : photo));
  return saved;
}
