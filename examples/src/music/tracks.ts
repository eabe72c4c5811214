/** Four short tracks, made of sine waves so that no file is needed. */

export interface Track {
  readonly id: number;
  readonly title: string;
  readonly album: string;
}

export const tracks: readonly Track[] = [
  { id: 1, title: "Morning", album: "Hours" },
  { id: 2, title: "Evening", album: "Hours" },
  { id: 3, title: "Steps", album: "Stairs" },
  { id: 4, title: "Landing", album: "Stairs" },
];

const RATE = 8000;
/** Length of a note in seconds. */
const NOTE = 0.4;

/** Semitones above A4 of each track. */
const melodies: readonly (readonly number[])[] = [
  [0, 4, 7, 12, 7, 4],
  [12, 9, 5, 4, 0, 0],
  [0, 2, 4, 5, 7, 9, 11, 12],
  [12, 7, 4, 0, -5, 0],
];

const samples = (notes: readonly number[]): Uint8Array =>
  Uint8Array.from({ length: notes.length * NOTE * RATE }, (_, at) => {
    const inNote = (at / RATE) % NOTE;
    const pitch = 440 * 2 ** ((notes[Math.floor(at / RATE / NOTE)] ?? 0) / 12);
    // Each note fades in and out, or it would click.
    const loud = Math.min(1, inNote * 20, (NOTE - inNote) * 6);
    return 128 + Math.round(60 * loud * Math.sin(2 * Math.PI * pitch * inNote));
  });

/** A track as a WAV file: 8 bits, mono. */
export function wav(track: Track): Uint8Array<ArrayBuffer> {
  const data = samples(melodies[track.id - 1] ?? []);
  const file = new Uint8Array(44 + data.length);
  const view = new DataView(file.buffer);
  const text = (at: number, text: string) => new TextEncoder().encodeInto(text, file.subarray(at));
  text(0, "RIFF");
  view.setUint32(4, 36 + data.length, true);
  text(8, "WAVEfmt ");
  view.setUint32(16, 16, true);
  view.setUint16(20, 1, true);
  view.setUint16(22, 1, true);
  view.setUint32(24, RATE, true);
  view.setUint32(28, RATE, true);
  view.setUint16(32, 1, true);
  view.setUint16(34, 8, true);
  text(36, "data");
  view.setUint32(40, data.length, true);
  file.set(data, 44);
  return file;
}
