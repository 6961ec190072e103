import { z } from "zod";

/** A bucket, as `DURANIUM_ARTIFACTS_URL` names it. */
export interface BucketUrl {
  readonly bucket: string;
  /** Without slashes at its ends; may be empty. */
  readonly prefix: string;
  readonly region: string;
  /** The origin of a service other than Amazon S3. */
  readonly endpoint?: string;
}

/** `s3://bucket/prefix?endpoint=https://s3.example&region=eu-central-1` */
export const bucketUrl = z.string().transform((text, context): BucketUrl => {
  const problem = problemIn(text);
  if (problem !== undefined) {
    context.addIssue({ code: "custom", message: problem });
    return z.NEVER;
  }
  const { hostname: bucket, pathname, searchParams } = new URL(text);
  const endpoint = searchParams.get("endpoint");
  return {
    bucket,
    prefix: decodeURIComponent(pathname).replaceAll(/^\/+|\/+$/g, ""),
    region: searchParams.get("region") ?? defaultRegion,
    ...(endpoint === null ? {} : { endpoint: new URL(endpoint).origin }),
  };
});

/** Of services other than Amazon S3, most of which ignore it. */
const defaultRegion = "us-east-1";

function problemIn(text: string): string | undefined {
  if (!URL.canParse(text) || new URL(text).protocol !== "s3:")
    return "must be a URL such as s3://bucket/prefix?region=eu-central-1";
  const { hostname: bucket, pathname, searchParams, username, password, port, hash } = new URL(text);
  if (username + password + port + hash !== "")
    return "must have no user, password, port and fragment: set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY";
  if (!/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/.test(bucket)) return `has an invalid bucket name "${bucket}"`;
  if (!/^[\w!'()*./-]*$/.test(pathname)) return "must have a prefix of letters, digits and !_.*'()/-";
  const unknown = [...searchParams.keys()].find((name) => name !== "endpoint" && name !== "region");
  if (unknown !== undefined)
    return `has an unknown parameter "${unknown}": only endpoint and region are known`;
  const endpoint = searchParams.get("endpoint");
  if (endpoint === null)
    return searchParams.has("region") ? undefined : "must have a region: add ?region=eu-central-1";
  if (isOrigin(endpoint)) return undefined;
  return `must have an endpoint such as https://s3.example.com, without a path, not "${endpoint}"`;
}

function isOrigin(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, pathname, search, hash, username } = new URL(text);
  return /^https?:$/.test(protocol) && `${pathname}${search}${hash}${username}` === "/";
}
