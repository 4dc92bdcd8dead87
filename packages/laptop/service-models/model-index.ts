import type { RequestHead } from "../gaps/gap";
import type { Protocol } from "./refusal-answer";
import { type Route, Router } from "./route";
import { loadServiceModel, type Operation, type ServiceModel } from "./service-model";
import { modelsBySigningName } from "./signing-names";

/** A request's operation. Only the query protocol has it in the body. */
export interface Addressed {
  readonly model: ServiceModel;
  readonly protocol: Protocol;
  /** Undefined in the query protocol until the body has been read. */
  readonly route: Route | undefined;
}

interface Indexed {
  readonly model: ServiceModel;
  readonly router: Router | undefined;
}

/** Finds the model and the operation of each request. Loads a model when a request first needs it. */
export class ModelIndex {
  private readonly loaded = new Map<string, readonly Indexed[]>();

  /** @param folder botocore's `data` folder */
  constructor(private readonly folder: string) {}

  /** @returns the models that describe the request, of which some services have several */
  find(head: RequestHead): readonly Addressed[] {
    // A request through an API of the stack, which no model describes.
    if (!head.service || head.service === "execute-api") return [];
    return this.models(head.service).flatMap(
      ({ model, router }) => (router ? byPath(model, router, head) : byHeaders(model, head)) ?? [],
    );
  }

  private models(service: string): readonly Indexed[] {
    let models = this.loaded.get(service);
    if (!models) {
      models = (modelsBySigningName[service] ?? [service]).flatMap((name) => {
        const model = loadServiceModel(this.folder, name);
        return model ? [{ model, router: isRest(model) ? new Router(model) : undefined }] : [];
      });
      this.loaded.set(service, models);
    }
    return models;
  }
}

/** @returns the operation that the query protocol's parameters name */
export function queryOperation(model: ServiceModel, parameters: URLSearchParams): Operation | undefined {
  if (parameters.get("Version") !== model.apiVersion) return undefined;
  return model.operations.get(parameters.get("Action") ?? "");
}

function isRest({ protocols }: ServiceModel): boolean {
  return protocols.some((protocol) => protocol.startsWith("rest-"));
}

function byPath(model: ServiceModel, router: Router, head: RequestHead): Addressed | undefined {
  const route = router.find(head, model.name === "s3" ? bucketPath(head) : head.path);
  const protocol = model.protocols.includes("rest-xml") ? "rest-xml" : "rest-json";
  return route && { model, protocol, route };
}

function byHeaders(model: ServiceModel, head: RequestHead): Addressed | undefined {
  if (head.headers["smithy-protocol"] === "rpc-v2-cbor") {
    const [, prefix, name = ""] = /^\/service\/(\w+)\/operation\/(\w+)$/.exec(head.path) ?? [];
    return prefix === model.targetPrefix ? routed(model, "cbor", name) : undefined;
  }
  const target = head.headers["x-amz-target"];
  if (typeof target === "string") {
    // The prefix may have dots of its own.
    const [, prefix, name = ""] = /^(.+)\.(\w+)$/.exec(target) ?? [];
    return prefix === model.targetPrefix ? routed(model, "json", name) : undefined;
  }
  if (model.protocols.includes("ec2")) return { model, protocol: "ec2", route: undefined };
  return model.protocols.includes("query") ? { model, protocol: "query", route: undefined } : undefined;
}

function routed(model: ServiceModel, protocol: Protocol, name: string): Addressed | undefined {
  const operation = model.operations.get(name);
  return operation && { model, protocol, route: { operation, labels: {} } };
}

/** The bucket may be in the host's name. */
function bucketPath({ path, headers }: RequestHead): string {
  const [, bucket] = /^(.+?)\.(?:s3[.-]|localhost)/.exec(headers.host ?? "") ?? [];
  return bucket ? `/${bucket}${path}` : path;
}
