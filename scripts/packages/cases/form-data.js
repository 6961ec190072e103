import FormData from "form-data";
export function run() {
  const form = new FormData();
  form.append("a", "1");
  form.append("file", Buffer.from("content"), { filename: "f.txt" });
  return form.getBuffer().toString().replaceAll(form.getBoundary(), "B");
}
