import type { RecordedRequest } from "./recorded-request.ts";

/** The response of a service in a case: JSON, or a text. */
export interface Answer {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly json?: unknown;
  readonly body?: string;
}

/** A request, with the part of its path that follows the name of the service. */
export type AnsweredRequest = RecordedRequest & { readonly rest: string };

const xml = { "content-type": "application/xml" };
const events = { "content-type": "text/event-stream" };

const usage = { prompt_tokens: 1, completion_tokens: 1, total_tokens: 2 };
const completion = {
  id: "c1",
  object: "chat.completion",
  created: 1,
  model: "gpt",
  choices: [{ index: 0, finish_reason: "stop", message: { role: "assistant", content: "Hello" } }],
  usage,
};

function chunk(content: string): object {
  return {
    id: "c1",
    object: "chat.completion.chunk",
    created: 1,
    model: "gpt",
    choices: [{ index: 0, delta: { content }, finish_reason: null }],
  };
}

function openAi({ rest, body }: AnsweredRequest): Answer {
  if (rest.includes("missing")) return { status: 404, json: { error: { message: "no such model" } } };
  if (rest.startsWith("embeddings"))
    return {
      json: {
        object: "list",
        model: "e",
        data: [{ object: "embedding", index: 0, embedding: [0.5, 0.25] }],
        usage,
      },
    };
  if (!body.includes('"stream":true')) return { json: completion };
  return {
    headers: events,
    body:
      ["Hel", "lo"].map((text) => `data: ${JSON.stringify(chunk(text))}\n\n`).join("") + "data: [DONE]\n\n",
  };
}

function anthropic({ rest }: AnsweredRequest): Answer {
  if (rest.includes("missing"))
    return { status: 404, json: { type: "error", error: { type: "not_found_error", message: "no" } } };
  return {
    json: {
      id: "m1",
      type: "message",
      role: "assistant",
      model: "claude",
      content: [{ type: "text", text: "Hello" }],
      stop_reason: "end_turn",
      stop_sequence: null,
      usage: { input_tokens: 1, output_tokens: 1 },
    },
  };
}

function s3({ method, path }: AnsweredRequest): Answer {
  if (path.includes("missing"))
    return {
      status: 404,
      headers: xml,
      body: "<Error><Code>NoSuchKey</Code><Message>The key is not there</Message></Error>",
    };
  if (path.includes("list-type"))
    return {
      headers: xml,
      body: "<ListBucketResult><Name>b</Name><KeyCount>1</KeyCount><Contents><Key>k &amp; l.txt</Key><Size>5</Size></Contents></ListBucketResult>",
    };
  return method === "PUT" ? { body: "" } : { headers: { "content-type": "text/plain" }, body: "hello" };
}

