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

/** For users to read. */
export const countryOf = (code: string): string => COUNTRIES[code] ?? code;
