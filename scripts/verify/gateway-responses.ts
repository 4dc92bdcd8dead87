import { type GatewayResponse, GetGatewayResponsesCommand } from "@aws-sdk/client-api-gateway";
import type { Check } from "./check";
import type { Deployment } from "./deployment";
import { differs, requireNoProblems } from "./verdict";

/** API Gateway's own responses, by type. A type that is customized by hand can give several statuses one. */
export const gatewayResponseChecks: readonly Check[] = [
  {
    name: "stage/gateway-responses",
    run: async (deployment) => {
      const deployed = deployment.resources("aws_api_gateway_gateway_response");
      const live = (await gatewayResponsesOf(deployment)).filter(({ defaultResponse }) => !defaultResponse);
      requireNoProblems([
        differs(
          "the status of each customized type",
          Object.fromEntries(
            live.map(({ responseType, statusCode }) => [responseType, statusCode ?? "AWS's"]),
          ),
          Object.fromEntries(
            // Terraform's state has an empty text for a status that is not set.
            deployed.map(({ response_type: type, status_code: status }) => [type, status || "AWS's"]),
          ),
        ),
      ]);
      return `${live.length} types are customized, as deployed`;
    },
  },
];

async function gatewayResponsesOf(deployment: Deployment): Promise<readonly GatewayResponse[]> {
  const { items = [] } = await deployment.clients.apiGateway.send(
    // There are fewer types than this, so there is one page.
    new GetGatewayResponsesCommand({ restApiId: deployment.output("api-id"), limit: 500 }),
  );
  return items;
}
