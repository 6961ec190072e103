/** The error of a failed request, with Node's code if `fetch` reported one, because retry logic checks the code. */
export function fetchError(error: unknown): Error {
  const cause = error instanceof Error ? error.cause : undefined;
  const code = [error, cause]
    .map((each) => (each as { readonly code?: unknown } | undefined)?.code)
    .find((each) => typeof each === "string");
  const failure = error instanceof Error ? error : new Error(String(error));
  return Object.assign(new Error(failure.message, { cause: failure }), { code: code ?? "ECONNRESET" });
}
