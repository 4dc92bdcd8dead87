import type * as z from "zod/mini";
import type { ProblemKind } from "./problems";

/** A method and a path below the stage, in API Gateway's own words: `GET /items/{id}`. */
export type Route = `${"DELETE" | "GET" | "POST" | "PUT"} /${string}`;

export interface Parameter {
  readonly in: "path" | "query" | "header";
  /** @default false, except in the path */
  readonly required?: boolean;
  readonly description: string;
  /** Of the value once read. A parameter of integers is read as one, any other as text. */
  readonly schema: z.ZodMiniType;
}

export interface RequestBody {
  /** Name of the model at the gateway and of the schema in the document: letters and digits. */
  readonly name: string;
  readonly description: string;
  readonly schema: z.ZodMiniType;
}

export interface Success {
  readonly description: string;
  /** Name and schema of the body; an answer without one is empty. */
  readonly body?: { readonly name: string; readonly schema: z.ZodMiniType };
  /** Headers that tell something of the answer, with what they tell. */
  readonly headers?: Readonly<Record<string, string>>;
}

/** One thing that a client can ask of the API. */
export interface Operation {
  readonly route: Route;
  readonly summary: string;
  readonly description: string;
  /** By name, in the spelling that the document has. */
  readonly parameters: Readonly<Record<string, Parameter>>;
  readonly requestBody?: RequestBody;
  /** By status. */
  readonly successes: Readonly<Record<number, Success>>;
  /** What it may answer instead; an unforeseen error, 500, comes on top in each operation. */
  readonly problems: readonly ProblemKind[];
}
