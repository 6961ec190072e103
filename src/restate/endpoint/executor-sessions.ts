import type { Http2Server, ServerHttp2Session } from "node:http2";
import { connectionAgeJitter, maxConnectionAgeMs } from "./limits.ts";

/**
 * The connections of Restate to this executor.
 *
 * Restate opens at least one connection for each partition, and all executions of a workflow belong to one partition. It
 * opens further ones when 70 % of the streams that its configuration allows are in use. Where several executors share an
 * address, connections and not requests are distributed. So an executor retires its connections after a while, and an
 * executor that started later gets its part.
 *
 * Deliberately not here: a limit of the streams of a connection. Restate learns it too late: of many requests at once, it
 * assigns too many to a new connection, and some wait until others have ended.
 *
 * A connection is retired by a limit of no streams (RFC 9113, section 6.5.2): its requests end, and further ones take
 * another connection. It is closed when its last request has ended. A GOAWAY would come too early: Restate 1.7 aborts the
 * requests in flight on such a connection when it needs the next one.
 */
export interface ExecutorSessions {
  readonly count: number;
  /** Those that are not retired. */
  readonly open: number;
  /** Lets the requests in flight end, and accepts no more on the connections of today. */
  retire(): void;
  /** Cuts off the requests in flight. */
  destroy(): void;
}

export interface ExecutorSessionsOptions {
  /** True if connections are retired after a while, because Restate may reach another executor by a new one. */
  readonly hasMaxAge: boolean;
  /** Called when `open` changes. */
  readonly onChanged?: () => void;
}

export function trackSessions(
  server: Http2Server,
  { hasMaxAge, onChanged = () => {} }: ExecutorSessionsOptions,
): ExecutorSessions {
  const sessions = new Map<ServerHttp2Session, TrackedSession>();
  server.on("session", (session) => {
    const tracked = trackSession(session);
    sessions.set(session, tracked);
    const retire = () => {
      tracked.retire();
      onChanged();
    };
    const age = hasMaxAge ? setTimeout(retire, connectionAgeMs()).unref() : undefined;
    session.once("close", () => {
      clearTimeout(age);
      sessions.delete(session);
      onChanged();
    });
    onChanged();
  });
  return {
    get count() {
      return sessions.size;
    },
    get open() {
      return [...sessions.values()].filter(({ isRetired }) => !isRetired).length;
    },
    retire() {
      for (const session of sessions.values()) session.retire();
      onChanged();
    },
    destroy() {
      for (const session of sessions.keys()) session.destroy();
    },
  };
}

/** Connections that were opened together are not retired together. */
function connectionAgeMs(): number {
  return maxConnectionAgeMs * (1 + connectionAgeJitter * Math.random());
}

interface TrackedSession {
  readonly isRetired: boolean;
  retire(): void;
}

function trackSession(session: ServerHttp2Session): TrackedSession {
  let streams = 0;
  let isRetired = false;
  let isLimited = false;
  session.on("stream", (stream) => {
    streams += 1;
    stream.once("close", () => {
      streams -= 1;
      closeIfUnused();
    });
  });

  function closeIfUnused(): void {
    if (isLimited && streams === 0) session.close();
  }

  return {
    get isRetired() {
      return isRetired;
    },
    retire() {
      if (isRetired || session.closed || session.destroyed) return;
      isRetired = true;
      // Requests may be on their way until Restate has acknowledged the limit.
      session.settings({ maxConcurrentStreams: 0 }, () => {
        isLimited = true;
        closeIfUnused();
      });
    },
  };
}
