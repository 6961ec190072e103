import { readFile } from "node:fs/promises";
import { beforeAll, describe, expect, test } from "vitest";
import { parse } from "yaml";

interface Service {
  readonly image: string;
  readonly user?: string;
  readonly read_only?: boolean;
  readonly cap_drop?: readonly string[];
  readonly cap_add?: readonly string[];
  readonly security_opt?: readonly string[];
  readonly privileged?: boolean;
  readonly network_mode?: string;
  readonly command?: readonly string[];
  readonly ports?: readonly string[];
  readonly volumes?: readonly string[];
}

const fileAt = async (path: string) => await readFile(new URL(`../${path}`, import.meta.url), "utf8");

/** What the last build was of, and what that read of its own accord. */
async function pageInputs() {
  const inputs = Object.keys(JSON.parse(await fileAt("web/dist/inputs.json")));
  const scripts = ["scripts/build-web.ts", "scripts/api-reference.ts"];
  const read = inputs.filter((path) => !path.startsWith("scripts/") && !path.endsWith(".test.ts"));
  return { isPageBuilt: inputs.includes("web/index.html"), inputs: ["tsconfig.json", ...scripts, ...read] };
}

function isBelow(path: string, places: readonly string[]): boolean {
  return places.some((place) => path === place || path.startsWith(`${place}/`));
}

describe("docker-compose.yml", () => {
  let services: Readonly<Record<string, Service>>;
  beforeAll(async () => {
    services = parse(await fileAt("docker-compose.yml"), { merge: true }).services;
  });

  test("has the expected services", () => {
    expect(Object.keys(services)).toEqual(["identity", "restate", "executor", "api"]);
  });

  test.each(["identity", "restate", "executor", "api"])(
    "%s has a read-only root, no capabilities, and cannot gain any",
    (name) => {
      const service = services[name];
      expect(service?.read_only).toBe(true);
      expect(service?.cap_drop).toEqual(["ALL"]);
      expect(service?.cap_add).toBeUndefined();
      expect(service?.security_opt).toEqual(["no-new-privileges:true"]);
      expect(service?.privileged).toBeUndefined();
      expect(service?.network_mode).toBeUndefined();
      expect(service?.volumes?.filter((volume) => volume.startsWith("/"))).toEqual([]);
    },
  );

  test("the API and the executor run as the image's user, which is not root", async () => {
    expect([services["api"]?.user, services["executor"]?.user]).toEqual([undefined, undefined]);
    const users = (await fileAt("Dockerfile")).match(/^USER .*/gm);
    expect(users).toEqual(["USER node"]);
  });

  test("the web UI is built only from files that its build stage contains", async () => {
    const { isPageBuilt, inputs } = await pageInputs();
    expect(isPageBuilt).toBe(true);
    const stage = (await fileAt("Dockerfile"))
      .split(/^FROM /m)
      .find((text) => text.startsWith("tools AS web"));
    const base = (await fileAt("Dockerfile")).split(/^FROM /m).find((text) => text.includes(" AS base"));
    const copied = Array.from(`${base}${stage}`.matchAll(/^COPY (.+) \S+$/gm), ([, from = ""]) =>
      from.split(" "),
    );
    const sent = (await fileAt(".dockerignore")).match(/(?<=^!).+/gm) ?? [];
    expect(inputs.filter((path) => !isBelow(path, copied.flat()))).toEqual([]);
    expect(inputs.filter((path) => !isBelow(path, sent))).toEqual([]);
  });

  test("the image has the Python engine, from a stage with the sources that it is built from", async () => {
    const dockerfile = await fileAt("Dockerfile");
    const stage = dockerfile.split(/^FROM /m).find((text) => text.startsWith("tools AS python-engine"));
    expect(stage).toMatch(/build-python-engine\.ts \/engines\/python\.engine/);
    expect(dockerfile).toMatch(/^COPY --from=python-engine \/engines engines$/m);
    const copied = stage?.match(/(?<=^COPY )\S+/gm) ?? [];
    expect(copied).toEqual(["wit", "python/engine", "python/runtime", "src"]);
    expect((await fileAt(".dockerignore")).split("\n")).toEqual(
      expect.arrayContaining(copied.map((path) => `!${path}`)),
    );
  });

  test("the executor is confined, and writes only to its data directory", () => {
    expect(services["executor"]?.command).toEqual(["node", "src/confined.ts"]);
    expect(services["executor"]?.volumes).toEqual(["data:/data", "identity:/identity:ro"]);
  });

  test("no port is published beyond loopback unless the operator configures it", () => {
    const published = Object.values(services).flatMap(({ ports = [] }) => ports);
    expect(published).toEqual(["${DURANIUM_PUBLISH:-127.0.0.1}:3000:3000"]);
  });
});
