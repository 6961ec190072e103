import { Button } from "../../components/button.tsx";
import { TextField } from "../../components/field.tsx";
import type { Check } from "../check/use-check.ts";
import { skipParameter } from "./use-deploy.ts";

/** After a deploy was refused: runs the check that the workflow requires, or takes a reason to skip it. */
export function RequiredCheck({
  check: { report, isUnderWay, refusal, start },
  reason,
  onReason,
}: {
  readonly check: Check;
  readonly reason: string;
  readonly onReason: (reason: string) => void;
}) {
  return (
    <>
      {isUnderWay ? null : (
        <div>
          <Button size="small" icon="retry" refusal={refusal} onClick={start}>
            {report === undefined ? "Check draft" : "Check again"}
          </Button>
        </div>
      )}
      <TextField
        label="Reason to skip the check"
        at={skipParameter}
        value={reason}
        onChange={onReason}
        placeholder="Hotfix for incident 4711"
        hint="Only to deploy without a passed check. It is stored in the audit log."
      />
    </>
  );
}
