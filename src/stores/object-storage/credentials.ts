import { readFile } from "node:fs/promises";
import { request } from "undici";
import { DuraniumError, messageOf } from "../../domain/errors.ts";
import { credentialFilesMs, credentialsMarginMs, credentialsTimeoutMs } from "./limits.ts";
import { readElement } from "./xml.ts";

/** A value, or the file that has it, which is read again from time to time. */
export type Setting = { readonly value: string } | { readonly file: string };

/** Where the credentials of the object storage come from. */
export type CredentialsSource =
  | {
      readonly kind: "keys";
      readonly accessKeyId: Setting;
      readonly secretAccessKey: Setting;
      readonly sessionToken?: Setting;
    }
  /** A token of Kubernetes or another identity provider, exchanged for credentials of a role by STS. */
  | {
      readonly kind: "web-identity";
      readonly roleArn: string;
      readonly tokenFile: string;
      readonly sessionName: string;
      /** The URL of STS. */
      readonly url: string;
    }
  /** The credentials endpoint of ECS and of EKS Pod Identity. */
  | { readonly kind: "container"; readonly url: string; readonly authorization?: Setting }
  /** The role of an EC2 instance, by IMDSv2. */
  | { readonly kind: "instance"; readonly url: string };

export interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

/** Credentials that are read when they are needed, and again before they expire. */
export interface CredentialsProvider {
  /** @throws {DuraniumError} `object-storage-refused`, if there are none */
  current(): Promise<Credentials>;
  /** The service rejected the credentials, so the next call of `current` reads them anew. */
  discard(): void;
}

interface Issued extends Credentials {
  /** Milliseconds since the Unix epoch; undefined if they do not expire. */
  readonly renewAt?: number;
}

export function createCredentialsProvider(source: CredentialsSource): CredentialsProvider {
  let issued: Promise<Issued> | undefined;
  const read = async (): Promise<Issued> => {
    const reading = issue(source).catch((error: unknown) => {
      throw noCredentials(source, error);
    });
    issued = reading;
    reading.catch(() => (issued = undefined));
    return await reading;
  };
  return {
    async current() {
      const last = issued;
      const known = await last;
      if (known !== undefined && (known.renewAt ?? Number.POSITIVE_INFINITY) > Date.now()) return known;
      // Concurrent requests share one reading.
      return await (issued === last || issued === undefined ? read() : issued);
    },
    discard() {
      issued = undefined;
    },
  };
}

async function issue(source: CredentialsSource): Promise<Issued> {
  if (source.kind === "keys") return await readKeys(source);
  if (source.kind === "web-identity") return await assumeRole(source);
  if (source.kind === "container") return await readContainerCredentials(source);
  return await readInstanceCredentials(source);
}

async function readKeys(source: CredentialsSource & { readonly kind: "keys" }): Promise<Issued> {
  const settings = [source.accessKeyId, source.secretAccessKey, source.sessionToken];
  const isFixed = settings.every((setting) => setting === undefined || "value" in setting);
  return {
    accessKeyId: await valueOf(source.accessKeyId),
    secretAccessKey: await valueOf(source.secretAccessKey),
    ...(source.sessionToken === undefined ? {} : { sessionToken: await valueOf(source.sessionToken) }),
    ...(isFixed ? {} : { renewAt: Date.now() + credentialFilesMs }),
  };
}

async function valueOf(setting: Setting): Promise<string> {
  if ("value" in setting) return setting.value;
  const value = (await readFile(setting.file, "utf8")).trim();
  if (value === "") throw new Error(`${setting.file} is empty`);
  return value;
}

