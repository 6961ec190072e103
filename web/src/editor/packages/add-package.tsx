import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useId, useRef, useState } from "react";
import { describe } from "../../api.ts";
import { Button } from "../../components/button.tsx";
import { useSettled } from "../../components/use-settled.ts";
import { originWords } from "./origin-words.ts";
import { readRequest } from "./package-rows.ts";
import { searchQuery } from "./packages-api.ts";
import type { PackageChanges } from "./use-packages.ts";

/** Adds a package by its name, by choosing one that was found, or from a file. */
export function AddPackage({ changes: { isUnderWay, add, upload } }: { readonly changes: PackageChanges }) {
  const [text, setText] = useState("");
  const id = useId();
  const file = useRef<HTMLInputElement>(null);
  const request = readRequest(text);
  const incomplete =
    request === undefined ? "Enter the name of a package, such as zod or zod@^4." : undefined;
  const submit = (chosen: string) => {
    add(chosen);
    setText("");
  };
  return (
    <div className="packages-add">
      <form
        className="packages-form"
        onSubmit={(event) => {
          event.preventDefault();
          if (request !== undefined && !isUnderWay) submit(text);
        }}
      >
        <label htmlFor={id} className="visually-hidden">
          Name of a package
        </label>
        <input
          id={id}
          className="input mono"
          type="search"
          placeholder="zod or zod@^4"
          autoComplete="off"
          autoCapitalize="none"
          spellCheck={false}
          value={text}
          onChange={({ target }) => setText(target.value)}
        />
        <Button type="submit" size="small" icon="plus" busy={isUnderWay} refusal={incomplete}>
          Add
        </Button>
        <Button size="small" icon="up" onClick={() => file.current?.click()}>
          Upload .tgz
        </Button>
        <input
          ref={file}
          type="file"
          hidden
          accept=".tgz,.tar.gz,application/gzip"
          aria-label="File of a package"
          onChange={({ target }) => {
            const [chosen] = target.files ?? [];
            if (chosen !== undefined) upload(chosen);
            target.value = "";
          }}
        />
      </form>
      <Found text={request?.name ?? ""} onAdd={submit} />
    </div>
  );
}

/** What was found for a part of a name. */
function Found({ text, onAdd }: { readonly text: string; readonly onAdd: (request: string) => void }) {
  const query = useSettled(text);
  const { data, error } = useQuery({ ...searchQuery(query), placeholderData: keepPreviousData });
  if (error !== null) return <p className="soft small">{describe(error).detail}</p>;
  if (data === undefined) return null;
  if (query === "") return <p className="soft small">{sourcesOf(data)}</p>;
  return (
    <>
      <ul className="packages-found" aria-label="Found packages">
        {data.items.slice(0, maxFound).map(({ name, version, from, description }) => (
          <li key={`${from} ${name}`}>
            <button
              type="button"
              className="packages-match"
              onClick={() => onAdd(from === "folder" ? `${name}@${version}` : name)}
            >
              <span className="mono">
                {name} {version}
              </span>
              <span className="soft">{originWords[from]}</span>
              {description === undefined ? null : <span className="soft truncate grow">{description}</span>}
            </button>
          </li>
        ))}
      </ul>
      <p className="soft small" aria-live="polite">
        {data.registryProblem ?? (data.items.length === 0 ? `Nothing is found for ${query}.` : "")}
      </p>
    </>
  );
}

const maxFound = 6;

function sourcesOf({ folder, registry }: { readonly folder: boolean; readonly registry?: string }): string {
  const host = registry === undefined ? undefined : new URL(registry).host;
  const places = [
    ...(folder ? ["the packages folder of this installation"] : []),
    ...(host === undefined ? [] : [host]),
  ];
  if (places.length > 0)
    return `Packages are taken from ${places.join(" and ")}, or uploaded. Their scripts never run.`;
  return "This installation has no packages folder and no registry. Packages can be uploaded as npm pack makes them.";
}
