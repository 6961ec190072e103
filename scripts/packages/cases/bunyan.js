import bunyan from "bunyan";
export function run() {
  const lines = [];
  bunyan
    .createLogger({
      name: "n",
      streams: [{ type: "raw", stream: { write: ({ msg, level, a }) => lines.push([msg, level, a]) } }],
    })
    .info({ a: 1 }, "hello %s", "you");
  return lines;
}
