import { createHash } from "node:crypto";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { digestOf } from "../base/sha256.ts";
import type { DuraniumError } from "../domain/errors.ts";
import { filesOf } from "../sandbox/compile/resolution/package-archives.ts";
import { findPackages } from "./find-packages.ts";
import type { ResolvedPackages } from "./messages.ts";
import { createPackageThreads } from "./packages-thread.ts";
import type { StoredPackage } from "./stored-package.ts";
import { startRegistry } from "./testing/registry-server.ts";
import type { RegistryServer } from "./testing/registry-server.ts";
import { packed, tarball } from "./testing/tarball.ts";

let registry: RegistryServer;
let folder: string;

beforeAll(async () => {
  registry = await startRegistry();
  folder = mkdtempSync(join(tmpdir(), "duranium-folder-"));
});

afterAll(async () => {
  await registry[Symbol.asyncDispose]();
  rmSync(folder, { recursive: true });
});

/** Resolves among the registry and the folder, on this thread, and returns versions by folder. */
async function resolve(
  packages: Readonly<Record<string, string>>,
  known: readonly StoredPackage[] = [],
  sources: { packagesDir?: string; token?: string } = {},
) {
  const { packagesDir, token } = sources;
  const address = { url: registry.url, ...(token === undefined ? {} : { token }) };
  const task = { kind: "resolve", packages, known, sources: { packagesDir, registry: address } } as const;
  return shown(await findPackages(task, async () => new Map()));
}

function shown({ packages: found, places }: ResolvedPackages) {
  const versions = Object.entries(places).map(([place, number]) => {
    const { name, version, from } = found[number] ?? {};
    return [place, `${name}@${version} ${from}`];
  });
  return { found, versions: Object.fromEntries(versions) as Record<string, string> };
}

const storedFacts = {
  digest: digestOf("stored"),
  version: "1.0.0",
  from: "registry" as const,
  files: 1,
  bytes: 1,
  needs: { required: {}, optional: {} },
  isNative: false,
};

/** A package whose tarball has a digest by this algorithm, beside others. */
function signed(name: string, algorithm: string, others = "") {
  const bytes = packed({ name, version: "1.0.0" });
  const digest = createHash(algorithm).update(bytes).digest("base64");
  return { name, tarball: bytes, dist: { integrity: `${others}${algorithm}-${digest}` } };
}

function install(files: Readonly<Record<string, string>>): void {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
}

