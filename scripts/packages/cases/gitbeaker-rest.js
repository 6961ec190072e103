import { Gitlab } from "@gitbeaker/rest";
export async function run(_ctx, { origin }) {
  return await new Gitlab({ token: "t", host: `${origin}/list` }).Projects.all({ maxPages: 1 });
}
