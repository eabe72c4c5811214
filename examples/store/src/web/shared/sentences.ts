/** Sentences that several pages say. */
export const REGISTRATION_CLOSED = "Registration is closed at the moment.";
