import {
  GetAuthorizersCommand,
  GetGatewayResponsesCommand,
  GetRequestValidatorsCommand,
  GetStagesCommand,
  paginateGetBasePathMappings,
  paginateGetDomainNames,
  paginateGetModels,
  paginateGetResources,
  paginateGetUsagePlans,
} from "@aws-sdk/client-api-gateway";
import { type Attributes, all, beside, type Look, type Probe, type Stranger } from "./probe";

const type = "aws_api_gateway_rest_api";

/** Everything that belongs to an API, or leads to it. */
export const apiProbes: readonly Probe[] = [
  { type, kind: "resources and methods", strangers: routes },
  {
    type,
    kind: "stages",
    strangers: async (api, look) => {
      const { item = [] } = await look.clients.apiGateway.send(new GetStagesCommand(restApi(api)));
      return beside(
        item.map(({ stageName }) => stageName),
        ofApi(api, look, "aws_api_gateway_stage").map(({ stage_name: name }) => name),
        (name) => `the stage ${name}`,
      );
    },
  },
  {
    type,
    kind: "settings of single methods",
    strangers: async (api, look) => {
      const { item = [] } = await look.clients.apiGateway.send(new GetStagesCommand(restApi(api)));
      const stages = new Set(ofApi(api, look, "aws_api_gateway_stage").map(({ stage_name: name }) => name));
      const live = item
        .filter(({ stageName }) => stages.has(stageName))
        .flatMap(({ stageName, methodSettings = {} }) =>
          Object.keys(methodSettings).map((key) => `${stageName} ${unescaped(key)}`),
        );
      return beside(
        live,
        ofApi(api, look, "aws_api_gateway_method_settings").map(
          ({ stage_name: stage, method_path: method }) => `${stage} ${method}`,
        ),
        (method) => `settings of its own for ${method.split(" ")[1]} on the stage ${method.split(" ")[0]}`,
      );
    },
  },
  {
    type,
    kind: "authorizers",
    strangers: async (api, look) => {
      const { items = [] } = await look.clients.apiGateway.send(
        new GetAuthorizersCommand({ ...restApi(api), limit: 500 }),
      );
      return beside(
        items.map(({ id }) => id),
        ofApi(api, look, "aws_api_gateway_authorizer").map(({ id }) => id),
        (id) => `the authorizer ${items.find((item) => item.id === id)?.name}`,
      );
    },
  },
  {
    type,
    kind: "models",
    strangers: async (api, look) => {
      const models = await all(
        paginateGetModels({ client: look.clients.apiGateway }, { ...restApi(api), limit: 500 }),
        ({ items }) => items,
      );
      return beside(
        models.map(({ name }) => name),
        // API Gateway gives every API the first two.
        ["Empty", "Error", ...ofApi(api, look, "aws_api_gateway_model").map(({ name }) => name)],
        (name) => `the model ${name}`,
      );
    },
  },
  {
    type,
    kind: "request validators",
    strangers: async (api, look) => {
      const { items = [] } = await look.clients.apiGateway.send(
        new GetRequestValidatorsCommand({ ...restApi(api), limit: 500 }),
      );
      return beside(
        items.map(({ id }) => id),
        ofApi(api, look, "aws_api_gateway_request_validator").map(({ id }) => id),
        (id) => `the request validator ${items.find((item) => item.id === id)?.name}`,
      );
    },
  },
  {
    type,
    kind: "gateway responses",
    strangers: async (api, look) => {
      const { items = [] } = await look.clients.apiGateway.send(
        new GetGatewayResponsesCommand({ ...restApi(api), limit: 500 }),
      );
      return beside(
        items.filter(({ defaultResponse }) => !defaultResponse).map(({ responseType }) => responseType),
        ofApi(api, look, "aws_api_gateway_gateway_response").map(({ response_type: response }) => response),
        (response) => `a gateway response for ${response}`,
      );
    },
  },
  {
    type,
    kind: "usage plans",
    strangers: async (api, look) => {
      const plans = await all(
        paginateGetUsagePlans({ client: look.clients.apiGateway }, { limit: 500 }),
        ({ items }) => items,
      );
      return beside(
        plans.filter(({ apiStages }) => apiStages?.some(({ apiId }) => apiId === api.id)).map(({ id }) => id),
        look.planned("aws_api_gateway_usage_plan").map(({ id }) => id),
        (id) => `the usage plan ${plans.find((plan) => plan.id === id)?.name}`,
      );
    },
  },
  {
    type,
    kind: "domain names",
    strangers: async (api, look) => {
      const client = look.clients.apiGateway;
      const domains = await all(paginateGetDomainNames({ client }, { limit: 500 }), ({ items }) => items);
      const mapped = await Promise.all(
        domains.map(async ({ domainName, domainNameId }) => {
          const mappings = await all(
            paginateGetBasePathMappings({ client }, { domainName, domainNameId, limit: 500 }),
            ({ items }) => items,
          );
          return mappings
            .filter(({ restApiId }) => restApiId === api.id)
            .map(({ basePath }) => `${domainName}/${basePath === "(none)" ? "" : basePath}`);
        }),
      );
      return beside(
        mapped.flat(),
        look
          .planned("aws_api_gateway_base_path_mapping")
          .map(({ domain_name: domain, base_path: base }) => `${domain}/${base ?? ""}`),
        (name) => `the domain name ${name}`,
      );
    },
  },
];

