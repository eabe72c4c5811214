// The terminal of the room: a client that is no view. It joins a channel, and talks with all who have the page open.
window.Overwire = {
  ...window.Overwire,
  hooks: {
    ...window.Overwire?.hooks,

    Terminal(el, { signal }) {
      const [output, form] = el.children;
      const { line } = form.elements;
      const button = form.querySelector("button");
      let socket;
      let room;
      let people;

      const print = (text) => {
        output.append(`${text}\n`);
        output.scrollTop = output.scrollHeight;
      };
      const shown = new Set();
      const show = ({ id, from, text }) => {
        if (!shown.has(id)) print(`${from.name}: ${text}`);
        shown.add(id);
      };
      const nameOf = ({ metas }) => metas[0].name;

      async function connect() {
        const { presenceOf, Socket } = await import("/overwire/channels.js");
        // The cookie of the session says who this is.
        socket = new Socket("/room/socket");
        room = socket.channel("room:lobby");
        people = presenceOf(room);
        people.onJoin((_key, before, joined) => before || print(`* ${nameOf(joined)} is here`));
        people.onLeave((_key, left, gone) => left.metas.length || print(`* ${nameOf(gone)} has left`));
        room.on("said", show);
        // The first join, and each after a lost connection: the reply has what was said meanwhile.
        room.onJoin(({ messages }) => messages.forEach(show));
        room.onError(() => print("* Connection lost, trying again …"));
        socket.connect();
        await room.join();
      }

      function disconnect() {
        socket?.disconnect();
        socket = undefined;
        print("* Disconnected");
      }

      async function toggle() {
        button.disabled = true;
        try {
          if (socket) disconnect();
          else await connect();
        } catch (error) {
          print(`* ${error.message}`);
          disconnect();
        }
        button.disabled = false;
        button.textContent = socket ? "Disconnect" : "Connect";
        line.disabled = !socket;
        if (socket) line.focus();
      }

      async function send(text) {
        if (text === "/who") return print(`* Here: ${people.list().map(nameOf).join(", ")}`);
        try {
          await room.push("say", { text });
        } catch (error) {
          print(`* Not sent: ${error.message}`);
        }
      }

      let typing = false;
      const setTyping = (next) => {
        if (next !== typing) room.push("typing", { typing: next }).catch(() => {});
        typing = next;
      };

      button.addEventListener("click", toggle);
      line.addEventListener("input", () => setTyping(line.value !== ""));
      form.addEventListener("submit", (event) => {
        event.preventDefault();
        setTyping(false);
        send(line.value);
        form.reset();
      });
      signal.addEventListener("abort", () => socket?.disconnect());
    },
  },
};
