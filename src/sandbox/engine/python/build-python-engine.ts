import { buildPythonEngine, writeEngineFile } from "./build-engine-file.ts";

/**
 * `node src/sandbox/engine/python/build-python-engine.ts [file] [folder]` builds the Python engine of this source, writes it
 * to the file if there is one, and prints its digest. The folder of the build is in the cache of this user by default.
 * Used for tests and in the build stage of container images.
 */
const [, , file, directory] = process.argv;
const onProgress = (message: string): void => void process.stderr.write(`${message}\n`);
// The commands of the build have process groups of their own, and end with this process.
const ended = new AbortController();
for (const name of ["SIGINT", "SIGTERM"] as const)
  process.once(name, () => ended.abort(new Error(`The build was ended by ${name}`)));
const engine = await buildPythonEngine({ directory, onProgress, signal: ended.signal });
if (file !== undefined) await writeEngineFile(file, engine);
process.stdout.write(`${engine.digest}\n`);
