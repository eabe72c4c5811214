import { settled, uploadsPage } from "@overwire/test-support/uploads-page";
import { describe, expect, test } from "vitest";
import { lock, unlock } from "../dom/locks.ts";

const input = (attributes = "", ref = "u") =>
  `<input type="file" name="files" id="${ref}" data-ow-upload="${ref}" data-ow-entries="" ${attributes}>`;
const form = (attributes = "") =>
  `<form phx-change="check" phx-submit="save">${input(attributes)}<button id="save">Save</button></form>`;

const pace = { chunkSize: 10, window: 40 };

describe("a chosen file", () => {
  test("is announced before the form tells of its change", () => {
    const { win, pushed, choose, file, $ } = uploadsPage(form());
    const order: string[] = [];
    win.addEventListener("input", () => order.push(`change after ${pushed.map(({ event }) => event)}`));
    const chosen = file("a.txt");
    choose("input", chosen);
    expect(order).toEqual(["change after ow:files"]);
    const { lastModified } = chosen;
    expect(pushed).toEqual([
      {
        type: "hook",
        event: "ow:files",
        source: $("input"),
        payload: {
          upload: "u",
          entries: [{ ref: "1", name: "a.txt", size: 3, type: "text/plain", relativePath: "", lastModified }],
        },
      },
    ]);
  });

  test("stays in an input that takes one file, and is replaced by the next", async () => {
    const { choose, file, $, last, answer, entries } = uploadsPage(form());
    choose("input", file("a.txt"));
    await answer({}, () => entries("input", "1"));
    expect($("input").files).toHaveLength(1);
    choose("input", file("b.txt"));
    expect(last()[1]).toMatchObject({ entries: [{ ref: "2", name: "b.txt" }] });
  });

  test("leaves an input that takes several, so that the same file may be chosen again", async () => {
    const { choose, file, $, last, pushed } = uploadsPage(form("multiple"));
    choose("input", file("a.txt"), file("b.txt"));
    expect(last()[1]).toMatchObject({ entries: [{ ref: "1" }, { ref: "2" }] });
    expect($("input").files).toHaveLength(0);
    choose("input", file("a.txt"));
    expect(last()[1]).toMatchObject({ entries: [{ ref: "3" }] });
    expect(pushed).toHaveLength(2);
  });

  test("before there is a listener is announced when there is one", () => {
    const { last } = uploadsPage(form(), { early: "early.txt" });
    expect(last()).toMatchObject(["ow:files", { entries: [{ name: "early.txt" }] }]);
  });

  test("says where it was in a directory, and what its own meta() says", () => {
    const { win, choose, file, last, $ } = uploadsPage(form("multiple"));
    const inside = Object.assign(file("a.txt"), { meta: () => ({ tag: 1 }) });
    Object.defineProperty(inside, "webkitRelativePath", { value: "dir/a.txt" });
    choose("input", inside);
    expect(last()[1]).toMatchObject({ entries: [{ relativePath: "dir/a.txt", meta: { tag: 1 } }] });
    expect(win.document.contains($("input"))).toBe(true);
  });

  test("is what a hook gives to the input, with or without a name", () => {
    const { win, $, last } = uploadsPage(form());
    const types: string[] = [];
    win.addEventListener("input", ({ type }) => types.push(type));
    const detail = { files: [new win.Blob(["abcd"], { type: "text/plain" })] };
    $("input").dispatchEvent(new win.CustomEvent("track-uploads", { bubbles: true, detail }));
    expect(last()[1]).toMatchObject({ entries: [{ name: "blob", size: 4, type: "text/plain" }] });
    expect(types).toEqual(["input"]);
  });

  test("goes in messages of a size that the server takes", async () => {
    const { choose, file, pushed, answer, entries } = uploadsPage(form("multiple"));
    const long = "x".repeat(200);
    choose("input", ...Array.from({ length: 300 }, (_, at) => file(`${at}-${long}`)));
    const announced = () => pushed.map(({ payload }) => (payload.entries as unknown[]).length);
    const [first] = announced();
    expect(first).toBeLessThan(200);
    while (announced().reduce((a, b) => a + b) < 300) {
      const refs = Array.from({ length: announced().reduce((a, b) => a + b) }, (_, at) => at + 1);
      await answer({}, () => entries("input", refs.join()));
    }
    expect(Math.max(...pushed.map(({ payload }) => JSON.stringify(payload).length))).toBeLessThan(45_000);
  });
});

