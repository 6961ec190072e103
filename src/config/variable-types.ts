import { availableParallelism } from "node:os";
import { z } from "zod";

/** The types of environment variables. Their messages follow the variable's name: `PORT must be a port number`. */

export function port(fallback: number) {
  return wholeNumber("a port number", { min: 1, max: 65_535 }, "a port from 1 to 65535").default(fallback);
}

/**
 * A whole number.
 *
 * @param what a noun phrase such as `a number of requests`
 * @param range how messages name the allowed range; by default from its bounds
 */
export function wholeNumber(
  what: string,
  { min, max }: { readonly min: number; readonly max?: number },
  range = max === undefined ? `${min} or more` : `from ${min} to ${max}`,
) {
  const outside = `must be ${range}`;
  const number = z.coerce.number(`must be ${what}`).int("must be a whole number").min(min, outside);
  return max === undefined ? number : number.max(max, outside);
}

/** A whole number, or `auto`: the number of cores that this process may use. */
export function numberOrCores(what: string, range: { readonly min: number; readonly max: number }) {
  const cores = () => Math.min(availableParallelism(), range.max);
  return z.preprocess(
    (given) => (given === "auto" ? cores() : given),
    wholeNumber(`${what}, or auto`, range),
  );
}

/** Units of fuel. There are many of them, so `20e9` is accepted as well. */
export function fuel(fallback: number) {
  return z.coerce
    .number("must be a number of units of fuel")
    .int("must be a whole number")
    .min(1e9, "must be 1e9 or more")
    .max(1e15, "must be 1e15 or less")
    .default(fallback);
}

/** Without a slash at its end. */
export const httpUrl = z
  .url({ protocol: /^https?$/, error: "must be an http:// or https:// URL" })
  .transform((text) => text.replace(/\/+$/, ""));

/** The addresses of the nodes of a cluster, separated by commas. */
export const httpUrls = z.string().transform((text, context) => {
  const parts = text.split(",").map((part) => httpUrl.safeParse(part.trim()));
  for (const { error } of parts) for (const { message } of error?.issues ?? []) context.addIssue(message);
  return parts.flatMap(({ data }) => (data === undefined ? [] : [data]));
});

/** Shown to users, so that it has no credentials. */
export const registryUrl = httpUrl.refine(
  (text) => /^https?:\/\/[^@?#]+$/.test(text),
  "must have no user, password, query and fragment: set DURANIUM_PACKAGES_REGISTRY_TOKEN",
);

export const headerToken = z.string().regex(/^[\x21-\x7e]+$/, "must have visible ASCII characters only");

export const smtpUrl = z.url({ protocol: /^smtps?$/, error: "must be an smtp:// or smtps:// URL" });

/** A PostgreSQL URL as it is, or the path of a `file:` URL. */
export const databaseUrl = z
  .string()
  .regex(/^(file:.|postgres(ql)?:\/\/.)/, 'must be a "file:" or "postgres:" URL')
  .transform((text) => (isPostgresUrl(text) ? text : text.slice("file:".length).replace(/^\/\/(?=\/)/, "")));

export function isPostgresUrl(text: string): boolean {
  return /^postgres(ql)?:/.test(text);
}

/** Items separated by commas or spaces. */
export const list = z
  .string()
  .default("")
  .transform((text) => text.split(/[\s,]+/).filter((part) => part !== ""));

export const origins = list.refine(
  (items) => items.every(isOrigin),
  "must be origins, as https://dashboard.example, or *",
);

export const onOff = z.enum(["on", "off"], 'must be "on" or "off"');

function isOrigin(text: string): boolean {
  return text === "*" || (URL.canParse(text) && /^https?:/.test(text) && new URL(text).origin === text);
}
