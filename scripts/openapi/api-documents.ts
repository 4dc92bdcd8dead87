import { apiReference, type Document } from "./api-reference";
import { openApiDocument } from "./openapi-document";

/** The files that are made from the table of operations, by path below the project's root. */
export const apiDocuments = (read: (path: string) => string): Readonly<Record<string, string>> => {
  const document = openApiDocument();
  return {
    "docs/openapi.json": `${JSON.stringify(document, undefined, 2)}\n`,
    "docs/api.md": apiReference(document as unknown as Document, read("docs/api-notes.md")),
  };
};
