import { InvokeCommand, LambdaClient } from "@aws-sdk/client-lambda";
export async function run(_ctx, { origin }) {
  const client = new LambdaClient({
    region: "eu-central-1",
    endpoint: `${origin}/client-lambda`,
    credentials: { accessKeyId: "a", secretAccessKey: "s" },
  });
  const { Payload } = await client.send(
    new InvokeCommand({ FunctionName: "f", Payload: JSON.stringify({ a: 1 }) }),
  );
  return JSON.parse(new TextDecoder().decode(Payload)).method;
}
