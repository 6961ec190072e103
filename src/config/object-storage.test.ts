import { expect, test } from "vitest";
import { readConfig } from "./config.ts";
import { credentialFilesOf } from "./object-storage.ts";

const url = "s3://my-bucket/some/prefix/?endpoint=https://s3.example.com:9000";

function objectStorageWith(environment: Readonly<Record<string, string>>) {
  return readConfig({ DURANIUM_DATA_DIR: "/data", DURANIUM_ARTIFACTS_URL: url, ...environment })
    .objectStorage;
}

test("artifacts are files without a bucket", () => {
  expect(readConfig({}).objectStorage).toBeUndefined();
});

test("the URL names the bucket, the prefix, the endpoint and the region", () => {
  expect(objectStorageWith({ DURANIUM_ARTIFACTS_CACHE_MIB: "16" })).toMatchObject({
    bucket: "my-bucket",
    prefix: "some/prefix",
    endpoint: "https://s3.example.com:9000",
    region: "us-east-1",
    cache: { directory: "/data/artifact-cache", maxBytes: 16 * 1024 * 1024 },
  });
  const amazon = objectStorageWith({ DURANIUM_ARTIFACTS_URL: "s3://b-1?region=eu-central-1" });
  expect(amazon).toMatchObject({ bucket: "b-1", prefix: "", region: "eu-central-1" });
  expect(amazon).not.toHaveProperty("endpoint");
});

test.each([
  ["https://s3.example.com/b", "must be a URL such as s3://"],
  ["s3://my-bucket", "must have a region"],
  ["s3://My_Bucket?region=x", "invalid bucket name"],
  ["s3://key:secret@my-bucket?region=x", "must have no user, password"],
  ["s3://my-bucket?region=x&style=path", 'unknown parameter "style"'],
  ["s3://my-bucket?endpoint=https://s3.example.com/path", "must have an endpoint such as"],
  ["s3://my-bucket?endpoint=s3.example.com", "must have an endpoint such as"],
  ["s3://my-bucket/%20?region=x", "must have a prefix of letters"],
])("%s is refused", (wrong, message) => {
  expect(() => objectStorageWith({ DURANIUM_ARTIFACTS_URL: wrong })).toThrow(message);
});

test("a folder and a bucket exclude each other", () => {
  expect(() => objectStorageWith({ DURANIUM_ARTIFACTS_DIR: "/artifacts" })).toThrow("are both set");
});

const keys = { AWS_ACCESS_KEY_ID: "AKIA1", AWS_SECRET_ACCESS_KEY_FILE: "/run/secret" };
const webIdentity = { AWS_ROLE_ARN: "arn:role", AWS_WEB_IDENTITY_TOKEN_FILE: "/token" };
const container = { AWS_CONTAINER_CREDENTIALS_RELATIVE_URI: "/v2/creds" };

test.each([
  [
    { ...container, ...webIdentity, ...keys },
    { kind: "keys", secretAccessKey: { file: "/run/secret" } },
  ],
  [
    { ...container, ...webIdentity },
    { kind: "web-identity", url: "https://sts.us-east-1.amazonaws.com" },
  ],
  [container, { kind: "container", url: "http://169.254.170.2/v2/creds" }],
  [{}, { kind: "instance", url: "http://169.254.169.254" }],
])("credentials come from the first source that is configured (%#)", (environment, credentials) => {
  expect(objectStorageWith(environment)?.credentials).toMatchObject(credentials);
});

test.each([
  [keys, ["/run/secret"]],
  [{ AWS_ACCESS_KEY_ID_FILE: "/id", AWS_SECRET_ACCESS_KEY_FILE: "/secret" }, ["/id", "/secret"]],
  [webIdentity, ["/token"]],
  [
    {
      AWS_CONTAINER_CREDENTIALS_FULL_URI: "http://a/b",
      AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE: "/pod/token",
    },
    ["/pod/token"],
  ],
  [{}, []],
])("the files of credentials are known (%#)", (environment, files) => {
  const credentials = objectStorageWith(environment)?.credentials;
  expect(credentials && credentialFilesOf(credentials)).toEqual(files);
});
