/** The client's tree of a view, as frames make it. */
import type { Tree } from "../../client/src/wire/client-tree.ts";
import type { Extras, ServerFrame } from "../../client/src/wire/frames.ts";

/** Merges a frame into the tree as the client does. @returns its extras if it has a tree, otherwise undefined */
export function receiveFrame(tree: Tree, frame: ServerFrame): Extras | undefined {
  if (frame[0] === "j") {
    const [, , , full, extras] = frame;
    tree.learn(extras.s);
    tree.load(full);
    return extras;
  }
  if (frame[0] !== "p") return undefined;
  const [, , , , diff, extras = {}] = frame;
  tree.learn(extras.s);
  tree.merge(diff, extras.c);
  return extras;
}
