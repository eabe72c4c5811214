/** A form or a select is one and the same object wherever a page meets it: maps and sets of nodes depend on that. */
import { html, LiveView } from "@overwire/server";
import type { Element, MutationRecord, Node } from "happy-dom";
import { describe, expect, test } from "vitest";
import { live } from "../index.ts";

class Forms extends LiveView {
  render() {
    return html`<div id="around"><form id="form"><input id="field"></form>
      <select id="select"><option id="option">a</option></select></div>`;
  }
}

describe.each([
  ["form", "field"],
  ["select", "option"],
])("a %s", (id, inside) => {
  const open = async () => {
    const { window } = await live(Forms);
    const find = (of: string) => window.document.querySelector(`#${of}`) as Element;
    return { window, node: find(id), child: find(inside), around: find("around") };
  };

  test("is the target of what observers are told of it", async () => {
    const { window, node, around } = await open();
    const observer = new window.MutationObserver(() => {});
    observer.observe(around, { subtree: true, attributes: true, childList: true, characterData: true });
    const told = (change: () => void, pick: (record: MutationRecord) => Node | undefined) => {
      change();
      const records = observer.takeRecords();
      expect(records).not.toEqual([]);
      for (const record of records) expect(pick(record) === node).toBe(true);
    };
    const target = (record: MutationRecord) => record.target;
    told(() => node.setAttribute("title", "a"), target);
    told(() => node.toggleAttribute("hidden"), target);
    told(() => node.classList.add("a"), target);
    told(() => node.removeAttribute("class"), target);
    told(() => node.append(window.document.createElement("option")), target);
    told(() => node.replaceChildren(), target);
    told(
      () => node.remove(),
      ({ removedNodes }) => removedNodes[0],
    );
    told(
      () => around.append(node),
      ({ addedNodes }) => addedNodes[0],
    );
  });

  test("is what its own methods and its attributes name, called by name or through the prototype", async () => {
    const { node, child, around } = await open();
    const { closest, isSameNode, compareDocumentPosition } = Object.getPrototypeOf(node) as Element;
    expect(node.closest(id) === node && closest.call(node, id) === node).toBe(true);
    expect(child.closest(id) === node).toBe(true);
    expect(node.isSameNode(node) && isSameNode.call(node, node)).toBe(true);
    expect(node.isSameNode(around)).toBe(false);
    expect(node.compareDocumentPosition(node)).toBe(0);
    expect(compareDocumentPosition.call(node, node)).toBe(0);
    expect(node.compareDocumentPosition(child)).toBe(20);
    expect(node.getAttributeNode("id")?.ownerElement === node).toBe(true);
    node.remove();
    expect(node.getRootNode() === node && child.getRootNode() === node).toBe(true);
  });
});
