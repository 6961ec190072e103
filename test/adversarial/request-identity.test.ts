import { createPrivateKey, generateKeyPairSync, sign } from "node:crypto";
import type { KeyObject } from "node:crypto";
import { readFileSync, statSync } from "node:fs";
import { connect } from "node:http2";
import type { IncomingHttpHeaders } from "node:http2";
import { connect as connectSocket } from "node:net";
import { networkInterfaces } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { readIdentityKey } from "../../src/restate/endpoint/request-identity.ts";
import { deploy, execute } from "../support/executions.ts";
import { freePorts } from "../support/free-ports.ts";
import { startInstance } from "../support/instance.ts";
import type { Instance } from "../support/instance.ts";

/** What Restate sends along: the scheme v1 of its request identity, a JWT about the path. */
interface Signature {
  readonly key: KeyObject;
  readonly keyId?: string;
  readonly algorithm?: "EdDSA" | "none";
  readonly notBefore?: number;
  readonly expires?: number;
}

describe("the executor", () => {
  let instance: Instance;
  let executorUrl: string;
  let ours: Signature;
  let identityKeyFile: string;

  beforeAll(async () => {
    const [port] = await freePorts(1);
    executorUrl = `http://127.0.0.1:${port}`;
    instance = await startInstance({ DURANIUM_EXECUTOR_PORT: String(port) });
    await deploy(instance, "open", "export async function run() { return 'done'; }");
    identityKeyFile = join(instance.dataDir, "restate-identity.pem");
    const key = createPrivateKey(readFileSync(identityKeyFile));
    ours = { key };
  });
  afterAll(async () => {
    await instance?.[Symbol.asyncDispose]();
  });

  const paths = [
    "/discover",
    "/invoke/Workflow/execute",
    "/invoke/Workflow/deploy",
    "/invoke/Execution/event",
  ];

  test("accepts the requests of its Restate server", async () => {
    expect(await execute(instance, "open")).toMatchObject({ status: "completed", result: "done" });
    expect(await statusOf(executorUrl, "/discover", signed("/discover", ours))).toBe(200);
  });

  test.each(paths)("rejects an unsigned request to %s", async (path) => {
    expect(await statusOf(executorUrl, path, {})).toBe(401);
    expect(await statusOf(executorUrl, path, { "x-restate-signature-scheme": "unsigned" })).toBe(401);
    expect(await statusOf(executorUrl, path, { "x-restate-signature-scheme": "v1" })).toBe(401);
  });

  test.each(paths)("rejects a request to %s with the signature of another key", async (path) => {
    const { privateKey: key } = generateKeyPairSync("ed25519");
    expect(await statusOf(executorUrl, path, signed(path, { key }))).toBe(401);
  });

  test("rejects a signature of another path", async () => {
    expect(await statusOf(executorUrl, "/invoke/Workflow/execute", signed("/discover", ours))).toBe(401);
    expect(await statusOf(executorUrl, "/discover", signed("/invoke/Workflow/execute", ours))).toBe(401);
    const path = "/behind/a/proxy/invoke/Workflow/none";
    expect(await statusOf(executorUrl, path, signed("/invoke/Workflow/none", ours))).toBe(404);
  });

  test("rejects an accepted signature after it has expired", async () => {
    const expires = Math.floor(Date.now() / 1_000) + 2;
    const headers = signed("/discover", { ...ours, expires });
    expect(await statusOf(executorUrl, "/discover", headers)).toBe(200);
    expect(await statusOf(executorUrl, "/discover", headers)).toBe(200);
    await expect.poll(() => statusOf(executorUrl, "/discover", headers)).toBe(401);
  });

  test("rejects an expired, future or malformed signature", async () => {
    const hour = 3_600;
    const now = Math.floor(Date.now() / 1_000);
    const wrong: readonly Signature[] = [
      { ...ours, expires: now - hour },
      { ...ours, notBefore: now + hour, expires: now + 2 * hour },
      { ...ours, algorithm: "none" },
    ];
    for (const signature of wrong) {
      expect(await statusOf(executorUrl, "/discover", signed("/discover", signature))).toBe(401);
    }
  });

  test("listens on loopback only, as does Restate", async () => {
    for (const url of [executorUrl, instance.restateAdminUrl, instance.restateIngressUrl, instance.url]) {
      const port = Number(new URL(url).port);
      expect(await isOpen("127.0.0.1", port)).toBe(true);
      for (const address of otherAddresses) expect(await isOpen(address, port)).toBe(false);
    }
  });

  test("stores its key readable by its owner only", () => {
    expect(statSync(identityKeyFile).mode & 0o777).toBe(0o600);
    expect(readIdentityKey(`${identityKeyFile}.pub`).equals(readIdentityKey(identityKeyFile))).toBe(true);
  });
});

/** Of this machine: what listens on all of them listens on these. */
const otherAddresses = [
  "127.0.0.2",
  ...Object.values(networkInterfaces()).flatMap((addresses = []) =>
    addresses.filter(({ internal, family }) => !internal && family === "IPv4").map(({ address }) => address),
  ),
];

async function isOpen(host: string, port: number): Promise<boolean> {
  const socket = connectSocket({ host, port });
  const { promise, resolve } = Promise.withResolvers<boolean>();
  socket.once("connect", () => resolve(true)).once("error", () => resolve(false));
  return await promise.finally(() => socket.destroy());
}

function signed(
  path: string,
  { key, keyId = "publickeyv1_1111", algorithm = "EdDSA", ...times }: Signature,
): IncomingHttpHeaders {
  const now = Math.floor(Date.now() / 1_000);
  const { notBefore: nbf = now - 10, expires: exp = now + 60 } = times;
  const parts = [
    { alg: algorithm, typ: "JWT", kid: keyId },
    { aud: path, nbf, iat: nbf, exp },
  ].map((part) => Buffer.from(JSON.stringify(part)).toString("base64url"));
  const signature =
    algorithm === "none" ? "" : sign(null, Buffer.from(parts.join(".")), key).toString("base64url");
  return { "x-restate-signature-scheme": "v1", "x-restate-jwt-v1": [...parts, signature].join(".") };
}

async function statusOf(url: string, path: string, headers: IncomingHttpHeaders): Promise<number> {
  const session = connect(url);
  try {
    return await new Promise<number>((resolve, reject) => {
      session.once("error", reject);
      const isDiscovery = path === "/discover";
      const stream = session.request({
        ":path": path,
        ":method": isDiscovery ? "GET" : "POST",
        ...(isDiscovery
          ? {
              accept: [1, 2, 3, 4]
                .map((n) => `application/vnd.restate.endpointmanifest.v${n}+json`)
                .join(", "),
            }
          : { "content-type": "application/vnd.restate.invocation.v5" }),
        ...headers,
      });
      stream.once("error", reject);
      stream.once("response", ({ ":status": status }) => resolve(Number(status)));
      stream.end();
    });
  } finally {
    session.destroy();
  }
}
