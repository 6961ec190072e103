import type { ProjectSource } from "./project.ts";

/** The part of a source that requests send. */
export function sentSource({ entry, files, binaryFiles }: ProjectSource): Omit<ProjectSource, "folder"> {
  return { entry, files, ...(binaryFiles === undefined ? {} : { binaryFiles }) };
}