/** Keyed by the first segment of the path. */
export const answers: Readonly<Record<string, (request: AnsweredRequest) => Answer>> = {
  openai: openAi,
  "anthropic-sdk": anthropic,
  "google-genai": () => ({
    json: {
      candidates: [{ content: { role: "model", parts: [{ text: "Hello" }] }, finishReason: "STOP" }],
      usageMetadata: { promptTokenCount: 1, candidatesTokenCount: 1, totalTokenCount: 2 },
    },
  }),
  mistralai: () => ({ json: { ...completion, object: "chat.completion" } }),
  "cohere-ai": () => ({ json: { text: "Hello", generation_id: "g" } }),
  replicate: () => ({ status: 201, json: { id: "p1", status: "starting" } }),
  ollama: () => ({
    json: {
      model: "llama",
      created_at: "2026-01-01T00:00:00Z",
      message: { role: "assistant", content: "Hello" },
      done: true,
    },
  }),
  voyageai: () => ({
    json: {
      object: "list",
      data: [{ object: "embedding", embedding: [0.5], index: 0 }],
      model: "m",
      usage: { total_tokens: 1 },
    },
  }),
  langfuse: () => ({ json: { data: [{ id: "t1" }], meta: { page: 1 } } }),
  jsforce: () => ({ json: { totalSize: 1, done: true, records: [{ Id: "1", Name: "n" }] } }),
  pinecone: () => ({ json: { indexes: [] } }),
  qdrant: () => ({ json: { result: { collections: [{ name: "c" }] }, status: "ok", time: 0 } }),
  "modelcontextprotocol-sdk": ({ method, body }) => {
    if (method !== "POST") return { status: 405, json: {} };
    const message = JSON.parse(body) as { readonly id?: number; readonly method: string };
    if (message.id === undefined) return { status: 202, body: "" };
    const result =
      message.method === "initialize"
        ? {
            protocolVersion: "2025-03-26",
            capabilities: { tools: {} },
            serverInfo: { name: "s", version: "1" },
          }
        : { tools: [{ name: "search", inputSchema: { type: "object" } }] };
    return { json: { jsonrpc: "2.0", id: message.id, result } };
  },
  "client-s3": s3,
  "client-sqs": () => ({
    headers: { "content-type": "application/x-amz-json-1.0" },
    json: { MessageId: "m1", MD5OfMessageBody: "5d41402abc4b2a76b9719d911017c592" },
  }),
  "client-sns": () => ({
    headers: { "content-type": "text/xml" },
    body: '<PublishResponse xmlns="http://sns.amazonaws.com/doc/2010-03-31/"><PublishResult><MessageId>m1</MessageId></PublishResult><ResponseMetadata><RequestId>r</RequestId></ResponseMetadata></PublishResponse>',
  }),
  "client-ses": () => ({
    headers: { "content-type": "text/xml" },
    body: '<SendEmailResponse xmlns="http://ses.amazonaws.com/doc/2010-12-01/"><SendEmailResult><MessageId>m1</MessageId></SendEmailResult></SendEmailResponse>',
  }),
  "client-dynamodb": () => ({
    headers: { "content-type": "application/x-amz-json-1.0" },
    json: { Item: { id: { S: "1" }, n: { N: "2.5" }, tags: { L: [{ S: "x" }] } } },
  }),
  "client-secrets-manager": () => ({
    headers: { "content-type": "application/x-amz-json-1.1" },
    json: { SecretString: "s3cret" },
  }),
  "azure-storage-blob": ({ method }) =>
    method === "PUT"
      ? { status: 201, body: "", headers: { etag: '"1"' } }
      : { headers: { "content-type": "text/plain", etag: '"1"', "content-length": "5" }, body: "hello" },
  "azure-data-tables": () => ({
    headers: { "content-type": "application/json;odata=minimalmetadata" },
    json: { PartitionKey: "p", RowKey: "r", name: "n" },
  }),
  "google-cloud-storage": () => ({
    headers: { "content-type": "text/plain", "x-goog-hash": "crc32c=mnG7TA==" },
    body: "hello",
  }),
  "octokit-rest": ({ path }) => {
    if (path.includes("missing")) return { status: 404, json: { message: "Not Found" } };
    const page = Number(/[?&]page=(\d+)/.exec(path)?.[1] ?? 1);
    const link = `<http://127.0.0.1${path}&page=2>; rel="last"`;
    return { headers: { link }, json: [{ title: `issue ${page}` }] };
  },
  graphql: () => ({ json: { data: { viewer: { login: "ada", __typename: "User" } } } }),
  list: () => ({ json: [{ id: 1, name: "p" }] }),
  v1: () => ({ json: { id: "cus_1", object: "customer" } }),
  twilio: () => ({ status: 201, json: { sid: "SM1", status: "queued" } }),
  "sendgrid-mail": () => ({ status: 202, body: "" }),
  "slack-web-api": ({ body }) =>
    body.includes("missing")
      ? { json: { ok: false, error: "channel_not_found" } }
      : { json: { ok: true, ts: "1.2" } },
  "slack-webhook": () => ({ headers: { "content-type": "text/plain" }, body: "ok" }),
  resend: () => ({ json: { id: "e1" } }),
  postmark: () => ({ json: { To: "c@d.test", MessageID: "m1", ErrorCode: 0, Message: "OK" } }),
  mailgun: () => ({ json: { id: "<m1>", message: "Queued" } }),
  hubspot: () => ({
    status: 201,
    json: {
      id: "51",
      properties: { email: "a@b.test" },
      createdAt: "2026-01-01T00:00:00Z",
      updatedAt: "2026-01-01T00:00:00Z",
      archived: false,
    },
  }),
  airtable: () => ({
    json: { records: [{ id: "rec1", createdTime: "2026-01-01T00:00:00Z", fields: { Name: "A" } }] },
  }),
  notion: ({ path }) =>
    path.includes("missing")
      ? { status: 404, json: { object: "error", status: 404, code: "object_not_found", message: "no" } }
      : { json: { object: "page", id: "page1" } },
  linear: () => ({
    json: {
      data: {
        viewer: {
          id: "u1",
          name: "Ada",
          createdAt: "2026-01-01T00:00:00Z",
          updatedAt: "2026-01-01T00:00:00Z",
        },
      },
    },
  }),
  supabase: () => ({ json: [{ name: "Germany" }] }),
  upstash: () => ({ json: { result: "OK" } }),
  spaces: () => ({ json: { sys: { type: "Array" }, total: 1, skip: 0, limit: 1, items: [] } }),
  v2026: () => ({ json: { result: [] } }),
  "1": () => ({ json: { hits: [{ objectID: "1" }], nbHits: 1 } }),
  intercom: () => ({ json: { type: "contact", id: "1" } }),
  square: () => ({ json: { locations: [{ id: "L1" }] } }),
  plaid: () => ({ json: { accounts: [], request_id: "r" } }),
  "bot1:t": () => ({
    json: { ok: true, result: { message_id: 7, date: 1, chat: { id: 1, type: "private" } } },
  }),
  discord: () => ({ json: { id: "1", content: "Hi" } }),
  trpc: () => ({ json: [{ result: { data: "Hi A" } }] }),
  status: ({ rest }) => ({ status: Number.parseInt(rest, 10), json: { status: Number.parseInt(rest, 10) } }),
  bytes: () => ({ headers: { "content-type": "application/octet-stream" }, body: "\u0000\u0001abc" }),
  redirect: () => ({ status: 302, headers: { location: "/echo/redirected" }, body: "" }),
};
