/** All scenarios, in the order in which runs go round them. */
import type { Scenario } from "../scenario.ts";
import { components } from "./components.ts";
import { events } from "./events.ts";
import { feeds } from "./feeds.ts";
import { mixed, restarts } from "./mixed.ts";
import { navigation } from "./navigation.ts";
import { nested } from "./nested.ts";
import { pushed } from "./pushed.ts";
import { streams } from "./streams.ts";
import { typing } from "./typing.ts";
import { uploads } from "./uploads.ts";

export const scenarios: readonly Scenario[] = [
  events,
  typing,
  streams,
  uploads,
  components,
  nested,
  feeds,
  pushed,
  navigation,
  mixed,
  restarts,
];
