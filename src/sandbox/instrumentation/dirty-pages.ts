/** The contract between an engine and its host about written pages: `write-tracking.ts`. */

/** The export name of the dirty-page flags: a memory with one byte per page, 1 if the page was written to. */
export const dirtyPagesExport = "$written";

/** The length of a tracked page. */
export const dirtyPageBytes = 4_096;
