/** A list to add to, tick off and filter. */
import { each, html, LiveView } from "@overwire/server";
import { z } from "zod";

interface Task {
  readonly id: number;
  readonly title: string;
  readonly done: boolean;
}

const filters = ["all", "active", "done"] as const;
type Filter = (typeof filters)[number];

const fits = (task: Task, filter: Filter) => filter === "all" || task.done === (filter === "done");

/** A list grows by its users' input, so it needs an end. */
const MOST = 100;

export class Todo extends LiveView {
  tasks: readonly Task[] = [
    { id: 1, title: "Read the source of this page", done: true },
    { id: 2, title: "Change it and reload", done: false },
    { id: 3, title: "Write a view of your own", done: false },
  ];
  filter: Filter = "all";
  nextId = 4;

  add = this.event(z.object({ title: z.string().trim().max(120) }), ({ title }) => {
    if (!title || this.tasks.length >= MOST) return;
    this.tasks = [...this.tasks, { id: this.nextId++, title, done: false }];
  });

  toggle = this.event(z.object({ id: z.number() }), ({ id }) => {
    this.tasks = this.tasks.map((task) => (task.id === id ? { ...task, done: !task.done } : task));
  });

  remove = this.event(z.object({ id: z.number() }), ({ id }) => {
    this.tasks = this.tasks.filter((task) => task.id !== id);
  });

  clear = this.event(() => {
    this.tasks = this.tasks.filter((task) => !task.done);
  });

  show = this.event(z.object({ filter: z.enum(filters) }), ({ filter }) => {
    this.filter = filter;
  });

  render() {
    const left = this.tasks.filter((task) => !task.done).length;
    const full = this.tasks.length >= MOST;
    return html`
      <div class="card todo">
        <form class="row" phx-submit=${this.add}>
          <input name="title" aria-label="New task" placeholder=${full ? "The list is full" : "What needs doing?"}
            maxlength="120" required disabled=${full} autocomplete="off">
          <button class="primary" disabled=${full}>Add</button>
        </form>
        <ul class="tasks">
          ${each(
            this.tasks.filter((task) => fits(task, this.filter)),
            (task) => task.id,
            (task) => this.item(task),
          )}
        </ul>
        <footer class="row">
          <output>${left} ${left === 1 ? "task" : "tasks"} left</output>
          <div class="segments" role="group" aria-label="Show">
            ${filters.map(
              (filter) => html`
                <button phx-click=${this.show({ filter })} aria-pressed=${String(filter === this.filter)}>${filter}</button>`,
            )}
          </div>
          <button class="quiet" phx-click=${this.clear} disabled=${left === this.tasks.length}>Clear done</button>
        </footer>
      </div>`;
  }

  private item({ id, title, done }: Task) {
    return html`
      <li class=${{ done }}>
        <label>
          <input type="checkbox" checked=${done} phx-click=${this.toggle({ id })}>
          <span>${title}</span>
        </label>
        <button class="quiet" phx-click=${this.remove({ id })} aria-label="Delete ${title}">✕</button>
      </li>`;
  }
}
