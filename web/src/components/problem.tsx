import { describe } from "../api.ts";
import { Icon } from "./icon.tsx";
import "./problem.css";

/** An error as a sentence, with what can be done about it. */
export function Problem({ error, onRetry }: { readonly error: unknown; readonly onRetry?: () => void }) {
  const { title, detail, code } = describe(error);
  return (
    <div className="problem" role="alert">
      <Icon name="alert" />
      <div className="grow">
        <p className="problem-title">{title}</p>
        {detail === title ? null : <p>{detail}</p>}
        {code === undefined ? null : <p className="problem-code">{code}</p>}
      </div>
      {onRetry === undefined ? null : (
        <button type="button" className="button" onClick={onRetry}>
          Try again
        </button>
      )}
    </div>
  );
}