describe("a file that the server knows", () => {
  test("is forgotten when the server has it no more, and the same file may be chosen again", async () => {
    const { choose, file, $, answer, patch, entries, submit } = uploadsPage(form());
    choose("input", file("a.txt"));
    await answer({}, () => entries("input", "1"));
    patch(() => entries("input", ""));
    expect($("input").files).toHaveLength(0);
    expect(submit("form")).toBe(true);
  });

  test("is not looked at while the input waits for an answer", async () => {
    const { choose, file, $, answer, patch, entries } = uploadsPage(form());
    choose("input", file("a.txt"));
    lock($("form"), 7);
    await answer();
    expect($("input").files).toHaveLength(1);
    unlock($("form"), 7);
    patch(() => entries("input", "1"));
    expect($("input").files).toHaveLength(1);
  });

  test("lifts `required` while there are files, also when patches bring it again", async () => {
    const { choose, file, $, answer, patch, entries } = uploadsPage(form("required"));
    choose("input", file("a.txt"));
    expect($("input").required).toBe(false);
    await answer({}, () => entries("input", "1"));
    patch(() => entries("input", ""));
    expect($("input").required).toBe(true);
  });

  test("leaves `required` alone while nothing is chosen", () => {
    const { $, patch } = uploadsPage(form("required"));
    patch(() => {});
    expect($("input").required).toBe(true);
  });

  test("makes an upload begin on its own if it is automatic: when the input is up to date", async () => {
    const { choose, file, $, answer, patch, entries, events, last, chunks } = uploadsPage(
      form("data-ow-auto"),
    );
    choose("input", file("a.txt", "hello"));
    lock($("form"), 7);
    await answer();
    expect(events()).toEqual(["ow:files"]);
    unlock($("form"), 7);
    patch(() => entries("input", "1"));
    expect(last()).toEqual(["ow:start", { upload: "u", entries: ["1"] }]);
    await answer({ ...pace, entries: { 1: { channel: 5, offset: 0 } } });
    expect(chunks).toEqual([{ channel: 5, offset: 0, text: "hello" }]);
  });

  test("is asked again about files that it did not take, once it has others", async () => {
    const { choose, file, answer, patch, entries, events, last } = uploadsPage(form("data-ow-auto multiple"));
    choose("input", file("a.txt"), file("b.txt"));
    await answer({}, () => entries("input", "1,2"));
    await answer({ ...pace, entries: { 1: { channel: 1, offset: 0 } }, errors: [["u", "too_many_files"]] });
    patch(() => {});
    expect(events()).toEqual(["ow:files", "ow:start"]);
    patch(() => entries("input", "2"));
    expect(last()).toEqual(["ow:start", { upload: "u", entries: ["2"] }]);
  });
});

describe("a form with files that is submitted", () => {
  test("waits, looks as if it was submitted, uploads, and goes on with the same button", async () => {
    const { win, $, choose, file, answer, entries, acked, submit, last } = uploadsPage(form());
    const submitters: unknown[] = [];
    choose("input", file("a.txt", "hello"));
    expect(submit("form", "#save")).toBe(false);
    expect($("form").className).toBe("phx-submit-loading");
    expect([$("#save").disabled, $("input").disabled]).toEqual([true, true]);
    expect(submit("form")).toBe(false);
    await answer({}, () => entries("input", "1"));
    expect(last()).toEqual(["ow:start", { upload: "u", entries: ["1"] }]);
    await answer({ ...pace, entries: { 1: { channel: 5, offset: 0 } } });
    win.addEventListener("submit", (event) => {
      event.preventDefault();
      submitters.push((event.submitter as Element).id);
    });
    await acked(5, 5);
    expect(submitters).toEqual(["save"]);
    expect($("form").className).toBe("");
    expect([$("#save").disabled, $("input").disabled]).toEqual([false, false]);
  });

  test("waits for inputs that are its own by their form attribute", async () => {
    const { choose, file, submit } = uploadsPage(
      `<form id="f" phx-submit="save"></form>${input('form="f"')}${input("", "other")}`,
    );
    choose("#other", file("not-its-own.txt"));
    expect(submit("form")).toBe(true);
    choose("#u", file("a.txt"));
    expect(submit("form")).toBe(false);
  });

  test("can be used again when the server does not want the files, and asks again when it is submitted again", async () => {
    const { $, choose, file, answer, entries, submit, events } = uploadsPage(form("multiple"));
    choose("input", file("a"), file("b"), file("c"));
    await answer({}, () => entries("input", "1,2,3"));
    for (const times of [1, 2]) {
      expect(submit("form")).toBe(false);
      expect($("form").className).toBe("phx-submit-loading");
      await answer({ errors: [["u", "too_many_files"]] });
      expect($("form").className).toBe("");
      expect(events()).toHaveLength(1 + times);
    }
  });

  test("is not submitted when one of its files turns out to be wrong; `required` stays off", async () => {
    const { $, choose, file, answer, entries, patch, submit } = uploadsPage(form("required"));
    choose("input", file("a.txt", "hello"));
    submit("form");
    await answer({}, () => entries("input", "1"));
    patch(() => entries("input", "1", "", "1"));
    expect($("form").className).toBe("");
    expect($("input").required).toBe(false);
    expect(submit("form")).toBe(false);
    expect($("form").className).toBe("");
  });

  test("is not submitted when a file fails on the way", async () => {
    const { win, $, choose, file, answer, entries, acked, submit } = uploadsPage(form());
    choose("input", file("a.txt", "hello"));
    submit("form");
    await answer({}, () => entries("input", "1"));
    await answer({ ...pace, entries: { 1: { channel: 5, offset: 0 } } });
    let submits = 0;
    win.addEventListener("submit", () => submits++);
    await acked(5, 0, "writer_failure");
    expect([submits, $("form").className]).toEqual([0, ""]);
  });

  test("does not wait for files of an automatic upload that have failed", async () => {
    const { choose, file, answer, entries, submit } = uploadsPage(form("data-ow-auto multiple"));
    choose("input", file("a"), file("b"));
    await answer({}, () => entries("input", "1,2", "1", "2"));
    expect(submit("form")).toBe(true);
  });

  test("can be used again when the server refuses to answer", async () => {
    const { $, choose, file, refuse, submit, last, answer, entries } = uploadsPage(form());
    choose("input", file("a.txt"));
    submit("form");
    await refuse();
    expect($("form").className).toBe("");
    submit("form");
    expect(last()[0]).toBe("ow:files");
    await answer({}, () => entries("input", "1"));
    expect(last()[0]).toBe("ow:start");
  });

  test("goes on without a file that is cancelled meanwhile", async () => {
    const { win, choose, file, answer, entries, patch, submit } = uploadsPage(form("multiple"));
    let submits = 0;
    choose("input", file("a"), file("b"));
    submit("form");
    win.addEventListener("submit", (event) => {
      event.preventDefault();
      submits++;
    });
    await answer({}, () => entries("input", "1,2"));
    patch(() => entries("input", "2", "2"));
    expect(submits).toBe(1);
  });

  test("is none of its business without phx-submit, or outside of views", () => {
    const { win, choose, file, submit } = uploadsPage(`<form>${input()}</form>`);
    choose("input", file("a.txt"));
    expect(submit("form")).toBe(true);
    expect(win.document.querySelector("form")?.className).toBe("");
  });
});

