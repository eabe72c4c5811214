/** Amounts are whole cents of a euro everywhere, and become text here alone. */
const euros = new Intl.NumberFormat("en-IE", { style: "currency", currency: "EUR" });

/** @param cents such as 1999, which is `€19.99` */
export const money = (cents: number): string => euros.format(cents / 100);
