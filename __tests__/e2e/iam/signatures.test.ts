import { createHash } from "node:crypto";
import { Readable } from "node:stream";
import { CloudWatchClient, DescribeAlarmsCommand } from "@aws-sdk/client-cloudwatch";
import { DynamoDBClient, ListTablesCommand } from "@aws-sdk/client-dynamodb";
import { IAMClient, ListUsersCommand } from "@aws-sdk/client-iam";
import { LambdaClient, ListFunctionsCommand } from "@aws-sdk/client-lambda";
import {
  CreateBucketCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListBucketsCommand,
  PutObjectCommand,
  S3Client,
} from "@aws-sdk/client-s3";
import { ListTopicsCommand, SNSClient } from "@aws-sdk/client-sns";
import { ListQueuesCommand, SQSClient } from "@aws-sdk/client-sqs";
import { AssumeRoleCommand, STSClient } from "@aws-sdk/client-sts";
import { SignatureV4 } from "@smithy/signature-v4";
import { Sha256 } from "../../../packages/laptop/gateway/signatures/sha256";
import { account, region, useEmulators } from "../gaps/emulators";
import { MockApi } from "../gaps/mock-api";
import { type RequestToSign, type Signer, signedFetch, signedHeaders } from "../signed-fetch";

type Refusal = readonly [code: string, status: number];

const wrongSecret = { accessKeyId: "test", secretAccessKey: "wrong" };
const unknownKey = { accessKeyId: "AKIAIOSFODNN7EXAMPLE", secretAccessKey: "test" };

