/**
 * Games of the quiz: one for each room with a page open. Every node keeps a copy, and the node of the player who came first decides;
 * if it goes, the next one goes on from its copy.
 */
import { randomUUID } from "node:crypto";
import { type Present, presence, topic } from "@overwire/server";
import { pubsub } from "../shared/pubsub.ts";
import { drawQuestions, questions } from "./questions.ts";

export interface Answer {
  readonly choice: number;
  readonly points: number;
}

/** Content of a page, as data that travels between nodes. */
export interface State {
  /** Grows with each change. */
  readonly version: number;
  readonly phase: "lobby" | "question" | "result" | "podium";
  /** From 0. */
  readonly round: number;
  /** Indexes of the questions of this game. */
  readonly questions: readonly number[];
  /** Milliseconds that were left when this was published: clocks of nodes differ. */
  readonly left: number;
  /** Answers of this round, by name. */
  readonly answers: ReadonlyMap<string, Answer>;
  /** Points up to the last result, by name. */
  readonly scores: ReadonlyMap<string, number>;
}

type Action =
  | { readonly type: "ask" }
  | { readonly type: "start" }
  | { readonly type: "answer"; readonly name: string; readonly round: number; readonly choice: number };

/** Lengths of a game, for all rooms of this process; tests have short rounds. */
export const rules = { rounds: 5, questionTime: 15_000, resultTime: 5_000, rooms: 100, players: 20 };

/** Players of a room, by name. */
export const playersOf = (room: string) => presence<{ readonly node: string }>(`quiz:${room}`);

/** Names this process in the presence of its players. */
export const NODE = randomUUID();

const LOBBY: State = {
  version: 0,
  phase: "lobby",
  round: 0,
  questions: [],
  left: 0,
  answers: new Map(),
  scores: new Map(),
};

const games = new Map<string, Game>();

/**
 * Opens a page of a room; call `leave` of the game when the page ends.
 * @returns the game; undefined if there are too many rooms
 */
export function enter(room: string): Game | undefined {
  let game = games.get(room);
  if (!game) {
    if (games.size >= rules.rooms) return undefined;
    game = new Game(room);
    games.set(room, game);
  }
  game.pages++;
  return game;
}

/** Number of games in this process. */
export const openGames = (): number => games.size;

export class Game {
  readonly room: string;
  /** Published at every change. */
  readonly changed;
  state: State = LOBBY;
  pages = 0;
  /** Time of this process at which the phase ends. */
  private endsAt = 0;
  private leads = false;
  private names: readonly string[] = [];
  private timer: NodeJS.Timeout | undefined;
  private readonly actions;
  private readonly stops: readonly (() => void)[];

  constructor(room: string) {
    this.room = room;
    this.changed = topic<State>(`quiz:${room}`);
    this.actions = topic<Action>(`quiz:${room}:actions`);
    this.stops = [
      pubsub.subscribe(this.changed, (state) => this.follow(state)),
      pubsub.subscribe(this.actions, (action) => this.act(action)),
    ];
    void this.ask();
  }

  /** Asks for the state of a game that other nodes play, once their answer can be heard. */
  private async ask(): Promise<void> {
    await pubsub.settled();
    if (this.pages > 0) this.send({ type: "ask" });
  }

  /** Milliseconds until the phase ends. */
  get left(): number {
    return Math.max(0, this.endsAt - Date.now());
  }

  send(action: Action): void {
    pubsub.publish(this.actions, action);
  }

  /** Ends the game with its last page. */
  leave(): void {
    if (--this.pages > 0) return;
    clearTimeout(this.timer);
    for (const stop of this.stops) stop();
    games.delete(this.room);
  }

  /** Told by the pages when players come or go. */
  seePlayers(players: Present<{ readonly node: string }>): void {
    const list = players.list();
    this.names = list.map(({ key }) => key);
    const leads = list[0]?.metas[0]?.node === NODE;
    if (leads !== this.leads) {
      this.leads = leads;
      this.schedule();
    }
    if (list.length === 0 && this.state.phase !== "lobby")
      this.follow({ ...LOBBY, version: this.state.version + 1 });
    else this.endRoundIfAnswered();
  }

  private act(action: Action): void {
    if (!this.leads) return;
    const { state } = this;
    if (action.type === "ask") this.change({});
    else if (action.type === "start") {
      if (state.phase === "lobby" || state.phase === "podium")
        this.startRound(0, { questions: drawQuestions(rules.rounds), scores: new Map() });
    } else {
      const { name, round, choice } = action;
      if (state.phase !== "question" || round !== state.round || state.answers.has(name)) return;
      const isRight = questions[state.questions[round] ?? 0]?.right === choice;
      const points = isRight ? 50 + Math.round((50 * this.left) / rules.questionTime) : 0;
      this.change({ answers: new Map([...state.answers, [name, { choice, points }]]) });
      this.endRoundIfAnswered();
    }
  }

  private endRoundIfAnswered(): void {
    const { phase, answers } = this.state;
    if (this.leads && phase === "question" && this.names.every((name) => answers.has(name))) this.advance();
  }

  private startRound(round: number, more: Partial<State> = {}): void {
    this.change({ ...more, phase: "question", round, answers: new Map() }, rules.questionTime);
  }

  /** Goes on to the next phase. */
  private advance(): void {
    const { phase, round, answers, scores } = this.state;
    if (phase === "question") {
      const sums = new Map(scores);
      for (const [name, { points }] of answers) sums.set(name, (sums.get(name) ?? 0) + points);
      this.change({ phase: "result", scores: sums }, rules.resultTime);
    } else if (phase === "result") {
      if (round + 1 < this.state.questions.length) this.startRound(round + 1);
      else this.change({ phase: "podium" }, 0);
    }
  }

  private change(change: Partial<State>, left = this.left): void {
    this.follow({ ...this.state, ...change, left, version: this.state.version + 1 });
    pubsub.publish(this.changed, this.state);
  }

  private follow(state: State): void {
    if (state.version <= this.state.version) return;
    this.state = state;
    this.endsAt = Date.now() + state.left;
    this.schedule();
  }

  private schedule(): void {
    clearTimeout(this.timer);
    const { phase } = this.state;
    if (!this.leads || (phase !== "question" && phase !== "result")) return;
    this.timer = setTimeout(() => this.advance(), this.left);
    (this.timer as Partial<NodeJS.Timeout>).unref?.();
  }
}
