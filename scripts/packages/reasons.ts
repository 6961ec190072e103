/** Reasons why a package does not run, or gives another result than in Node. */
export const reasons: Readonly<Record<string, string>> = {
  undici:
    "It opens sockets itself, and a workflow has none: use the global fetch, which is undici outside of the sandbox.",
  "dinero.js":
    "Its allocate sorts by a comparator that is inconsistent for equal ratios: which share gets the rest depends on the engine.",
  "discordjs-rest":
    "One of its dependencies needs Atomics at its top level, which the sandbox does not have.",
};
