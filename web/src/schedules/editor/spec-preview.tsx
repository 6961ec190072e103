import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { describe } from "../../api.ts";
import { fieldErrorsOf } from "../../components/form-errors.ts";
import { useSettled } from "../../components/use-settled.ts";
import { isTimeZone } from "../../time/zoned.ts";
import { NextRuns } from "../next-runs.tsx";
import type { ScheduleSpec } from "../schedule.ts";
import { previewSpec } from "../schedules-api.ts";
import { specLines } from "../spec-text.ts";

/** The next ten runs of a specification while it is typed. */
export function SpecPreview({ spec }: { readonly spec: ScheduleSpec }) {
  const settled = useSettled(JSON.stringify(spec));
  const { data, error } = useQuery({
    queryKey: ["schedule-preview", settled],
    queryFn: async ({ signal }) => await previewSpec(JSON.parse(settled) as ScheduleSpec, signal),
    placeholderData: keepPreviousData,
    retry: false,
    refetchInterval: 60_000,
  });
  const { timeZone = "UTC" } = spec;
  return (
    <section className="card card-body stack schedule-preview" aria-label="Preview">
      <h2>Next runs</h2>
      <ul className="soft" aria-label="In words">
        {specLines(spec).map((line) => (
          <li key={line}>{line}</li>
        ))}
      </ul>
      {error === null ? null : <PreviewError error={error} />}
      {data === undefined || error !== null ? null : (
        <NextRuns next={data} timeZone={isTimeZone(timeZone) ? timeZone : "UTC"} />
      )}
    </section>
  );
}

/** Errors are expected while typing, so they are not announced as alerts. */
function PreviewError({ error }: { readonly error: unknown }) {
  const errors = fieldErrorsOf(error).map(({ detail }) => detail);
  return (
    <div className="field-error" role="status">
      {(errors.length === 0 ? [describe(error).detail] : errors).map((each) => (
        <p key={each}>{each}</p>
      ))}
    </div>
  );
}
