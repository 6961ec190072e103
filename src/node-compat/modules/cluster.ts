export const isPrimary = true;
export const isMaster = true;
export const isWorker = false;
export const workers = {};
