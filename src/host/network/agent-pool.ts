import type { Agent } from "undici";
import { idleAgentTimeoutMs, maxIdleAgents } from "../limits.ts";

/**
 * A pool of connections for each workflow. Workflows never share a connection, because a server may confuse their requests: it
 * may authenticate connections, or read an unread body as the next request.
 */
export interface AgentPool extends AsyncDisposable {
  /** Takes the workflow's agent for one fetch, until it is disposed. */
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
  /** In the order in which they became idle. */
  const idle = new Set<string>();

  function close(workflowId: string): void {
    const pooled = pool.get(workflowId);
    clearTimeout(pooled?.idleTimer);
    pool.delete(workflowId);
    idle.delete(workflowId);
    // The rest of a discarded response may still be read.
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
