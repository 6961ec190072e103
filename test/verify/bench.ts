import { setTimeout as delay } from "node:timers/promises";
import type { VerifyTarget } from "./target.ts";
import type { Installation, Victim } from "./victims.ts";

/** A real installation, and the server that its workflows call. */
export interface Bench {
  readonly installation: Installation;
  readonly target: VerifyTarget;
}

/** @returns the time until everything responds again, in milliseconds */
export async function killAndRevive(
  {
    installation,
    target,
  }: { readonly installation: Installation; readonly target: Pick<VerifyTarget, "disturbed"> },
  victim: Victim,
  onKilled: () => void = () => {},
): Promise<number> {
  const killedAt = Date.now();
  target.disturbed();
  await installation.kill(victim);
  onKilled();
  // Requests that had left before the end may still be on their way to the target.
  await delay(50);
  target.disturbed();
  // An executor that outlives its Restate sends requests until it notices, which takes as long as the machine is busy.
  const outliving = victim === "restate" ? setInterval(() => target.disturbed(), 10) : undefined;
  try {
    await installation.revive(victim);
  } finally {
    clearInterval(outliving);
  }
  return Date.now() - killedAt;
}
