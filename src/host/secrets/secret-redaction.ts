import { fromLatin1, toLatin1 } from "../../base/bytes.ts";
import { FetchError } from "../network/fetch-error.ts";
import type { Placeholders } from "../seed/secret-placeholder.ts";
import { createMatcher } from "./redaction.ts";
import type { Matcher, Scan } from "./redaction.ts";
import { echoesOf } from "./secret-echoes.ts";

/** The secrets that were sent, by name. */
type Revealed = ReadonlyMap<string, string>;

/** Puts placeholders where secrets are, whatever form they have. */
export function redactText(text: string, revealed: Revealed, placeholders: Placeholders): string {
  if (revealed.size === 0 || text === "") return text;
  // A header has one character for each byte that was sent; other texts are Unicode.
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
  /** Of what comes out. */
  readonly maxBytes: number;
  readonly signal: AbortSignal | undefined;
}

/** Scanned at once. Takes less than a millisecond, and some of them where a text was made to be slow. */
const stepBytes = 128 * 1024;

/** For how long the thread is kept from others. */
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
    // Even the shortest placeholders would be too many by now; the rest need not be counted.
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
    `the body of the response echoes secrets and is larger than ${maxBytes} bytes with their placeholders in it (fetchResponseBytes)`,
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

/** The matchers that were used last: most fetches of a workflow send the same secrets. */
const matchers = new Map<string, Matcher>();

/** Of all matchers that are kept: 40 MB. */
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
