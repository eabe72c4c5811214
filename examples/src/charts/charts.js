// Hooks of the page: uPlot draws, the view decides what. The client finds them in window.Overwire.
window.Overwire = {
  ...window.Overwire,
  hooks: {
    ...window.Overwire?.hooks,

    Chart(el, hook) {
      let points = [];
      const size = () => ({ width: el.clientWidth, height: 240 });
      const clock = (at) => new Date(at * 1000).toISOString().slice(11, 19);
      // Asked for whenever something is drawn: the page may turn from light to dark.
      const color = (name) => () => getComputedStyle(el).getPropertyValue(name);
      const axis = { stroke: color("--label"), grid: { stroke: color("--grid"), width: 1 } };

      const plot = new uPlot(
        {
          ...size(),
          legend: { show: false },
          // The last time stands half beside the chart.
          padding: [null, 32, null, null],
          cursor: { y: false, drag: { x: false } },
          axes: [
            { ...axis, space: 90, values: (_, times) => times.map(clock) },
            { ...axis, size: 45 },
          ],
          series: [
            {},
            { stroke: color("--ink"), width: 2, points: { show: true, size: 5, fill: color("--ink") } },
          ],
        },
        [[], []],
        el,
      );

      const draw = (next) => {
        points = next;
        plot.setData([points.map(({ at }) => at), points.map(({ requests }) => requests)]);
      };

      // Rejects when the connection is lost; then it is asked again.
      const load = () =>
        hook.pushEvent("load").then(
          (reply) => draw(reply.points),
          () => {},
        );

      hook.handleEvent("point", (point) => {
        if (point.at > points.at(-1)?.at) draw([...points.slice(1), point]);
      });

      plot.over.addEventListener("click", () => {
        const point = points[plot.cursor.idx];
        if (point) hook.pushEvent("mark", { at: point.at }).catch(() => {});
      });

      // What the hook has begun outside of its element ends with its signal.
      const { signal } = hook;
      addEventListener("resize", () => plot.setSize(size()), { signal });
      matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => plot.redraw(), { signal });
      signal.addEventListener("abort", () => plot.destroy());

      load();
      return { reconnected: load };
    },
  },
};