describe("from a registry", () => {
  test("packages are resolved with their dependencies, peers and aliases, also in cycles", async () => {
    registry.publish(
      {
        name: "left",
        version: "1.0.0",
        manifest: { dependencies: { right: "^1.0.0" } },
        files: { "index.js": "1" },
      },
      { name: "right", version: "1.0.0", manifest: { dependencies: { left: "^1.0.0" } } },
      {
        name: "right",
        version: "1.5.0",
        manifest: { dependencies: { left: "^1.0.0" }, peerDependencies: { host: "2" } },
      },
      { name: "right", version: "2.0.0" },
      { name: "host", version: "2.0.1", manifest: { dependencies: { "right-cjs": "npm:right@^2.0.0" } } },
      { name: "@scope/old", version: "1.0.0", manifest: { dependencies: { right: "^2.0.0" } } },
    );
    const { found, versions } = await resolve({ left: "^1.0.0", "@scope/old": "latest" });
    expect(versions).toEqual({
      "node_modules/@scope/old": "@scope/old@1.0.0 registry",
      "node_modules/left": "left@1.0.0 registry",
      "node_modules/right": "right@2.0.0 registry",
      "node_modules/left/node_modules/right": "right@1.5.0 registry",
      "node_modules/host": "host@2.0.1 registry",
      "node_modules/right-cjs": "right@2.0.0 registry",
    });
    const left = found.find(({ name }) => name === "left");
    expect(left !== undefined && "archive" in left && filesOf(left.archive)).toMatchObject({
      "index.js": "1",
    });
  });

  test("packages of the previous lock are kept where they satisfy the range, and nothing is downloaded", async () => {
    registry.publish({ name: "kept", version: "1.0.0" }, { name: "kept", version: "1.1.0" });
    const known: StoredPackage = { ...storedFacts, name: "kept" };
    const before = registry.requests.length;
    expect((await resolve({ kept: "^1.0.0" }, [known])).versions).toEqual({
      "node_modules/kept": "kept@1.0.0 registry",
    });
    expect(registry.requests.length).toBe(before);
    expect((await resolve({ kept: "^1.1.0" }, [known])).versions).toEqual({
      "node_modules/kept": "kept@1.1.0 registry",
    });
    registry.publish({ name: "early", version: "1.0.0-beta.1" });
    expect((await resolve({ early: "*" })).versions).toEqual({
      "node_modules/early": "early@1.0.0-beta.1 registry",
    });
  });

  test("optional packages are left out if they are missing or native, and scripts never run", async () => {
    const marker = join(folder, "ran");
    registry.publish(
      { name: "native-linux", version: "1.0.0", manifest: { os: ["linux"] } },
      {
        name: "scripted",
        version: "1.0.0",
        manifest: {
          scripts: { install: `touch ${marker}`, preinstall: `touch ${marker}` },
          optionalDependencies: { "native-linux": "1", "does-not-exist": "1" },
          dependencies: { "native-linux": "1" },
        },
      },
    );
    expect((await resolve({ scripted: "*" })).versions).toEqual({
      "node_modules/scripted": "scripted@1.0.0 registry",
    });
    expect(() => rmSync(marker)).toThrow("ENOENT");
  });

  test("what cannot be found is reported for each package, with who needs it", async () => {
    registry.publish({
      name: "needy",
      version: "1.0.0",
      manifest: {
        dependencies: { absent: "^3.0.0", git: "git+ssh://git@example.com/x.git", here: "file:../.." },
      },
    });
    await expect(resolve({ needy: "^1.0.0", "no-such": "1" })).rejects.toMatchObject({
      code: "package-refused",
      diagnostics: [
        {
          message: expect.stringContaining('"no-such@>=1.0.0 <2.0.0-0": there is no such'),
          hint: expect.stringContaining(registry.url.slice(0, -1)),
        },
        { message: expect.stringContaining('"absent@>=3.0.0 <4.0.0-0", which needy@1.0.0 needs') },
        {
          message: expect.stringContaining(
            '"git@git+ssh://git@example.com/x.git", which needy@1.0.0 needs: only',
          ),
        },
        { message: expect.stringContaining('"here@file:../..", which needy@1.0.0 needs: only') },
      ],
    });
    const many = Array.from({ length: 60 }, (_, number) => [`file-${number}`, "file:.."]);
    const dependencies = Object.fromEntries(many) as Record<string, string>;
    registry.publish({ name: "needier", version: "1.0.0", manifest: { dependencies } });
    await expect(resolve({ needier: "1" })).rejects.toMatchObject({
      message: expect.stringMatching(/and 49 more/),
    });
  });
});

