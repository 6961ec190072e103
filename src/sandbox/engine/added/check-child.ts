import { buffer } from "node:stream/consumers";
import { messageOf } from "../../../domain/errors.ts";
import { instantiateCore } from "../../instances/glue.ts";

/** The process that validates a module (`check-core.ts`): reads it from standard input and exits with 0 if it is valid. */
try {
  instantiateCore(await WebAssembly.compile(await buffer(process.stdin)));
} catch (error) {
  process.stderr.write(messageOf(error));
  process.exitCode = 1;
}
