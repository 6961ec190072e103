import { fromLatin1, toLatin1 } from "../../base/bytes.ts";
import { FetchError } from "../network/fetch-error.ts";
import type { Placeholders } from "../seed/secret-placeholder.ts";
import { createMatcher } from "./redaction.ts";
import type { Matcher, Scan } from "./redaction.ts";
import { echoesOf } from "./secret-echoes.ts";

/** The secrets of the request, by name. */
type Revealed = ReadonlyMap<string, string>;

/** Replaces secrets by placeholders, in all their encodings. */
export function redactText(text: string, revealed: Revealed, placeholders: Placeholders): string {
  if (revealed.size === 0 || text === "") return text;
  // In a header each character is one byte; other texts are Unicode.
  const isBytes = !/[\u0100-\uffff]/.test(text);
  const bytes = isBytes ? fromLatin1(text) : new TextEncoder().encode(text);
  const scan = matcherOf(revealed).start(bytes);
  scan.step(bytes.length);
  if (scan.found === 0) return text;
  const redacted = scan.replaced(replacementsOf(placeholders));
  return isBytes ? toLatin1(redacted) : new TextDecoder().decode(redacted);
}

export interface RedactionOptions {
  readonly revealed: Revealed;
  readonly placeholders: Placeholders;
  /** The maximum size of the output. */
  readonly maxBytes: number;
  readonly signal: AbortSignal | undefined;
}

/** The bytes that are scanned before the clock is checked. */
const stepBytes = 128 * 1024;

/** How long redaction may run before it yields to the event loop. */
const sliceMs = 5;

/** @throws {FetchError} `limit-exceeded`; or the reason of the signal */
export async function redactBytes(
  bytes: Uint8Array,
  { revealed, placeholders, maxBytes, signal }: RedactionOptions,
): Promise<Uint8Array> {
  if (revealed.size === 0) return bytes;
  const replacementOf = replacementsOf(placeholders);
  const scan = matcherOf(revealed).start(bytes);
  let sliceEnd = performance.now() + sliceMs;
  while (scan.step(stepBytes)) {
    // Even with the shortest placeholders the output is too large, so the rest need not be scanned.
    if (scan.found * minPlaceholderBytes > maxBytes) throw tooLarge(maxBytes);
    if (performance.now() < sliceEnd) continue;
    await new Promise((resolve) => setTimeout(resolve));
    signal?.throwIfAborted();
    sliceEnd = performance.now() + sliceMs;
  }
  assertCapacity(scan, replacementOf, maxBytes);
  return scan.replaced(replacementOf);
}

/** `secret_A_` and a tag of 32 digits. */
const minPlaceholderBytes = 41;

function assertCapacity(scan: Scan, replacementOf: (name: string) => Uint8Array, maxBytes: number): void {
  if (scan.found === 0) return;
  if (scan.replacedLength((name) => replacementOf(name).length) > maxBytes) throw tooLarge(maxBytes);
}

function tooLarge(maxBytes: number): FetchError {
  return new FetchError(
    "limit-exceeded",
    `the body of the response echoes secrets, and with placeholders in their place it is larger than ${maxBytes} bytes (fetchResponseBytes)`,
  );
}

function replacementsOf(placeholders: Placeholders): (name: string) => Uint8Array {
  const made = new Map<string, Uint8Array>();
  return (name) => {
    const replacement = made.get(name) ?? new TextEncoder().encode(placeholders.of(name));
    made.set(name, replacement);
    return replacement;
  };
}

/** A cache of the last matchers, because most fetches of a workflow send the same secrets. */
const matchers = new Map<string, Matcher>();

/** The maximum number of nodes of all cached matchers, which take about 40 MB. */
const maxKeptNodes = 2_000_000;

function matcherOf(revealed: Revealed): Matcher {
  const key = JSON.stringify([...revealed]);
  const matcher = matchers.get(key) ?? createMatcher(patternsOf(revealed));
  matchers.delete(key);
  matchers.set(key, matcher);
  let nodes = Array.from(matchers.values()).reduce((sum, each) => sum + each.nodes, 0);
  for (const [oldest, each] of matchers) {
    if (nodes <= maxKeptNodes) break;
    nodes -= each.nodes;
    matchers.delete(oldest);
  }
  return matcher;
}

function patternsOf(revealed: Revealed) {
  return [...revealed].flatMap(([name, value]) => echoesOf(value).map((bytes) => ({ name, bytes })));
}
