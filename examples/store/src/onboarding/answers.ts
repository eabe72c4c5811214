/** Answers of the onboarding, as forms bring them. */
import { z } from "zod";

const text = (problem: string, max = 100) =>
  z.string().trim().min(1, problem).max(max, `Use at most ${max} characters.`);

export const nameAnswer = z.object({ displayName: text("Write the name that others may call you.", 60) });

/** Countries that the store delivers to, by their codes of ISO 3166. */
export const COUNTRIES: Readonly<Record<string, string>> = {
  AT: "Austria",
  BE: "Belgium",
  DK: "Denmark",
  FR: "France",
  DE: "Germany",
  IE: "Ireland",
  IT: "Italy",
  LU: "Luxembourg",
  NL: "Netherlands",
  PL: "Poland",
  PT: "Portugal",
  ES: "Spain",
};

export const addressAnswer = z.object({
  name: text("Write the name that stands at the door."),
  street: text("Write street and number."),
  postcode: text("Write the postcode.", 12).regex(
    /^[A-Za-z0-9 -]*$/,
    "Use letters, digits, blanks and dashes.",
  ),
  city: text("Write the city."),
  country: z.string().refine((code) => code in COUNTRIES, "Choose a country."),
});
