/** How much of a file is there. */
export type OnLoaded = (loadedBytes: number) => void;

/**
 * Compiles a module while it is downloaded. Its address holds its digest, so the browser keeps it, and what it compiled.
 *
 * @throws where it cannot be had: a sentence
 */
export async function compileFrom(
  url: string | URL,
  what: string,
  onLoaded: OnLoaded,
): Promise<WebAssembly.Module> {
  const response = await fetch(url, { credentials: "same-origin" });
  if (!response.ok || response.body === null)
    throw new Error(`${what} cannot be loaded: the server answered ${response.status}`);
  const counted = response.body.pipeThrough(countingStream(onLoaded));
  const headers = { "content-type": "application/wasm" };
  return await WebAssembly.compileStreaming(new Response(counted, { headers }));
}

function countingStream(onLoaded: OnLoaded): TransformStream<Uint8Array, Uint8Array> {
  let loadedBytes = 0;
  return new TransformStream({
    transform(chunk, controller) {
      loadedBytes += chunk.length;
      onLoaded(loadedBytes);
      controller.enqueue(chunk);
    },
  });
}
