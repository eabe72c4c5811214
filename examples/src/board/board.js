// Hook of the board: joins the channel, and turns pointers and keys into cursors and strokes.
{
  const STEP = 20;
  const arrows = { ArrowLeft: [-STEP, 0], ArrowRight: [STEP, 0], ArrowUp: [0, -STEP], ArrowDown: [0, STEP] };

  const within = (canvas, [x, y]) => {
    const clamp = (value, most) => Math.min(most, Math.max(0, Math.round(value)));
    return [clamp(x, canvas.width), clamp(y, canvas.height)];
  };

  function followPointer(canvas, sender, signal) {
    const on = (type, listener) =>
      canvas.addEventListener(type, (event) => event.isPrimary && listener(event), { signal });
    const follow = (event) => {
      const { left, top, width, height } = canvas.getBoundingClientRect();
      const x = ((event.clientX - left) / width) * canvas.width;
      const y = ((event.clientY - top) / height) * canvas.height;
      sender.move(within(canvas, [x, y]));
    };
    on("pointerdown", (event) => {
      if (event.button !== 0) return;
      canvas.setPointerCapture(event.pointerId);
      follow(event);
      sender.press();
    });
    on("pointermove", (event) => {
      // The browser tells once a frame; a quick line has more points than that.
      const all = sender.isDown ? event.getCoalescedEvents() : [];
      (all.length ? all : [event]).forEach(follow);
    });
    for (const type of ["pointerup", "pointercancel"]) on(type, () => sender.lift());
    on("pointerleave", () => sender.move(null));
  }

  function followKeys(canvas, paper, sender, signal) {
    const on = (type, listener) => canvas.addEventListener(type, listener, { signal });
    on("keydown", (event) => {
      const arrow = arrows[event.key];
      if (!arrow && event.key !== " ") return;
      event.preventDefault();
      const [x, y] = sender.at ?? [canvas.width / 2, canvas.height / 2];
      sender.move(within(canvas, arrow ? [x + arrow[0], y + arrow[1]] : [x, y]));
      if (!arrow && !event.repeat) sender.isDown ? sender.lift() : sender.press();
      // No pointer shows where the pen is.
      paper.point(sender.painter, sender.at);
    });
    on("blur", () => {
      sender.lift();
      sender.move(null);
      paper.forget(sender.painter);
    });
    on("pointermove", () => paper.forget(sender.painter));
  }

  async function join(el, hook) {
    const { presenceOf, Socket } = await import("/overwire/channels.js");
    const { signal } = hook;
    if (signal.aborted) return;
    const canvas = el.querySelector("canvas");
    const status = el.querySelector("[role=status]");
    const clear = el.querySelector("button");

    const socket = new Socket("/board/socket", {
      token: async () => (await hook.pushEvent("ticket")).ticket,
    });
    const room = socket.channel("board:lobby");
    const people = presenceOf(room);
    const paper = createPaper(canvas, el.querySelector(".cursors"), (id) => people.get(id)?.metas[0]);
    const sender = createSender(paper, room, () => el.dataset.color);

    people.onSync(paper.refresh);
    people.onLeave((id, { metas }) => metas.length || paper.forget(id));
    room.on("moved", ({ id, at }) => paper.point(id, at));
    room.on("drawn", (part) => {
      paper.add(part);
      paper.point(part.id.split(".")[0], part.points.slice(-2));
    });
    room.on("cleared", ({ ids }) => sender.cleared(ids));
    room.onJoin((reply) => {
      sender.joined(reply);
      for (const { id, at } of reply.cursors) if (id !== reply.id) paper.point(id, at);
      status.textContent = "";
      clear.disabled = false;
    });
    room.onError(() => {
      status.textContent = "Connection lost. What you draw is sent later.";
      clear.disabled = true;
    });
    clear.addEventListener("click", () => sender.clear());
    followPointer(canvas, sender, signal);
    followKeys(canvas, paper, sender, signal);
    signal.addEventListener("abort", () => {
      socket.disconnect();
      sender.end();
      paper.end();
    });
    socket.connect();
    room.join().catch((error) => {
      status.textContent = error.message;
    });
    return socket;
  }

  window.Overwire = {
    ...window.Overwire,
    hooks: {
      ...window.Overwire?.hooks,

      Board(el, hook) {
        const joining = join(el, hook);
        let { painter } = el.dataset;
        return {
          // A view that is mounted anew is another painter, who needs a ticket of their own.
          async updated() {
            if (el.dataset.painter === painter) return;
            ({ painter } = el.dataset);
            const socket = await joining;
            socket?.disconnect();
            socket?.connect();
          },
        };
      },
    },
  };
}
