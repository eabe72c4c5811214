// The paper of the board: strokes and cursors as they are known now, drawn in the browser's next frame. A hidden page has no
// frames, and loses nothing by it: the next frame that comes draws all that is new.
window.createPaper = (canvas, layer, personOf) => {
  const { width, height } = canvas;
  const context = canvas.getContext("2d");
  Object.assign(context, { lineCap: "round", lineJoin: "round", lineWidth: 6 });
  /** By their ids, oldest first. */
  const strokes = new Map();
  const cursors = new Map();
  /** Numbers that all strokes have, and may have. */
  let count = 0;
  let most = Number.POSITIVE_INFINITY;
  let frame = 0;
  /** Strokes were taken away, so all are drawn anew. */
  let stale = false;

  function drawRest(stroke) {
    const { points, color, drawn } = stroke;
    // From the last point that was drawn; a single point is a dot.
    const start = Math.max(0, drawn - 2);
    context.strokeStyle = color;
    context.beginPath();
    context.moveTo(points[start], points[start + 1]);
    for (let at = start; at < points.length; at += 2) context.lineTo(points[at], points[at + 1]);
    context.stroke();
    stroke.drawn = points.length;
  }

  function placeCursor(id, { at, element }) {
    const person = personOf(id);
    element.hidden = !person || !at;
    if (element.hidden) return;
    element.style.translate = `${(at[0] / width) * 100}cqw ${(at[1] / height) * 100}cqh`;
    element.style.setProperty("--ink", person.color);
    element.lastElementChild.textContent = person.name;
  }

  function drawFrame() {
    frame = 0;
    if (stale) {
      context.clearRect(0, 0, width, height);
      for (const stroke of strokes.values()) stroke.drawn = 0;
      stale = false;
    }
    for (const stroke of strokes.values()) if (stroke.drawn < stroke.points.length) drawRest(stroke);
    for (const [id, cursor] of cursors) placeCursor(id, cursor);
  }

  /** However much comes until the next frame, it is drawn once. */
  function drawSoon() {
    frame ||= requestAnimationFrame(drawFrame);
  }

  function newCursor() {
    const element = document.createElement("div");
    element.className = "cursor";
    const arrow = document.createElementNS("http://www.w3.org/2000/svg", "svg");
    arrow.setAttribute("viewBox", "0 0 16 16");
    const path = document.createElementNS(arrow.namespaceURI, "path");
    path.setAttribute("d", "M1 1l5 13 2-5.5 5.5-2z");
    arrow.append(path);
    element.append(arrow, document.createElement("span"));
    layer.append(element);
    return { element };
  }

  const paper = {
    /** Adds points to a stroke, and forgets the oldest strokes if there are too many points. */
    extend(stroke, points) {
      stroke.points.push(...points);
      if (strokes.get(stroke.id) === stroke) count += points.length;
      for (const id of strokes.keys()) {
        if (count <= most) break;
        paper.remove([id]);
      }
      drawSoon();
    },
    /** Takes a stroke that is not on the paper yet. */
    put(stroke) {
      strokes.set(stroke.id, Object.assign(stroke, { drawn: 0 }));
      count += stroke.points.length;
      drawSoon();
    },
    /** A part of another's stroke. One that comes twice, or that belongs to a stroke which was cleared, changes nothing. */
    add({ id, color, from, points }) {
      if (from > (strokes.get(id)?.points.length ?? 0)) return;
      if (!strokes.has(id)) paper.put({ id, color, points: [] });
      const stroke = strokes.get(id);
      paper.extend(stroke, points.slice(stroke.points.length - from));
    },
    remove(ids) {
      for (const id of ids) {
        count -= strokes.get(id)?.points.length ?? 0;
        strokes.delete(id);
      }
      stale = true;
      drawSoon();
    },
    /** Begins anew, with these. */
    load(all, kept) {
      paper.remove([...strokes.keys()]);
      most = kept;
      all.forEach(paper.put);
    },
    /** @param at null if the cursor is not over the paper */
    point(id, at) {
      if (!cursors.has(id)) cursors.set(id, newCursor());
      cursors.get(id).at = at;
      drawSoon();
    },
    forget(id) {
      cursors.get(id)?.element.remove();
      cursors.delete(id);
    },
    /** Names or colours of the cursors have changed. */
    refresh: drawSoon,
    end: () => cancelAnimationFrame(frame),
  };
  return paper;
};
