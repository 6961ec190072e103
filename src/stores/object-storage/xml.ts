import { DOMParser } from "@xmldom/xmldom";
import type { Document, Element } from "@xmldom/xmldom";

/** Reads the XML of S3. What is not XML has no elements: proxies answer with HTML or nothing. */

/** The text of the first element of that name. */
export function readElement(xml: string, name: string): string | undefined {
  return textIn(parse(xml), name);
}

/** The texts of the named children of each element of that name; empty where there is none. */
export function readElements<Name extends string>(
  xml: string,
  name: string,
  children: readonly Name[],
): readonly Readonly<Record<Name, string>>[] {
  const elements = parse(xml)?.getElementsByTagName(name) ?? [];
  return [...elements].map(
    (element) =>
      Object.fromEntries(children.map((child) => [child, textIn(element, child) ?? ""])) as Record<
        Name,
        string
      >,
  );
}

function parse(xml: string): Document | undefined {
  try {
    return new DOMParser({ onError: () => {} }).parseFromString(xml, "text/xml");
  } catch {
    return undefined;
  }
}

function textIn(parent: Document | Element | undefined, name: string): string | undefined {
  return parent?.getElementsByTagName(name).item(0)?.textContent ?? undefined;
}
