/** An answer as API Gateway's Lambda proxy integration reads it. Header names are in lower case. */
export interface ApiResponse {
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** Nothing on its way may cache an answer, and no browser may take what it holds for anything but its type. */
export const safeHeaders = { "cache-control": "no-store", "x-content-type-options": "nosniff" } as const;

export const jsonResponse = (
  statusCode: number,
  body: object,
  headers: Readonly<Record<string, string>> = {},
): ApiResponse => ({
  statusCode,
  headers: { ...safeHeaders, "content-type": "application/json", ...headers },
  body: JSON.stringify(body),
});

/** A success that has nothing to tell. */
export const emptyResponse = (): ApiResponse => ({ statusCode: 204, headers: safeHeaders, body: "" });
