import pRetry from "p-retry";
export async function run() {
  let tries = 0;
  return await pRetry(
    () => {
      tries += 1;
      if (tries < 3) throw new Error("again");
      return tries;
    },
    { retries: 5, minTimeout: 1 },
  );
}
