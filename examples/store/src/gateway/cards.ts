/** Test cards: numbers that look real and belong to no bank. */
import type { PaymentMethod } from "../database/tables.ts";

/** Accepted whenever it is charged. */
export const ACCEPTED_CARD = "4242 4242 4242 4242";
/** May be kept, and is declined when it is charged. */
export const DECLINED_CARD = "4000 0000 0000 0002";

export type Card = Omit<PaymentMethod, "id"> & { readonly isDeclined: boolean };

const BRANDS: { readonly [firstDigit: string]: string } = {
  3: "American Express",
  4: "Visa",
  5: "Mastercard",
};

const digitsOf = (text: string) => text.replace(/[\s-]/g, "");

/** @returns undefined for what is no number of a card */
export function readCard(text: string): Card | undefined {
  const digits = digitsOf(text);
  if (!/^\d{13,19}$/.test(digits) || !hasCheckDigit(digits)) return undefined;
  return {
    brand: BRANDS[digits.charAt(0)] ?? "Card",
    last4: digits.slice(-4),
    isDeclined: digits === digitsOf(DECLINED_CARD),
  };
}

/** By Luhn: every second digit from the right counts twice. */
function hasCheckDigit(digits: string): boolean {
  const sum = [...digits].reverse().reduce((sum, digit, index) => {
    const value = Number(digit) * (index % 2 === 1 ? 2 : 1);
    return sum + (value > 9 ? value - 9 : value);
  }, 0);
  return sum % 10 === 0;
}
