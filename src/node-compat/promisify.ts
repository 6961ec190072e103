type Fn = (...args: unknown[]) => unknown;

const custom = Symbol.for("nodejs.util.promisify.custom");

/** Returns a promise instead of taking a callback of error and value as its last argument. */
function promisifyFunction(original: Fn & { readonly [custom]?: Fn }): Fn {
  if (typeof original !== "function")
    throw Object.assign(new TypeError('The "original" argument must be of type function'), {
      code: "ERR_INVALID_ARG_TYPE",
    });
  const own = original[custom];
  if (typeof own === "function") return own;
  function promisified(this: unknown, ...args: unknown[]): Promise<unknown> {
    return new Promise((resolve, reject) => {
      original.call(this, ...args, (error: unknown, value: unknown) => {
        if (error === null || error === undefined || error === false) resolve(value);
        else reject(error);
      });
    });
  }
  Object.setPrototypeOf(promisified, Object.getPrototypeOf(original) as object);
  return Object.defineProperties(promisified, Object.getOwnPropertyDescriptors(original));
}

export const promisify = Object.assign(promisifyFunction, { custom });
