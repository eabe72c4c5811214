/** Answers of the onboarding, as forms bring them. */
import { z } from "zod";
import { COUNTRIES } from "../shared/countries.ts";
import { line } from "../shared/texts.ts";

const text = (problem: string, max = 100) =>
  line().min(1, problem).max(max, `Use at most ${max} characters.`);

export const nameAnswer = z.object({ displayName: text("Write the name that others may call you.", 60) });

export const addressAnswer = z.object({
  name: text("Write the name that stands at the door."),
  street: text("Write street and number."),
  postcode: text("Write the postcode.", 12).regex(
    /^[A-Za-z0-9 -]*$/,
    "Use letters, digits, blanks and dashes.",
  ),
  city: text("Write the city."),
  country: z.string().refine((code) => Object.hasOwn(COUNTRIES, code), "Choose a country."),
});
