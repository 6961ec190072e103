import type { Overview as Figures } from "#client";
import { Link } from "wouter";
import { Icon } from "../components/icon.tsx";
import { count } from "../model/plural.ts";

/** Whether everything is all right, and what is not. */
export function Health({ health: { status, problems } }: { readonly health: Figures["health"] }) {
  return (
    <div className="health" data-status={status} role="status">
      <Icon name={status === "ok" ? "check" : "alert"} size={20} />
      <div className="grow">
        <p className="health-title">
          {status === "ok" ? "Everything is running" : count(problems.length, "problem")}
        </p>
        {problems.length === 0 ? null : (
          <ul>
            {problems.map(({ message, workflowId }) => (
              <li key={message}>
                {workflowId === undefined ? (
                  message
                ) : (
                  <Link href={`/failures?workflow=${workflowId}`}>{message}</Link>
                )}
              </li>
            ))}
          </ul>
        )}
      </div>
    </div>
  );
}
