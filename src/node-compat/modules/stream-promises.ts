import stream from "node:stream";

export const { pipeline, finished } = stream.promises;
