import { Worker } from "node:worker_threads";
import { createSemaphore } from "../base/concurrency/semaphore.ts";
import { DuraniumError } from "../domain/errors.ts";
import { receiveError } from "../sandbox/threads/thread-messages.ts";
import {
  maxPackageThreads,
  maxWaitingPackageTasks,
  packageThreadHeapMb,
  resolutionTimeoutMs,
} from "./limits.ts";
import type { FromPackagesThread, PackageSources, PackageTask, ResolvedPackages } from "./messages.ts";
import { packagesRefused } from "./package-refused.ts";
import type { NewPackage, StoredPackage } from "./stored-package.ts";

/** Packages that are stored. */
export interface KnownPackages {
  byIntegrity(integrities: readonly string[]): Promise<readonly StoredPackage[]>;
}

/** Resolves and unpacks packages, each in a thread of its own with limits on its time and memory. */
export interface PackageThreads {
  /** @throws {DuraniumError} `package-refused`, `registry-unavailable`, and `overloaded` if too many others wait */
  resolve(
    packages: Readonly<Record<string, string>>,
    known: readonly StoredPackage[],
  ): Promise<ResolvedPackages>;
  /** @throws {DuraniumError} `package-refused`, `overloaded` */
  unpack(tarball: Uint8Array): Promise<NewPackage>;
}

/** @param maxWaiting further tasks are rejected */
export function createPackageThreads(
  sources: PackageSources,
  stored: KnownPackages,
  maxWaiting = maxWaitingPackageTasks,
): PackageThreads {
  const semaphore = createSemaphore(maxPackageThreads);
  async function perform(task: PackageTask): Promise<FromPackagesThread> {
    if (semaphore.waiting >= maxWaiting) throw busy();
    using _permit = await semaphore.take();
    const answer = await performInThread(task, stored);
    if ("failed" in answer) throw receiveError(answer.failed);
    return answer;
  }
  return {
    async resolve(packages, known) {
      const answer = await perform({ kind: "resolve", sources, packages, known });
      if ("resolved" in answer) return answer.resolved;
      throw unexpected();
    },
    async unpack(tarball) {
      const answer = await perform({ kind: "unpack", tarball });
      if ("unpacked" in answer) return answer.unpacked;
      throw unexpected();
    },
  };
}

async function performInThread(task: PackageTask, stored: KnownPackages): Promise<FromPackagesThread> {
  const done = Promise.withResolvers<FromPackagesThread>();
  const worker = new Worker(new URL("./packages-worker.ts", import.meta.url), {
    name: "packages",
    env: {},
    workerData: task,
    resourceLimits: { maxOldGenerationSizeMb: packageThreadHeapMb },
  });
  const answer = async (integrities: readonly string[]) => {
    const known = await stored.byIntegrity(integrities);
    const entries = known.flatMap((each) =>
      each.integrity === undefined ? [] : [[each.integrity, each] as const],
    );
    worker.postMessage(new Map(entries), []);
  };
  worker.on("message", (message: FromPackagesThread) => {
    if ("ask" in message) answer(message.ask).catch(done.reject);
    else done.resolve(message);
  });
  worker.on("error", (cause) => done.reject(ended("it needs too much memory, or is not valid", cause)));
  worker.on("exit", () => done.reject(ended("the thread that reads it exited")));
  const limit = `it takes more than ${resolutionTimeoutMs / 1_000} s`;
  const timer = setTimeout(() => done.reject(ended(limit)), resolutionTimeoutMs);
  try {
    return await done.promise;
  } finally {
    clearTimeout(timer);
    await worker.terminate();
  }
}

function ended(reason: string, cause?: unknown): DuraniumError {
  return packagesRefused([{ message: `Cannot add packages: ${reason}` }], cause);
}

function busy(): DuraniumError {
  return new DuraniumError(
    "overloaded",
    "Cannot add packages: too many others are being added. Try again later",
  );
}

function unexpected(): DuraniumError {
  return new DuraniumError("internal", "The thread of packages has sent something else");
}
