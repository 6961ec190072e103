import type { Draft } from "../../drafts/draft.ts";
import { editor, type IDisposable, Uri } from "./monaco.ts";
import { recheck } from "./recheck.ts";
import { setLibraries } from "./type-checking.ts";

/** The files of a draft as Monaco's models, which know what was typed and how to take it back. */
export interface Workspace extends Disposable {
  readonly model: (path: string) => editor.ITextModel | undefined;
  /** Calls back when there are other models than before. Answers with what ends that. */
  readonly subscribe: (listener: () => void) => () => void;
  /**
   * Brings the models to what the draft has. What is the same already keeps its history. Of drafts with many files only
   * those have models that were opened: `openPath` is, and is wanted now.
   */
  readonly show: (draft: Draft, openPath: string) => void;
}

interface OpenFile {
  readonly model: editor.ITextModel;
  readonly listener: IDisposable;
  /** What the model has, which it would have to put together to say. */
  text: string;
}

/** `onType` hears of what was typed, and not of what `show` changed. */
export function createWorkspace(onType: (path: string, text: string) => void): Workspace {
  const open = new Map<string, OpenFile>();
  let libraries: Readonly<Record<string, string>> = {};
  const listeners = new Set<() => void>();
  let isShowing = false;
  let pause: ReturnType<typeof setTimeout> | undefined;

  /** All but the one that was typed in, if one was. */
  function recheckOthers(typedIn?: editor.ITextModel): void {
    clearTimeout(pause);
    pause = setTimeout(() => {
      const models = [...open.values()].map(({ model }) => model);
      const others = models.filter((model) => model !== typedIn && model.getLanguageId() === "typescript");
      // Where the worker ended meanwhile, all are checked when it begins again.
      recheck(others).catch(() => undefined);
    }, recheckDelayMs);
  }

  function openFile(path: string, text: string): void {
    const model = editor.createModel(text, languageOf(path), uriOf(path));
    const listener = model.onDidChangeContent(() => {
      file.text = model.getValue();
      recheckOthers(model);
      if (!isShowing) onType(path, file.text);
    });
    const file: OpenFile = { model, listener, text };
    open.set(path, file);
  }

  function closeFile(path: string): void {
    const file = open.get(path);
    file?.listener.dispose();
    file?.model.dispose();
    open.delete(path);
  }

  function showFiles(files: Draft["files"], openPath: string): void {
    const gone = [...open.keys()].filter((path) => !Object.hasOwn(files, path));
    for (const path of gone) closeFile(path);
    const before = open.size;
    const own = Object.entries(files).filter(([path]) => !isLibrary(path));
    for (const [path, text] of own) {
      const file = open.get(path);
      if (file !== undefined && file.text !== text) replaceText(file.model, text);
      if (file === undefined && (own.length <= maxModels || path === openPath)) openFile(path, text);
    }
    // One that came is checked by itself, and what others import of it is not.
    if (gone.length > 0 || open.size > before) recheckOthers();
  }

  return {
    model: (path) => open.get(path)?.model,
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    show(draft, openPath) {
      isShowing = true;
      try {
        showFiles(draft.files, openPath);
      } finally {
        isShowing = false;
      }
      for (const listener of listeners) listener();
      const needed = librariesOf(draft, (path) => open.has(path));
      if (haveSameValues(needed, libraries)) return;
      libraries = needed;
      setLibraries(libraries);
    },
    [Symbol.dispose]() {
      clearTimeout(pause);
      for (const path of open.keys()) closeFile(path);
    },
  };
}

/** After the last key; the file itself is checked by then. */
const recheckDelayMs = 800;

/** Monaco takes more listeners than these models need for a leak. */
const maxModels = 100;

/** The address of a file's model. */
function uriOf(path: string): Uri {
  return Uri.from({ scheme: "file", path: `/${path}` });
}

/** The file of a model; `undefined` where it is none of a draft. */
export function pathOf({ scheme, path }: Uri): string | undefined {
  return scheme === "file" ? path.slice(1) : undefined;
}

/**
 * JavaScript is checked as TypeScript without types: Monaco has a worker for each language, and two of them would not
 * find each other's files.
 */
export function languageOf(path: string): string {
  if (/\.[mc]?[jt]sx?$/.test(path)) return "typescript";
  return path.endsWith(".json") ? "json" : "plaintext";
}

/** Packages that came with a deploy are there to be imported, and not to be edited. */
export function isLibrary(path: string): boolean {
  return path.startsWith("node_modules/");
}

/**
 * What the models import and is none of them. A JSON file is to TypeScript a module whose default export is its
 * value.
 */
function librariesOf(
  { files }: Draft,
  hasModel: (path: string) => boolean,
): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(files).flatMap(([path, text]) => {
      if (path.endsWith(".json") && !isLibrary(path)) return [[`${path}.ts`, `export default (${text}\n);`]];
      return hasModel(path) ? [] : [[path, text]];
    }),
  );
}

function haveSameValues(a: Readonly<Record<string, string>>, b: Readonly<Record<string, string>>): boolean {
  const keys = Object.keys(a);
  return keys.length === Object.keys(b).length && keys.every((key) => a[key] === b[key]);
}

/** As one step that can be taken back. */
function replaceText(model: editor.ITextModel, text: string): void {
  model.pushEditOperations([], [{ range: model.getFullModelRange(), text }], () => null);
}
