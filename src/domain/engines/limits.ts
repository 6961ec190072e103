import { MiB } from "../../base/binary-units.ts";

/** The length of an engine's module. CPython with its standard library has 17 MiB, the JavaScript engine 28. */
export const maxEngineBytes = 96 * MiB;

/** The length of an engine file, which is compressed. */
export const maxEngineFileBytes = 48 * MiB;

/** The metadata of an engine, most of which are the names of the standard library's modules. */
export const maxEngineHeaderBytes = 256 * 1_024;

/** The processor time, and twice the wall-clock time, in which the module of an engine must be validated. */
export const engineCheckSeconds = 60;

/** Default of the memory for compiled engines, an estimate: JavaScript's takes 100 MiB, Python's 70. */
export const maxCompiledEngineBytes = 512 * MiB;
