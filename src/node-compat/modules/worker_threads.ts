export const { MessageChannel, MessagePort } = globalThis;
export const isMainThread = true;
export const parentPort = null;
export const workerData = null;
export const threadId = 0;
export const resourceLimits = {};
export const SHARE_ENV = Symbol.for("nodejs.worker_threads.SHARE_ENV");
export const markAsUntransferable = (): void => {};
export const markAsUncloneable = (): void => {};
