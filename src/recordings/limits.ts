import { KiB, MiB } from "../base/binary-units.ts";
import { maxJsonDepth } from "../domain/limits.ts";

/** The result of one call in a recording. Larger ones are marked as omitted. */
export const maxRecordedResultBytes = 4 * MiB;

/** The results and signals of a recording together. Those that follow are marked as omitted. */
export const maxRecordedBytes = 16 * MiB;

/** The body of a request in a recording, as text. Of larger ones, and of binary ones, only digest and size are recorded. */
export const maxRecordedBodyBytes = 64 * KiB;

/** The text of a recording that is read: the results with their escapes, the payload, the arguments and the console lines. */
export const maxRecordingTextBytes = 64 * MiB;

/** Levels of nesting in the text of a recording: a value of the workflow is a few levels deep in it. */
export const maxRecordingDepth = maxJsonDepth + 16;
