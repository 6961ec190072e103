import type { Agent } from "undici";
import { idleAgentTimeoutMs, maxIdleAgents } from "../../domain/limits.ts";

/**
 * A pool of connections for each workflow. A server may take whoever speaks on a connection for whoever spoke before: it
 * authenticates connections, or reads a body that it left unread as the next request. So no two workflows share one.
 */
export interface AgentPool extends AsyncDisposable {
  /** The workflow's agent; disposing it says that this fetch needs it no more. */
  take(workflowId: string): TakenAgent;
}

export interface TakenAgent extends Disposable {
  readonly agent: Agent;
}

interface Pooled {
  readonly agent: Agent;
  users: number;
  idleTimer?: NodeJS.Timeout;
}

export function createAgentPool(createAgent: (workflowId: string) => Agent): AgentPool {
  const pool = new Map<string, Pooled>();
  /** In the order in which they became so. */
  const idle = new Set<string>();

  function close(workflowId: string): void {
    const pooled = pool.get(workflowId);
    clearTimeout(pooled?.idleTimer);
    pool.delete(workflowId);
    idle.delete(workflowId);
    // What is left of a response that was discarded may be read to its end.
    pooled?.agent.close().catch(() => {});
  }

  function release(workflowId: string, pooled: Pooled): void {
    pooled.users -= 1;
    if (pooled.users > 0) return;
    idle.add(workflowId);
    pooled.idleTimer = setTimeout(() => close(workflowId), idleAgentTimeoutMs).unref();
    const [longestIdle] = idle;
    if (idle.size > maxIdleAgents && longestIdle !== undefined) close(longestIdle);
  }

  return {
    take(workflowId) {
      const pooled = pool.get(workflowId) ?? { agent: createAgent(workflowId), users: 0 };
      pool.set(workflowId, pooled);
      idle.delete(workflowId);
      clearTimeout(pooled.idleTimer);
      pooled.users += 1;
      let isTaken = true;
      return {
        agent: pooled.agent,
        [Symbol.dispose]() {
          if (isTaken) release(workflowId, pooled);
          isTaken = false;
        },
      };
    },
    async [Symbol.asyncDispose]() {
      const agents = Array.from(pool.values(), ({ agent, idleTimer }) => {
        clearTimeout(idleTimer);
        return agent;
      });
      await Promise.all(agents.map(async (agent) => await agent.destroy()));
    },
  };
}
