/** A thousand names, made up. All tabs edit the same ones, so they live beside the views. */
import { topic } from "@overwire/server";
import { z } from "zod";
import { pubsub } from "../shared/pubsub.ts";

const text = z.string().trim().min(1, "Must not be empty.").max(60, "At most 60 characters.");

const schema = z.object({
  name: text,
  role: text,
  city: text,
  age: z.coerce
    .number("Must be a number.")
    .int("Must be a whole number.")
    .min(16, "At least 16.")
    .max(99, "At most 99."),
});

export type Person = Readonly<z.infer<typeof schema>> & { readonly id: number };

export const columns = ["name", "role", "city", "age"] as const;
export type Column = (typeof columns)[number];

/** Published at each edit of a row. */
export const edited = topic<Person>("people");

const first =
  "Ada Alan Amara Barbara Bela Chidi Clara Dara Edsger Elif Emeka Fatima Frances Grace Hana Hedy Ines Ivan Jamal Joan Kofi Katherine Leila Linus Margaret Mei Niklaus Noor Olga Omar Priya Radia Ravi Rosa Sofia Tariq Tim Uma Wei Yuki".split(
    " ",
  );
const last =
  "Allen Bauer Costa Diaz Eriksen Ferrari Garcia Hopper Ito Jansen Kovacs Liskov Moreau Nakamura Okafor Perez Quist Rossi Silva Tanaka Ueda Virtanen Wirth Yilmaz Zhang".split(
    " ",
  );
const roles = ["Designer", "Engineer", "Product manager", "Researcher", "Support", "Writer"];
const cities = [
  "Amsterdam",
  "Berlin",
  "Buenos Aires",
  "Lagos",
  "Lisbon",
  "Mumbai",
  "Nairobi",
  "Osaka",
  "Oslo",
  "Toronto",
];

const pick = <T>(items: readonly T[], index: number) => items[index % items.length] as T;

/** By id, which counts from 0. */
const people: Person[] = Array.from({ length: 1000 }, (_, id) => ({
  id,
  name: `${pick(first, id * 7)} ${pick(last, Math.floor(id / first.length))}`,
  role: pick(roles, id * 5 + Math.floor(id / 11)),
  city: pick(cities, id * 3 + Math.floor(id / 7)),
  age: 18 + ((id * 37) % 50),
}));

export const COUNT = people.length;

// Edits on another node.
pubsub.subscribe(edited, (person) => {
  if (Object.hasOwn(people, person.id)) people[person.id] = person;
});

const collator = new Intl.Collator("en");

/** Entries with the query in one of their texts, in order of a column. */
export function find(query: string, by: Column, descending: boolean): readonly Person[] {
  const wanted = query.trim().toLowerCase();
  const sign = descending ? -1 : 1;
  return people
    .filter(({ name, role, city }) => `${name}\n${role}\n${city}`.toLowerCase().includes(wanted))
    .sort((a, b) => sign * (by === "age" ? a.age - b.age : collator.compare(a[by], b[by])));
}

/** @returns the row after the edit, or the reason why the value is refused */
export function update(id: number, column: Column, value: string): Person | string {
  const before = people[id];
  if (!before) return "There is nobody by this number.";
  const checked = schema.shape[column].safeParse(value);
  if (!checked.success) return checked.error.issues[0]?.message ?? "Not valid.";
  return (people[id] = { ...before, [column]: checked.data });
}
