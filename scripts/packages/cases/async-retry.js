import retry from "async-retry";
export async function run() {
  return await retry(
    async (_bail, attempt) => {
      if (attempt < 2) throw new Error("no");
      return attempt;
    },
    { retries: 2, minTimeout: 5, randomize: false },
  );
}
