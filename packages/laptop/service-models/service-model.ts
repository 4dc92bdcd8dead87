import { existsSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { gunzipSync } from "node:zlib";
import { corrections } from "./corrections";
import type { RawShape } from "./raw-shape";
import { ShapeTable, type StructureShape } from "./shapes";

/** One of AWS's service models, as botocore publishes it. */
export interface ServiceModel {
  /** botocore's name, for example `lambda`. */
  readonly name: string;
  /** The name that people use, for example `Lambda`. */
  readonly title: string;
  readonly apiVersion: string;
  readonly protocols: readonly string[];
  readonly targetPrefix: string | undefined;
  readonly jsonVersion: string;
  readonly xmlNamespace: string | undefined;
  /** Whether a service that now speaks JSON or CBOR still understands, and has the error codes of, the query protocol. */
  readonly queryCompatible: boolean;
  readonly operations: ReadonlyMap<string, Operation>;
}

export interface Operation {
  readonly name: string;
  readonly method: string;
  /** For example `/2015-03-31/functions/{FunctionName}/code`. */
  readonly uri: string;
  readonly input: StructureShape | undefined;
}

interface RawModel {
  readonly metadata: {
    readonly apiVersion: string;
    readonly protocol: string;
    readonly protocols?: readonly string[];
    readonly serviceId: string;
    readonly targetPrefix?: string;
    readonly jsonVersion?: string;
    readonly xmlNamespace?: string | { readonly uri: string };
    readonly awsQueryCompatible?: object;
  };
  readonly operations: Readonly<Record<string, RawOperation>>;
  readonly shapes: Readonly<Record<string, RawShape>>;
}

interface RawOperation {
  readonly http?: { readonly method?: string; readonly requestUri?: string };
  readonly input?: { readonly shape: string };
  readonly deprecated?: boolean;
}

/**
 * @param folder botocore's `data` folder
 * @param name a service's folder in it
 * @returns the latest version of the service's model; undefined if botocore has none
 */
export function loadServiceModel(folder: string, name: string): ServiceModel | undefined {
  const versions = path.join(folder, name);
  if (!existsSync(versions)) return undefined;
  const latest = readdirSync(versions)
    .filter((version) => /^\d{4}-\d\d-\d\d$/.test(version))
    .sort()
    .at(-1);
  if (!latest) return undefined;
  const compressed = readFileSync(path.join(versions, latest, "service-2.json.gz"));
  return serviceModel(name, JSON.parse(gunzipSync(compressed).toString()));
}

export function serviceModel(name: string, { metadata, operations, shapes }: RawModel): ServiceModel {
  forgetDocumentation(shapes);
  const table = new ShapeTable(shapes, corrections.get(name) ?? {});
  const { xmlNamespace } = metadata;
  // A deprecated operation of S3 has the same URI as the one that replaces it.
  const current = Object.entries(operations).filter(([, { deprecated }]) => name !== "s3" || !deprecated);
  return {
    name,
    title: metadata.serviceId,
    apiVersion: metadata.apiVersion,
    protocols: metadata.protocols ?? [metadata.protocol],
    targetPrefix: metadata.targetPrefix,
    jsonVersion: metadata.jsonVersion ?? "1.0",
    xmlNamespace: typeof xmlNamespace === "object" ? xmlNamespace.uri : xmlNamespace,
    queryCompatible: metadata.awsQueryCompatible !== undefined,
    operations: new Map(
      current.map(([operation, { http, input }]) => [
        operation,
        {
          name: operation,
          method: http?.method ?? "POST",
          uri: http?.requestUri ?? "/",
          get input() {
            return input && table.structure(input.shape);
          },
        },
      ]),
    ),
  };
}

/** Most of a model is documentation. */
function forgetDocumentation(shapes: RawModel["shapes"]): void {
  for (const shape of Object.values(shapes)) {
    for (const described of [shape, ...Object.values(shape.members ?? {})]) {
      (described as { documentation?: string | undefined }).documentation = undefined;
    }
  }
}
