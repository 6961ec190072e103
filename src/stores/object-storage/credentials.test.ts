import { once } from "node:events";
import { mkdtempDisposable, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { createCredentialsProvider } from "./credentials.ts";

const issued = { AccessKeyId: "AKIA1", SecretAccessKey: "secret", Token: "token" };
const expected = { accessKeyId: "AKIA1", secretAccessKey: "secret", sessionToken: "token" };

test("the role of an instance is read with a token, and again before it expires", async () => {
  let expiresInMs = 1;
  await using service = await startService(({ method, url, headers }) => {
    if (method === "PUT" && url === "/latest/api/token") return "session";
    if (headers["x-aws-ec2-metadata-token"] !== "session") return undefined;
    if (url === "/latest/meta-data/iam/security-credentials/") return "my-role\n";
    if (url !== "/latest/meta-data/iam/security-credentials/my-role") return undefined;
    return JSON.stringify({ ...issued, Expiration: new Date(Date.now() + expiresInMs).toISOString() });
  });
  const provider = createCredentialsProvider({ kind: "instance", url: service.url });
  expect(await provider.current()).toMatchObject(expected);
  await new Promise((resolve) => setTimeout(resolve, 2));
  expiresInMs = 3_600_000;
  await provider.current();
  expect(service.requests).toHaveLength(6);
  await provider.current();
  expect(service.requests).toHaveLength(6);
  provider.discard();
  await provider.current();
  expect(service.requests).toHaveLength(9);
});

test("the credentials of a container are read with the token in its file", async () => {
  await using folder = await temporaryFolder();
  const file = join(folder.path, "token");
  await writeFile(file, "the-token\n");
  await using service = await startService(({ url, headers }) =>
    url === "/creds" && headers.authorization === "the-token" ? JSON.stringify(issued) : undefined,
  );
  const source = { kind: "container", url: `${service.url}/creds`, authorization: { file } } as const;
  expect(await createCredentialsProvider(source).current()).toMatchObject(expected);
});

test("a token of an identity provider is exchanged for credentials", async () => {
  await using folder = await temporaryFolder();
  const tokenFile = join(folder.path, "token");
  await writeFile(tokenFile, "jwt");
  await using service = await startService((_, body) => {
    const form = new URLSearchParams(body);
    if (form.get("WebIdentityToken") !== "jwt" || form.get("RoleArn") !== "arn:role") return undefined;
    return `<AssumeRoleWithWebIdentityResponse><AssumeRoleWithWebIdentityResult><Credentials>
      <AccessKeyId>AKIA1</AccessKeyId><SecretAccessKey>secret</SecretAccessKey><SessionToken>token</SessionToken>
      <Expiration>2999-01-01T00:00:00Z</Expiration></Credentials></AssumeRoleWithWebIdentityResult></AssumeRoleWithWebIdentityResponse>`;
  });
  const role = { roleArn: "arn:role", sessionName: "duranium", url: service.url };
  const provider = createCredentialsProvider({ kind: "web-identity", tokenFile, ...role });
  expect(await provider.current()).toMatchObject(expected);
});

test("a key in files is read again after the service rejected it", async () => {
  await using folder = await temporaryFolder();
  const [id, secret] = [join(folder.path, "id"), join(folder.path, "secret")];
  await writeFile(id, "AKIA1\n");
  await writeFile(secret, "old\n");
  const files = { accessKeyId: { file: id }, secretAccessKey: { file: secret } };
  const provider = createCredentialsProvider({ kind: "keys", ...files });
  expect(await provider.current()).toMatchObject({ accessKeyId: "AKIA1", secretAccessKey: "old" });
  await writeFile(secret, "new\n");
  provider.discard();
  expect(await provider.current()).toMatchObject({ secretAccessKey: "new" });
});

test("missing credentials are reported with their source, and read again at the next request", async () => {
  let isReady = false;
  await using service = await startService(() => (isReady ? JSON.stringify(issued) : undefined));
  const provider = createCredentialsProvider({ kind: "container", url: `${service.url}/creds` });
  await expect(provider.current()).rejects.toMatchObject({
    code: "object-storage-refused",
    message: expect.stringMatching(/credentials endpoint of the container: .*\/creds answers 404/),
  });
  isReady = true;
  expect(await provider.current()).toMatchObject(expected);
});

/** A service that answers 404 where `respond` has no answer. */
async function startService(respond: (request: IncomingMessage, body: string) => string | undefined) {
  const requests: string[] = [];
  const server = createServer((request, response) => {
    requests.push(`${request.method} ${request.url}`);
    let body = "";
    request.setEncoding("utf8").on("data", (text: string) => (body += text));
    request.on("end", () => {
      const answer = respond(request, body);
      response.writeHead(answer === undefined ? 404 : 200).end(answer ?? "");
    });
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    async [Symbol.asyncDispose]() {
      const closed = once(server, "close");
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

function temporaryFolder() {
  return mkdtempDisposable(join(tmpdir(), "duranium-credentials-"));
}