async function routes(api: Attributes, look: Look): Promise<readonly Stranger[]> {
  const resources = await all(
    paginateGetResources(
      { client: look.clients.apiGateway },
      { ...restApi(api), limit: 500, embed: ["methods"] },
    ),
    ({ items }) => items,
  );
  const planned = (kind: string, key: (one: Attributes) => string) =>
    new Set(ofApi(api, look, kind).map(key));
  const known = {
    resources: planned("aws_api_gateway_resource", ({ id }) => `${id}`).add(`${api.root_resource_id}`),
    methods: planned("aws_api_gateway_method", methodKey),
    integrations: planned("aws_api_gateway_integration", methodKey),
    responses: planned("aws_api_gateway_method_response", responseKey),
    integrationResponses: planned("aws_api_gateway_integration_response", responseKey),
  };
  return resources.flatMap(({ id, path, resourceMethods = {} }) => {
    const stranger = known.resources.has(`${id}`) ? [] : [{ what: `the resource ${path}` }];
    const methods = Object.entries(resourceMethods).flatMap(([httpMethod, method]) => {
      const key = `${id} ${httpMethod}`;
      const name = `${httpMethod} ${path}`;
      if (!known.methods.has(key)) {
        return [{ what: `the method ${name} with the authorization ${method.authorizationType}` }];
      }
      const integration = method.methodIntegration;
      return [
        ...(integration && !known.integrations.has(key) ? [{ what: `an integration of ${name}` }] : []),
        ...Object.keys(method.methodResponses ?? {})
          .filter((status) => !known.responses.has(`${key} ${status}`))
          .map((status) => ({ what: `a response ${status} of the method ${name}` })),
        ...Object.keys(integration?.integrationResponses ?? {})
          .filter((status) => !known.integrationResponses.has(`${key} ${status}`))
          .map((status) => ({ what: `a response ${status} of the integration of ${name}` })),
      ];
    });
    return [...stranger, ...methods];
  });
}

function methodKey({ resource_id: resource, http_method: method }: Attributes): string {
  return `${resource} ${method}`;
}

function responseKey(response: Attributes): string {
  return `${methodKey(response)} ${response.status_code}`;
}

function restApi({ id }: Attributes): { readonly restApiId: string } {
  return { restApiId: `${id}` };
}

function ofApi({ id }: Attributes, { planned }: Look, kind: string): readonly Attributes[] {
  return planned(kind).filter(({ rest_api_id: api }) => api === id);
}

/** `~1items~1{id}/GET` is the method `items/{id}/GET`. */
function unescaped(key: string): string {
  return key
    .replaceAll("~1", "/")
    .replaceAll("~0", "~")
    .replace(/^\/(?!\*)/, "");
}
