/** `@overwire/testing/vitest`: a setup file by which Vitest verifies doubles at the end of each test. */
import "./double/double.ts";
import { failInVitest } from "./runner/test-hooks.ts";

failInVitest();