describe("a lost connection", () => {
  const sending = async (attributes = "data-ow-auto") => {
    const own = uploadsPage(form(attributes));
    own.choose("input", own.file("a.txt", "0123456789abcdefghij"));
    if (attributes !== "data-ow-auto") own.submit("form");
    await own.answer({}, () => own.entries("input", "1"));
    await own.answer({ ...pace, entries: { 1: { channel: 1, offset: 0 } } });
    return own;
  };

  test("ends nothing where the view goes on: asks where to go on, and does", async () => {
    const { uploads, view, last, answer, chunks, acked, patch, entries, line } = await sending();
    line.up = false;
    await acked(1, 10);
    line.up = true;
    uploads.joined(view, true);
    await settled();
    expect(last()).toEqual(["ow:start", { upload: "u", entries: ["1"] }]);
    chunks.splice(0);
    await answer({ ...pace, entries: { 1: { channel: 7, offset: 10 } } });
    expect(chunks).toEqual([{ channel: 7, offset: 10, text: "abcdefghij" }]);
    expect(uploads.busy).toBe(true);
    patch(() => entries("input", "1", "1"));
    expect(uploads.busy).toBe(false);
  });

  test("is survived by files that a view which is mounted anew knows nothing of", async () => {
    const { $, uploads, view, last, answer, entries, chunks } = await sending();
    $("input").setAttribute("data-ow-upload", "v");
    entries("input", "");
    uploads.joined(view, false);
    await settled();
    expect(last()).toMatchObject(["ow:files", { upload: "v", entries: [{ ref: "1", name: "a.txt" }] }]);
    await answer({}, () => entries("input", "1"));
    chunks.splice(0);
    await answer({ ...pace, entries: { 1: { channel: 1, offset: 0 } } });
    expect(chunks.map(({ text }) => text).join("")).toBe("0123456789abcdefghij");
  });

  test("is survived if the view that is mounted anew has another input, with a submit that waits", async () => {
    const { win, $, uploads, view, last, answer, acked, entries } = await sending("");
    let submits = 0;
    win.addEventListener("submit", (event) => {
      event.preventDefault();
      submits++;
    });
    $("input").outerHTML = input("", "v");
    uploads.joined(view, false);
    await settled();
    expect(last()).toMatchObject(["ow:files", { upload: "v", entries: [{ ref: "1" }] }]);
    expect($("form").className).toBe("phx-submit-loading");
    expect($("input").files).toHaveLength(1);
    await answer({}, () => entries("input", "1"));
    await answer({ ...pace, entries: { 1: { channel: 1, offset: 0 } } });
    await acked(1, 10);
    await acked(1, 20);
    expect(submits).toBe(1);
  });

  test("waits with what was chosen while there was none", async () => {
    const { uploads, view, choose, file, refuse, last, patch, pushed } = uploadsPage(form());
    choose("input", file("a.txt"));
    await refuse();
    patch(() => {});
    expect(pushed).toHaveLength(1);
    uploads.joined(view, true);
    await settled();
    expect(last()).toMatchObject(["ow:files", { entries: [{ ref: "1" }] }]);
  });

  test("gives files up that a view does not bear", async () => {
    const { uploads, view, choose, file, refuse, errors, $ } = uploadsPage(form("required"));
    choose("input", file("a.txt"));
    for (let times = 0; times < 4; times++) {
      await refuse();
      uploads.joined(view, false);
      await settled();
    }
    expect(errors).toEqual(["Overwire: the view ends again and again, so its files are given up"]);
    expect($("input").required).toBe(true);
    expect($("input").files).toHaveLength(0);
  });
});

