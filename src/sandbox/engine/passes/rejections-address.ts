/**
 * Where in its memory the JavaScript engine keeps the pointer to its set of promises that were rejected and have no
 * handler: a static variable of the pinned componentize-js. The embedding gives the set to no script, so the guest's
 * bindings take it from there while an engine is built. The rehearsal refuses an engine in which it is not that set.
 */
export const rejectionsAddress = 2_391_292;
