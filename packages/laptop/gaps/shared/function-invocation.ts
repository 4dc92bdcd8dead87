/** The path of an Invoke; its group is the function's name, partial or whole ARN, as a URL has it. */
export const functionInvocation = /^\/2015-03-31\/functions\/([^/]+)\/invocations\/?$/;
