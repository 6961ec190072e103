import jsforce from "jsforce";
export async function run(_ctx, { origin }) {
  const connection = new jsforce.Connection({
    instanceUrl: `${origin}/jsforce`,
    accessToken: "t",
    version: "60.0",
  });
  const reply = await connection.query("SELECT Id FROM Account");
  return Object.keys(reply);
}
