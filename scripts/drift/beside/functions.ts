import {
  GetFunctionRecursionConfigCommand,
  GetPolicyCommand,
  GetRuntimeManagementConfigCommand,
  paginateListAliases,
  paginateListEventSourceMappings,
  paginateListFunctionEventInvokeConfigs,
  paginateListFunctionUrlConfigs,
  paginateListProvisionedConcurrencyConfigs,
  paginateListVersionsByFunction,
} from "@aws-sdk/client-lambda";
import { statementsOf } from "../../verify/policies";
import { type Attributes, all, beside, type Look, type Probe, type Stranger, unlessAbsent } from "./probe";

const type = "aws_lambda_function";

export const functionProbes: readonly Probe[] = [
  {
    type,
    kind: "permissions",
    strangers: async (lambda, look) => {
      const [aliases, versions] = await Promise.all([aliasesOf(lambda, look), versionsOf(lambda, look)]);
      const qualifiers = [undefined, ...aliases, ...versions.filter((version) => version !== "$LATEST")];
      const statements = await Promise.all(
        qualifiers.map((qualifier) => permissionsOf(lambda, qualifier, look)),
      );
      const planned = ofFunction(lambda, look, "aws_lambda_permission").map(
        ({ statement_id: id, qualifier }) => `${id} on ${qualifier || "$LATEST"}`,
      );
      const live = new Map(
        statements.flat().map((statement) => [`${statement.Sid} on ${statement.qualifier}`, statement]),
      );
      return beside([...live.keys()], planned, (name) => {
        const { Effect, Action, Principal } = live.get(name) ?? {};
        return `the permission ${name}: ${Effect} ${Action} to ${JSON.stringify(Principal)}`;
      });
    },
  },
  {
    type,
    kind: "aliases",
    strangers: async (lambda, look) =>
      beside(
        await aliasesOf(lambda, look),
        ofFunction(lambda, look, "aws_lambda_alias").map(({ name }) => name),
        (name) => `the alias ${name}`,
      ),
  },
  {
    type,
    kind: "function URLs",
    strangers: async (lambda, look) => {
      const urls = await all(
        paginateListFunctionUrlConfigs({ client: look.clients.lambda }, named(lambda)),
        ({ FunctionUrlConfigs }) => FunctionUrlConfigs,
      );
      return beside(
        urls.map(({ FunctionArn, AuthType }) => `${qualifierOf(FunctionArn)} (${AuthType})`),
        ofFunction(lambda, look, "aws_lambda_function_url").map(
          ({ qualifier, authorization_type: authorization }) =>
            `${qualifier || "$LATEST"} (${authorization})`,
        ),
        (url) => `a function URL for ${url}`,
      );
    },
  },
  {
    type,
    kind: "event source mappings",
    strangers: async (lambda, look) => mappings(look, named(lambda)),
  },
  {
    type,
    kind: "settings of asynchronous invocations",
    strangers: async (lambda, look) => {
      const settings = await all(
        paginateListFunctionEventInvokeConfigs({ client: look.clients.lambda }, named(lambda)),
        ({ FunctionEventInvokeConfigs }) => FunctionEventInvokeConfigs,
      );
      return beside(
        settings.map(({ FunctionArn }) => qualifierOf(FunctionArn)),
        ofFunction(lambda, look, "aws_lambda_function_event_invoke_config").map(
          ({ qualifier }) => qualifier || "$LATEST",
        ),
        (qualifier) => `settings of asynchronous invocations of ${qualifier}`,
      );
    },
  },
  {
    type,
    kind: "provisioned concurrency",
    strangers: async (lambda, look) => {
      const provisioned = await all(
        paginateListProvisionedConcurrencyConfigs({ client: look.clients.lambda }, named(lambda)),
        ({ ProvisionedConcurrencyConfigs }) => ProvisionedConcurrencyConfigs,
      );
      return beside(
        provisioned.map(({ FunctionArn }) => qualifierOf(FunctionArn)),
        ofFunction(lambda, look, "aws_lambda_provisioned_concurrency_config").map(
          ({ qualifier }) => qualifier,
        ),
        (qualifier) => `provisioned concurrency of ${qualifier}, which costs money`,
      );
    },
  },
  {
    type,
    kind: "recursion settings",
    strangers: async (lambda, look) => {
      const found = await look.clients.lambda.send(new GetFunctionRecursionConfigCommand(named(lambda)));
      const isPlanned = ofFunction(lambda, look, "aws_lambda_function_recursion_config").length > 0;
      return found.RecursiveLoop === "Allow" && !isPlanned
        ? [{ what: "permission to invoke itself in a loop" }]
        : [];
    },
  },
  {
    type,
    kind: "runtime settings",
    strangers: async (lambda, look) => {
      const { UpdateRuntimeOn = "Auto" } = await look.clients.lambda.send(
        new GetRuntimeManagementConfigCommand(named(lambda)),
      );
      const isPlanned = ofFunction(lambda, look, "aws_lambda_runtime_management_config").length > 0;
      return UpdateRuntimeOn !== "Auto" && !isPlanned
        ? [{ what: `runtime updates ${UpdateRuntimeOn}, where AWS's default is Auto` }]
        : [];
    },
  },
];

/** The mappings that a filter finds and the state does not have. */
export async function mappings(
  { clients, planned }: Look,
  filter: { readonly FunctionName?: string; readonly EventSourceArn?: string },
): Promise<readonly Stranger[]> {
  const live = await all(
    paginateListEventSourceMappings({ client: clients.lambda }, filter),
    ({ EventSourceMappings }) => EventSourceMappings,
  );
  const known = new Set(planned("aws_lambda_event_source_mapping").map(({ uuid }) => uuid));
  return live
    .filter(({ UUID }) => !known.has(UUID))
    .map(({ UUID, EventSourceArn, FunctionArn, State }) => ({
      what: `the event source mapping ${UUID} from ${EventSourceArn} to ${FunctionArn} (${State})`,
    }));
}

/** The statements of a qualifier's policy, each with the qualifier that its resource names. */
async function permissionsOf(lambda: Attributes, Qualifier: string | undefined, { clients }: Look) {
  const found = await unlessAbsent(
    clients.lambda.send(new GetPolicyCommand({ ...named(lambda), Qualifier })),
  );
  return statementsOf(found?.Policy).map((statement) => ({
    ...statement,
    qualifier: qualifierOf(`${statement.Resource}`),
  }));
}

async function aliasesOf(lambda: Attributes, { clients }: Look): Promise<readonly string[]> {
  const aliases = await all(
    paginateListAliases({ client: clients.lambda }, named(lambda)),
    ({ Aliases }) => Aliases,
  );
  return aliases.map(({ Name = "" }) => Name);
}

async function versionsOf(lambda: Attributes, { clients }: Look): Promise<readonly string[]> {
  const versions = await all(
    paginateListVersionsByFunction({ client: clients.lambda }, named(lambda)),
    ({ Versions }) => Versions,
  );
  return versions.map(({ Version = "" }) => Version);
}

function ofFunction({ function_name: name, arn }: Attributes, { planned }: Look, kind: string) {
  return planned(kind).filter(
    ({ function_name: named }) =>
      named === name || named === arn || (typeof named === "string" && named.startsWith(`${arn}:`)),
  );
}

function named({ function_name: name }: Attributes): { readonly FunctionName: string } {
  return { FunctionName: `${name}` };
}

/** `arn:aws:lambda:eu-west-1:000000000000:function:name:live` has the qualifier `live`. */
function qualifierOf(arn: string | undefined): string {
  return arn?.split(":")[7] ?? "$LATEST";
}