describe("a signature", () => {
  const emulators = useEmulators();
  let api: string;

  beforeAll(async () => {
    const mock = await MockApi.create(emulators.withGaps);
    const items = await mock.addResource("items");
    const item = await mock.addResource("{id}", items);
    for (const resource of [items, item])
      for (const method of ["GET", "POST"]) await mock.putMethod(resource, method, "1", "AWS_IAM");
    await mock.deploy();
    api = `${emulators.withGaps.endpoint}/restapis/${mock.restApiId}/live/_user_request_`;
    await new S3Client(s3Config()).send(new CreateBucketCommand({ Bucket: "signed" }));
  });

  const calls = {
    dynamodb: (config: object) => new DynamoDBClient(config).send(new ListTablesCommand({})),
    lambda: (config: object) => new LambdaClient(config).send(new ListFunctionsCommand({})),
    sqs: (config: object) => new SQSClient(config).send(new ListQueuesCommand({})),
    sns: (config: object) => new SNSClient(config).send(new ListTopicsCommand({})),
    iam: (config: object) => new IAMClient(config).send(new ListUsersCommand({})),
    cloudwatch: (config: object) => new CloudWatchClient(config).send(new DescribeAlarmsCommand({})),
    s3: (config: object) =>
      new S3Client({ ...config, forcePathStyle: true }).send(new ListBucketsCommand({})),
  };

  it.each<[keyof typeof calls, Refusal, Refusal]>([
    ["dynamodb", ["InvalidSignatureException", 400], ["UnrecognizedClientException", 400]],
    ["lambda", ["InvalidSignatureException", 403], ["UnrecognizedClientException", 403]],
    ["sqs", ["SignatureDoesNotMatch", 403], ["InvalidClientTokenId", 403]],
    ["sns", ["SignatureDoesNotMatch", 403], ["InvalidClientTokenId", 403]],
    ["iam", ["SignatureDoesNotMatch", 403], ["InvalidClientTokenId", 403]],
    ["cloudwatch", ["SignatureDoesNotMatch", 403], ["InvalidClientTokenId", 403]],
    ["s3", ["SignatureDoesNotMatch", 403], ["InvalidAccessKeyId", 403]],
  ])(
    "of a wrong secret or an unknown key is refused by %s with its own error",
    async (service, wrong, unknown) => {
      const call = calls[service];

      await expect(call(emulators.withGaps)).resolves.toBeDefined();
      expect(await refusal(call({ ...emulators.withGaps, credentials: wrongSecret }))).toEqual(wrong);
      expect(await refusal(call({ ...emulators.withGaps, credentials: unknownKey }))).toEqual(unknown);
    },
  );

  it("is checked for users, and for sessions with their token", async () => {
    const sts = new STSClient(emulators.withGaps);
    const { Credentials } = await sts.send(
      new AssumeRoleCommand({ RoleArn: `arn:aws:iam::${account}:role/gaps`, RoleSessionName: "signed" }),
    );
    const session = {
      accessKeyId: `${Credentials?.AccessKeyId}`,
      secretAccessKey: `${Credentials?.SecretAccessKey}`,
      sessionToken: `${Credentials?.SessionToken}`,
    };
    const list = (credentials: object) => calls.dynamodb({ ...emulators.withGaps, credentials });

    await expect(list(session)).resolves.toBeDefined();
    expect(await refusal(list({ ...session, secretAccessKey: "wrong" }))).toEqual([
      "InvalidSignatureException",
      400,
    ]);
    expect(await refusal(list({ ...session, sessionToken: "wrong" }))).toEqual([
      "UnrecognizedClientException",
      400,
    ]);
    expect(await refusal(list({ ...session, sessionToken: undefined }))).toEqual([
      "UnrecognizedClientException",
      400,
    ]);
  });

  it.each<[string, Signer, string, RegExp]>([
    [
      "a wrong secret",
      { credentials: wrongSecret },
      "InvalidSignatureException",
      /signature we calculated does not match/,
    ],
    [
      "an unknown key",
      { credentials: unknownKey },
      "UnrecognizedClientException",
      /security token .* is invalid/,
    ],
    [
      "an hour ago",
      { signedAt: minutesAgo(60) },
      "InvalidSignatureException",
      /Signature expired: .* is now earlier than/,
    ],
    [
      "in the future",
      { signedAt: minutesAgo(-16) },
      "InvalidSignatureException",
      /Signature not yet current/,
    ],
    ["another Region", { region: "us-east-1" }, "InvalidSignatureException", /scoped to a valid region/],
    ["another service", { service: "lambda" }, "InvalidSignatureException", /correct service: 'execute-api'/],
  ])("with %s is refused by an API with 403", async (_, signer, type, message) => {
    const response = await signedFetch(`${api}/items`, {}, signer);

    expect([response.status, response.headers.get("x-amzn-errortype")]).toEqual([403, type]);
    expect(((await response.json()) as { message: string }).message).toMatch(message);
  });

  it("is not believed because the caller says so", async () => {
    const claim = { "x-laptop-signature": "valid" };
    const now = new Date();
    // The gateway leaves a signature with the header Date to the emulator.
    const scope = `${now.toISOString().slice(0, 10).replaceAll("-", "")}/${region}/execute-api/aws4_request`;
    const authorization = `AWS4-HMAC-SHA256 Credential=test/${scope}, SignedHeaders=date;host, Signature=0`;

    const signed = await signedFetch(`${api}/items`, { headers: claim }, { credentials: wrongSecret });
    const dated = await fetch(`${api}/items`, {
      headers: { ...claim, authorization, date: now.toUTCString() },
    });

    expect([signed.status, dated.status]).toEqual([403, 403]);
  });

  it("of four minutes ago is accepted", async () => {
    expect((await signedFetch(`${api}/items`, {}, { signedAt: minutesAgo(4) })).status).toBe(200);
  });

  it.each<[string, string, RequestToSign, string, RequestToSign, number]>([
    [
      "body",
      "/items",
      { method: "POST", body: '{"a":1}' },
      "/items",
      { method: "POST", body: '{"a":2}' },
      403,
    ],
    ["method", "/items", {}, "/items", { method: "POST" }, 403],
    ["path", "/items/a", {}, "/items/b", {}, 403],
    ["query", "/items?limit=1", {}, "/items?limit=100", {}, 403],
    ["order of the query", "/items?a=1&b=2", {}, "/items?b=2&a=1", {}, 200],
    [
      "nothing",
      "/items/%20%2B~%C3%A9?a&b=%20x&b=a%2Fb",
      {},
      "/items/%20%2B~%C3%A9?a&b=%20x&b=a%2Fb",
      {},
      200,
    ],
    ["unsigned header", "/items", {}, "/items", { headers: { "x-later": "1" } }, 200],
  ])("covers the request: a changed %s", async (_, signedPath, signed, sentPath, sent, status) => {
    const headers = await signedHeaders(`${api}${signedPath}`, signed);

    const response = await fetch(`${api}${sentPath}`, { ...sent, headers: { ...headers, ...sent.headers } });

    expect(response.status).toBe(status);
  });

  it("in a presigned URL is accepted until it expires", async () => {
    const presigned = (signingDate: Date) => presign("execute-api", `${api}/items?a=b`, signingDate);

    expect((await fetch(await presigned(new Date()))).status).toBe(200);
    expect((await fetch(`${await presigned(new Date())}&c=d`)).status).toBe(403);
    expect((await fetch(await presigned(minutesAgo(20)))).status).toBe(403);
  });

  it.each([
    ["Bearer x", 400, "IncompleteSignatureException"],
    ["Basic dGVzdDp0ZXN0", 400, "IncompleteSignatureException"],
    [
      "AWS4-HMAC-SHA256 Credential=test/20260101/eu-west-1/dynamodb/aws4_request, SignedHeaders=host",
      400,
      "IncompleteSignatureException",
    ],
  ])("of another scheme is refused: %s", async (authorization, status, type) => {
    const headers = {
      "x-amz-target": "DynamoDB_20120810.ListTables",
      "content-type": "application/x-amz-json-1.0",
    };
    const response = await fetch(emulators.withGaps.endpoint, {
      method: "POST",
      headers: { ...headers, authorization },
      body: "{}",
    });

    expect(response.status).toBe(status);
    expect(((await response.json()) as { __type: string }).__type).toMatch(type);
  });

  describe("of an S3 request", () => {
    it("may leave out the body, but not lie about it", async () => {
      const put = (body: string, hash: string) =>
        signedFetch(
          `${s3Config().endpoint}/signed/hashed`,
          { method: "PUT", body, headers: { "x-amz-content-sha256": hash } },
          { service: "s3" },
        );

      expect((await put("abc", "UNSIGNED-PAYLOAD")).status).toBe(200);
      expect((await put("abc", createHash("sha256").update("abc").digest("hex"))).status).toBe(200);
      const lied = await put("abc", createHash("sha256").update("abd").digest("hex"));
      expect(lied.status).toBe(400);
      expect(await lied.text()).toContain("<Code>XAmzContentSHA256Mismatch</Code>");
    });

    it("covers each chunk of a streamed body", async () => {
      const chunks = ["a".repeat(8192), "b".repeat(100)];
      const good = await putChunks(chunks, (body) => body);
      const stored = await new S3Client(s3Config()).send(
        new GetObjectCommand({ Bucket: "signed", Key: "chunked" }),
      );
      const changed = await putChunks(chunks, (body) => body.replace("bbbb", "bbcb"));
      const cut = await putChunks(chunks, (body) => body.slice(0, body.lastIndexOf("0;chunk-signature")));

      // S3 misses the rest of a body that is cut off before it looks at signatures.
      expect([good, changed, cut]).toEqual([200, 403, 400]);
      expect(await stored.Body?.transformToString()).toBe(chunks.join(""));
    });

    it("covers what the SDK streams, with a checksum in a trailer", async () => {
      const s3 = new S3Client(s3Config());
      const object = { Bucket: "signed", Key: "streamed" };
      const half = "x".repeat(5_000_000);

      await s3.send(
        new PutObjectCommand({
          ...object,
          Body: Readable.from([half, half]),
          ContentLength: 2 * half.length,
        }),
      );

      const { ContentLength } = await s3.send(new HeadObjectCommand(object));
      expect(ContentLength).toBe(2 * half.length);
    });

    it("in a presigned URL is for one method and one object, until it expires", async () => {
      await new S3Client(s3Config()).send(
        new PutObjectCommand({ Bucket: "signed", Key: "shared", Body: "abc" }),
      );
      const presigned = (signedAt: Date) => presign("s3", `${s3Config().endpoint}/signed/shared`, signedAt);
      const url = await presigned(new Date());

      expect(await (await fetch(url)).text()).toBe("abc");
      expect((await fetch(url, { method: "PUT", body: "abd" })).status).toBe(403);
      expect((await fetch(url.replace("/shared", "/chunked"))).status).toBe(403);
      expect((await fetch(await presigned(minutesAgo(2)))).status).toBe(403);
    });

    it("is right for keys of all kinds", async () => {
      const s3 = new S3Client(s3Config());
      for (const Key of ["a b", "a+b", "é/ü", "a//b", "./c", "d%2Fe", "f?g=h"]) {
        await s3.send(new PutObjectCommand({ Bucket: "signed", Key, Body: Key }));
        const { Body } = await s3.send(new GetObjectCommand({ Bucket: "signed", Key }));
        expect(await Body?.transformToString()).toBe(Key);
      }
    });
  });

  function s3Config() {
    return { ...emulators.withGaps, forcePathStyle: true };
  }

  /** @param change what happens to the body on its way */
  async function putChunks(chunks: readonly string[], change: (body: string) => string): Promise<number> {
    const url = `${emulators.withGaps.endpoint}/signed/chunked`;
    const signedAt = new Date();
    const length = chunks.join("").length;
    const headers = await signedHeaders(
      url,
      {
        method: "PUT",
        headers: {
          "content-encoding": "aws-chunked",
          "x-amz-content-sha256": "STREAMING-AWS4-HMAC-SHA256-PAYLOAD",
          "x-amz-decoded-content-length": `${length}`,
        },
      },
      { service: "s3", signedAt },
    );
    const credentials = { accessKeyId: "test", secretAccessKey: "test" };
    const signer = new SignatureV4({ service: "s3", region, credentials, sha256: Sha256 });
    let priorSignature = headers.authorization?.split("Signature=")[1] ?? "";
    let body = "";
    for (const chunk of [...chunks, ""]) {
      const payload = Buffer.from(chunk);
      const options = { signingDate: signedAt, priorSignature };
      priorSignature = await signer.sign({ headers: new Uint8Array(0), payload }, options);
      body += `${chunk.length.toString(16)};chunk-signature=${priorSignature}\r\n${chunk}\r\n`;
    }
    return (await fetch(url, { method: "PUT", headers, body: change(body) })).status;
  }

  async function presign(service: string, url: string, signingDate: Date): Promise<string> {
    const { host, hostname, protocol, pathname, searchParams } = new URL(url);
    const credentials = { accessKeyId: "test", secretAccessKey: "test" };
    const signer = new SignatureV4({
      service,
      region,
      credentials,
      sha256: Sha256,
      uriEscapePath: service !== "s3",
    });
    // S3 leaves the body out, and the header that says so.
    const payload = "x-amz-content-sha256";
    const request = {
      method: "GET",
      protocol,
      hostname,
      path: pathname,
      query: Object.fromEntries(searchParams),
      headers: { host, ...(service === "s3" && { [payload]: "UNSIGNED-PAYLOAD" }) },
    };
    const { query = {} } = await signer.presign(request, {
      signingDate,
      expiresIn: 60,
      unsignableHeaders: new Set([payload]),
      unhoistableHeaders: new Set([payload]),
    });
    return `${protocol}//${host}${pathname}?${new URLSearchParams(query as Record<string, string>)}`;
  }
});

async function refusal(call: Promise<unknown>): Promise<Refusal> {
  const { name, $metadata } = await call.then(
    () => ({ name: "accepted", $metadata: { httpStatusCode: 200 } }),
    (error: { name: string; $metadata: { httpStatusCode: number } }) => error,
  );
  return [name, $metadata.httpStatusCode];
}

function minutesAgo(minutes: number): Date {
  return new Date(Date.now() - minutes * 60_000);
}
