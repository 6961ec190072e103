/* oxlint-disable import/default -- Vite makes a text of what is imported with `?raw` */
import stub from "#python/__init__.pyi?raw";
import { type editor, languages } from "../monaco/monaco.ts";
import { classOf, missingImport, readDeclarations, type Declaration } from "./declarations.ts";

type Position = Parameters<languages.CompletionItemProvider["provideCompletionItems"]>[1];

/** Completes and explains `ctx`, `fetch` and what else a Python workflow has of Duranium. */
export function setUpPythonCompletion(): void {
  const declarations = readDeclarations(stub);

  /** The members of what stands before the dot, or the names of the module. */
  function declarationsAt(
    model: editor.ITextModel,
    position: Position,
    column: number,
  ): readonly Declaration[] {
    const before = model.getLineContent(position.lineNumber).slice(0, column - 1);
    const expression = /([A-Za-z_][\w.]*)\.$/.exec(before)?.[1];
    if (expression === undefined) return /[.\w]$/.test(before) ? [] : declarations.module;
    return declarations.members.get(classOf(expression, model.getValue()) ?? "") ?? [];
  }

  languages.registerCompletionItemProvider("python", {
    triggerCharacters: ["."],
    provideCompletionItems(model, position) {
      const { startColumn, endColumn } = model.getWordUntilPosition(position);
      const { lineNumber } = position;
      const range = { startLineNumber: lineNumber, endLineNumber: lineNumber, startColumn, endColumn };
      const found = declarationsAt(model, position, startColumn);
      const isModule = found === declarations.module;
      return {
        suggestions: found.map((each) => ({
          ...itemOf(each),
          range,
          ...(isModule ? { additionalTextEdits: importOf(model.getValue(), each.name) } : {}),
        })),
      };
    },
  });
  languages.registerHoverProvider("python", {
    provideHover(model, position) {
      const word = model.getWordAtPosition(position);
      if (word === null) return null;
      const found = declarationsAt(model, position, word.startColumn).find(({ name }) => name === word.word);
      if (found === undefined) return null;
      return { contents: [{ value: `\`\`\`python\n${found.signature}\n\`\`\`` }, { value: found.about }] };
    },
  });
}

function itemOf({ name, kind, signature, about }: Declaration): Omit<languages.CompletionItem, "range"> {
  const { CompletionItemKind } = languages;
  const kinds = {
    function: CompletionItemKind.Method,
    class: CompletionItemKind.Class,
    value: CompletionItemKind.Field,
  };
  return { label: name, insertText: name, kind: kinds[kind], detail: signature, documentation: about };
}

function importOf(text: string, name: string): languages.TextEdit[] {
  const missing = missingImport(text, name);
  if (missing === undefined) return [];
  const { line, column } = missing;
  const range = { startLineNumber: line, endLineNumber: line, startColumn: column, endColumn: column };
  return [{ range, text: missing.text }];
}
