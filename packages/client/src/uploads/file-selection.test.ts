import { testWindow } from "@overwire/test-support/test-window";
import { expect, test } from "vitest";
import type { BoundView } from "../bindings/host.ts";
import {
  compare,
  createSelection,
  type FileSelection,
  pause,
  remount,
  resume,
  trackFile,
} from "./file-selection.ts";
import { settleRequired } from "./requirement.ts";

/** An input with files in these stages, whose refs count from 1. */
function selected(...stages: FileSelection["files"][number]["stage"][]) {
  const { win, document, $ } = testWindow();
  document.body.innerHTML = `<input type="file" data-ow-upload="u" multiple required>`;
  const input = $<HTMLInputElement>("input");
  const selection = createSelection(input, {} as BoundView);
  const stopped: string[] = [];
  selection.files = stages.map((stage, index) => {
    const file = trackFile(win, index + 1, { source: new win.File(["abc"], `${index + 1}.txt`) });
    return Object.assign(file, { stage, stop: () => stopped.push(file.ref) });
  });
  const show = (name: string, refs: string) => input.setAttribute(`data-ow-${name}`, refs);
  return {
    selection,
    input,
    stopped,
    show,
    stages: () => selection.files.map(({ ref, stage }) => `${ref} ${stage}`),
  };
}

test("files that the server has not heard of stay when the page does not list them", () => {
  const { selection, show, stages, stopped } = selected("new", "announcing", "registered", "uploading");
  show("entries", "3");
  compare(selection);
  expect(stages()).toEqual(["1 new", "2 announcing", "3 registered"]);
  expect(stopped).toEqual(["4"]);
});

test("files end as the page says, and those that failed are stopped", () => {
  const { selection, show, stages, stopped } = selected("uploading", "uploading", "registered", "done");
  selection.files[0]!.again = () => {};
  show("entries", "1,2,3,4");
  show("done", "1");
  show("failed", "2");
  compare(selection);
  expect(stages()).toEqual(["1 done", "2 failed", "3 registered", "4 done"]);
  expect(stopped).toEqual(["2"]);
});

test("an input of another upload has none of the former files, if its view is the same", () => {
  const { selection, show, stages } = selected("registered");
  show("upload", "other");
  compare(selection);
  expect(stages()).toEqual([]);
  expect(selection.upload).toBe("other");
});

test("files of a view that is mounted anew are new, also if its upload has another ref", () => {
  const { selection, show, stages } = selected("registered", "done");
  expect(remount(selection)).toBe(true);
  show("upload", "other");
  compare(selection);
  expect(stages()).toEqual(["1 new", "2 new"]);
  compare(selection);
  show("upload", "third");
  compare(selection);
  expect(stages()).toEqual([]);
});

test("a view that is mounted anew for the fourth time within a minute is too much, without files it is not", () => {
  const { selection } = selected("new");
  expect([1, 2, 3, 4].map(() => remount(selection))).toEqual([true, true, true, false]);
  const { selection: empty } = selected();
  expect([1, 2, 3, 4].map(() => remount(empty))).toEqual([true, true, true, true]);
});

test("files of a missing input are all stopped, and begin again where the server knows them", () => {
  const { selection, stages, stopped } = selected("announcing", "uploading", "done");
  pause(selection);
  expect(stages()).toEqual(["1 new", "2 registered", "3 done"]);
  expect(stopped).toEqual(["1", "2", "3"]);
  expect(selection.epoch).toBe(1);
});

test("over a new connection those that are sent elsewhere go on, and the others are asked about again", () => {
  const { selection, stages, stopped } = selected("announcing", "uploading", "uploading");
  const told: string[] = [];
  selection.files[2]!.again = () => told.push("3");
  selection.stuck = true;
  resume(selection);
  expect(stages()).toEqual(["1 new", "2 registered", "3 uploading"]);
  expect([stopped, told, selection.stuck]).toEqual([["2"], ["3"], false]);
});

test("bytes without a name are a file", () => {
  const { win } = testWindow();
  const { file, ref, stage } = trackFile(win, 7, { source: new win.Blob(["abc"], { type: "text/plain" }) });
  expect([file.name, file.type, ref, stage]).toEqual(["blob", "text/plain", "7", "new"]);
});

test("an input is required as before when its files are gone", () => {
  const { selection, input } = selected("new");
  settleRequired(selection);
  expect(input.required).toBe(false);
  selection.files = [];
  settleRequired(selection);
  expect(input.required).toBe(true);
});
