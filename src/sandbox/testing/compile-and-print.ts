/** Compiles the source in the first argument in its own process, and prints the result as JSON. */
import { openTestSandbox } from "./sandbox.ts";

await using sandbox = await openTestSandbox();
process.stdout.write(JSON.stringify(await sandbox.compile(process.argv[2] ?? "")));
