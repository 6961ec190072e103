import * as fc from "fast-check";

/**
 * The number of runs of each property with each seed. It is small, so that the tests take seconds.
 * `FUZZ_RUNS=10000` sets a larger one.
 */
function runs(usual: number): number {
  return Number(process.env["FUZZ_RUNS"] ?? usual);
}

/** The first seed is constant, the second one is random. A failure reports the seed that caused it. */
const seeds = [20_261_126, Math.floor(Math.random() * 2 ** 31)];

/** Checks a property with generated inputs. */
export function fuzz<Inputs>(property: fc.IProperty<Inputs>, usualRuns = 100): void {
  for (const seed of seeds) fc.assert(property, { seed, numRuns: runs(usualRuns) });
}

/** The same for an asynchronous property. */
export async function fuzzAsync<Inputs>(property: fc.IAsyncProperty<Inputs>, usualRuns = 100): Promise<void> {
  for (const seed of seeds) await fc.assert(property, { seed, numRuns: runs(usualRuns) });
}

/**
 * Texts that are difficult to parse: control characters, lone surrogates, bidirectional marks, property names that
 * every object has.
 */
export const hostileText: fc.Arbitrary<string> = fc.oneof(
  fc.string({ unit: "binary", maxLength: 40 }),
  fc.string({ unit: fc.integer({ min: 0, max: 0xffff }).map((unit) => String.fromCharCode(unit)) }),
  fc.constantFrom(
    "__proto__",
    "constructor",
    "toString",
    "../../../etc/passwd",
    "..%2f..%2fetc%2fpasswd",
    "%2e%2e/%2e%2e/",
    "..\\..\\windows",
    "/etc/passwd",
    "\0",
    "%00",
    "%",
    "%zz",
    "%c0%ae%c0%ae/",
    "\ud800",
    "a\r\nb: c",
    "'; DROP TABLE workflows; --",
    "' OR '1'='1",
    "\u202e\u2066",
    "💥".repeat(10),
    "x".repeat(5_000),
    "-1",
    "1e999",
    "NaN",
    "9".repeat(400),
  ),
);

/** JSON that is difficult to handle: keys that every object has, numbers that overflow, deep nesting. */
export const hostileJson: fc.Arbitrary<string> = fc.oneof(
  fc.json(),
  fc.string(),
  fc.constantFrom(
    '{"__proto__":{"polluted":true}}',
    '{"constructor":{"prototype":{"polluted":true}}}',
    '{"a":1,"a":2}',
    '"\\ud800"',
    "1e999",
    "-0",
    "NaN",
    "[1,]",
    "\ufeff{}",
    "[".repeat(300) + "]".repeat(300),
    "[".repeat(100_000),
    '{"a":'.repeat(300),
    '{"toJSON":"x","then":"y","length":-1}',
  ),
);
