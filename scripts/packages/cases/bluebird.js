import Bluebird from "bluebird";
export async function run() {
  return [
    await Bluebird.map([1, 2, 3], async (value) => value * 2, { concurrency: 2 }),
    await Bluebird.delay(5, "late"),
    await Bluebird.reject(new Error("no")).catch((error) => error.message),
  ];
}
