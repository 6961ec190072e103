import { DuraniumError } from "../../src/domain/errors.ts";

/** On a busy machine, bundling may time out, which is worth another attempt. The test's time limit ends it. */
export async function onceNotBusy<T>(work: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof DuraniumError) || error.code !== "overloaded") throw error;
    }
  }
}
