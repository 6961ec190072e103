import { mkdir, mkdtempDisposable, readFile, rename, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { ensureIdentityKey } from "../../src/restate/endpoint/request-identity.ts";
import { startRestateProcess } from "../../src/restate/server/restate-process.ts";
import { generateKey } from "../../src/stores/data-directory/key-ring.ts";
import { deploy, execute } from "../support/executions.ts";
import { freePorts } from "../support/free-ports.ts";
import { createInstance } from "../support/instance.ts";
import type { Instance } from "../support/instance.ts";
import { containerOf, findResource, readResources, readSharedVariables } from "../support/kubernetes.ts";
import type { Container } from "../support/kubernetes.ts";
import { describeWithObjectStorage, startObjectStorage } from "../support/object-storage.ts";
import type { ObjectStorageServer } from "../support/object-storage.ts";
import { createPostgresDatabase, isPostgresInstalled } from "../support/postgres.ts";
import { replayEnvironment } from "../support/replayed.ts";
import { startTarget } from "../support/target.ts";

/**
 * The API and the executor of `deploy/kubernetes` as processes, with the variables and commands of their containers, a real
 * PostgreSQL, a real bucket and a Restate server of its own. What a cluster gives them is replaced: addresses, mounts, secrets.
 */
describeWithObjectStorage("the processes of the manifests for Kubernetes", () => {
  const stack = new AsyncDisposableStack();
  let storage: ObjectStorageServer;
  let api: Instance;
  let executor: Instance;
  let mounts: string;

  beforeAll(async () => {
    expect(isPostgresInstalled).toBe(true);
    const folder = stack.use(await mkdtempDisposable(join(tmpdir(), "duranium-kubernetes-")));
    mounts = folder.path;
    storage = stack.use(await startObjectStorage());
    const restate = await startRestate(folder.path);
    await mountSecrets(restate.identityKeyFile);
    const [executorPort = 0] = await freePorts(1);
    const secrets = {
      "database-url": await createPostgresDatabase(),
      "master-key": generateKey(),
      "root-key": "test-root-key-0123456789abcdef",
    };
    const bucket = await storage.createBucket();
    const local = {
      ...restate.urls,
      DURANIUM_ARTIFACTS_URL: `s3://${bucket}/artifacts?endpoint=${storage.endpoint}`,
      DURANIUM_EXECUTOR_URL: `http://127.0.0.1:${executorPort}`,
      DURANIUM_PUBLIC_URL: "",
      DURANIUM_EGRESS_ALLOW: "127.0.0.1:*",
    };
    const variablesOf = (container: Container) => ({
      ...readSharedVariables(),
      ...Object.fromEntries(
        (container.env ?? []).map((variable) => [variable.name, valueOf(variable, secrets)]),
      ),
      ...local,
    });
    const containers = { api: deployed("api"), executor: deployed("executor") };
    executor = stack.use(
      await createInstance({
        ...variablesOf(containers.executor),
        DURANIUM_EXECUTOR_PORT: String(executorPort),
      }),
    );
    api = stack.use(await createInstance(variablesOf(containers.api)));
    await Promise.all([executor.start(commandOf(containers.executor)), api.start(commandOf(containers.api))]);
  });
  afterAll(async () => await stack.disposeAsync());

  test("deploy and execute a workflow, whose image is in the bucket", async () => {
    await using target = await startTarget({ "GET /answer": () => 42 });
    await deploy(
      api,
      "asks",
      "export const run = async (ctx, url) => await (await fetch(url + '/answer')).json();",
    );
    expect(await execute(api, "asks", target.url)).toMatchObject({ status: "completed", result: 42 });
    expect(await readFile(join(mounts, "object-storage/access-key-id"), "utf8")).toBe(storage.accessKeyId);
    expect(executor.output()).not.toMatch(/denied|restricted/i);
  });

  test("answer their probes", async () => {
    for (const { url } of [api, executor]) {
      for (const path of ["/healthz", "/readyz"]) expect((await fetch(`${url}${path}`)).status).toBe(200);
    }
  });

  test("a confined executor of several processes gets credentials by the token of a service account", async () => {
    const { accessKeyId, secretAccessKey } = storage;
    const asked: string[] = [];
    await using sts = await startTarget({
      "POST /": ({ body }) => {
        asked.push(new URLSearchParams(body).get("WebIdentityToken") ?? "");
        return `<Credentials><AccessKeyId>${accessKeyId}</AccessKeyId><SecretAccessKey>${secretAccessKey}</SecretAccessKey><Expiration>2999-01-01T00:00:00Z</Expiration></Credentials>`;
      },
    });
    await mount("token", { token: "token of the service account" });
    await executor.stop();
    await rm(join(executor.dataDir, "artifact-cache"), { recursive: true });
    await executor.start({
      entry: "src/confined.ts",
      environment: {
        AWS_ACCESS_KEY_ID_FILE: "",
        AWS_SECRET_ACCESS_KEY_FILE: "",
        AWS_ROLE_ARN: "arn:aws:iam::111122223333:role/duranium",
        AWS_WEB_IDENTITY_TOKEN_FILE: join(mounts, "token/token"),
        AWS_ENDPOINT_URL_STS: sts.url,
        DURANIUM_EXECUTOR_PROCESSES: "2",
      },
    });
    await using target = await startTarget({ "GET /answer": () => 43 });
    expect(await execute(api, "asks", target.url)).toMatchObject({ status: "completed", result: 43 });
    expect(new Set(asked)).toEqual(new Set(["token of the service account"]));
    expect(executor.output()).not.toMatch(/denied|restricted/i);
  });

  async function startRestate(folder: string) {
    const [ingress = 0, admin = 0, node = 0] = await freePorts(3);
    const urls = {
      RESTATE_INGRESS_URL: `http://127.0.0.1:${ingress}`,
      RESTATE_ADMIN_URL: `http://127.0.0.1:${admin}`,
    };
    const identityKeyFile = join(folder, "identity.pem");
    ensureIdentityKey(identityKeyFile);
    stack.use(
      await startRestateProcess({
        dataDir: join(folder, "restate"),
        ingress: { url: urls.RESTATE_INGRESS_URL },
        admin: { url: urls.RESTATE_ADMIN_URL },
        ports: { ingress, admin, node },
        identityKeyFile,
        environment: replayEnvironment,
      }),
    );
    return { urls, identityKeyFile };
  }

  async function mountSecrets(identityKeyFile: string): Promise<void> {
    const { accessKeyId, secretAccessKey } = storage;
    await mount("object-storage", { "access-key-id": accessKeyId, "secret-access-key": secretAccessKey });
    await mount("restate", { "identity.pem.pub": await readFile(`${identityKeyFile}.pub`, "utf8") });
  }

  /** As Kubernetes mounts secrets: files are links through a link to a folder, which is replaced at a change. */
  async function mount(name: string, files: Readonly<Record<string, string>>): Promise<void> {
    const path = join(mounts, name);
    await mkdir(join(path, "..first"), { recursive: true });
    await symlink("..first", join(path, "..data-new"));
    await rename(join(path, "..data-new"), join(path, "..data"));
    for (const [file, content] of Object.entries(files)) {
      await writeFile(join(path, "..first", file), content);
      await symlink(join("..data", file), join(path, file));
    }
  }

  function valueOf(
    { value, valueFrom }: NonNullable<Container["env"]>[number],
    secrets: Readonly<Record<string, string>>,
  ): string {
    const secret = secrets[valueFrom?.secretKeyRef?.key ?? ""];
    const given = value ?? secret;
    if (given === undefined) throw new Error(`no secret ${valueFrom?.secretKeyRef?.key}`);
    return given.replace(/^\/etc\/duranium\//, `${mounts}/`);
  }
});

function commandOf({ args = ["node", "src/main.ts"] }: Container): { readonly entry: string } {
  const [, entry = ""] = args;
  return { entry };
}

function deployed(name: string): Container {
  return containerOf(findResource(readResources(), "Deployment", name));
}
