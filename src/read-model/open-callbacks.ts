import type { OpenCallback } from "../api/contract/execution.ts";
import { fromHex } from "../base/bytes.ts";
import { callbackSecret } from "../host/seed/callback-secret.ts";
import { callbackAwaited } from "../journal/signals.ts";
import type { Timeline } from "./timeline.ts";

/** The callbacks that an execution has created and that are not completed, with their URLs. */
export function openCallbacks({ start, asked }: Pick<Timeline, "start" | "asked">): readonly OpenCallback[] {
  if (start === undefined) return [];
  const { callbackUrl, executionId, seed } = start;
  return asked.operations.filter(asked.isOpen).flatMap(({ name, at }) => {
    const callback = callbackAwaited(name);
    if (callback === undefined) return [];
    const url = `${callbackUrl}${executionId}.${callback}.${callbackSecret(fromHex(seed), callback)}`;
    return [{ callback, url, ...(at === undefined ? {} : { createdAt: at }) }];
  });
}
