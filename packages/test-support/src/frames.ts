/** Frames of a client, for tests that are one. */
import { EVENT, FORM, HEARTBEAT, JOIN, LEAVE, NAVIGATE } from "../../client/src/wire/constants.ts";

type Frame = readonly unknown[];

/** @param more further fields of the request, or another URL than "/" */
export const joinFrame = (view: number, token: string | undefined, more: object = {}): Frame => [
  JOIN,
  view,
  { token, url: "/", ...more },
];

export const eventFrame = (
  view: number,
  ref: number,
  event: string | undefined,
  payload: unknown = {},
  ...component: number[]
): Frame => [EVENT, view, ref, event, payload, ...component];

/** @param fields URL-encoded */
export const formFrame = (
  view: number,
  ref: number,
  event: string,
  fields: string,
  meta: object = {},
): Frame => [FORM, view, ref, event, fields, meta];

/** Asks for a live patch. */
export const urlFrame = (view: number, ref: number, url: string): Frame => [NAVIGATE, view, ref, url];

export const leaveFrame = (view: number): Frame => [LEAVE, view];

export const heartbeatFrame: Frame = [HEARTBEAT];
