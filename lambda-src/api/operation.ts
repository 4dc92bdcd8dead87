import type * as z from "zod/mini";
import type { ProblemKind } from "./problems";

/** A method and a path without the stage, as API Gateway writes them: `GET /items/{id}`. */
export type Route = `${"DELETE" | "GET" | "POST" | "PUT"} /${string}`;

export interface Parameter {
  readonly in: "path" | "query" | "header";
  /**
   * Whether the API rejects a request without this parameter. If true, API Gateway returns 400. With `"in-handler"`,
   * the operation's handler rejects the request instead, with a problem of its own. Path parameters are always
   * required.
   * @default false
   */
  readonly required?: boolean | "in-handler";
  readonly description: string;
  /** Schema of the parsed value. An integer parameter is parsed as a number, any other is kept as text. */
  readonly schema: z.ZodMiniType;
}

export interface RequestBody {
  /** Name of the model in API Gateway and of the schema in the OpenAPI document: letters and digits. */
  readonly name: string;
  readonly description: string;
  readonly schema: z.ZodMiniType;
}

export interface Success {
  readonly description: string;
  /** Name and schema of the body. @default none, the response is empty */
  readonly body?: { readonly name: string; readonly schema: z.ZodMiniType };
  /** Description by name of each header that this response always has, and others need not have. */
  readonly headers?: Readonly<Record<string, string>>;
  /** The same for headers that it can have. */
  readonly optionalHeaders?: Readonly<Record<string, string>>;
}

/** One operation of the API. */
export interface Operation {
  readonly route: Route;
  readonly summary: string;
  readonly description: string;
  /** By name, spelled as in the OpenAPI document. */
  readonly parameters: Readonly<Record<string, Parameter>>;
  readonly requestBody?: RequestBody;
  /** By status. */
  readonly successes: Readonly<Record<number, Success>>;
  /** The problems it can return instead. Every operation can also return 500, for an unexpected error. */
  readonly problems: readonly ProblemKind[];
}
