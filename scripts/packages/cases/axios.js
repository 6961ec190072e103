import axios from "axios";
export async function run(_ctx, { origin }) {
  const client = axios.create({ baseURL: `${origin}/echo`, headers: { "X-A": "1" } });
  client.interceptors.request.use((config) => ({ ...config, params: { ...config.params, i: 1 } }));
  const { data } = await client.post("/a", { b: 2 }, { params: { c: [1, 2] } });
  const form = new FormData();
  form.set("file", new Blob(["content"]), "f.txt");
  form.set("field", "v");
  const upload = await client.post("/form", form);
  const failure = await client
    .get(`${origin}/status/404`)
    .catch((error) => [error.code, error.response.status, error.response.data]);
  const bytes = await client.get(`${origin}/bytes`, { responseType: "arraybuffer" });
  const urlEncoded = await client.post("/u", new URLSearchParams({ x: "y z" }));
  return [
    data.path,
    data.body,
    data.contentType,
    upload.data.contentType,
    upload.data.body,
    failure,
    new Uint8Array(bytes.data).length,
    urlEncoded.data.body,
  ];
}
