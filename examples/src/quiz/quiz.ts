/** A quiz for all who have its page open: rounds on the server's timer, and a page that shows at once what goes on. */
import { each, html, LiveView } from "@overwire/server";
import { z } from "zod";
import { enter, NODE, playersOf, rules } from "./game.ts";
import { questions } from "./questions.ts";

const LETTERS = ["A", "B", "C", "D"];

export class Quiz extends LiveView {
  /** Friends play by themselves at an address like /quiz?room=friends. */
  room = z
    .string()
    .regex(/^[a-z0-9-]{1,30}$/)
    .catch("everyone")
    .parse(this.url.searchParams.get("room"));
  players = this.present(playersOf(this.room));
  name = "";
  problem = "";
  game = enter(this.room);

  mount() {
    const { game } = this;
    if (!game) return;
    // Each message renders, and the game has kept it already.
    this.subscribe(game.changed, () => {});
    this.subscribe(playersOf(this.room), () => game.seePlayers(this.players));
    game.seePlayers(this.players);
  }

  /** Renders once more: asked by a countdown that begins, since its script may have taken a while to load. */
  timeLeft = this.event(() => {});

  override terminate() {
    this.game?.leave();
  }

  join = this.event(z.object({ name: z.string().trim().max(20) }), ({ name }) => {
    this.problem = "";
    if (this.name) return;
    if (!name) this.problem = "Please enter a name.";
    else if (this.players.get(name)) this.problem = `${name} is playing already: choose another name.`;
    else if (this.players.size >= rules.players) this.problem = "This room is full.";
    if (this.problem) return;
    this.name = name;
    this.track(playersOf(this.room), name, { node: NODE });
  });

  start = this.event(() => {
    if (this.name) this.game?.send({ type: "start" });
  });

  answer = this.event(
    z.object({ round: z.coerce.number().int(), choice: z.coerce.number().int().min(0).max(3) }),
    ({ round, choice }) => {
      if (this.name) this.game?.send({ type: "answer", name: this.name, round, choice });
    },
  );

  render() {
    if (!this.game) return html`<p class="card">All rooms are taken. Please come back later.</p>`;
    const { phase } = this.game.state;
    return html`
      <div class="quiz">
        <section class="card stage" aria-label="Game">
          ${phase === "lobby" && this.lobby()}
          ${(phase === "question" || phase === "result") && this.round()}
          ${phase === "podium" && this.podium()}
          ${!this.name && this.joinForm()}
        </section>
        ${this.scores()}
      </div>
      <p class="hint"><a href=${`/quiz?room=${this.room}`} target="_blank">Open a second tab</a> and play against yourself.</p>`;
  }

  private joinForm() {
    return html`
      <form class="join row" phx-submit=${this.join}>
        <input name="name" aria-label="Your name" placeholder="Your name" maxlength="20" required autocomplete="off"
          aria-invalid=${this.problem !== "" && "true"} aria-describedby="problem">
        <button class="primary">Join</button>
        <p id="problem" class="problem" role="alert">${this.problem}</p>
      </form>`;
  }

  private lobby() {
    return html`
      <h2>${this.players.size === 0 ? "Nobody is playing yet" : "Ready?"}</h2>
      <p class="soft">${rules.rounds} questions, ${rules.questionTime / 1000} seconds each. Quick answers count more.</p>
      ${this.name && html`<button class="primary" phx-click=${this.start}>Start the game</button>`}`;
  }

  private round() {
    const { state, left } = this.game!;
    const { phase, round, answers } = state;
    const question = questions[state.questions[round] ?? 0]!;
    const mine = answers.get(this.name);
    const isOver = phase === "result";
    const total = isOver ? rules.resultTime : rules.questionTime;
    return html`
      <p class="soft round">Round ${round + 1} of ${state.questions.length}</p>
      <div id=${`countdown-${round}-${phase}`} class="countdown" phx-hook="Countdown" phx-update="ignore"
        data-left=${Math.round(left)} data-of=${total} role="timer">
        <span class="bar"><i></i></span> <b>${Math.ceil(left / 1000)}</b> <small>${isOver ? "seconds to go on" : "seconds left"}</small>
      </div>
      <h2 class="question">${question.text}</h2>
      <ul class="choices">
        ${question.choices.map((text, choice) => {
          const isMine = mine?.choice === choice;
          const isRight = isOver && question.right === choice;
          return html`
            <li><button class=${{ mine: isMine, right: isRight, wrong: isOver && isMine && !isRight }}
              phx-click=${this.answer} phx-value-round=${round} phx-value-choice=${choice}
              aria-pressed=${isMine ? "true" : "false"} disabled=${isOver || !this.name || mine !== undefined}>
              <b>${LETTERS[choice]}</b> <span>${text}</span>
              ${isRight && html`<em>Right</em>`}${isMine && !isRight && html`<em>Your answer</em>`}
            </button></li>`;
        })}
      </ul>
      <p class="soft" role="status">${this.verdict()}</p>`;
  }

  private verdict() {
    const { phase, answers } = this.game!.state;
    const mine = answers.get(this.name);
    if (!this.name) return "Join, and answer with the others.";
    if (phase === "question") return mine ? "Your answer is locked." : "Choose one answer: it is final.";
    if (!mine) return "You gave no answer.";
    return mine.points > 0 ? `Right: ${mine.points} points.` : "Not right this time.";
  }

  /** Names with a place in the list, the best first: players, and those who have left with points. */
  private ranking() {
    const { scores } = this.game!.state;
    const names = new Set([...scores.keys(), ...this.players.list().map(({ key }) => key)]);
    return [...names]
      .map((name) => ({ name, score: scores.get(name) ?? 0 }))
      .sort((a, b) => b.score - a.score || a.name.localeCompare(b.name));
  }

  private podium() {
    return html`
      <h2>Game over</h2>
      <ol class="podium">
        ${this.ranking()
          .slice(0, 3)
          .map(({ name, score }) => html`<li><b>${name}</b> <span>${score} points</span></li>`)}
      </ol>
      ${this.name && html`<button class="primary" phx-click=${this.start}>Play again</button>`}`;
  }

  private scores() {
    const { phase, answers } = this.game!.state;
    const doing = (name: string) => {
      if (!this.players.get(name)) return "has left";
      if (phase !== "question") return "";
      return answers.has(name) ? "has answered" : "is thinking";
    };
    return html`
      <section class="card players" aria-labelledby="players">
        <h2 id="players">Players <small>${this.players.size}</small></h2>
        <ol>${each(
          this.ranking(),
          ({ name }) => name,
          ({ name, score }) => html`
            <li class=${{ me: name === this.name }}><span><b>${name}</b> <small>${doing(name)}</small></span> <b>${score}</b></li>`,
        )}</ol>
      </section>`;
  }
}
