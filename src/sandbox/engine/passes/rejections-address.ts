/**
 * The address of the pointer to the engine's set of rejected promises without a handler: a static variable of
 * the pinned componentize-js. The embedding exposes the set to no script, so the guest's bindings read it
 * there while an engine is built. The warm-up rejects an engine in which the address does not hold that set.
 */
export const rejectionsAddress = 2_391_292;
