import http, { type IncomingHttpHeaders } from "node:http";
import { requestHead } from "../../packages/laptop/gateway/request-head";
import { LoopbackServer } from "./loopback-server";

/** A call as IAM sees it. */
export interface RecordedCall {
  /** `dynamodb:DescribeTable` */
  readonly action: string;
  /** Its ARN, for services of which a role's permissions name resources; otherwise `*`. */
  readonly resource: string;
}

interface WireRequest {
  readonly method: string;
  readonly url: URL;
  readonly service: string;
  /** In the JSON, CBOR and query protocols. */
  readonly operation: string | undefined;
  readonly body: string;
}

const account = "000000000000";
const region = "eu-west-1";

/** Stands between a program and an endpoint, and records the calls that it passes on. */
export class CallRecorder {
  readonly calls: RecordedCall[] = [];
  private server: LoopbackServer | undefined;

  static async start(endpoint: string): Promise<CallRecorder> {
    const recorder = new CallRecorder();
    const { hostname, port } = new URL(endpoint);
    recorder.server = await LoopbackServer.start(async (request, response) => {
      const body = Buffer.concat(await request.toArray());
      const { method = "GET", url = "/", headers } = request;
      const head = requestHead(request);
      const operation = head.action ?? new URLSearchParams(body.toString()).get("Action") ?? undefined;
      const asked = { method, url: new URL(url, endpoint), service: `${head.service}`, operation };
      recorder.calls.push(callOf({ ...asked, body: body.toString() }));
      const passed = http.request({
        hostname,
        port,
        method,
        path: url,
        headers: headers as IncomingHttpHeaders,
      });
      passed.on("response", (answer) => {
        response.writeHead(answer.statusCode ?? 500, answer.headers);
        answer.pipe(response);
      });
      passed.on("error", () => response.destroy());
      passed.end(body);
    });
    return recorder;
  }

  get endpoint(): string {
    return this.server?.endpoint ?? "";
  }

  async stop(): Promise<void> {
    await this.server?.stop();
  }
}

/** Services whose name in a signature is not the one in IAM. */
const iamNames: Readonly<Record<string, string>> = { monitoring: "cloudwatch" };

/** By service: the resource of a call with an operation. */
const resources: Readonly<Record<string, (body: Readonly<Record<string, unknown>>) => string>> = {
  firehose: ({ DeliveryStreamName }) =>
    `arn:aws:firehose:${region}:${account}:deliverystream/${DeliveryStreamName}`,
  ssm: ({ Name }) => (Name ? `arn:aws:ssm:${region}:${account}:parameter${Name}` : "*"),
};

function callOf(request: WireRequest): RecordedCall {
  const { service, operation, url, body } = request;
  if (service === "s3") return callOfS3(request);
  if (service === "lambda") return callOfLambda(request);
  if (service === "apigateway") {
    const path = decodeURIComponent(url.pathname);
    return { action: `apigateway:${request.method}`, resource: `arn:aws:apigateway:${region}::${path}` };
  }
  const resourceOf = resources[service];
  const resource = resourceOf && body.startsWith("{") ? resourceOf(JSON.parse(body)) : "*";
  return { action: `${iamNames[service] ?? service}:${operation}`, resource };
}

/** The action for each sub-resource of a bucket that is read ("Actions … for Amazon S3" in the authorization reference). */
const bucketActions: Readonly<Record<string, string>> = {
  accelerate: "GetAccelerateConfiguration",
  acl: "GetBucketAcl",
  cors: "GetBucketCORS",
  encryption: "GetEncryptionConfiguration",
  lifecycle: "GetLifecycleConfiguration",
  "list-type": "ListBucket",
  location: "GetBucketLocation",
  logging: "GetBucketLogging",
  notification: "GetBucketNotification",
  "object-lock": "GetBucketObjectLockConfiguration",
  ownershipControls: "GetBucketOwnershipControls",
  policy: "GetBucketPolicy",
  publicAccessBlock: "GetBucketPublicAccessBlock",
  replication: "GetReplicationConfiguration",
  requestPayment: "GetBucketRequestPayment",
  tagging: "GetBucketTagging",
  versioning: "GetBucketVersioning",
  website: "GetBucketWebsite",
};

function callOfS3({ method, url }: WireRequest): RecordedCall {
  const [bucket = "", ...key] = decodeURIComponent(url.pathname).slice(1).split("/");
  const object = key.join("/");
  const resource = `arn:aws:s3:::${bucket}${object && `/${object}`}`;
  if (object) {
    const ofObject = url.searchParams.has("tagging") ? "GetObjectTagging" : "GetObject";
    const action = { GET: ofObject, HEAD: "GetObject", PUT: "PutObject", DELETE: "DeleteObject" }[method];
    return { action: `s3:${action}`, resource };
  }
  const [part] = [...url.searchParams.keys()].filter((name) => name in bucketActions);
  return { action: `s3:${method === "HEAD" || !part ? "ListBucket" : bucketActions[part]}`, resource };
}

type Schema = readonly [kind: number, string, string, { readonly http: readonly [string, string] }];

/** Lambda's operations, each with its method and path, from the SDK. */
const lambdaOperations = Object.entries<Schema>(require("@aws-sdk/client-lambda"))
  .filter(([, schema]) => Array.isArray(schema) && schema[0] === 9)
  .map(([name, [, , , { http: route }]]) => {
    const pattern = route[1].split("?")[0]?.replaceAll(/\{\w+\}/g, "([^/]+)");
    return { name: name.replace(/\$$/, ""), method: route[0], pattern: new RegExp(`^${pattern}/?$`) };
  });

function callOfLambda({ method, url }: WireRequest): RecordedCall {
  const path = decodeURIComponent(url.pathname);
  const found = lambdaOperations.find((one) => one.method === method && one.pattern.test(path));
  const [, name = ""] = found?.pattern.exec(path) ?? [];
  const resource = name.startsWith("arn:") ? name : `arn:aws:lambda:${region}:${account}:function:${name}`;
  return { action: `lambda:${found?.name ?? `${method} ${path}`}`, resource };
}
