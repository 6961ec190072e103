import { executeQuery } from "./execute-api.ts";
import type { ExecuteRequest } from "./execute-api.ts";

/** Seconds that the command waits for the result. */
const waitSeconds = 20;

/**
 * A command for a POSIX shell that starts the same execution and waits for its result, unless it starts later. The API key is read from `DURANIUM_API_KEY`, as by `npx duranium`.
 *
 * @param origin of the API, such as `https://duranium.example.com`
 */
export function curlCommand(origin: string, request: ExecuteRequest): string {
  const { workflowId, payload, idempotencyKey, delay, at } = request;
  const query = new URLSearchParams(executeQuery(request)).toString();
  const isLater = delay !== undefined || at !== undefined;
  return [
    `curl ${quoted(`${origin}/workflows/${workflowId}/execute${query === "" ? "" : `?${query}`}`)}`,
    '--header "authorization: Bearer $DURANIUM_API_KEY"',
    "--header 'content-type: application/json'",
    ...(isLater ? [] : [`--header 'prefer: wait=${waitSeconds}'`]),
    ...(idempotencyKey === "" ? [] : [`--header ${quoted(`idempotency-key: ${idempotencyKey}`)}`]),
    `--data-binary ${quoted(JSON.stringify(payload))}`,
  ].join(" \\\n  ");
}

/** Quotes a text as one word of a shell. */
function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
