/** The path of Invoke. Its group is the function's name, partial ARN or full ARN, URL-encoded. */
export const functionInvocation = /^\/2015-03-31\/functions\/([^/]+)\/invocations\/?$/;
