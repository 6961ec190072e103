import { hostname } from "node:os";
import { resolve } from "node:path";
import type { Variables } from "./variables.ts";

/** A value, or the absolute path of the file that has it. */
export type Setting = { readonly value: string } | { readonly file: string };

export type ObjectStorageCredentials =
  | {
      readonly kind: "keys";
      readonly accessKeyId: Setting;
      readonly secretAccessKey: Setting;
      readonly sessionToken?: Setting;
    }
  | {
      readonly kind: "web-identity";
      readonly roleArn: string;
      readonly tokenFile: string;
      readonly sessionName: string;
      readonly url: string;
    }
  | { readonly kind: "container"; readonly url: string; readonly authorization?: Setting }
  | { readonly kind: "instance"; readonly url: string };

/** Where the credentials come from, in the order of the AWS SDKs. */
export function credentialsOf(given: Variables, region: string): ObjectStorageCredentials {
  const accessKeyId = settingOf(given.AWS_ACCESS_KEY_ID, given.AWS_ACCESS_KEY_ID_FILE);
  const secretAccessKey = settingOf(given.AWS_SECRET_ACCESS_KEY, given.AWS_SECRET_ACCESS_KEY_FILE);
  const sessionToken = settingOf(given.AWS_SESSION_TOKEN, given.AWS_SESSION_TOKEN_FILE);
  if (accessKeyId !== undefined && secretAccessKey !== undefined)
    return { kind: "keys", accessKeyId, secretAccessKey, ...(sessionToken && { sessionToken }) };
  return webIdentityOf(given, region) ?? containerOf(given) ?? { kind: "instance", url: instanceMetadata };
}

/** The files that have credentials. They are read again from time to time. */
export function credentialFilesOf(credentials: ObjectStorageCredentials): readonly string[] {
  if (credentials.kind === "web-identity") return [credentials.tokenFile];
  const settings = Object.values(credentials).filter((value) => typeof value === "object");
  return settings.flatMap((setting) => ("file" in setting ? [setting.file] : []));
}

const instanceMetadata = "http://169.254.169.254";
const ecsCredentials = "http://169.254.170.2";

function settingOf(value: string | undefined, file: string | undefined): Setting | undefined {
  if (value !== undefined) return { value };
  return file === undefined ? undefined : { file: resolve(file) };
}

function webIdentityOf(given: Variables, region: string): ObjectStorageCredentials | undefined {
  const { AWS_ROLE_ARN: roleArn, AWS_WEB_IDENTITY_TOKEN_FILE: tokenFile } = given;
  if (roleArn === undefined || tokenFile === undefined) return undefined;
  return {
    kind: "web-identity",
    roleArn,
    tokenFile: resolve(tokenFile),
    sessionName: `duranium-${hostname()}`.replaceAll(/[^\w+=,.@-]/g, "-").slice(0, 64),
    url: given.AWS_ENDPOINT_URL_STS ?? `https://sts.${region}.amazonaws.com`,
  };
}

function containerOf(given: Variables): ObjectStorageCredentials | undefined {
  const { AWS_CONTAINER_CREDENTIALS_RELATIVE_URI: path, AWS_CONTAINER_CREDENTIALS_FULL_URI: full } = given;
  const url = path === undefined ? full : `${ecsCredentials}${path}`;
  if (url === undefined) return undefined;
  const authorization = settingOf(
    given.AWS_CONTAINER_AUTHORIZATION_TOKEN,
    given.AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE,
  );
  return { kind: "container", url, ...(authorization && { authorization }) };
}
