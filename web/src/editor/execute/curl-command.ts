import type { ExecuteRequest } from "./execute-api.ts";

/** How long the command waits for the result, in seconds. */
const waitSeconds = 20;

/**
 * What a POSIX shell runs to begin the same execution from elsewhere, and to wait for its result. The API key is not in
 * it: it is taken from `DURANIUM_API_KEY`, as `npx duranium` does.
 *
 * @param origin where the API is: `https://duranium.example.com`
 */
export function curlCommand(origin: string, request: ExecuteRequest): string {
  const { workflowId, payload, entryPoint, idempotencyKey } = request;
  const query = entryPoint === "" ? "" : `?${new URLSearchParams({ "entry-point": entryPoint }).toString()}`;
  return [
    `curl ${quoted(`${origin}/workflows/${workflowId}/execute${query}`)}`,
    '--header "authorization: Bearer $DURANIUM_API_KEY"',
    "--header 'content-type: application/json'",
    `--header 'prefer: wait=${waitSeconds}'`,
    ...(idempotencyKey === "" ? [] : [`--header ${quoted(`idempotency-key: ${idempotencyKey}`)}`]),
    `--data-binary ${quoted(JSON.stringify(payload))}`,
  ].join(" \\\n  ");
}

/** One word of a shell, whatever is in it. */
function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
