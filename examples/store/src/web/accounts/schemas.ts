/** Schemas of fields that several forms of accounts have. */
import { z } from "zod";
import { line } from "../../shared/texts.ts";

export const email = z.email("Write an address such as ada@example.com.").max(200);
/** Of a new password. One that is asked for again may be any. */
export const newPassword = z
  .string()
  .min(10, "Use at least 10 characters.")
  .max(200, "Use at most 200 characters.");
export const userName = line().min(1, "Write your name.").max(100);
