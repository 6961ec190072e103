import { setTimeout as delay } from "node:timers/promises";
import { AwsV4Signer } from "aws4fetch";
import { Agent, request } from "undici";
import { digestOf } from "../../base/sha256.ts";
import { createCredentialsProvider } from "./credentials.ts";
import type { Credentials, CredentialsSource } from "./credentials.ts";
import { isOfCredentials, isTransient, noResponse, refused } from "./failures.ts";
import type { Refusal, Subject } from "./failures.ts";
import {
  connectTimeoutMs,
  firstRetryDelayMs,
  maxAttempts,
  maxConnections,
  maxRetryDelayMs,
  readTimeoutMs,
  requestTimeoutMs,
  writeTimeoutMs,
} from "./limits.ts";

/** A bucket of a service with the API of S3, and a prefix in it. */
export interface ObjectStorageLocation {
  readonly bucket: string;
  /** Of all keys, without slashes at its ends; may be empty. */
  readonly prefix: string;
  readonly region: string;
  /** The origin of a service other than Amazon S3. */
  readonly endpoint?: string;
  readonly credentials: CredentialsSource;
  /** The defaults are in `limits.ts`. */
  readonly timeouts?: Partial<Timeouts>;
}

export interface Timeouts {
  readonly readMs: number;
  readonly writeMs: number;
  readonly firstRetryDelayMs: number;
}

/** A request to the bucket, or to one of its objects. */
export interface StorageRequest {
  /** For errors: `read`, `write`, `delete` or `list`. */
  readonly verb: string;
  readonly method: "GET" | "PUT" | "POST" | "DELETE";
  /** Below the prefix; undefined for the bucket itself. */
  readonly key?: string;
  readonly query?: Readonly<Record<string, string>>;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Uint8Array;
  /** Statuses of responses that the caller handles, beside those of success. */
  readonly handled?: readonly number[];
}

export interface StorageResponse {
  readonly status: number;
  readonly headers: Refusal["headers"];
  readonly body: Uint8Array;
}

/** Sends signed requests, and repeats those that fail for a while. */
export interface StorageClient extends AsyncDisposable {
  /** `s3://bucket/prefix` */
  readonly url: string;
  readonly prefix: string;
  /** @throws {DuraniumError} `object-storage-unavailable`, `object-storage-refused` */
  send(request: StorageRequest): Promise<StorageResponse>;
}

export function createStorageClient(location: ObjectStorageLocation): StorageClient {
  const agent = new Agent({ connections: maxConnections, connect: { timeout: connectTimeoutMs } });
  const provider = createCredentialsProvider(location.credentials);
  const closing = new AbortController();
  const { signal } = closing;
  const firstDelayMs = location.timeouts?.firstRetryDelayMs ?? firstRetryDelayMs;

  async function send(sent: StorageRequest): Promise<StorageResponse> {
    for (let attempt = 1; ; attempt += 1) {
      const credentials = await provider.current();
      const answer = await attemptOnce({ location, credentials, agent, signal }, sent);
      if ("status" in answer) return answer;
      if (answer.areCredentialsStale) provider.discard();
      const isLast = attempt === maxAttempts || (answer.areCredentialsStale && attempt > 1);
      if (isLast || !answer.isTransient || signal.aborted) throw answer.error;
      const longestMs = Math.min(maxRetryDelayMs, firstDelayMs * 2 ** (attempt - 1));
      const waitMs = Math.max(Math.random() * longestMs, Math.min(maxRetryDelayMs, answer.retryAfterMs));
      await delay(waitMs, undefined, { signal });
    }
  }

  return {
    url: urlOf(location),
    prefix: location.prefix,
    send,
    async [Symbol.asyncDispose]() {
      closing.abort();
      await agent.destroy();
    },
  };
}

interface Failure {
  readonly error: Error;
  readonly isTransient: boolean;
  readonly areCredentialsStale: boolean;
  readonly retryAfterMs: number;
}

interface Sending {
  readonly location: ObjectStorageLocation;
  readonly credentials: Credentials;
  readonly agent: Agent;
  readonly signal: AbortSignal;
}

