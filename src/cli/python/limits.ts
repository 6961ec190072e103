import { MiB } from "../../base/binary-units.ts";

/** What is unpacked of one wheel. */
export const maxWheelBytes = 64 * MiB;

/** The texts of a Python workflow and of its packages. A deploy takes 12 MiB of JSON, in which texts are a little longer. */
export const maxPythonSourceBytes = 11 * MiB;

/** The files of a Python workflow and of its packages: what a deploy takes. */
export const maxPythonFiles = 4_000;

/** A file beside the modules of a package of the author, such as a template. */
export const maxDataFileBytes = 2 * MiB;
