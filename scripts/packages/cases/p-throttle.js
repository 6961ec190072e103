import pThrottle from "p-throttle";
export async function run() {
  const throttled = pThrottle({ limit: 2, interval: 10 })(async (value) => value * 2);
  return await Promise.all([1, 2, 3].map((value) => throttled(value)));
}
