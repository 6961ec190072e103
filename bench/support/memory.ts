import type { Instance } from "../../test/support/instance.ts";

/** The memory of the executor's process after a garbage collection, in MB. */
export interface Memory {
  /** Resident memory of the whole process, as counted by the operating system. */
  readonly resident: number;
  /** The JavaScript heap of the main thread. */
  readonly heap: number;
  /** Memory outside of the heap: WebAssembly memories and buffers. */
  readonly external: number;
}

/** Starts Node's inspector on a free port, through which the garbage collector is triggered. */
export const inspectable = { NODE_OPTIONS: "--inspect=127.0.0.1:0" };

/** @param instance started with `inspectable` */
export async function measureMemory(instance: Instance): Promise<Memory> {
  await collectGarbage(instance);
  const { body } = await instance.request("GET", "/metrics");
  const metric = (name: string) => Number(new RegExp(`^${name} (\\S+)$`, "m").exec(body)?.[1]) / 1e6;
  return {
    resident: metric("process_resident_memory_bytes"),
    heap: metric("nodejs_heap_size_used_bytes"),
    external: metric("nodejs_external_memory_bytes"),
  };
}

/**
 * Collects garbage in all threads: each has its own heap, and a WebAssembly memory is released only with the
 * object that holds it.
 */
async function collectGarbage(instance: Instance): Promise<void> {
  const [, url] = /Debugger listening on (ws:\S+)/.exec(instance.output()) ?? [];
  if (url === undefined) throw new Error("The instance was not started with an inspector");
  const inspector = await openInspector(url);
  for (const thread of await inspector.threads()) await inspector.collectGarbage(thread);
  await inspector.collectGarbage();
  inspector.close();
}

/** https://chromedevtools.github.io/devtools-protocol/v8/HeapProfiler/#method-collectGarbage */
const collect = { id: 1, method: "HeapProfiler.collectGarbage" };

interface InspectorMessage {
  readonly id?: number;
  readonly method?: string;
  readonly params?: { readonly sessionId?: string };
}

async function openInspector(url: string) {
  const socket = new WebSocket(url);
  const received: InspectorMessage[] = [];
  socket.addEventListener("message", ({ data }) => received.push(JSON.parse(String(data))));
  await new Promise((resolve, reject) => {
    socket.addEventListener("open", resolve);
    socket.addEventListener("error", () => reject(new Error("The inspector does not respond")));
  });
  let calls = 0;
  const until = async (isWanted: (message: InspectorMessage) => boolean) => {
    while (!received.some(isWanted))
      await new Promise((resolve) => socket.addEventListener("message", resolve, { once: true }));
  };
  const call = async (method: string, params: object = {}) => {
    const id = (calls += 1);
    socket.send(JSON.stringify({ id, method, params }));
    await until((message) => message.id === id);
  };
  return {
    /** The sessions of all worker threads, which the inspector announces before its response. */
    async threads(): Promise<readonly string[]> {
      await call("NodeWorker.enable", { waitForDebuggerOnStart: false });
      return received.flatMap(({ method, params }) =>
        method === "NodeWorker.attachedToWorker" ? [params?.sessionId ?? ""] : [],
      );
    },
    async collectGarbage(sessionId?: string): Promise<void> {
      if (sessionId === undefined) return await call(collect.method);
      const message = JSON.stringify(collect);
      await call("NodeWorker.sendMessageToWorker", { sessionId, message });
      await until(
        ({ method, params }) =>
          method === "NodeWorker.receivedMessageFromWorker" && params?.sessionId === sessionId,
      );
    },
    close: () => socket.close(),
  };
}
