/** Compiles the source in the first argument, in a process of its own, and prints what came of it as JSON. */
import { openTestSandbox } from "./sandbox.ts";

await using sandbox = await openTestSandbox();
process.stdout.write(JSON.stringify(await sandbox.compile(process.argv[2] ?? "")));