test("an input that is another upload's from now on is empty: what was chosen was for the one before", async () => {
  const { $, choose, file, answer, entries, patch, pushed } = uploadsPage(form("required"));
  choose("input", file("a.txt"));
  await answer({}, () => entries("input", "1"));
  patch(() => {
    $("input").setAttribute("data-ow-upload", "v");
    entries("input", "");
  });
  expect(pushed).toHaveLength(1);
  expect([$("input").files?.length, $("input").required]).toEqual([0, true]);
});

describe("an input that leaves the page", () => {
  test("takes its files along to where the upload has another", async () => {
    const { $, uploads, choose, file, answer, entries, patch, submit, last, chunks } = uploadsPage(form());
    choose("input", file("a.txt", "abc"));
    await answer({}, () => entries("input", "1"));
    patch(() => {
      $("form").innerHTML = `<p>${input()}</p><button name="go"></button>`;
      entries("input", "1");
    });
    await settled();
    expect($("input").files).toHaveLength(1);
    submit("form");
    expect(last()).toEqual(["ow:start", { upload: "u", entries: ["1"] }]);
    await answer({ ...pace, entries: { 1: { channel: 1, offset: 0 } } });
    expect(chunks).toEqual([{ channel: 1, offset: 0, text: "abc" }]);
    expect(uploads.busy).toBe(true);
  });

  test("and comes back later still has its files, and goes on with them", async () => {
    const own = uploadsPage(form("data-ow-auto multiple"));
    const { $, choose, file, answer, entries, patch, last, chunks, pushed, uploads } = own;
    choose("input", file("a.txt", "0123456789abcdefghij"), file("b.txt"), file("c.txt"));
    await answer({}, () => entries("input", "1,2,3"));
    await answer({ ...pace, entries: { 1: { channel: 1, offset: 0 } } });
    chunks.splice(0);
    const gone = $("input");
    patch(() => gone.remove());
    await settled();
    patch(() => {});
    expect([chunks, uploads.busy]).toEqual([[], false]);
    const asked = pushed.length;
    // The server has cancelled one meanwhile, and knows nothing of what was chosen in another input.
    patch(() => {
      $("form").insertAdjacentHTML("afterbegin", input("data-ow-auto multiple"));
      entries("input", "1,3");
    });
    expect(pushed.length).toBe(asked + 1);
    expect(last()).toEqual(["ow:start", { upload: "u", entries: ["1", "3"] }]);
    await answer({ ...pace, entries: { 1: { channel: 1, offset: 10 } } });
    expect(chunks).toEqual([{ channel: 1, offset: 10, text: "abcdefghij" }]);
  });
});

describe("previews", () => {
  test("show the file, once, as long as they are in the page", async () => {
    const revoked: string[] = [];
    const made: string[] = [];
    const { $, choose, file, answer, patch, entries } = uploadsPage(`${form()}<div id="previews"></div>`, {
      extend: (win) => {
        win.URL.createObjectURL = (blob) => `blob:${made.push((blob as File).name)}`;
        win.URL.revokeObjectURL = (url) => void revoked.push(url);
      },
    });
    choose("input", file("a.png"));
    const image = '<img data-ow-preview="1" data-ow-of="u">';
    await answer({}, () => {
      entries("input", "1");
      $("#previews").innerHTML = `${image}<img data-ow-preview="1" data-ow-of="other">`;
    });
    patch(() => {});
    expect([$("img").src, made]).toEqual(["blob:1", ["a.png"]]);
    expect($("img + img").getAttribute("src")).toBe(null);
    patch(() => {
      $("#previews").innerHTML = "";
    });
    expect(revoked).toEqual(["blob:1"]);
  });
});
