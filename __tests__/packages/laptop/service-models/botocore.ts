import { spawn } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { gunzipSync } from "node:zlib";
import type { RequestHead } from "../../../../packages/laptop/gaps/gap";
import type { RawShape } from "../../../../packages/laptop/service-models/raw-shape";
import { modelsFolder, venvPython } from "../../../../packages/laptop/set-up/tools";

export interface RawModel {
  readonly metadata: {
    readonly apiVersion: string;
    readonly protocol: string;
    readonly protocols?: readonly string[];
    readonly signingName?: string;
    readonly endpointPrefix: string;
  };
  readonly operations: Readonly<
    Record<string, { readonly input?: { readonly shape: string }; readonly deprecated?: boolean }>
  >;
  readonly shapes: Readonly<Record<string, RawShape>>;
}

export const everyService = (): readonly string[] =>
  readdirSync(modelsFolder(), { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name);

/** The latest version of a service's model. */
export function rawModel(service: string): RawModel {
  return JSON.parse(textOf(service));
}

/** The beginning of a model: parsing all of it for each service would take a minute. */
export function metadataOf(service: string): RawModel["metadata"] {
  const text = textOf(service);
  const start = text.indexOf("{", text.indexOf('"metadata"'));
  let end = start;
  let depth = 0;
  do {
    if (text[end] === "{") depth++;
    if (text[end] === "}") depth--;
    end++;
  } while (depth > 0);
  return JSON.parse(text.slice(start, end));
}

function textOf(service: string): string {
  return gunzipSync(readFileSync(path.join(latestFolder(service), "service-2.json.gz"))).toString();
}

/** The folder of a service's latest version. */
export function latestFolder(service: string): string {
  const folder = path.join(modelsFolder(), service);
  const versions = readdirSync(folder).filter((name) => /^\d{4}-/.test(name));
  return path.join(folder, versions.sort().at(-1) ?? "");
}

/** [service, operation, protocol, parameters] */
export type ApiCall = readonly [
  service: string,
  operation: string,
  protocol: string,
  parameters: Readonly<Record<string, unknown>>,
];

export interface WireRequest {
  readonly head: RequestHead;
  readonly body: Buffer;
}

/** Lets botocore serialize calls. @returns an error instead where botocore itself refuses the parameters */
export async function serialize(calls: readonly ApiCall[]): Promise<readonly (WireRequest | Error)[]> {
  const python = spawn(venvPython, [path.join(__dirname, "serialize.py")], {
    stdio: ["pipe", "pipe", "inherit"],
  });
  python.stdin.end(calls.map((call) => `${JSON.stringify(call)}\n`).join(""));
  const output = Buffer.concat(await python.stdout.toArray()).toString();
  return output
    .trimEnd()
    .split("\n")
    .map((line) => wireRequest(JSON.parse(line)));
}

interface Serialized {
  readonly error?: string;
  readonly service: string;
  readonly method: string;
  readonly path: string;
  readonly query: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

function wireRequest({
  error,
  service,
  method,
  path: urlPath,
  query,
  headers,
  body,
}: Serialized): WireRequest | Error {
  if (error) return new Error(error);
  const bytes = Buffer.from(body, "base64");
  return {
    head: {
      method,
      path: urlPath,
      query: new URLSearchParams(query),
      headers: { host: "127.0.0.1:4566", "content-length": `${bytes.length}`, ...headers },
      account: "000000000000",
      service,
      region: "eu-west-1",
      action: undefined,
    },
    body: bytes,
  };
}
