import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { DynamoDBDocumentClient, PutCommand, GetCommand } from "@aws-sdk/lib-dynamodb";
export async function run(_ctx, { origin }) {
  const client = DynamoDBDocumentClient.from(
    new DynamoDBClient({
      region: "eu-central-1",
      endpoint: `${origin}/client-dynamodb`,
      credentials: { accessKeyId: "a", secretAccessKey: "s" },
    }),
  );
  await client.send(
    new PutCommand({ TableName: "t", Item: { id: "1", tags: ["x"], n: 2.5, nested: { yes: true } } }),
  );
  const { Item } = await client.send(new GetCommand({ TableName: "t", Key: { id: "1" } }));
  return Item;
}
