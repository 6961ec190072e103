import type { Draft } from "../../drafts/draft.ts";
import { isLibrary } from "../../model/package-files.ts";
import { editor, type IDisposable, Uri } from "./monaco.ts";
import { recheck } from "./recheck.ts";
import { setLibraries } from "./type-checking.ts";

/** The files of a draft as Monaco models, which hold the text and its undo history. */
export interface Workspace extends Disposable {
  readonly model: (path: string) => editor.ITextModel | undefined;
  /** Calls the listener when models are added or removed. Returns a function that unsubscribes. */
  readonly subscribe: (listener: () => void) => () => void;
  /**
   * Updates the models to the draft. Unchanged files keep their undo history. Only opened files have models, so that drafts can have many files; `openPath` is opened now.
   *
   * @param packageFiles files of the packages that were added to the draft, by path
   */
  readonly show: (draft: Draft, openPath: string, packageFiles: Readonly<Record<string, string>>) => void;
}

interface OpenFile {
  readonly model: editor.ITextModel;
  readonly listener: IDisposable;
  /** The text of the model, cached because Monaco assembles it on each read. */
  text: string;
}

/** `onType` is called for edits of the user, not for changes by `show`. */
export function createWorkspace(onType: (path: string, text: string) => void): Workspace {
  const open = new Map<string, OpenFile>();
  let libraries: Readonly<Record<string, string>> = {};
  const listeners = new Set<() => void>();
  let isShowing = false;
  let pause: ReturnType<typeof setTimeout> | undefined;

  /** All files except the edited one. */
  function recheckOthers(typedIn?: editor.ITextModel): void {
    clearTimeout(pause);
    pause = setTimeout(() => {
      const models = [...open.values()].map(({ model }) => model);
      const others = models.filter((model) => model !== typedIn && model.getLanguageId() === "typescript");
      // If the worker has ended, everything is checked when it restarts.
      recheck(others).catch(() => undefined);
    }, recheckDelayMs);
  }

  function openFile(path: string, text: string): void {
    const model = openModel(path, text);
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
    if (file !== undefined) closeModel(path, file.model);
    file?.listener.dispose();
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
    // Monaco checks a new model, but not the files that import it.
    if (gone.length > 0 || open.size > before) recheckOthers();
  }

  return {
    model: (path) => open.get(path)?.model,
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    show(draft, openPath, packageFiles) {
      isShowing = true;
      try {
        showFiles(draft.files, openPath);
      } finally {
        isShowing = false;
      }
      for (const listener of listeners) listener();
      const needed = { ...packageFiles, ...librariesOf(draft, (path) => open.has(path)) };
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

/** Delay after the last edit, in which Monaco checks the edited file. */
const recheckDelayMs = 800;

/** Above Monaco's default, more listeners are reported as a leak. */
const maxModels = 100;

/**
 * The last version of the model of each path that was closed. The type checker keeps what it found in a file until its version
 * changes, and a new model would begin with version 1 again, also in another workflow.
 */
const lastVersions = new Map<string, number>();

function openModel(path: string, text: string): editor.ITextModel {
  const model = editor.createModel(text, languageOf(path), uriOf(path));
  const last = lastVersions.get(path) ?? 0;
  while (model.getVersionId() <= last) model.setValue(text);
  return model;
}

function closeModel(path: string, model: editor.ITextModel): void {
  lastVersions.set(path, model.getVersionId());
  model.dispose();
}

/** The URI of a file's model. */
function uriOf(path: string): Uri {
  return Uri.from({ scheme: "file", path: `/${path}` });
}

/** The path of a model; `undefined` if it does not belong to a draft. */
export function pathOf({ scheme, path }: Uri): string | undefined {
  return scheme === "file" ? path.slice(1) : undefined;
}

/**
 * JavaScript is checked as TypeScript without types, because Monaco has one worker per language, and the workers do not share files.
 */
export function languageOf(path: string): string {
  if (/\.[mc]?[jt]sx?$/.test(path)) return "typescript";
  if (/\.pyi?$/.test(path)) return "python";
  return path.endsWith(".json") ? "json" : "plaintext";
}

/**
 * Imported files without a model. TypeScript sees a JSON file as a module whose default export is its value.
 */
function librariesOf(
  { files }: Draft,
  hasModel: (path: string) => boolean,
): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(files).flatMap(([path, text]) => {
      if (path.endsWith(".json") && !isLibrary(path)) return [[`${path}.ts`, `export default (${text}\n);`]];
      return hasModel(path) || path.startsWith("site-packages/") || languageOf(path) === "python"
        ? []
        : [[path, text]];
    }),
  );
}

function haveSameValues(a: Readonly<Record<string, string>>, b: Readonly<Record<string, string>>): boolean {
  const keys = Object.keys(a);
  return keys.length === Object.keys(b).length && keys.every((key) => a[key] === b[key]);
}

/** Replaces the text as one undoable edit. */
function replaceText(model: editor.ITextModel, text: string): void {
  model.pushEditOperations([], [{ range: model.getFullModelRange(), text }], () => null);
}
