import asana from "asana";
export async function run(_ctx, { origin }) {
  const client = asana.ApiClient.instance;
  client.basePath = `${origin}/asana`;
  client.authentications.token.accessToken = "t";
  return await new asana.TasksApi().getTask("1").then(
    (task) => Object.keys(task),
    (error) => error.message,
  );
}
