import { DuraniumError, messageOf } from "../../domain/errors.ts";
import { readElement } from "./xml.ts";

/** What an error names: the request, and what it was sent to. */
export interface Subject {
  /** `read`, `write`, `delete` or `list`. */
  readonly verb: string;
  /** `s3://bucket/prefix/key` */
  readonly url: string;
  readonly bucket: string;
  readonly region: string;
  /** The origin of the service. */
  readonly origin: string;
  readonly accessKeyId: string;
}

/** A response that is not a success. */
export interface Refusal {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  readonly body: string;
}

/** The error code of S3, such as `NoSuchKey`; a proxy in front of it may answer without one. */
function codeOf({ body }: Refusal): string | undefined {
  return readElement(body, "Code");
}

/** True if the same request may succeed if it is sent again. */
export function isTransient(refusal: Refusal): boolean {
  if (refusal.status === 501) return false;
  if (refusal.status >= 500 || refusal.status === 429 || refusal.status === 408) return true;
  return transientCodes.has(codeOf(refusal) ?? "");
}

/** Codes of requests that conflict with others, or took too long. */
const transientCodes = new Set(["ConditionalRequestConflict", "OperationAborted", "RequestTimeout"]);

/** True if other credentials may be accepted: temporary ones expire, and files are replaced. */
export function isOfCredentials(refusal: Refusal): boolean {
  return credentialCodes.has(codeOf(refusal) ?? "");
}

const credentialCodes = new Set([
  "ExpiredToken",
  "InvalidAccessKeyId",
  "InvalidToken",
  "SignatureDoesNotMatch",
  "TokenRefreshRequired",
]);

/** The service did not respond. */
export function noResponse({ verb, url, origin }: Subject, cause: unknown): DuraniumError {
  const message = `Cannot ${verb} ${url}: ${origin} does not respond: ${messageOf(cause)}`;
  return new DuraniumError("object-storage-unavailable", message, { cause });
}

/** The service responded with an error. */
export function refused(subject: Subject, refusal: Refusal): DuraniumError {
  const { verb, url, origin } = subject;
  const code = codeOf(refusal);
  const explain = code === undefined ? undefined : explanations[code];
  const reason = explain?.(subject, refusal) ?? byStatus(subject, refusal);
  if (reason !== undefined)
    return new DuraniumError("object-storage-refused", `Cannot ${verb} ${url}: ${reason}`);
  const said = `${code ?? ""} ${readElement(refusal.body, "Message") ?? ""}`.trim();
  const status = `${origin} responds with status ${refusal.status}`;
  return new DuraniumError(
    isTransient(refusal) ? "object-storage-unavailable" : "object-storage-refused",
    `Cannot ${verb} ${url}: ${status}${said === "" ? "" : `, ${said}`}`,
  );
}

type Explain = (subject: Subject, refusal: Refusal) => string;

const accessDenied: Explain = ({ accessKeyId }) =>
  `access denied. Allow the access key "${accessKeyId}" s3:ListBucket, s3:ListBucketMultipartUploads on the bucket, and s3:GetObject, s3:PutObject, s3:DeleteObject and s3:AbortMultipartUpload on its objects`;

const wrongRegion: Explain = ({ bucket, region }, refusal) => {
  const named = refusal.headers["x-amz-bucket-region"] ?? readElement(refusal.body, "Region");
  if (typeof named === "string" && named !== "")
    return `the bucket "${bucket}" is in the region "${named}", not "${region}". Set region=${named} in DURANIUM_ARTIFACTS_URL`;
  return `the bucket "${bucket}" is not in the region "${region}", or has another endpoint. Correct region and endpoint in DURANIUM_ARTIFACTS_URL`;
};

const explanations: Readonly<Record<string, Explain>> = {
  NoSuchBucket: ({ bucket, origin }) =>
    `there is no bucket "${bucket}" at ${origin}. Create it, or correct DURANIUM_ARTIFACTS_URL`,
  AccessDenied: accessDenied,
  AllAccessDisabled: accessDenied,
  InvalidAccessKeyId: ({ accessKeyId, origin }) =>
    `${origin} has no access key "${accessKeyId}". Correct AWS_ACCESS_KEY_ID`,
  SignatureDoesNotMatch: ({ accessKeyId }) =>
    `the signature is not valid: the secret access key is not that of "${accessKeyId}", or a proxy changed the request`,
  ExpiredToken: () => "the temporary credentials have expired. Replace them, or use a role that renews them",
  InvalidToken: () => "the session token is not valid. Correct AWS_SESSION_TOKEN",
  RequestTimeTooSkewed: (_, { headers }) => {
    const serverTime = Date.parse(String(headers["date"] ?? ""));
    const seconds = Math.round(Math.abs(Date.now() - serverTime) / 1_000);
    const difference = Number.isNaN(serverTime) ? "" : ` by ${seconds} s`;
    return `the clock of this machine differs from that of the service${difference}. Synchronize it`;
  },
  PermanentRedirect: wrongRegion,
  TemporaryRedirect: wrongRegion,
  AuthorizationHeaderMalformed: wrongRegion,
  IllegalLocationConstraintException: wrongRegion,
  XAmzContentSHA256Mismatch: () => "the bytes were damaged on the way to the service",
};

/** Responses to some requests, and those of proxies, have no code. */
function byStatus(subject: Subject, refusal: Refusal): string | undefined {
  if (codeOf(refusal) !== undefined) return undefined;
  if (refusal.status === 403) return accessDenied(subject, refusal);
  if (refusal.status >= 300 && refusal.status < 400) return wrongRegion(subject, refusal);
  return undefined;
}
