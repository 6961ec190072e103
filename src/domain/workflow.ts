import type { Diagnostic } from "./errors.ts";
import type { Digest, ExecutionId, WorkflowId } from "./ids.ts";

/** What an author hands in: files by their relative path (`orders.ts`, `lib/tax.ts`), one of them the entry. */
export interface WorkflowSource {
  readonly entry: string;
  readonly files: Readonly<Record<string, string>>;
  /** Packages that the installation is to supply, each with its exact version. */
  readonly dependencies?: Readonly<Record<string, string>>;
}

/** What a compiled source needs to be executed, all content-addressed. */
export interface CompiledWorkflow {
  /** The memory image: a compressed delta against the engine's own memory. */
  readonly imageDigest: Digest;
  /** The engine that made the image, and the only one that can run it. */
  readonly engineDigest: Digest;
  /** The bundle that was evaluated; the portable component is made of it. */
  readonly bundleDigest: Digest;
  /** Maps the bundle's lines to the author's. */
  readonly sourceMapDigest: Digest;
  /** The protocol that the image speaks with its host. */
  readonly protocolVersion: number;
  readonly sizes: {
    readonly sourceBytes: number;
    readonly bundleBytes: number;
    /** As stored, compressed. */
    readonly imageBytes: number;
    /** Pages of 4 KiB that differ from the engine's. */
    readonly imagePages: number;
  };
  /** What the author asked for and does not get: told at the deploy, and not kept. */
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
  /** What the author says about it: the one part of a version that can change later. */
  readonly note?: string;
}

/** What `execute` reads first, and so pins: the state key `current` of the Virtual Object. */
export interface CurrentVersion {
  readonly version: number;
  readonly imageDigest: Digest;
  readonly engineDigest: Digest;
  readonly sourceMapDigest: Digest;
  readonly protocolVersion: number;
}

/** The invocation of `deploy` that made a version: makes recording it idempotent. */
export type DeployId = ExecutionId;

/** A workflow as lists show it. */
export interface Workflow {
  readonly workflowId: WorkflowId;
  /** Milliseconds since the Unix epoch. */
  readonly createdAt: number;
  readonly latestVersion: number;
}
