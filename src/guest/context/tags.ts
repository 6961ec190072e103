/** `ctx.tag`. The host journals the tags of each call; which ones the execution has set already is known here. */
import { isExecutionTag, maxExecutionTags } from "../../domain/limits.ts";
import { callHost } from "../host/host-calls.ts";

const own: string[] = [];

export function resetTags(): void {
  own.length = 0;
}

/**
 * Requests the tags that the workflow has not set before.
 *
 * @throws {TypeError} (as a rejection) if one is no tag
 * @throws {RangeError} (as a rejection) if there are more than `maxExecutionTags` then, none of which is set
 */
export async function tagExecution(...given: readonly unknown[]): Promise<void> {
  const added = given
    .filter((tag, place) => given.indexOf(tag) === place)
    .map(requireTag)
    .filter(isNew);
  if (added.length === 0) return;
  const count = own.length + added.length;
  if (count > maxExecutionTags) throw tooMany(count);
  own.push(...added);
  await callHost("tag", { tags: added }).answer;
}

function isNew(tag: string): boolean {
  return !own.includes(tag);
}

function requireTag(tag: unknown): string {
  if (typeof tag !== "string") throw new TypeError(`A tag is text, and this one is of type ${typeof tag}`);
  if (isExecutionTag(tag)) return tag;
  throw new TypeError(
    `${JSON.stringify(tag.slice(0, 100))} is no tag: use 1 to 64 letters, digits and ". _ : / = @ -", beginning with a letter or digit`,
  );
}

function tooMany(count: number): RangeError {
  const message = `A workflow sets ${count} tags of its execution, and the limit is ${maxExecutionTags} (maxExecutionTags)`;
  return Object.assign(new RangeError(message), { code: "limit-exceeded" });
}
