// Runs a workflow in Node: `node run-in-node.mjs FILE PAYLOAD` prints what it returns, as JSON, on the last line.
import { pathToFileURL } from "node:url";

const [file = "", payload = "null"] = process.argv.slice(2);
const { run } = await import(pathToFileURL(file).href);
const result = await run({}, JSON.parse(payload));
process.stdout.write(`\n${JSON.stringify(result ?? null)}\n`, () => process.exit(0));
