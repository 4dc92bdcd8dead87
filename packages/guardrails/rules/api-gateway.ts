import { restApi, siblings } from "../rest-api";
import { each, type Rule } from "../rule";
import { asRecord } from "../stack-view";

/**
 * Gateway response types that AWS returns with several statuses, or may. The defaults have no status of their own:
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/supported-gateway-response-types.html. A configuration
 * error is 500 or 502, an expired token 401 (Cognito) or 403 (IAM), and a rule of WAF names its status.
 */
const severalStatuses = new Set([
  "API_CONFIGURATION_ERROR",
  "DEFAULT_4XX",
  "DEFAULT_5XX",
  "EXPIRED_TOKEN",
  "WAF_FILTERED",
]);

/** A number, or the variable of one, as `status` in JSON or XML. A word such as "error" is not a status. */
const statusInBody =
  /(?:["']status(?:Code)?["']\s*:\s*["']?|<status(?:Code)?>\s*)(?:\d+|\$context[.\w]*\.\w*status\b)/i;

export const apiGatewayRules: readonly Rule[] = [
  {
    id: "api-gateway-account-apart",
    group: "api-gateway",
    demands: "aws_api_gateway_account exists only in the account-wide stack",
    why: "There is only one per account and Region. Two stacks overwrite each other's role, and destroying one stops logging for both.",
    fix: "Move it to the stack that exists once per account, and pass accountWide: true to Guardrails.apply there.",
    mirrors: [],
    check: each(
      "aws_api_gateway_account",
      (_, { settings }) => !settings.accountWide && "this stack has one, but accountWide is not true",
    ),
  },
  {
    id: "api-gateway-deployment-triggers",
    group: "api-gateway",
    demands: "A deployment has triggers, which change when the API does and only then",
    why: "A deployment is a snapshot. Without a trigger it is never replaced, and changed methods are not served.",
    fix: "Set triggers to a hash of everything that the deployment snapshots.",
    mirrors: [],
    check: each("aws_api_gateway_deployment", (deployment) => {
      const triggers = Object.entries(asRecord(deployment.raw("triggers")) ?? {});
      if (triggers.length === 0) return !deployment.isUnknown("triggers") && "triggers is absent";
      return triggers
        .filter(([, value]) => /\b(plan)?timestamp\(\)|\buuid\(\)/.test(`${value}`))
        .map(([name]) => `trigger ${name} changes in every apply`);
    }),
  },
  {
    id: "api-gateway-deployment-waits",
    group: "api-gateway",
    demands: "A deployment depends on every method and integration of its API",
    why: "Otherwise it can be created before them: the snapshot lacks them, or AWS rejects it.",
    fix: "Add the methods and integrations to dependsOn.",
    mirrors: [],
    check: each("aws_api_gateway_deployment", (deployment) => {
      const waitedFor = new Set([
        ...deployment.texts("depends_on"),
        ...deployment.stack.referencedBy(deployment.raw("triggers")).map(({ address }) => address),
      ]);
      const parts = ["aws_api_gateway_method", "aws_api_gateway_integration"].flatMap((type) =>
        siblings(deployment, type),
      );
      const missing = parts.filter(({ address }) => !waitedFor.has(address));
      return missing.length > 0 && `it does not depend on ${missing.map(({ path }) => path).join(", ")}`;
    }),
  },
  {
    id: "api-gateway-deployment-replaced-safely",
    group: "api-gateway",
    demands: "A new deployment is created before the old one is destroyed",
    why: "AWS refuses to delete a deployment that a stage uses: “Active stages pointing to this deployment must be moved or deleted”.",
    fix: "Set lifecycle: { createBeforeDestroy: true }.",
    mirrors: ["CKV_AWS_217"],
    check: each(
      "aws_api_gateway_deployment",
      (deployment) =>
        !deployment.mayBeTrue("lifecycle.create_before_destroy") &&
        "lifecycle.create_before_destroy is not true",
    ),
  },
  {
    id: "api-gateway-replaced-safely",
    group: "api-gateway",
    demands: "A new API is created before the old one is destroyed",
    why: "Otherwise a replacement leaves you without an API until the new one exists.",
    fix: "Set lifecycle: { createBeforeDestroy: true }.",
    mirrors: ["CKV_AWS_237"],
    check: each(
      restApi,
      (own) =>
        !own.mayBeTrue("lifecycle.create_before_destroy") && "lifecycle.create_before_destroy is not true",
    ),
  },
  {
    id: "api-gateway-domain-tls",
    group: "api-gateway",
    demands: "A custom domain requires TLS 1.2 or newer",
    why: "TLS 1.0 can be broken, and some auditors fail a whole system because of it.",
    fix: 'Set securityPolicy: "TLS_1_2".',
    mirrors: ["CKV_AWS_206"],
    check: each("aws_api_gateway_domain_name", (domain) => {
      const policy = domain.value("security_policy");
      return (policy === undefined || policy === "TLS_1_0") && `security_policy is ${policy ?? "absent"}`;
    }),
  },
  {
    id: "api-gateway-response-status",
    group: "api-gateway",
    demands:
      "A gateway response type that stands for several statuses is customized without a status, and INTEGRATION_FAILURE is not customized at all",
    why: "Otherwise callers get the same status in every case, such as 400 for a malformed signature, or 504 for a function that crashed or was throttled. They then retry requests that they should not.",
    fix: "Leave out statusCode and the status in the body, and use DEFAULT_5XX instead of INTEGRATION_FAILURE.",
    mirrors: [],
    check: each("aws_api_gateway_gateway_response", (response) => {
      const type = `${response.value("response_type")}`;
      if (type === "INTEGRATION_FAILURE") return "response_type is INTEGRATION_FAILURE";
      if (!severalStatuses.has(type)) return undefined;
      const templates = Object.values(asRecord(response.value("response_templates")) ?? {});
      return [
        ...(response.has("status_code")
          ? [`status_code for ${type} is ${response.value("status_code")}`]
          : []),
        ...templates.flatMap((template) => {
          const [stated] = statusInBody.exec(`${template}`) ?? [];
          return stated ? [`the body of ${type} has ${stated}`] : [];
        }),
      ];
    }),
  },
];