describe("a hostile registry", () => {
  test("a tarball with another integrity, name or version is refused", async () => {
    const wrong =
      "sha512-z4PhNX7vuL3xVChQ1m2AB9Yg5AULVxXcg/SpIdNs6c5H0NE8XYXysP+DGNKHfuwvY7kxvUdBeoGlODJ6+SfaPg==";
    registry.publish(
      { name: "swapped", version: "1.0.0", dist: { integrity: wrong } },
      { name: "unsigned", version: "1.0.0", dist: { integrity: "md5" } },
      { ...signed("weak", "md5"), version: "1.0.0" },
      { ...signed("sturdy", "sha512", "\tmd5-AAAA sha1-AAAA\n"), version: "1.0.0" },
      { name: "other", version: "1.0.0", tarball: packed({ name: "another", version: "1.0.0" }) },
      {
        name: "linked",
        version: "1.0.0",
        tarball: tarball([{ path: "package/x.js", type: "SymbolicLink", linkpath: "/" }]),
      },
    );
    await expect(resolve({ swapped: "*" })).rejects.toThrow(
      '"swapped@1.0.0": its tarball has not the integrity',
    );
    await expect(resolve({ unsigned: "*" })).rejects.toThrow("states no valid integrity");
    await expect(resolve({ weak: "*" })).rejects.toThrow("states no valid integrity");
    const [sturdy] = (await resolve({ sturdy: "*" })).found;
    expect(sturdy?.integrity).toMatch(/^sha512-[\w+/]+==$/);
    await expect(resolve({ other: "*" })).rejects.toThrow(
      '"other@1.0.0": its tarball contains another@1.0.0',
    );
    await expect(resolve({ linked: "*" })).rejects.toThrow(
      '"linked@1.0.0": its file "package/x.js" is not allowed',
    );
  });

  test("nothing is requested from another origin, and the token stays with the registry", async () => {
    await using elsewhere = await startRegistry();
    registry.publish({
      name: "lured",
      version: "1.0.0",
      dist: { tarball: `${elsewhere.url}lured/-/1.0.0.tgz` },
    });
    registry.answer("/moved", { status: 302, headers: { location: `${elsewhere.url}moved` } });
    registry.answer("/inside", { status: 302, headers: { location: "/left" } });
    registry.answer("/circle", { status: 302, headers: { location: "/circle" } });
    const token = "registry-token-0123456789";
    for (const name of ["lured", "moved"]) {
      await expect(resolve({ [name]: "*" }, [], { token })).rejects.toMatchObject({
        code: "registry-unavailable",
        message: expect.stringContaining(`it refers to ${elsewhere.url.slice(0, -1)}, and`),
      });
    }
    await expect(resolve({ circle: "*" }, [], { token })).rejects.toThrow("it redirects too often");
    expect(elsewhere.requests).toEqual([]);
    expect(registry.requests.at(-1)).toEqual({ path: "/circle", authorization: `Bearer ${token}` });
  });

  test("answers that are no packument, and names of Object's own members, are harmless", async () => {
    registry.answer("/broken", { body: "<html>" });
    registry.answer("/down", { status: 503 });
    registry.answer("/odd", {
      body: '{"versions":{"1.0.0":{"name":"odd","version":"2.0.0"}},"dist-tags":[]}',
    });
    registry.answer("/empty", { body: "null" });
    registry.publish({
      name: "proto",
      version: "1.0.0",
      manifest: { dependencies: JSON.parse('{"__proto__":"1","constructor":"1"}') as object },
    });
    await expect(resolve({ broken: "*" })).rejects.toThrow("its answer is not JSON");
    await expect(resolve({ down: "*" })).rejects.toThrow("it answers 503 for /down");
    await expect(resolve({ odd: "*" })).rejects.toThrow(
      '"odd@1.0.0": what the registry says about it is not valid',
    );
    await expect(resolve({ empty: "*" })).rejects.toThrow("there is no such package");
    await expect(resolve({ proto: "*" })).rejects.toThrow(
      '"constructor@>=1.0.0 <2.0.0-0", which proto@1.0.0 needs',
    );
  });

  test("packages without an end are refused: names of names, and versions that need one another in a circle", async () => {
    registry.publish(
      { name: "aliased", version: "1.0.0", manifest: { dependencies: { x: `${"npm:a@".repeat(50_000)}1` } } },
      { name: "odd-even", version: "1.0.0", manifest: { dependencies: { other: "1.0.0" } } },
      { name: "odd-even", version: "2.0.0", manifest: { dependencies: { other: "2.0.0" } } },
      { name: "other", version: "1.0.0", manifest: { dependencies: { "odd-even": "2.0.0" } } },
      { name: "other", version: "2.0.0", manifest: { dependencies: { "odd-even": "1.0.0" } } },
    );
    await expect(resolve({ aliased: "*" })).rejects.toThrow("which aliased@1.0.0 needs: only versions");
    await expect(resolve({ "odd-even": "1.0.0" })).rejects.toThrow(
      "different versions of one another in a circle",
    );
  });

  test("the files of a package count once for each of its folders", async () => {
    const large = { ...storedFacts, name: "large", files: 8_000 };
    const users = ["a", "b", "c"].map((name) => ({
      ...storedFacts,
      digest: digestOf(name),
      name,
      needs: { required: { large: "1" }, optional: {} },
    }));
    const known = [...users, large, { ...large, digest: digestOf("next"), version: "2.0.0", files: 1 }];
    expect((await resolve({ a: "1", b: "1" }, known)).found.length).toBe(3);
    await expect(resolve({ a: "1", b: "1", c: "1", large: "2" }, known)).rejects.toThrow(
      '"large@1.0.0": all packages together have more than 20000 files',
    );
  });

  test("a package that needs more than 500 packages is refused", async () => {
    const names = Array.from({ length: 501 }, (_, number) => `part-${number}`);
    registry.publish(...names.map((name) => ({ name, version: "1.0.0" })), {
      name: "parts",
      version: "1.0.0",
      manifest: { dependencies: Object.fromEntries(names.map((name) => [name, "1"])) },
    });
    await expect(resolve({ parts: "1" })).rejects.toThrow(
      '"parts": with all dependencies there are more than 500',
    );
  });
});

