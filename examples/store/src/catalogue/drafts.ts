/** A product as the desk and the API write it. */
import { z } from "zod";
import { line, paragraphs } from "../shared/texts.ts";

export const productDraft = z.object({
  name: line().min(2, "has at least 2 characters").max(80, "has at most 80 characters"),
  description: paragraphs().min(10, "has at least 10 characters").max(2000, "has at most 2000 characters"),
  category: line().min(2, "has at least 2 characters").max(40, "has at most 40 characters"),
  brand: line().min(2, "has at least 2 characters").max(40, "has at most 40 characters"),
  /** In cents of a euro. */
  price: z
    .number()
    .int("is a whole number of cents")
    .min(1, "is at least one cent")
    .max(10_000_000, "is too high"),
  isListed: z.boolean(),
});

export type ProductDraft = z.infer<typeof productDraft>;
