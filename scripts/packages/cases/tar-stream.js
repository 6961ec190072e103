import tar from "tar-stream";
export async function run() {
  const pack = tar.pack();
  pack.entry({ name: "a.txt", mtime: new Date(0) }, "text");
  pack.finalize();
  const extract = tar.extract();
  const names = [];
  extract.on("entry", (header, stream, next) => {
    names.push([header.name, header.size]);
    stream.on("end", next);
    stream.resume();
  });
  const finished = new Promise((resolve) => extract.on("finish", resolve));
  pack.pipe(extract);
  await finished;
  return names;
}
