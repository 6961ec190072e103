import type { ReplayedCall, ReplayItem } from "./replay-item.ts";

/** Characters of the arguments of a call in a report, as JSON, and of its body. */
const maxShownCharacters = 16_384;

/** Shortens the calls of an item, because a report has hundreds of items. Long arguments become the beginning of their JSON. */
export function shortItem(item: ReplayItem): ReplayItem {
  const { expected, actual } = item;
  return {
    ...item,
    ...(expected === undefined ? {} : { expected: shortCall(expected) }),
    ...(actual === undefined ? {} : { actual: shortCall(actual) }),
  };
}

function shortCall(call: ReplayedCall): ReplayedCall {
  const { name, operation, arguments: given, body } = call;
  const json = given === undefined ? "" : JSON.stringify(given);
  const shown = json.length <= maxShownCharacters ? given : beginningOf(json);
  const { text, ...digest } = body ?? {};
  const isLong = text !== undefined && text.length > maxShownCharacters;
  return {
    name: name.length <= maxShownCharacters ? name : beginningOf(name),
    operation,
    ...(shown === undefined ? {} : { arguments: shown }),
    ...(body === undefined ? {} : { body: isLong ? (digest as typeof body) : body }),
  };
}

function beginningOf(text: string): string {
  return `${text.slice(0, maxShownCharacters)}…`.toWellFormed();
}
