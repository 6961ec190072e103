import { PostgrestClient } from "@supabase/postgrest-js";
export async function run(_ctx, { origin }) {
  const { data } = await new PostgrestClient(`${origin}/supabase/rest/v1`)
    .from("t")
    .insert({ a: 1 })
    .select();
  return data;
}