/** https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRoleWithWebIdentity.html */
async function assumeRole({
  roleArn,
  tokenFile,
  sessionName,
  url,
}: CredentialsSource & { readonly kind: "web-identity" }): Promise<Issued> {
  const query = new URLSearchParams({
    Action: "AssumeRoleWithWebIdentity",
    Version: "2011-06-15",
    RoleArn: roleArn,
    RoleSessionName: sessionName,
    WebIdentityToken: await valueOf({ file: tokenFile }),
  });
  const headers = { "content-type": "application/x-www-form-urlencoded" };
  const xml = await ask(url, { method: "POST", headers, body: query.toString() });
  return issuedFrom({
    AccessKeyId: readElement(xml, "AccessKeyId"),
    SecretAccessKey: readElement(xml, "SecretAccessKey"),
    Token: readElement(xml, "SessionToken"),
    Expiration: readElement(xml, "Expiration"),
  });
}

/** https://docs.aws.amazon.com/sdkref/latest/guide/feature-container-credentials.html */
async function readContainerCredentials({
  url,
  authorization,
}: CredentialsSource & { readonly kind: "container" }): Promise<Issued> {
  const headers = authorization === undefined ? {} : { authorization: await valueOf(authorization) };
  return issuedFrom(JSON.parse(await ask(url, { headers })));
}

/** https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/instance-metadata-security-credentials.html */
async function readInstanceCredentials({
  url,
}: CredentialsSource & { readonly kind: "instance" }): Promise<Issued> {
  const token = await ask(`${url}/latest/api/token`, {
    method: "PUT",
    headers: { "x-aws-ec2-metadata-token-ttl-seconds": "300" },
  });
  const headers = { "x-aws-ec2-metadata-token": token };
  const roles = `${url}/latest/meta-data/iam/security-credentials/`;
  const [role = ""] = (await ask(roles, { headers })).split("\n");
  return issuedFrom(JSON.parse(await ask(`${roles}${role.trim()}`, { headers })));
}

interface Question {
  readonly method?: "GET" | "PUT" | "POST";
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
}

async function ask(url: string, { method = "GET", headers, body }: Question): Promise<string> {
  const signal = AbortSignal.timeout(credentialsTimeoutMs);
  const response = await request(url, { method, headers, signal, ...(body === undefined ? {} : { body }) });
  const text = await response.body.text();
  if (response.statusCode === 200) return text;
  const reason = readElement(text, "Message") ?? text.slice(0, maxReasonCharacters);
  throw new Error(`${url} answers ${response.statusCode} ${reason}`.trim());
}

const maxReasonCharacters = 300;

function issuedFrom(answer: unknown): Issued {
  const fields = Object.entries(answer ?? {}) as [string, unknown][];
  const { AccessKeyId, SecretAccessKey, Token, Expiration } = Object.fromEntries(fields);
  if (typeof AccessKeyId !== "string" || typeof SecretAccessKey !== "string")
    throw new Error("the answer has no credentials");
  const expiresAt = typeof Expiration === "string" ? Date.parse(Expiration) : Number.NaN;
  return {
    accessKeyId: AccessKeyId,
    secretAccessKey: SecretAccessKey,
    ...(typeof Token === "string" && Token !== "" ? { sessionToken: Token } : {}),
    ...(Number.isNaN(expiresAt) ? {} : { renewAt: renewalOf(expiresAt) }),
  };
}

/** Credentials that are valid for less than the margin are used for half of that time. */
function renewalOf(expiresAt: number): number {
  const now = Date.now();
  return Math.max(expiresAt - credentialsMarginMs, now + (expiresAt - now) / 2);
}

const sourceNames = {
  keys: "AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY",
  "web-identity": "AWS_WEB_IDENTITY_TOKEN_FILE",
  container: "the credentials endpoint of the container",
  instance: "the role of this EC2 instance, because no other credentials are configured",
} satisfies Record<CredentialsSource["kind"], string>;

function noCredentials({ kind }: CredentialsSource, cause: unknown): DuraniumError {
  return new DuraniumError(
    "object-storage-refused",
    `Cannot read the credentials of the object storage from ${sourceNames[kind]}: ${messageOf(cause)}`,
    { cause },
  );
}
