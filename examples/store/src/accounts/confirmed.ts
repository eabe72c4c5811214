/** News of addresses whose owners have opened the link that was mailed to them. */
import { topic } from "@overwire/server";

/** Told when an address is confirmed, in whatever browser. */
export const confirmedTopic = (email: string) => topic<null>(`confirmed:${email}`);
