import { createHash, createHmac } from "node:crypto";
import { Agent, request } from "node:https";

const {
  AWS_ACCESS_KEY_ID: accessKeyId = "",
  AWS_SECRET_ACCESS_KEY: secretAccessKey = "",
  AWS_REGION: region = "",
  AWS_ENDPOINT_URL: endpoint = "",
  TABLE_NAME: TableName = "",
} = process.env;

const agent = new Agent({ keepAlive: true });
const { host } = new URL(endpoint);

/** A single PutItem, signed by hand without a library: no checks, retries, time-outs or telemetry. */
export const handler = async ({ body }: { readonly body: string }) => {
  const item = JSON.parse(body);
  const timestamp = Date.now();
  const row = {
    id: { S: item.id },
    timestamp: { N: `${timestamp}` },
    data: { S: JSON.stringify(item.data) },
  };
  const { status, text } = await putItem(
    JSON.stringify({ TableName, Item: row, ConditionExpression: "attribute_not_exists(id)" }),
  );
  if (status !== 200) throw new Error(text);
  return { statusCode: 201, body: JSON.stringify({ ...item, timestamp }) };
};

function putItem(payload: string): Promise<{ readonly status: number | undefined; readonly text: string }> {
  const headers = signedHeaders(payload, "DynamoDB_20120810.PutItem");
  return new Promise((resolve, reject) => {
    const call = request(endpoint, { method: "POST", agent, headers }, (response) => {
      let text = "";
      response.on("data", (chunk) => {
        text += chunk;
      });
      response.on("end", () => resolve({ status: response.statusCode, text }));
    });
    call.on("error", reject);
    call.end(payload);
  });
}

function signedHeaders(payload: string, target: string): Record<string, string> {
  const date = new Date().toISOString().replace(/[:-]|\.\d{3}/g, "");
  const day = date.slice(0, 8);
  const signed = { host, "x-amz-date": date, "x-amz-target": target };
  const names = Object.keys(signed).join(";");
  const lines = Object.entries(signed).map(([name, value]) => `${name}:${value}\n`);
  const canonical = ["POST", "/", "", lines.join(""), names, sha256(payload)].join("\n");
  const scope = `${day}/${region}/dynamodb/aws4_request`;
  const text = ["AWS4-HMAC-SHA256", date, scope, sha256(canonical)].join("\n");
  const key = [day, region, "dynamodb", "aws4_request"].reduce<string | Buffer>(
    hmac,
    `AWS4${secretAccessKey}`,
  );
  const signature = hmac(key, text).toString("hex");
  return {
    ...signed,
    "content-type": "application/x-amz-json-1.0",
    "content-length": `${Buffer.byteLength(payload)}`,
    authorization: `AWS4-HMAC-SHA256 Credential=${accessKeyId}/${scope}, SignedHeaders=${names}, Signature=${signature}`,
  };
}

function sha256(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}

function hmac(key: string | Buffer, text: string): Buffer {
  return createHmac("sha256", key).update(text).digest();
}
