/** Cursors and strokes: many small messages to all who are at the board, of which no view has to render any. */
import { Channel, Refused } from "@overwire/server";
import { z } from "zod";
import {
  allStrokes,
  type BoardMessages,
  cursorsOf,
  KEPT,
  keep,
  LONGEST_PART,
  LONGEST_STROKE,
  painters,
  point,
  remove,
  strokePart,
  strokesLearned,
  whole,
} from "./board-store.ts";

export class BoardChannel extends Channel<BoardMessages, { readonly id: string }> {
  /** Names and colours of the cursors: the views track their painters, the page hears of them here. */
  people = this.present(painters);

  join() {
    this.subscribe(strokesLearned, (strokes) => {
      for (const stroke of strokes) this.push("drawn", whole(stroke));
    });
    const limits = { kept: KEPT, stroke: LONGEST_STROKE, part: LONGEST_PART };
    const cursors = cursorsOf((painter) => this.people.get(painter) !== undefined);
    return { id: this.assigns.id, strokes: allStrokes(), cursors, limits };
  }

  move = this.event(z.object({ at: point.nullable() }), ({ at }) => {
    this.broadcastFrom("moved", { id: this.assigns.id, at });
  });

  draw = this.event(strokePart, ({ number, ...part }) => {
    // A stroke belongs to its painter: no other goes on with it.
    const drawn = { ...part, id: `${this.assigns.id}.${number}` };
    if (!keep(drawn)) throw new Refused({ reason: "The stroke was cleared." });
    this.broadcastFrom("drawn", drawn);
  });

  /** Names the strokes, so that one that begins meanwhile on another node stays on all of them. */
  clear = this.event(() => {
    const ids = allStrokes().map(({ id }) => id);
    ids.forEach(remove);
    this.broadcast("cleared", { ids });
  });

  terminate() {
    this.broadcastFrom("moved", { id: this.assigns.id, at: null });
  }
}
