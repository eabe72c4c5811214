/** The gallery in a real browser, under its strict policy: what people see, type and lose their connection to. */
import { serve } from "@overwire/server/node";
import { describeBrowser } from "@overwire/test-support/chromium";
import type { LiveDriver } from "@overwire/testing";
import { expect, test } from "vitest";
import { app } from "./app.ts";
import { field, focused, joined, openGallery, sentEvents, text } from "./shared/browser-harness.ts";
import { examples } from "./examples.ts";

describeBrowser("the gallery", (browser) => {
  const gallery = openGallery(browser);
  const { newcomer, visit, somebody } = gallery;

  const says = (driver: LiveDriver, text: string) => driver.form("form", { name: "Bob", text }).submit();

  test("leads from the home page to every example, each alive under the strict policy", async () => {
    const page = await (await newcomer()).newPage();
    await page.goto("/");
    for (const { path, name } of examples) {
      const arrived = page.waitForResponse((response) => new URL(response.url()).pathname === path);
      await page.locator("main").getByRole("link", { name, exact: true }).click();
      const policy = (await (await arrived).allHeaders())["content-security-policy"];
      expect(policy).toContain("default-src 'self'");
      expect(policy).not.toContain("unsafe");
      await joined(page);
      expect(await page.title()).toBe(`${name} · Overwire`);
      expect(await text(page, ".site [aria-current=page]")).toBe(name);
      await page.getByRole("link", { name: "Overwire gallery" }).click();
      await page.waitForURL("/");
    }
  });

  test("its index opens, leads on and closes by keyboard, without a script", async () => {
    const context = await browser().newContext({ baseURL: gallery.served.url, javaScriptEnabled: false });
    const page = await context.newPage();
    const press = async (...keys: string[]) => {
      for (const key of keys) await page.keyboard.press(key);
    };
    await page.goto("/chat");
    const index = page.getByRole("navigation", { name: "Examples" });
    expect(await index.isVisible()).toBe(false);

    await press("Tab", "Tab", "Enter");
    await index.waitFor();
    expect(await index.getByRole("link").allTextContents()).toEqual(examples.map(({ name }) => name));
    await press("Escape");
    await index.waitFor({ state: "hidden" });

    await press("Enter", "Tab", "Tab", "Enter");
    await page.waitForURL("**/clock");
    await context.close();
  });

  test("shows the sources", async () => {
    const page = await visit("/counter");
    await page.getByRole("link", { name: "counter.ts", exact: true }).click();
    await page.waitForURL("**/source/counter.ts");
    expect(await text(page, "pre")).toContain("class Counter extends LiveView");
  });

  test.each(["/", ...examples.map(({ path }) => path), "/source/table.ts"])(
    "%s fits a phone",
    async (path) => {
      const page = await (await newcomer({ viewport: { width: 390, height: 800 } })).newPage();
      await page.goto(path);
      for (const selector of ["html", ".site"]) {
        const over = await page
          .locator(selector)
          .evaluate(({ scrollWidth, clientWidth }) => scrollWidth - clientWidth);
        expect(over).toBeLessThanOrEqual(0);
      }
    },
  );

  test("counts", async () => {
    const page = await visit("/counter");
    await page.getByRole("button", { name: "Add one" }).click();
    await page.getByRole("button", { name: "+10" }).click();
    await expect.poll(() => text(page, "output")).toBe("11");

    // While a click waits for its answer its button takes no other.
    await page.getByRole("button", { name: "Add one" }).dblclick();
    await expect.poll(async () => Number(await text(page, "output"))).toBeGreaterThanOrEqual(12);

    await page.getByRole("button", { name: "Reset" }).click();
    await expect.poll(() => text(page, "output")).toBe("0");
    expect(await page.getByRole("button", { name: "Reset" }).isDisabled()).toBe(true);
  });

  test("counts again after a way back", async () => {
    const page = await visit("/counter");
    await page.getByRole("button", { name: "+10" }).click();
    await page.getByRole("button", { name: "Examples" }).click();
    await page.getByRole("link", { name: "Todo" }).click();
    await page.waitForURL("**/todo");
    await joined(page);
    await page.goBack();
    await joined(page);
    const before = Number(await text(page, "output"));
    await page.getByRole("button", { name: "Add one" }).click();
    await expect.poll(() => text(page, "output")).toBe(String(before + 1));
  });

  test("ticks, in SVG", async () => {
    const page = await visit("/clock");
    const seen = new Set<string | null>();
    await expect.poll(async () => seen.add(await text(page, ".time time")).size).toBeGreaterThanOrEqual(3);
    const hand = await page.locator(".seconds").evaluate((line) => [line.namespaceURI, line.localName]);
    expect(hand).toEqual(["http://www.w3.org/2000/svg", "line"]);

    await page.getByRole("button", { name: "Pause" }).click();
    await page.getByRole("button", { name: "Go on" }).waitFor();
    const shown = await page.locator(".seconds").getAttribute("transform");
    expect(shown).toBe(`rotate(${Number((await text(page, ".time time"))?.slice(-2)) * 6})`);
  });

  test("keeps the keyboard where it is while the clock ticks", async () => {
    const page = await visit("/clock");
    const button = page.getByRole("button", { name: "Pause" });
    await button.focus();
    const before = await text(page, ".time time");
    await expect.poll(() => text(page, ".time time")).not.toBe(before);
    expect(await button.evaluate((element) => document.activeElement === element)).toBe(true);
    await page.keyboard.press("Enter");
    await page.getByRole("button", { name: "Go on" }).waitFor();
    expect(await page.evaluate(() => document.activeElement?.textContent)).toBe("Go on");
  });

  test("keeps a list of tasks", async () => {
    const page = await visit("/todo");
    const title = page.getByRole("textbox", { name: "New task" });
    await title.fill("Buy milk");
    await title.press("Enter");
    await page.locator("li", { hasText: "Buy milk" }).waitFor();
    expect(await field(page, "[name=title]")).toMatchObject({ value: "", focused: true });

    await title.pressSequentially("And <bread>");
    await title.press("Enter");
    await page.locator("li", { hasText: "And <bread>" }).waitFor();
    expect(await page.locator(".tasks li").count()).toBe(5);

    await page.getByRole("checkbox", { name: "Buy milk" }).check();
    await page.locator("li.done", { hasText: "Buy milk" }).waitFor();
    expect(await text(page, "footer output")).toBe("3 tasks left");
    await page.getByRole("checkbox", { name: "Buy milk" }).uncheck();
    await expect.poll(() => text(page, "footer output")).toBe("4 tasks left");

    await page.getByRole("button", { name: "done", exact: true }).click();
    await expect.poll(() => page.locator(".tasks li").count()).toBe(1);
    expect(await page.getByRole("checkbox").isChecked()).toBe(true);

    await page.getByRole("button", { name: "all" }).click();
    await expect.poll(() => page.locator(".tasks li").count()).toBe(5);
    const boxes = page.getByRole("checkbox");
    expect(await boxes.evaluateAll((all) => all.map((box) => (box as HTMLInputElement).checked))).toEqual([
      true,
      false,
      false,
      false,
      false,
    ]);

    await page.getByRole("button", { name: "Delete Buy milk" }).click();
    await page.getByRole("button", { name: "Clear done" }).click();
    await expect.poll(() => page.locator(".tasks li").count()).toBe(3);
  });

  test("lets the browser refuse an empty task", async () => {
    const page = await visit("/todo");
    await page.getByRole("button", { name: "Add" }).click();
    expect(await page.locator("[name=title]:invalid").count()).toBe(1);
    expect(await page.locator(".tasks li").count()).toBe(3);
  });

  test("sorts and filters a thousand rows", async () => {
    const page = await visit("/table");
    expect(await page.locator("tbody tr").count()).toBe(1000);
    const ages = () =>
      page.locator("td.age").evaluateAll((cells) => cells.map((cell) => Number(cell.textContent)));

    const row = await page.locator("tbody tr").first().elementHandle();
    await page.getByRole("button", { name: "age", exact: true }).click();
    await page.locator("th.age[aria-sort=ascending]").waitFor();
    const ascending = await ages();
    expect(ascending).toEqual([...ascending].sort((a, b) => a - b));
    await page.getByRole("button", { name: "age", exact: true }).click();
    await page.locator("th.age[aria-sort=descending]").waitFor();
    expect(await ages()).toEqual([...ascending].reverse());
    // Sorting moves rows, it does not make new ones.
    expect(await row?.evaluate((element) => element.isConnected)).toBe(true);

    await page.getByRole("searchbox").fill("osaka");
    await expect.poll(() => text(page, "output")).not.toBe("1000 of 1000");
    const cities = await page.locator("td.city").allTextContents();
    expect(new Set(cities.map((city) => city.trim()))).toEqual(new Set(["Osaka"]));
    await page.getByRole("searchbox").fill("");
    await expect.poll(() => page.locator("tbody tr").count()).toBe(1000);
  });

  test("waits for a pause in typing before it filters, and does not disturb who types", async () => {
    const page = await visit("/table");
    const sent = await sentEvents(page, "filter");
    const search = page.getByRole("searchbox");
    await search.focus();
    // Without a pause, which a browser that has much to do would make.
    const type = (text: string) =>
      page.evaluate((text) => {
        for (const char of text) document.execCommand("insertText", false, char);
      }, text);
    await type("engineer");
    await expect.poll(() => sent.length).toBe(1);
    expect(sent[0]).toContain("query=engineer");
    await expect.poll(() => text(page, "output")).not.toBe("1000 of 1000");
    expect(await field(page, "[type=search]")).toEqual({
      value: "engineer",
      start: 8,
      end: 8,
      focused: true,
    });

    // Enter does not wait, nor does it load the page.
    await type("s and more");
    await search.press("Enter");
    await expect.poll(() => text(page, "output")).toBe("0 of 1000");
    expect(new URL(page.url()).search).toBe("");
    expect(sent.length).toBeLessThanOrEqual(3);
  });

  test("edits cells by keyboard alone", async () => {
    const page = await visit("/table");
    await page.locator("#name-21").focus();
    await page.keyboard.press("Enter");
    await expect.poll(() => focused(page)).toBe("editor");
    await page.keyboard.type("Grace <H>");
    await page.keyboard.press("Enter");
    await expect.poll(() => focused(page)).toBe("name-21");
    expect(await text(page, "#name-21")).toBe("Grace <H>");

    await page.keyboard.press("Enter");
    await expect.poll(() => focused(page)).toBe("editor");
    await page.keyboard.type("Not this");
    await page.keyboard.press("Escape");
    await expect.poll(() => focused(page)).toBe("name-21");
    expect(await text(page, "#name-21")).toBe("Grace <H>");

    await page.keyboard.press("Tab");
    await expect.poll(() => focused(page)).toBe("role-21");
  });

  test("saves a cell that is left for another", async () => {
    const page = await visit("/table");
    await page.locator("#city-22").click();
    await expect.poll(() => focused(page)).toBe("editor");
    await page.keyboard.type("Paris");
    await page.locator("#age-23").click();
    await page.locator("td.age #editor").waitFor();
    expect(await text(page, "#city-22")).toBe("Paris");
    await expect.poll(() => focused(page)).toBe("editor");
    await page.keyboard.press("Escape");
    await page.locator("#age-23").waitFor();
  });

  test("says what is wrong with a value, beside what was typed", async () => {
    const page = await visit("/table");
    await page.locator("#age-24").click();
    await expect.poll(() => focused(page)).toBe("editor");
    await page.keyboard.type("7");
    await page.keyboard.press("Enter");
    await page.getByRole("alert").waitFor();
    expect(await field(page, "#editor")).toMatchObject({ value: "7", focused: true });
    await page.keyboard.type("7");
    await page.keyboard.press("Enter");
    await expect.poll(() => focused(page)).toBe("age-24");
    expect(await text(page, "#age-24")).toBe("77");
  });

  test("a cell that somebody else edits changes as one text, and nothing else moves", async () => {
    const page = await visit("/table");
    const other = await somebody("/table");
    await page.locator("#name-700").scrollIntoViewIfNeeded();
    await page.locator("#name-701").click();
    await expect.poll(() => focused(page)).toBe("editor");
    await page.keyboard.type("half a na");
    await page.keyboard.press("ArrowLeft");
    const scrolled = await page.locator(".scroller").evaluate((element) => element.scrollTop);
    await page.evaluate(() => {
      window.changes = [];
      new MutationObserver((records) => {
        for (const { type, target } of records) window.changes.push(`${type} in ${target.parentElement?.id}`);
      }).observe(document.body, { subtree: true, childList: true, attributes: true, characterData: true });
    });

    await other.element("#name-700").click();
    await other.form("td form", { value: "Somebody Else" }).submit();
    await page.locator("#name-700", { hasText: "Somebody Else" }).waitFor();
    expect(await page.evaluate(() => window.changes)).toEqual(["characterData in name-700"]);
    expect(await field(page, "#editor")).toEqual({ value: "half a na", start: 8, end: 8, focused: true });
    expect(await page.locator(".scroller").evaluate((element) => element.scrollTop)).toBe(scrolled);
  });

  test("a second tab of the chat sees what the first says, at once and to the end", async () => {
    const ann = await visit("/chat");
    const [bob] = await Promise.all([
      ann.waitForEvent("popup"),
      ann.getByRole("link", { name: "Open a second tab" }).click(),
    ]);
    await joined(bob);

    await ann.getByRole("textbox", { name: "Your name" }).fill("Ann");
    const message = ann.getByRole("textbox", { name: "Message" });
    await message.fill("Hello <Bob>");
    await message.press("Enter");
    for (const page of [ann, bob]) await page.locator("li", { hasText: "Hello <Bob>" }).waitFor();
    expect(await field(ann, "[name=text]")).toMatchObject({ value: "", focused: true });
    expect(await ann.locator("[name=name]").inputValue()).toBe("Ann");

    for (let number = 1; number <= 30; number++) {
      await message.fill(`Message ${number}`);
      await message.press("Enter");
      await expect.poll(() => message.inputValue()).toBe("");
    }
    for (const page of [ann, bob]) {
      await page.locator("li", { hasText: "Message 30" }).waitFor();
      const isAtTheEnd = () =>
        page.locator(".log").evaluate((log) => {
          const last = log.querySelector("li:last-child") as Element;
          const gap = log.getBoundingClientRect().bottom - last.getBoundingClientRect().bottom;
          return gap >= 0 && gap < 20;
        });
      await expect.poll(isAtTheEnd).toBe(true);
    }
  });

  test("messages that arrive leave alone what is typed, and the caret in it", async () => {
    const page = await visit("/chat");
    const bob = await somebody("/chat");
    const message = page.getByRole("textbox", { name: "Message" });
    await page.getByRole("textbox", { name: "Your name" }).fill("Ann");
    await message.pressSequentially("Hello wrld");
    for (let count = 0; count < 3; count++) await page.keyboard.press("ArrowLeft");
    await says(bob, "I was first");
    await page.locator("li", { hasText: "I was first" }).waitFor();
    expect(await field(page, "[name=text]")).toEqual({
      value: "Hello wrld",
      start: 7,
      end: 7,
      focused: true,
    });
    expect(await page.locator("[name=name]").inputValue()).toBe("Ann");

    await page.keyboard.type("o");
    await page.keyboard.press("Shift+End");
    await says(bob, "Once more");
    await page.locator("li", { hasText: "Once more" }).waitFor();
    expect(await field(page, "[name=text]")).toEqual({
      value: "Hello world",
      start: 8,
      end: 11,
      focused: true,
    });
    await page.keyboard.press("Enter");
    await page.locator("li.mine", { hasText: "Hello world" }).waitFor();
  });

  test("leaves a composition alone", async () => {
    const page = await visit("/chat");
    const bob = await somebody("/chat");
    await page.getByRole("textbox", { name: "Your name" }).fill("Ann");
    await page.getByRole("textbox", { name: "Message" }).focus();
    await page.locator("[name=text]").evaluate((input) => {
      window.changes = [];
      for (const type of ["compositionstart", "compositionend"]) {
        input.addEventListener(type, (event) =>
          window.changes.push(`${type} ${(event as CompositionEvent).data}`),
        );
      }
    });
    const devtools = await page.context().newCDPSession(page);
    await devtools.send("Input.imeSetComposition", { text: "に", selectionStart: 1, selectionEnd: 1 });
    await says(bob, "While you compose");
    await page.locator("li", { hasText: "While you compose" }).waitFor();
    await devtools.send("Input.imeSetComposition", { text: "にほん", selectionStart: 3, selectionEnd: 3 });
    await says(bob, "And again");
    await page.locator("li", { hasText: "And again" }).waitFor();
    expect(await page.evaluate(() => window.changes)).toEqual(["compositionstart "]);
    expect(await page.locator("[name=text]").inputValue()).toBe("にほん");

    await devtools.send("Input.insertText", { text: "日本" });
    await expect
      .poll(() => page.evaluate(() => window.changes))
      .toEqual(["compositionstart ", "compositionend 日本"]);
    expect(await field(page, "[name=text]")).toEqual({ value: "日本", start: 2, end: 2, focused: true });
    await page.keyboard.press("Enter");
    await page.locator("li.mine", { hasText: "日本" }).waitFor();
  });

  test("who reads older messages is not pulled to the new ones", async () => {
    const page = await visit("/chat");
    const bob = await somebody("/chat");
    for (let number = 1; number <= 30; number++) await says(bob, `Old message ${number}`);
    const old = page.locator("li", { hasText: /Old message 5\b/ });
    await page.locator("li", { hasText: /Old message 30\b/ }).waitFor();
    await old.scrollIntoViewIfNeeded();
    const top = () => old.evaluate((element) => Math.round(element.getBoundingClientRect().top));
    const before = await top();
    await says(bob, "New message");
    await page.locator("li", { hasText: "New message" }).waitFor({ state: "attached" });
    // Browsers scroll by whole pixels, messages may end between two.
    await expect.poll(async () => Math.abs((await top()) - before)).toBeLessThanOrEqual(1);
  });

  test("tells of a lost connection, and comes back when the server does", async () => {
    gallery.expected = /WebSocket connection|ERR_CONNECTION_REFUSED/;
    const page = await visit("/chat");
    const { port } = gallery.served;
    await page.getByRole("textbox", { name: "Your name" }).fill("Ann");
    await page.getByRole("textbox", { name: "Message" }).pressSequentially("Not sent yet");
    const style = (name: "opacity" | "transitionDelay") =>
      page.locator("[data-ow-view]").evaluate((view, name) => getComputedStyle(view, "::before")[name], name);
    const shown = () => style("opacity");
    expect(await shown()).toBe("0");

    await gallery.served.close();
    await page.locator("[data-ow-view].phx-error.phx-client-error").waitFor();
    // A break so short that nobody needs to know of it shows nothing.
    expect(await style("transitionDelay")).toBe("0.8s");
    await expect.poll(shown).toBe("1");

    gallery.served = await serve(app, { port, log: false }).ready;
    await joined(page);
    await expect.poll(shown).toBe("0");
    expect(await field(page, "[name=text]")).toMatchObject({ value: "Not sent yet", focused: true });
    expect(await page.locator("[name=name]").inputValue()).toBe("Ann");
    await page.keyboard.press("Enter");
    await page.locator("li.mine", { hasText: "Not sent yet" }).waitFor();
  });

  test("two tabs come back together and talk on", async () => {
    gallery.expected = /WebSocket connection|ERR_CONNECTION_REFUSED/;
    const ann = await visit("/chat");
    const bob = await visit("/chat");
    const { port } = gallery.served;
    await gallery.served.close();
    for (const page of [ann, bob]) await page.locator("[data-ow-view].phx-error").waitFor();
    gallery.served = await serve(app, { port, log: false }).ready;
    for (const page of [ann, bob]) await joined(page);

    await ann.getByRole("textbox", { name: "Your name" }).fill("Ann");
    await ann.getByRole("textbox", { name: "Message" }).fill("Still here?");
    await ann.keyboard.press("Enter");
    await bob.locator("li", { hasText: "Still here?" }).waitFor();
  });
});
