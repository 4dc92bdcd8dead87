import { apiReference, type Document } from "./api-reference";
import { openApiDocument } from "./openapi-document";

/**
 * The documents generated from the table of operations, by their path from the project's root.
 *
 * @param read reads a file by such a path
 */
export const apiDocuments = (read: (path: string) => string): Readonly<Record<string, string>> => {
  const document = openApiDocument();
  return {
    "docs/openapi.json": `${JSON.stringify(document, undefined, 2)}\n`,
    "docs/api.md": apiReference(document as unknown as Document, read("docs/api-notes.md")),
  };
};
