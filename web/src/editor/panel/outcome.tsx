import type { Failure } from "#client";
import { JsonView } from "../../components/json-view.tsx";
import type { Place } from "../monaco/code-editor.tsx";
import { placesOf } from "../problems/problems.ts";

/** The outcome of a run: its result, or its failure with the source lines. */
export function Outcome({
  result,
  failure,
  onGo,
}: {
  readonly result?: unknown;
  readonly failure?: Failure | undefined;
  readonly onGo: (place: Place) => void;
}) {
  if (failure === undefined) {
    return <JsonView label="Result" value={result ?? null} />;
  }
  // A cancellation by the user is not an error.
  if (failure.code === "cancelled") {
    return (
      <section className="outcome" aria-label="Cancellation">
        <h3>Cancelled</h3>
        <p className="outcome-message">{failure.message}</p>
      </section>
    );
  }
  return (
    <section className="outcome" data-failed aria-label="Failure">
      <h3>
        {failure.name}
        {failure.code === undefined ? null : <span className="outcome-code">{failure.code}</span>}
      </h3>
      <p className="outcome-message">{failure.message}</p>
      <Frames stack={failure.stack ?? ""} onGo={onGo} />
      {failure.cause === undefined ? null : (
        <>
          <p>Caused by</p>
          <Outcome failure={failure.cause} onGo={onGo} />
        </>
      )}
      {failure.errors?.map((error, index) => (
        // oxlint-disable-next-line react/no-array-index-key -- errors have no name, and stay where they are
        <Outcome key={index} failure={error} onGo={onGo} />
      ))}
    </section>
  );
}

function Frames({ stack, onGo }: { readonly stack: string; readonly onGo: (place: Place) => void }) {
  const places = placesOf(stack).slice(0, maxFrames);
  if (places.length === 0) return null;
  return (
    <ol className="outcome-frames" aria-label="Stack trace, innermost frame first">
      {places.map((place, index) => (
        // oxlint-disable-next-line react/no-array-index-key -- frames have no name, and stay where they are
        <li key={index}>
          <button type="button" className="link mono" onClick={() => onGo({ ...place })}>
            {place.path}:{place.line}:{place.column}
          </button>
        </li>
      ))}
    </ol>
  );
}

const maxFrames = 8;
