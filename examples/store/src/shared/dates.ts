/** Dates as text. All are UTC: the server does not know where its users are. */
const dateTimes = new Intl.DateTimeFormat("en-GB", {
  dateStyle: "medium",
  timeStyle: "short",
  timeZone: "UTC",
});

/** Such as `29 Nov 2026, 19:40 UTC`. */
export const dateTime = (date: Date): string => `${dateTimes.format(date)} UTC`;
