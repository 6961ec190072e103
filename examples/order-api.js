import { createServer } from "node:http";

/** Stands in for a payment API and an e-mail API: accepts every request and prints it. Runs on Node 20 or later. */
const port = Number(process.argv[2] ?? 4000);

/** Previews send their requests from the browser, on a page of another origin. */
const cors = {
  "access-control-allow-origin": "*",
  "access-control-allow-methods": "*",
  "access-control-allow-headers": "*",
};

const server = createServer(async (request, response) => {
  if (request.method === "OPTIONS") return response.writeHead(204, cors).end();
  let body = "";
  for await (const chunk of request.setEncoding("utf8")) body += chunk;
  process.stdout.write(`${request.method} ${request.url} ${body}\n`);
  return response.writeHead(200, { ...cors, "content-type": "application/json" }).end("{}");
});
server.listen(port, "127.0.0.1", () => process.stdout.write(`Listening on http://127.0.0.1:${port}\n`));
