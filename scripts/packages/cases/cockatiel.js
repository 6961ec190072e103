import { ConstantBackoff, handleAll, retry, timeout, TimeoutStrategy, wrap } from "cockatiel";
export async function run() {
  let attempts = 0;
  const policy = wrap(
    retry(handleAll, { maxAttempts: 3, backoff: new ConstantBackoff(5) }),
    timeout(1000, TimeoutStrategy.Aggressive),
  );
  return await policy.execute(async () => {
    attempts += 1;
    if (attempts < 3) throw new Error("no");
    return attempts;
  });
}
