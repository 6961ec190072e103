import type { PackageRow } from "./package-rows.ts";

/** Where the files of a package come from, for readers. */
export const originWords: Readonly<Record<PackageRow["origin"], string>> = {
  files: "Files of the draft",
  folder: "Packages folder",
  registry: "Registry",
  upload: "Upload",
  server: "Packages folder, at each deploy",
  missing: "Missing",
};
