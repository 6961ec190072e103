import { expect, test } from "vitest";
import { digestOf } from "../../base/sha256.ts";
import type { PackageLock, PackageOrigin } from "../../domain/workflow.ts";
import { createDraftStore } from "../drafts.ts";
import { describeOnEachDatabase } from "../testing/databases.ts";
import { deployOf, orders } from "../testing/deploys.ts";
import { createVersionStore } from "../versions.ts";
import { createPackageStore } from "./packages.ts";
import type { PackageRecord } from "./packages.ts";

function recordOf(name: string, origin: PackageOrigin = "upload", integrity?: string): PackageRecord {
  const manifest = { required: {}, optional: {}, isNative: false };
  const facts = { name, version: "1.0.0", origin, manifest, files: 1, bytes: 10 };
  return { ...facts, digest: digestOf(name), integrity: integrity ?? null };
}

function sourceWith(name: string) {
  const { digest, version } = recordOf(name);
  const packageLock: PackageLock = { [`node_modules/${name}`]: { name, version, digest, from: "upload" } };
  return { entry: "main.ts", files: { "main.ts": "" }, packages: { [name]: "*" }, packageLock };
}

describeOnEachDatabase("the store of packages", (open) => {
  test("unused packages are deleted, except those of versions, of drafts, and those that were used since", async () => {
    await using database = await open();
    const store = createPackageStore(database);
    for (const name of ["deployed", "drafted", "renewed", "unused"]) await store.add(recordOf(name), 1_000);
    await createVersionStore(database).record(deployOf("inv_1", { source: sourceWith("deployed") }));
    const drafts = createDraftStore(database);
    const edited = { workflowId: orders, updatedAt: 1_000, updatedBy: "ada" };
    await drafts.save({ ...edited, source: sourceWith("drafted") }, "none");
    await store.renew([digestOf("renewed")], 3_000);
    expect(await store.removeUnused(2_000)).toBe(1);
    expect(await store.artifacts()).toEqual(new Set(["deployed", "drafted", "renewed"].map(digestOf)));
    await drafts.remove(orders);
    expect(await store.removeUnused(4_000)).toBe(2);
    expect(await store.hasArtifact(digestOf("deployed"))).toBe(true);
  });

  test("the origin of a package is the one that says most about its files, with the integrity of the registry", async () => {
    await using database = await open();
    const store = createPackageStore(database);
    const origins = [
      await store.add(recordOf("p", "upload", "sha512-uploaded"), 1),
      await store.add(recordOf("p", "folder"), 2),
      await store.add(recordOf("p", "registry", "sha512-published"), 3),
      await store.add(recordOf("p", "registry", "sha512-published-again"), 4),
      await store.add(recordOf("p", "upload", "sha512-uploaded"), 5),
    ].map(({ origin, integrity }) => `${origin} ${integrity}`);
    expect(origins).toEqual([
      "upload sha512-uploaded",
      "folder sha512-uploaded",
      "registry sha512-published",
      "registry sha512-published",
      "registry sha512-published",
    ]);
    await store.add(recordOf("q", "upload", "sha512-q"), 1);
    await store.confirm(digestOf("q"));
    expect(await store.list([digestOf("q")])).toEqual([recordOf("q", "registry", "sha512-q")]);
  });
});
