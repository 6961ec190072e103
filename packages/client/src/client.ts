import createFetchClient from "openapi-fetch";
import { followLogs } from "./log-stream.ts";
import type { FollowOptions, LogEvent } from "./log-stream.ts";
import type { paths } from "./openapi.ts";
import { ProblemError, problemOf, unexpectedAnswer, unreachable } from "./problem-error.ts";

export interface ClientOptions {
  /** Where the API is: `http://127.0.0.1:3000`; `""` in a page that the API serves itself. */
  readonly baseUrl: string;
  /** An API key. Left out where the cookie of a session stands for it. */
  readonly key?: string;
  /** In place of the platform's own. */
  readonly fetch?: typeof globalThis.fetch;
}

/**
 * The API, typed. Paths, parameters and bodies are those of `/openapi.json`:
 *
 * ```ts
 * const duranium = createClient({ baseUrl: "http://127.0.0.1:3000", key });
 * const { items } = await duranium.get("/executions", { params: { query: { status: "failed" } } });
 * ```
 *
 * Every method rejects with a `ProblemError`, and with `signal.reason` where the `signal` of a request aborts.
 */
export interface DuraniumClient {
  /** Each resolves to the body of the answer; to `undefined` where there is none. */
  readonly get: Call<"get">;
  readonly put: Call<"put">;
  readonly post: Call<"post">;
  readonly patch: Call<"patch">;
  readonly delete: Call<"delete">;
  /** The same, together with the response's status and headers. */
  send<Method extends HttpMethod, Path extends PathsWith<Method>>(
    method: Method,
    path: Path,
    ...options: Optional<CallOptions<Operation<Path, Method>>>
  ): Promise<Answer<Operation<Path, Method>>>;
  /** What an execution wrote and writes to its console, until it ends. Comes back after a connection that broke. */
  followLogs(executionId: string, options?: FollowOptions): AsyncGenerator<LogEvent, void, undefined>;
}

/** Makes a client. Nothing is sent before it is asked to. */
export function createClient(options: ClientOptions): DuraniumClient {
  const { baseUrl, key, fetch = globalThis.fetch } = options;
  const send = senderOf({ ...options, fetch });
  const call = (method: HttpMethod) => async (path: string, init?: object) =>
    (await send(method, path, init)).body;
  return {
    get: call("get") as Call<"get">,
    put: call("put") as Call<"put">,
    post: call("post") as Call<"post">,
    patch: call("patch") as Call<"patch">,
    delete: call("delete") as Call<"delete">,
    send: send as DuraniumClient["send"],
    followLogs: (executionId, followOptions) =>
      followLogs({ baseUrl, headers: headersOf(key), fetch }, executionId, followOptions),
  };
}

type HttpMethod = "get" | "put" | "post" | "patch" | "delete";

/** The paths that have a method. */
type PathsWith<Method extends HttpMethod> = {
  [Path in keyof paths]: paths[Path] extends { readonly [M in Method]: object } ? Path : never;
}[keyof paths];

type Operation<Path extends keyof paths, Method extends HttpMethod> = paths[Path][Method];

/** One method of the client, for all paths that have it. */
type Call<Method extends HttpMethod> = <Path extends PathsWith<Method>>(
  path: Path,
  ...options: Optional<CallOptions<Operation<Path, Method>>>
) => Promise<BodyOf<Operation<Path, Method>>>;

/** May be left out where nothing in it is required. */
type Optional<Options> = object extends Options ? [options?: Options] : [options: Options];

type CallOptions<Op> = ParametersOf<Op> &
  RequestBodyOf<Op> & {
    readonly signal?: AbortSignal | undefined;
    /** Beside those that the document has. */
    readonly headers?: Readonly<Record<string, string>>;
    /** `keepalive` lets a request outlive the page that sends it. */
    readonly keepalive?: boolean;
    /** How the body of the answer is read: `json` unless given. */
    readonly parseAs?: "json" | "text" | "blob" | "arrayBuffer";
  };

type ParametersOf<Op> = Op extends { readonly parameters: infer Parameters }
  ? object extends Parameters
    ? { readonly params?: Parameters }
    : { readonly params: Parameters }
  : object;

type RequestBodyOf<Op> = Op extends { readonly requestBody: { readonly content: infer Content } }
  ? { readonly body: Content[keyof Content] | FileOf<Content> }
  : Op extends { readonly requestBody?: { readonly content: infer Content } }
    ? { readonly body?: Content[keyof Content] }
    : object;

/** An operation that does not accept JSON accepts a file. */
type FileOf<Content> = Content extends { readonly "application/json": unknown } ? never : Blob;

type BodyOf<Op> = Op extends { readonly responses: infer Responses }
  ? { [Status in keyof Responses]: ContentOf<Responses[Status]> }[keyof Responses]
  : never;

/** JSON where an answer can have several forms; `undefined` where it has none. */
type ContentOf<Response> = Response extends { readonly content: infer Content }
  ? Content extends { readonly "application/json": infer Json }
    ? Json
    : Content[keyof Content]
  : undefined;

interface Answer<Op> {
  readonly body: BodyOf<Op>;
  readonly response: Response;
}

/** The same without types, which the interface above gives it. */
type Send = (
  method: HttpMethod,
  path: string,
  init?: { readonly parseAs?: "json" | "text" | "blob" | "arrayBuffer" },
) => Promise<{ body: unknown; response: Response }>;

function senderOf({
  baseUrl,
  key,
  fetch,
}: ClientOptions & { readonly fetch: typeof globalThis.fetch }): Send {
  const client = createFetchClient<Record<string, Record<HttpMethod, object>>>({
    baseUrl,
    headers: headersOf(key),
    // Nothing of the API redirects. Who does would get the key, or turn a POST into a GET.
    redirect: "error",
    fetch: async (request) => await fetch(request),
    pathSerializer: fillPath,
    // A file is sent as it is.
    bodySerializer: (body: unknown) => (body instanceof Blob ? body : JSON.stringify(body)),
  });
  client.use({
    onError: ({ error, request }) =>
      request.signal.aborted ? undefined : unreachable(new URL(request.url).origin, error),
    onResponse: async ({ response }) => {
      if (!response.ok) throw await problemOf(response);
    },
  });
  return async (method, path, { parseAs = "json", ...init } = {}) => {
    // As a stream, which leaves the reading to us.
    const { response } = await client.request(method, path, { ...init, parseAs: "stream" });
    return { body: parseAs === "json" ? await readJson(response) : await response[parseAs](), response };
  };
}

function headersOf(key: string | undefined): Record<string, string> {
  return key === undefined ? {} : { authorization: `Bearer ${key}` };
}

/** `undefined` for an empty body. Rejects a page of another server instead of treating it as a response of the API. */
async function readJson(response: Response): Promise<unknown> {
  const text = await response.text();
  if (text === "") return undefined;
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw unexpectedAnswer(response, text, cause);
  }
}

/** `.` and `..` are steps through a URL, however they are encoded, and an empty part is another path. */
function fillPath(template: string, parameters: Record<string, unknown>): string {
  return template.replaceAll(/\{(\w+)\}/g, (_all, name: string) => {
    const value = toText(parameters[name]);
    if (["", ".", ".."].includes(value)) {
      throw new ProblemError("invalid-request", `Cannot send a request with "${value}" as its ${name}`);
    }
    return encodeURIComponent(value);
  });
}

function toText(parameter: unknown): string {
  return typeof parameter === "string" || typeof parameter === "number" ? String(parameter) : "";
}
