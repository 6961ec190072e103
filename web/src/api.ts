/** What an answer that was no success says (RFC 9457), as far as it does. */
export interface ProblemDocument {
  readonly title?: string;
  readonly detail?: string;
  /** Of the catalogue in `docs/errors.md`. */
  readonly code?: string;
  readonly diagnostics?: readonly unknown[];
}

/** An answer that was no success. */
export class ApiError extends Error {
  override readonly name = "ApiError";
  /** 0 where nothing answered. */
  readonly status: number;
  readonly code: string;
  readonly title: string;
  readonly problem: ProblemDocument;

  constructor(status: number, problem: ProblemDocument) {
    const { title = `The server answered ${status}` } = problem;
    super(problem.detail ?? title);
    this.status = status;
    this.code = problem.code ?? "unknown";
    this.title = title;
    this.problem = problem;
  }
}

export interface ApiRequest {
  /** Sent as JSON. */
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal;
}

/**
 * Asks the API of this origin, with the session's cookie.
 *
 * @throws {ApiError}
 */
export async function request<T>(method: string, path: string, options: ApiRequest = {}): Promise<T> {
  const response = await send(method, path, options);
  const text = await response.text();
  const body: unknown = isJson(response) && text !== "" ? JSON.parse(text) : undefined;
  if (response.ok) return body as T;
  throw new ApiError(response.status, body ?? {});
}

async function send(method: string, path: string, { body, headers, signal }: ApiRequest): Promise<Response> {
  const json = body === undefined ? {} : { "content-type": "application/json" };
  try {
    return await fetch(path, {
      method,
      headers: { accept: "application/json", ...json, ...headers },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      ...(signal === undefined ? {} : { signal }),
    });
  } catch (cause) {
    if (signal?.aborted === true) throw cause;
    throw unreachable();
  }
}

function unreachable(): ApiError {
  return new ApiError(0, {
    code: "unreachable",
    title: "Duranium does not answer",
    detail: "Look whether it runs and whether you are online. The page tries again by itself.",
  });
}

function isJson(response: Response): boolean {
  return /\bjson\b/.test(response.headers.get("content-type") ?? "");
}
