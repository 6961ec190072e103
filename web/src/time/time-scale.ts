import { formatDuration } from "#base/duration-text.ts";

/**
 * Positions of times on an axis. Most executions work for milliseconds and wait for days, so a linear axis would only show the waiting. Therefore long intervals with nothing but waits are *breaks*: they get a share of the axis that is independent of their length. Everything else is linear, in one scale.
 */
export interface TimeScale {
  /** From 0, the start of the axis, to 1. */
  at(time: number): number;
  readonly ticks: readonly Tick[];
  readonly breaks: readonly Break[];
}

export interface Tick {
  readonly at: number;
  /** Time since the start. */
  readonly ms: number;
}

export interface Break {
  readonly from: number;
  readonly to: number;
  readonly ms: number;
}

/** What takes time. Times in milliseconds since any one moment. */
export interface TimeSpan {
  readonly from: number;
  readonly to: number;
  /** Whether the span is only a wait, such as a sleep. */
  readonly isWaiting: boolean;
}

export function createTimeScale(spans: readonly TimeSpan[], begin: number, end: number): TimeScale {
  const pieces = piecesOf(spans, begin, Math.max(end, begin + 1));
  const breakShare = shareOfBreaks(pieces.filter(({ isBreak }) => isBreak).length);
  const linearMs = sum(pieces.filter(({ isBreak }) => !isBreak));
  const parts: Part[] = [];
  let from = 0;
  for (const piece of pieces) {
    const share = piece.isBreak ? breakShare.each : (lengthOf(piece) / linearMs) * (1 - breakShare.all);
    parts.push({ ...piece, from, to: from + share });
    from += share;
  }
  return {
    at: (time) => placeOf(parts, time),
    ticks: ticksOf(parts, begin, linearMs),
    breaks: parts
      .filter(({ isBreak }) => isBreak)
      .map((part) => ({ from: part.from, to: part.to, ms: lengthOf(part) })),
  };
}

/**
 * Ticks with labels. After a long break, ticks that are milliseconds apart have the same label, which only the first of them shows.
 */
export function labelledTicks(
  ticks: readonly Tick[],
): readonly { readonly at: number; readonly label: string }[] {
  const labelled = ticks.map(({ at, ms }) => ({ at, label: ms === 0 ? "0" : formatDuration(ms) }));
  return labelled.filter(({ label }, index) => label !== labelled[index - 1]?.label);
}

interface Piece {
  readonly begin: number;
  readonly end: number;
  readonly isBreak: boolean;
}

interface Part extends Piece {
  readonly from: number;
  readonly to: number;
}

/** The axis as breaks and the linear parts between them. */
function piecesOf(spans: readonly TimeSpan[], begin: number, end: number): readonly Piece[] {
  const stretches = stretchesOf(spans, begin, end);
  const busyMs = sum(stretches.filter(({ isQuiet }) => !isQuiet));
  const pieces: Mutable<Piece>[] = [];
  for (const { isQuiet, ...stretch } of stretches) {
    const isBreak = isQuiet && busyMs > 0 && lengthOf(stretch) > longerThan(busyMs);
    const last = pieces.at(-1);
    if (last === undefined || isBreak || last.isBreak) pieces.push({ ...stretch, isBreak });
    else last.end = stretch.end;
  }
  return pieces;
}

/** Split where a span starts or ends. */
function stretchesOf(spans: readonly TimeSpan[], begin: number, end: number) {
  const cuts = [...new Set([begin, end, ...spans.flatMap(({ from, to }) => [from, to])])]
    .filter((time) => time >= begin && time <= end)
    .toSorted((one, other) => one - other);
  const busy = merged(spans.filter(({ isWaiting }) => !isWaiting));
  let next = 0;
  return cuts.slice(1).map((cut, index) => {
    const from = cuts[index] ?? begin;
    while ((busy[next]?.to ?? Infinity) <= from) next++;
    return { begin: from, end: cut, isQuiet: (busy[next]?.from ?? Infinity) >= cut };
  });
}

type Mutable<T> = { -readonly [Key in keyof T]: T[Key] };

/** A wait is long if it would leave less than a fifth of the axis to everything else. */
function longerThan(busyMs: number): number {
  return 4 * busyMs + 1_000;
}

function shareOfBreaks(count: number): { readonly each: number; readonly all: number } {
  const all = Math.min(0.5, 0.14 * count);
  return { all, each: count === 0 ? 0 : all / count };
}

/** Merges overlapping spans, in order. */
function merged(spans: readonly TimeSpan[]): readonly { readonly from: number; readonly to: number }[] {
  const result: { from: number; to: number }[] = [];
  for (const { from, to } of spans.toSorted((one, other) => one.from - other.from)) {
    const last = result.at(-1);
    if (last !== undefined && from <= last.to) last.to = Math.max(last.to, to);
    else result.push({ from, to });
  }
  return result;
}

function placeOf(parts: readonly Part[], time: number): number {
  const part = parts.find(({ end }) => time <= end) ?? parts.at(-1);
  if (part === undefined) return 0;
  const within = (time - part.begin) / (part.end - part.begin);
  return part.from + Math.min(1, Math.max(0, within)) * (part.to - part.from);
}

const ticksWanted = 6;
const leastDistance = 0.09;
/** The width of a label to the right of its tick. */
const labelWidth = 0.06;

/** Ticks at round times, in the linear parts only. */
function ticksOf(parts: readonly Part[], begin: number, linearMs: number): readonly Tick[] {
  const stepMs = roundStep(linearMs / ticksWanted);
  const ticks: Tick[] = [{ at: 0, ms: 0 }];
  const isCovered = (at: number) =>
    parts.some(({ isBreak, from }) => isBreak && from > at && from < at + labelWidth);
  for (const part of parts.filter(({ isBreak }) => !isBreak)) {
    const first = Math.ceil((part.begin - begin) / stepMs) * stepMs;
    for (let ms = first; ms <= part.end - begin; ms += stepMs) {
      const at = placeOf([part], begin + ms);
      const isApart = at - (ticks.at(-1)?.at ?? 0) >= leastDistance;
      if (isApart && at < 0.98 && !isCovered(at)) ticks.push({ at, ms });
    }
  }
  return ticks;
}

const roundStepsMs = [
  ...[1, 10, 100, 1_000].flatMap((unit) => [unit, 2 * unit, 5 * unit]),
  ...[10, 20, 30, 60, 120, 300, 600, 1_200, 1_800, 3_600, 7_200, 21_600, 43_200, 86_400].map(
    (s) => s * 1_000,
  ),
];

function roundStep(ms: number): number {
  return roundStepsMs.find((step) => step >= ms) ?? Math.ceil(ms / 86_400_000) * 86_400_000;
}

function lengthOf({ begin, end }: Pick<Piece, "begin" | "end">): number {
  return end - begin;
}

function sum(pieces: readonly Pick<Piece, "begin" | "end">[]): number {
  return pieces.reduce((total, piece) => total + lengthOf(piece), 0);
}
