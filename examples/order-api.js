import { createServer } from "node:http";

/** Stands in for a payment API and an e-mail API. Accepts every request and prints it. */
const port = Number(process.argv[2] ?? 4000);

const server = createServer(async (request, response) => {
  const body = await Array.fromAsync(request.setEncoding("utf8"));
  process.stdout.write(`${request.method} ${request.url} ${body.join("")}\n`);
  response.writeHead(200, { "content-type": "application/json" }).end("{}");
});
server.listen(port, "127.0.0.1", () => process.stdout.write(`Listening on http://127.0.0.1:${port}\n`));