async function attemptOnce(sending: Sending, sent: StorageRequest): Promise<StorageResponse | Failure> {
  const subject = subjectOf(sending, sent);
  try {
    const response = await exchange(sending, sent);
    const { status } = response;
    const isSuccess = status >= 200 && status < 300 && !isLateError(sent, response);
    if (isSuccess || sent.handled?.includes(status) === true) return response;
    const refusal = { ...response, body: new TextDecoder().decode(response.body) };
    const areCredentialsStale = isOfCredentials(refusal) && canBeRenewed(sending.location.credentials);
    return {
      error: refused(subject, refusal),
      isTransient: isTransient(refusal) || areCredentialsStale || isLateError(sent, response),
      areCredentialsStale,
      retryAfterMs: Number(refusal.headers["retry-after"] ?? 0) * 1_000 || 0,
    };
  } catch (cause) {
    const error = noResponse(subject, cause);
    return { error, isTransient: true, areCredentialsStale: false, retryAfterMs: 0 };
  }
}

/** S3 begins the response to the completion of an upload before it knows the result. */
function isLateError({ method }: StorageRequest, { status, body }: StorageResponse): boolean {
  return method === "POST" && status === 200 && new TextDecoder().decode(body).includes("<Error>");
}

function canBeRenewed(source: CredentialsSource): boolean {
  if (source.kind !== "keys") return true;
  return [source.accessKeyId, source.secretAccessKey, source.sessionToken].some(
    (setting) => setting !== undefined && "file" in setting,
  );
}

async function exchange(
  { location, credentials, agent, signal }: Sending,
  { method, key, query = {}, headers = {}, body }: StorageRequest,
): Promise<StorageResponse> {
  const url = new URL(addressOf(location, key));
  for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value);
  const { accessKeyId, secretAccessKey, sessionToken } = credentials;
  const signed = await new AwsV4Signer({
    method,
    url: url.href,
    headers: { ...headers, "x-amz-content-sha256": digestOf(body ?? "") },
    service: "s3",
    region: location.region,
    accessKeyId,
    secretAccessKey,
    ...(sessionToken === undefined ? {} : { sessionToken }),
  }).sign();
  const { readMs = readTimeoutMs, writeMs = writeTimeoutMs } = location.timeouts ?? {};
  const response = await request(signed.url, {
    method,
    headers: Object.fromEntries(signed.headers),
    dispatcher: agent,
    signal: AbortSignal.any([signal, AbortSignal.timeout(requestTimeoutMs)]),
    headersTimeout: method === "GET" ? readMs : writeMs,
    bodyTimeout: readMs,
    ...(body === undefined ? {} : { body }),
  });
  return {
    status: response.statusCode,
    headers: response.headers,
    body: new Uint8Array(await response.body.arrayBuffer()),
  };
}

/**
 * The URL of an object or the bucket. Every service with the API of S3 takes the bucket in the path; Amazon's own
 * endpoints prefer it in the name of the host, where a name with dots would not match the certificate.
 */
function addressOf({ bucket, prefix, endpoint, region }: ObjectStorageLocation, key?: string): string {
  const path = key === undefined ? "" : [prefix, key].filter((part) => part !== "").join("/");
  const encoded = path.split("/").map(encodeURIComponent).join("/");
  if (endpoint !== undefined) return `${endpoint}/${bucket}/${encoded}`;
  if (bucket.includes(".")) return `https://s3.${region}.amazonaws.com/${bucket}/${encoded}`;
  return `https://${bucket}.s3.${region}.amazonaws.com/${encoded}`;
}

function subjectOf({ location, credentials }: Sending, { verb, key }: StorageRequest): Subject {
  const { bucket, region } = location;
  const url = key === undefined ? urlOf(location) : `${urlOf(location)}/${key}`;
  const { origin } = new URL(addressOf(location));
  return { verb, url, bucket, region, origin, accessKeyId: credentials.accessKeyId };
}

function urlOf({ bucket, prefix }: ObjectStorageLocation): string {
  return prefix === "" ? `s3://${bucket}` : `s3://${bucket}/${prefix}`;
}
