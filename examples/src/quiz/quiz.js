// Hook of the countdown: the page counts by itself, the server's timer decides.
window.Overwire = {
  ...window.Overwire,
  hooks: {
    ...window.Overwire?.hooks,

    Countdown(el, hook) {
      const { signal } = hook;
      const number = el.querySelector("b");
      const bar = el.querySelector("i");
      let ends;
      let motion;
      const count = () => {
        number.textContent = Math.max(0, Math.ceil((ends - performance.now()) / 1000));
      };
      const start = () => {
        const left = Number(el.dataset.left);
        ends = performance.now() + left;
        motion?.cancel();
        motion = bar.animate([{ scale: `${left / el.dataset.of} 1` }, { scale: "0 1" }], {
          duration: left,
          fill: "forwards",
        });
        count();
      };
      const timer = setInterval(count, 250);
      signal.addEventListener("abort", () => clearInterval(timer));
      start();
      // The page may be older than this script. Without a connection the join renders anew.
      hook.pushEvent("timeLeft").catch(() => {});
      // The server's time counts: each rendering says anew how much of it is left.
      return { updated: start };
    },
  },
};
