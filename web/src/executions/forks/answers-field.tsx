import { useId } from "react";
import { Button } from "../../components/button.tsx";
import { TextArea } from "../../components/field.tsx";
import type { TimelineStep } from "../../components/step.ts";
import { answerText, isAnswerable, parseAnswer } from "./step-answer.ts";

/** The edited answers as text, by the index of the step. */
export type EditedAnswers = ReadonlyMap<number, string>;

/** The latest ones can be chosen. */
const maxChoices = 200;

/** Answers to steps, edited as JSON. */
export function AnswersField({
  steps,
  value,
  onChange,
}: {
  /** Those that the fork reuses, and the one from which it runs on. */
  readonly steps: readonly TimelineStep[];
  readonly value: EditedAnswers;
  readonly onChange: (value: EditedAnswers) => void;
}) {
  const id = useId();
  const free = steps.filter((step) => isAnswerable(step) && !value.has(step.index)).slice(-maxChoices);
  return (
    <div className="stack tight">
      {[...value].map(([index, text]) => {
        const step = steps.find((each) => each.index === index);
        const parsed = parseAnswer(index, text);
        return (
          <div key={index} className="stack tight">
            <TextArea
              label={`Answer to ${step?.name ?? `step ${index}`}`}
              value={text}
              rows={7}
              onChange={(next) => onChange(new Map(value).set(index, next))}
              error={"error" in parsed ? parsed.error : undefined}
            />
            <div className="row">
              <Button
                size="small"
                onClick={() => onChange(new Map([...value].filter(([key]) => key !== index)))}
              >
                Use the recorded answer
              </Button>
            </div>
          </div>
        );
      })}
      {free.length === 0 ? null : (
        <div className="field">
          <label htmlFor={id}>Edit an answer</label>
          <select
            id={id}
            className="select"
            value=""
            onChange={({ target }) => {
              const step = free.find(({ index }) => String(index) === target.value);
              if (step !== undefined) onChange(new Map(value).set(step.index, answerText(step)));
            }}
          >
            <option value="">Choose a step</option>
            {free.toReversed().map((step) => (
              <option key={step.index} value={step.index}>
                {step.name}
              </option>
            ))}
          </select>
        </div>
      )}
    </div>
  );
}
