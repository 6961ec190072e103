/** What an engine and its host tell each other about the pages of the memory that were written to: `write-tracking.ts`. */

/** The name under which the notes are exported: a memory with a byte for each page, which is 1 where it was written to. */
export const dirtyPagesExport = "$written";

/** The length of such a page. */
export const dirtyPageBytes = 4_096;
