/** What Duranium and JavaScript provide, as far as it does steps or returns something that does. */

export const contextMembers: ReadonlyMap<string, "operation" | "object"> = new Map([
  ["sleep", "operation"],
  ["waitForEvent", "operation"],
  ["createCallback", "operation"],
  ["call", "operation"],
  ["send", "operation"],
  ["tag", "operation"],
  ["state", "object"],
  ["state.get", "operation"],
  ["state.set", "operation"],
  ["state.delete", "operation"],
  ["state.keys", "operation"],
  ["state.update", "operation"],
  ["secrets", "object"],
  ["secrets.hmacSha256", "operation"],
]);

/** Members of globals that are followed. Other members of globals do no steps. */
export const globalMembers: ReadonlySet<string> = new Set([
  "AbortSignal.timeout",
  "Array.from",
  "Array.fromAsync",
  "Function.prototype",
  "Object.entries",
  "Object.values",
  "Object.fromEntries",
  "Object.assign",
  "Object.freeze",
  "Promise.all",
  "Promise.allSettled",
  "Promise.any",
  "Promise.race",
  "Promise.reject",
  "Promise.resolve",
  "Promise.try",
  "Promise.withResolvers",
  "Reflect.apply",
  "Reflect.construct",
  "Reflect.get",
]);

/** Functions that do steps, or run code that is not in the source. */
export const globalFunctions: ReadonlySet<string> = new Set([
  "fetch",
  "setTimeout",
  "setInterval",
  "setImmediate",
  "queueMicrotask",
  "eval",
  "Function",
  "Promise",
  "Proxy",
  "globalThis",
  "require",
]);

/** Functions of the package `duranium`. */
export const helperFunctions: ReadonlySet<string> = new Set(["retry", "mapConcurrent"]);

/** Packages that compute and do no steps, so that their calls are not shown. */
export const computingPackages: ReadonlySet<string> = new Set([
  "ajv",
  "bignumber.js",
  "cheerio",
  "date-fns",
  "dayjs",
  "decimal.js",
  "fast-deep-equal",
  "fast-xml-parser",
  "he",
  "immer",
  "jose",
  "jsonwebtoken",
  "lodash",
  "lodash-es",
  "luxon",
  "marked",
  "mustache",
  "ms",
  "nanoid",
  "papaparse",
  "qs",
  "ramda",
  "semver",
  "slugify",
  "temporal-polyfill",
  "uuid",
  "valibot",
  "validator",
  "yaml",
  "zod",
]);

/** Node's modules that do no steps. */
export const computingModules: ReadonlySet<string> = new Set([
  "assert",
  "assert/strict",
  "buffer",
  "crypto",
  "path",
  "path/posix",
  "punycode",
  "querystring",
  "string_decoder",
  "url",
  "util",
  "util/types",
  "zlib",
]);
