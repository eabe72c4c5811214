/**
 * The part of morphdom 2.7.8 that the client uses, made by `.ci/morphdom.mjs`, not by hand. A field of a form stands in
 * for the form's own property of its name, so members of nodes are asked of their prototypes.
 *
 * The MIT License (MIT)
 *
 * Copyright (c) Patrick Steele-Idem <pnidem@gmail.com> (psteeleidem.com)
 *
 * Permission is hereby granted, free of charge, to any person obtaining a copy
 * of this software and associated documentation files (the "Software"), to deal
 * in the Software without restriction, including without limitation the rights
 * to use, copy, modify, merge, publish, distribute, sublicense, and/or sell
 * copies of the Software, and to permit persons to whom the Software is
 * furnished to do so, subject to the following conditions:
 *
 * The above copyright notice and this permission notice shall be included in
 * all copies or substantial portions of the Software.
 *
 * THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR
 * IMPLIED, INCLUDING BUT NOT LIMITED TO THE WARRANTIES OF MERCHANTABILITY,
 * FITNESS FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT. IN NO EVENT SHALL THE
 * AUTHORS OR COPYRIGHT HOLDERS BE LIABLE FOR ANY CLAIM, DAMAGES OR OTHER
 * LIABILITY, WHETHER IN AN ACTION OF CONTRACT, TORT OR OTHERWISE, ARISING FROM,
 * OUT OF OR IN CONNECTION WITH THE SOFTWARE OR THE USE OR OTHER DEALINGS IN
 * THE SOFTWARE.
 */
// @ts-nocheck
import { assign, invoke, read } from "../dom/native.ts";
import type { Morphdom, MorphAttributes } from "./morphdom-types.ts";
export function morphdomFactory(morphAttrs: MorphAttributes): Morphdom {
  return function morphdom(fromNode, toNode, options) {
    var getNodeKey = options.getNodeKey;
    var onBeforeElUpdated = options.onBeforeElUpdated;
    var onBeforeElChildrenUpdated = options.onBeforeElChildrenUpdated;
    var skipFromChildren = options.skipFromChildren;
    var addChild = options.addChild;
    var childrenOnly = options.childrenOnly === true;
    function morphEl(fromEl, toEl, childrenOnly) {
      if (!childrenOnly) {
        var beforeUpdateResult = onBeforeElUpdated(fromEl, toEl);
        if (beforeUpdateResult === false) {
          return;
        }
        morphAttrs(fromEl, toEl);
        if (onBeforeElChildrenUpdated(fromEl, toEl) === false) {
          return;
        }
      }
        morphChildren(fromEl, toEl);
    }
    function morphChildren(fromEl, toEl) {
      skipFromChildren(fromEl, toEl);
      var curToNodeChild = read(toEl, "firstChild");
      var toNextSibling;
      var matchingFromEl;
      while (curToNodeChild) {
        toNextSibling = read(curToNodeChild, "nextSibling");
        if ((matchingFromEl = getNodeKey(curToNodeChild))) {
          morphEl(matchingFromEl, curToNodeChild);
        } else {
            addChild(fromEl, curToNodeChild);
        }
        curToNodeChild = toNextSibling;
      }
    }
    var morphedNode = fromNode;
      morphEl(morphedNode, toNode, childrenOnly);
    return morphedNode;
  };
}
