import { expect, test } from "vitest";
import { digestOf } from "../../base/sha256.ts";
import type { PackageLock, PackageOrigin } from "../../domain/workflow.ts";
import { createDraftStore } from "../drafts.ts";
import { openSqlite } from "../sql/sqlite.ts";
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

test("unused packages are deleted, except those of versions, of drafts, and those that were used since", () => {
  using database = openSqlite(":memory:");
  const store = createPackageStore(database);
  for (const name of ["deployed", "drafted", "renewed", "unused"]) store.add(recordOf(name), 1_000);
  createVersionStore(database).record(deployOf("inv_1", { source: sourceWith("deployed") }));
  const drafts = createDraftStore(database);
  const edited = { workflowId: orders, updatedAt: 1_000, updatedBy: "ada" };
  drafts.save({ ...edited, source: sourceWith("drafted") }, "none");
  store.renew([digestOf("renewed")], 3_000);
  expect(store.removeUnused(2_000)).toBe(1);
  expect(store.artifacts()).toEqual(new Set(["deployed", "drafted", "renewed"].map(digestOf)));
  drafts.remove(orders);
  expect(store.removeUnused(4_000)).toBe(2);
  expect(store.hasArtifact(digestOf("deployed"))).toBe(true);
});

test("the origin of a package is the one that says most about its files, with the integrity of the registry", () => {
  using database = openSqlite(":memory:");
  const store = createPackageStore(database);
  const origins = [
    store.add(recordOf("p", "upload", "sha512-uploaded"), 1),
    store.add(recordOf("p", "folder"), 2),
    store.add(recordOf("p", "registry", "sha512-published"), 3),
    store.add(recordOf("p", "registry", "sha512-published-again"), 4),
    store.add(recordOf("p", "upload", "sha512-uploaded"), 5),
  ].map(({ origin, integrity }) => `${origin} ${integrity}`);
  expect(origins).toEqual([
    "upload sha512-uploaded",
    "folder sha512-uploaded",
    "registry sha512-published",
    "registry sha512-published",
    "registry sha512-published",
  ]);
  store.add(recordOf("q", "upload", "sha512-q"), 1);
  store.confirm(digestOf("q"));
  expect(store.list([digestOf("q")])).toEqual([recordOf("q", "registry", "sha512-q")]);
});
