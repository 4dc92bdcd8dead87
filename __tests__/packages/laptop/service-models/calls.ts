import { jsonRequest, queryRequest, restRequest } from "./requests";

export const dynamo = (operation: string, input: unknown) =>
  jsonRequest("dynamodb", `DynamoDB_20120810.${operation}`, input);
export const logs = (operation: string, input: unknown) =>
  jsonRequest("logs", `Logs_20140328.${operation}`, input);
export const events = (operation: string, input: unknown) =>
  jsonRequest("events", `AWSEvents.${operation}`, input);
export const iam = (parameters: Readonly<Record<string, string>>) =>
  queryRequest("iam", "2010-05-08", parameters);
export const sts = (parameters: Readonly<Record<string, string>>) =>
  queryRequest("sts", "2011-06-15", parameters);
export const lambda = (method: string, path: string, input?: unknown) =>
  restRequest("lambda", method, path, input);

export const createFunction = (changed: object) =>
  lambda("POST", "/2015-03-31/functions", {
    FunctionName: "f",
    Role: "arn:aws:iam::123456789012:role/r",
    Code: { S3Bucket: "bucket", S3Key: "key" },
    Runtime: "nodejs22.x",
    Handler: "index.handler",
    ...changed,
  });
