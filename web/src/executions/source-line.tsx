import { useQuery } from "@tanstack/react-query";
import { api } from "../api.ts";
import { useRefusal } from "../session/session.tsx";

/** A place in an author's file. Counts from 1. */
export interface Place {
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

const frameForm = /^at (?:.* )?\(?([^\s()]+):(\d{1,7}):(\d{1,7})\)?$/;

/** The innermost frame of a stack: `at total (workflow.ts:12:7)`. */
export function placeOf(stack: string | undefined): Place | undefined {
  const [, file, line, column] = frameForm.exec(stack?.split("\n", 1)[0]?.trim() ?? "") ?? [];
  return file === undefined ? undefined : { file, line: Number(line), column: Number(column) };
}

const around = 2;

/** The source line at which an execution failed, with its context. */
export function SourceLine({
  workflowId,
  version,
  place,
}: {
  readonly workflowId: string;
  readonly version: number;
  readonly place: Place;
}) {
  const isRefused = useRefusal("workflows:read", workflowId) !== undefined;
  const { data } = useQuery({
    queryKey: ["version", workflowId, version],
    queryFn: async ({ signal }) =>
      await api.get("/workflows/{workflowId}/versions/{version}", {
        params: { path: { workflowId, version } },
        signal,
      }),
    enabled: !isRefused,
    staleTime: Infinity,
    retry: false,
  });
  const text = data?.source.files[place.file];
  if (text === undefined) return null;
  const first = Math.max(1, place.line - around);
  const lines = text.split("\n").slice(first - 1, place.line + around);
  return (
    <figure className="code-frame">
      <figcaption className="code-place">
        {place.file}, line {place.line}, in version {version}
      </figcaption>
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- what scrolls must be reached by keyboard */}
      <pre tabIndex={0} aria-label={`${place.file} around line ${place.line}`}>
        {lines.map((line, index) => (
          <span
            key={first + index}
            className="code-line"
            data-here={first + index === place.line || undefined}
          >
            <span className="code-number" aria-hidden>
              {first + index}
            </span>
            <span>{line === "" ? " " : line}</span>
          </span>
        ))}
      </pre>
    </figure>
  );
}
