import type { ReactNode } from "react";
import { Button } from "../components/button.tsx";
import { Problem } from "../components/problem.tsx";
import type { Attempt } from "../components/use-attempt.ts";

/** Fields of settings that are saved together, and what the last try to save them failed with. */
export function SettingsForm({
  saving: { isBusy, error, attempt },
  action,
  refusal,
  children,
}: {
  readonly saving: Attempt;
  /** What the button says. */
  readonly action: string;
  /** Why nothing can be saved. */
  readonly refusal: string | undefined;
  readonly children: ReactNode;
}) {
  return (
    <form
      className="card card-body stack"
      onSubmit={(event) => {
        event.preventDefault();
        if (refusal === undefined) attempt();
      }}
    >
      {children}
      {error === undefined ? null : <Problem error={error} />}
      <div className="row">
        <Button type="submit" kind="primary" refusal={refusal} busy={isBusy}>
          {action}
        </Button>
      </div>
    </form>
  );
}
