/** A response in the format of API Gateway's Lambda proxy integration. Header names are in lower case. */
export interface ApiResponse {
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** No proxy or browser may cache a response, and no browser may guess a different content type. */
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

/** A success without a body. */
export const emptyResponse = (): ApiResponse => ({ statusCode: 204, headers: safeHeaders, body: "" });
