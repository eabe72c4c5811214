// Sends the cursor and the strokes of this page: at most 30 messages a second, however often the pointer moves. A timer sends
// them, since a hidden page has no frames. After a lost connection the rest of the strokes follows.
window.createSender = (paper, room, colorNow) => {
  // Strokes that the server may not have as a whole: of its points `sent` numbers are on their way, `kept` have arrived.
  const unsent = new Set();
  let painter;
  let limits;
  let numbered = 0;
  // The stroke that the pen draws; without one the pen is up.
  let current;
  let isDown = false;
  let at = null;
  let isTold = true;
  let timer;

  const sendSoon = () => {
    timer ??= setTimeout(sendNext, 1000 / 30);
  };

  function sendNext() {
    timer = undefined;
    // The next join goes on.
    if (room.state !== "joined") return;
    const stroke = [...unsent].find(({ points, sent }) => sent < points.length);
    if (stroke) sendPart(stroke);
    else if (!isTold) room.push("move", { at });
    else return;
    isTold = !stroke || stroke.end === at;
    sendSoon();
  }

  function sendPart(stroke) {
    const { number, color, sent: from } = stroke;
    const points = stroke.points.slice(from, from + limits.part);
    stroke.sent += points.length;
    room.push("draw", { number, color, from, points }).then(
      () => {
        stroke.kept = from + points.length;
        release(stroke);
      },
      (error) => {
        // Without a reply the next join tells how much has arrived.
        if (error.reply) drop([stroke]);
      },
    );
  }

  function release(stroke) {
    if (stroke !== current && stroke.kept === stroke.points.length) unsent.delete(stroke);
  }

  function drop(strokes) {
    for (const stroke of strokes) {
      unsent.delete(stroke);
      if (stroke === current) current = undefined;
    }
    paper.remove(strokes.map(({ id }) => id));
  }

  function begin() {
    const number = numbered++;
    const id = `${painter}.${number}`;
    current = { id, number, color: colorNow(), points: [], sent: 0, kept: 0 };
    unsent.add(current);
    paper.put(current);
  }

  function draw() {
    if (!current) begin();
    else if (current.points.length === limits.stroke) {
      const last = current.points.slice(-2);
      begin();
      paper.extend(current, last);
    }
    paper.extend(current, at);
    current.end = at;
  }

  return {
    // The server has answered a join: with all strokes, as it knows them.
    joined(reply) {
      const isSame = painter === reply.id;
      ({ id: painter, limits } = reply);
      const arrived = new Map(reply.strokes.map((stroke) => [stroke.id, stroke.points.length]));
      paper.load(reply.strokes, limits.kept);
      for (const stroke of [...unsent]) {
        const length = isSame ? arrived.get(stroke.id) : undefined;
        if (isSame && length === undefined && stroke.kept > 0) {
          // Cleared meanwhile.
          drop([stroke]);
          continue;
        }
        if (length === undefined) stroke.id = `${painter}.${stroke.number}`;
        stroke.sent = stroke.kept = length ?? 0;
        paper.remove([stroke.id]);
        paper.put(stroke);
        release(stroke);
      }
      isTold = at === null;
      sendSoon();
    },
    cleared(ids) {
      drop([...unsent].filter(({ id }) => ids.includes(id)));
      paper.remove(ids);
    },
    clear() {
      // Their first parts are sent before, or not at all.
      drop([...unsent]);
      room.push("clear");
    },
    // The pointer is there; null if it is not over the paper.
    move(next) {
      if (!limits || String(next) === String(at)) return;
      at = next;
      isTold = false;
      if (isDown && at) draw();
      sendSoon();
    },
    press() {
      if (!limits || !at) return;
      isDown = true;
      draw();
      sendSoon();
    },
    lift() {
      const stroke = current;
      current = undefined;
      isDown = false;
      if (stroke) release(stroke);
    },
    get at() {
      return at;
    },
    get isDown() {
      return isDown;
    },
    get painter() {
      return painter;
    },
    end: () => clearTimeout(timer),
  };
};
