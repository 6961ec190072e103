import { DynamoDBClient, GetItemCommand } from "@aws-sdk/client-dynamodb";
export async function run(_ctx, { origin }) {
  const client = new DynamoDBClient({
    region: "eu-central-1",
    endpoint: `${origin}/client-dynamodb`,
    credentials: { accessKeyId: "a", secretAccessKey: "s" },
  });
  const { Item } = await client.send(new GetItemCommand({ TableName: "t", Key: { id: { S: "1" } } }));
  return Item;
}
