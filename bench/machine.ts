import { execFile } from "node:child_process";
import { createRequire, findPackageJSON } from "node:module";
import { availableParallelism, cpus, loadavg, release, totalmem } from "node:os";
import { promisify } from "node:util";
import { testEngineStore } from "../test/support/engine.ts";

/** The machine and the versions with which figures were measured. */
export interface RunEnvironment {
  readonly takenAt: string;
  readonly commit: string;
  readonly machine: {
    readonly cores: number;
    readonly processor: string;
    readonly memoryMib: number;
    readonly system: string;
    /** The load average of the last minute: above 0.5 the machine was not idle. */
    readonly loadBefore: number;
  };
  readonly versions: Readonly<Record<string, string>>;
}

/** The measured packages and the baselines. */
const packages: readonly string[] = [
  "@restatedev/restate-server",
  "@restatedev/restate-sdk",
  "@bytecodealliance/componentize-js",
  "@bytecodealliance/jco",
  "isolated-vm",
  "quickjs-emscripten",
];

export async function readEnvironment(): Promise<RunEnvironment> {
  const { digest } = await testEngineStore().current();
  const versions = await Promise.all(packages.map(async (name) => [name, await versionOf(name)] as const));
  return {
    takenAt: new Date().toISOString(),
    commit: await commit(),
    machine: {
      cores: availableParallelism(),
      processor: cpus()[0]?.model ?? "unknown",
      memoryMib: Math.round(totalmem() / 1_048_576),
      system: `${process.platform} ${process.arch} ${release()}`,
      loadBefore: loadavg()[0] ?? 0,
    },
    versions: {
      node: process.versions.node,
      v8: process.versions.v8,
      engine: digest.slice(0, 12),
      ...Object.fromEntries(versions),
    },
  };
}

export function headerLines({ takenAt, commit, machine, versions }: RunEnvironment): readonly string[] {
  const { cores, processor, memoryMib, system, loadBefore } = machine;
  return [
    `${takenAt}, commit ${commit}`,
    `${cores} cores of ${processor}, ${memoryMib} MiB, ${system}, load ${loadBefore.toFixed(2)} before`,
    Object.entries(versions)
      .map(([name, version]) => `${name} ${version}`)
      .join(", "),
  ];
}

async function versionOf(name: string): Promise<string> {
  const path = findPackageJSON(name, import.meta.url);
  if (path === undefined) return "not installed";
  return (createRequire(import.meta.url)(path) as { version: string }).version;
}

/** The commit of the clone in which the bench runs; a tarball has none. */
async function commit(): Promise<string> {
  try {
    const { stdout } = await promisify(execFile)("git", ["describe", "--always", "--dirty"], {
      cwd: import.meta.dirname,
    });
    return stdout.trim();
  } catch {
    return "unknown";
  }
}
