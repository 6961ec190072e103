import type { ExecutionLimits } from "../domain/execution-limits.ts";
import type { Failure } from "../domain/outcome.ts";
import type { Guest } from "../host/guest.ts";

/** A version, or a draft, on which recordings are replayed. */
export interface ReplayedVersion {
  /** Opens an instance with its image, which the caller disposes. */
  open(limits: ExecutionLimits): Promise<Guest>;
  readonly mapper: SourceMapper;
}

/** Maps positions in the bundle to the author's files. */
export interface SourceMapper {
  failure(failure: Failure): Failure;
  /** Maps the strings in JSON. */
  json(json: string): string;
}