test("a thread resolves and unpacks, without those that are stored already, and passes refusals on", async () => {
  registry.publish({ name: "stored", version: "1.0.0" }, { name: "fresh", version: "1.0.0" });
  const sources = { packagesDir: undefined, registry: { url: registry.url } };
  const stored: StoredPackage = { ...storedFacts, name: "stored" };
  const threads = createPackageThreads(sources, {
    byIntegrity: async (integrities) => [{ ...stored, integrity: integrities[1] ?? "" }],
  });
  const { found, versions } = shown(await threads.resolve({ fresh: "*", stored: "*" }, []));
  expect(versions).toEqual({
    "node_modules/fresh": "fresh@1.0.0 registry",
    "node_modules/stored": "stored@1.0.0 registry",
  });
  expect(found.map((each) => "archive" in each)).toEqual([true, false]);
  expect(registry.requests.map(({ path }) => path)).not.toContain("/stored/-/1.0.0.tgz");
  const bytes = packed({ name: "p", version: "1.0.0" });
  expect(await threads.unpack(bytes)).toMatchObject({
    name: "p",
    from: "upload",
    integrity: expect.stringMatching(/^sha512-/),
  });
  await expect(threads.unpack(bytes.subarray(0, 50))).rejects.toMatchObject({ code: "package-refused" });
});

test("tasks beyond those that wait are rejected, so that their tarballs do not fill the memory", async () => {
  const sources = { packagesDir: undefined, registry: undefined };
  const threads = createPackageThreads(sources, { byIntegrity: async () => [] }, 1);
  const bytes = new Uint8Array([1]);
  const all = await Promise.allSettled([1, 2, 3, 4].map(async () => await threads.unpack(bytes)));
  const codes = all.map((each) => (each.status === "rejected" ? (each.reason as DuraniumError).code : ""));
  expect(codes).toEqual(["package-refused", "package-refused", "package-refused", "overloaded"]);
});

describe("from a folder", () => {
  test("packages are taken as they are installed, links out of the folder are not followed", async () => {
    install({
      "app/package.json": '{"name":"app","version":"1.0.0","dependencies":{"dep":"^2.0.0","outside":"*"}}',
      "app/index.js": "exports.app = 1;",
      "app/node_modules/dep/package.json": '{"name":"dep","version":"2.0.0"}',
      "dep/package.json": '{"name":"dep","version":"1.0.0"}',
    });
    symlinkSync(tmpdir(), join(folder, "outside"));
    symlinkSync("/etc/hostname", join(folder, "app", "secret.txt"));
    await expect(resolve({ app: "*" }, [], { packagesDir: folder })).rejects.toThrow(
      '"outside@*", which app@1.0.0 needs',
    );
    rmSync(join(folder, "outside"));
    registry.publish({ name: "outside", version: "1.0.0" });
    const { found, versions } = await resolve({ app: "*", dep: "1" }, [], { packagesDir: folder });
    expect(versions).toEqual({
      "node_modules/app": "app@1.0.0 folder",
      "node_modules/app/node_modules/dep": "dep@2.0.0 folder",
      "node_modules/dep": "dep@1.0.0 folder",
      "node_modules/outside": "outside@1.0.0 registry",
    });
    const app = found.find(({ name }) => name === "app");
    expect(app !== undefined && "archive" in app && Object.keys(filesOf(app.archive))).toEqual([
      "index.js",
      "package.json",
    ]);
  });

  test("the registry is asked for versions that the folder does not have", async () => {
    registry.publish({ name: "dep", version: "3.0.0" });
    const { versions } = await resolve({ dep: "^3.0.0" }, [], { packagesDir: folder });
    expect(versions).toEqual({ "node_modules/dep": "dep@3.0.0 registry" });
    await expect(resolve({ app: "1" }, [], { packagesDir: join(folder, "none") })).rejects.toMatchObject({
      code: "package-refused",
      diagnostics: [{ hint: expect.stringContaining("DURANIUM_PACKAGES_DIR") }],
    });
    await expect(resolve({ app: "beta" }, [], { packagesDir: folder })).rejects.toThrow(
      '"app@beta": there is no',
    );
  });
});
