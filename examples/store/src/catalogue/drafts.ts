/** A product as the desk and the API write it, and the names of its page. */
import { z } from "zod";

export const productDraft = z.object({
  name: z.string().trim().min(2, "has at least 2 characters").max(80, "has at most 80 characters"),
  description: z
    .string()
    .trim()
    .min(10, "has at least 10 characters")
    .max(2000, "has at most 2000 characters"),
  category: z.string().trim().min(2, "has at least 2 characters").max(40, "has at most 40 characters"),
  brand: z.string().trim().min(2, "has at least 2 characters").max(40, "has at most 40 characters"),
  /** In cents of a euro. */
  price: z
    .number()
    .int("is a whole number of cents")
    .min(0, "is not negative")
    .max(10_000_000, "is too high"),
  isListed: z.boolean(),
});

export type ProductDraft = z.infer<typeof productDraft>;

/** A name as it stands in a URL: `Lehm & Feuer` is `lehm-feuer`. */
export const slugOf = (name: string): string =>
  name
    .normalize("NFKD")
    .toLowerCase()
    .replace(/ß/g, "ss")
    .replace(/\p{M}/gu, "")
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-|-$/g, "") || "product";

/** The first of `slug`, `slug-2`, `slug-3`, … that is not taken. */
export function freeSlug(slug: string, taken: ReadonlySet<string>): string {
  for (let number = 1; ; number++) {
    const candidate = number === 1 ? slug : `${slug}-${number}`;
    if (!taken.has(candidate)) return candidate;
  }
}
