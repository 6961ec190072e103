/**
 * The version of what host and guest say to each other: the host interface of `wit/runtime.wit`, and the
 * shapes of the JSON that goes through it. An image speaks the version of the engine that it was made with.
 */
export const protocolVersion = 1;
