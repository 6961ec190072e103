import type { Digest } from "../base/digest.ts";
import type { Declarations } from "./automation/declarations.ts";
import type { FlowSettings } from "./automation/flow-settings.ts";
import type { Language } from "./engines/language.ts";
import type { Diagnostic } from "./errors.ts";
import type { ExecutionId, WorkflowId } from "./ids.ts";

/** The source of a deploy: files by their relative path (`orders.ts`, `lib/tax.ts`), one of which is the entry. */
export interface WorkflowSource {
  readonly entry: string;
  readonly files: Readonly<Record<string, string>>;
  /** Files that are not text, in base64. The entry of a workflow in WebAssembly is one. */
  readonly binaryFiles?: Readonly<Record<string, string>>;
  /** Follows from the extension of the entry if absent. */
  readonly language?: Language;
  /** Packages that the installation supplies, with their exact versions. */
  readonly dependencies?: Readonly<Record<string, string>>;
  /** Packages that are added to the source, by name: a range of versions, a tag, or `upload:` and a digest. */
  readonly packages?: Readonly<Record<string, string>>;
  /** What `packages` was resolved to, with all dependencies. */
  readonly packageLock?: PackageLock;
}

/** Packages by the folder in which imports find them, as npm lays them out: `node_modules/zod`, `node_modules/a/node_modules/b`. */
export type PackageLock = Readonly<Record<string, LockedPackage>>;

export const packageOrigins = ["folder", "registry", "upload"] as const;
export type PackageOrigin = (typeof packageOrigins)[number];

export interface LockedPackage {
  /** The name in its manifest; the folder has another one if it was requested under an alias. */
  readonly name: string;
  readonly version: string;
  /** The artifact with its files. */
  readonly digest: Digest;
  readonly from: PackageOrigin;
  /** The digest of the tarball that its files were unpacked from, as in `package-lock.json`. */
  readonly integrity?: string;
}

/** The artifacts of a compiled source, all content-addressed. */
export interface CompiledWorkflow {
  /** The memory image: a compressed delta against the engine's own memory. */
  readonly imageDigest: Digest;
  /** The engine that made the image, and the only one that can run it. */
  readonly engineDigest: Digest;
  /** The bundle that was evaluated. The portable component is built from it. */
  readonly bundleDigest: Digest;
  /** Maps the bundle's lines to the author's. */
  readonly sourceMapDigest: Digest;
  /** The version of the protocol between the image and its host. */
  readonly protocolVersion: number;
  /** JavaScript if absent, as in the journals of earlier releases. */
  readonly language?: Language;
  readonly sizes: {
    readonly sourceBytes: number;
    readonly bundleBytes: number;
    /** The compressed size. */
    readonly imageBytes: number;
    /** Pages of 4 KiB that differ from the engine's. */
    readonly imagePages: number;
  };
  /** What the source exports for Duranium beside `run`. */
  readonly declarations?: Declarations;
  /** Warnings for the author. They are part of the response to the deploy and are not stored. */
  readonly warnings?: readonly Diagnostic[];
  readonly timings: {
    readonly bundleMs: number;
    readonly evaluateMs: number;
    readonly imageMs: number;
  };
}

/** One immutable deploy of a workflow. */
export interface Version extends CompiledWorkflow {
  readonly workflowId: WorkflowId;
  /** 1, 2, 3… */
  readonly version: number;
  /** SHA-256 of the source in canonical form: the same source has the same digest. */
  readonly sourceDigest: Digest;
  /** Name of the API key that deployed it. */
  readonly deployedBy: string;
  /** Milliseconds since the Unix epoch. */
  readonly deployedAt: number;
  /** A note of the author: the only part of a version that can change later. */
  readonly note?: string;
}

/** The state key `current` of the Virtual Object. `execute` reads it first, which pins the version of an execution. */
export interface CurrentVersion {
  readonly version: number;
  readonly imageDigest: Digest;
  readonly engineDigest: Digest;
  readonly sourceMapDigest: Digest;
  readonly protocolVersion: number;
  /** The flow control that its code declares. */
  readonly flow?: FlowSettings;
}

/** What executions need of a version. */
export function currentOf(version: Version): CurrentVersion {
  const { imageDigest, engineDigest, sourceMapDigest, protocolVersion, declarations } = version;
  const flow = declarations?.flow === undefined ? {} : { flow: declarations.flow };
  return { version: version.version, imageDigest, engineDigest, sourceMapDigest, protocolVersion, ...flow };
}

/** The id of the invocation of `deploy` that made a version. It makes recording the version idempotent. */
export type DeployId = ExecutionId;

/** A workflow as lists show it. */
export interface Workflow {
  readonly workflowId: WorkflowId;
  /** Milliseconds since the Unix epoch. */
  readonly createdAt: number;
  readonly latestVersion: number;
}
