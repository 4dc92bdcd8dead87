import { randomBytes } from "node:crypto";
import type { Deployment } from "./deployment";

export interface TracedRequest {
  /** As the access log has it. */
  readonly requestId: string;
  /** As the function has it: the same on AWS. */
  readonly functionRequestId: string;
  readonly traceId: string;
}

/** The one request that is looked for in logs and traces: for an item that there is not, of which the function logs. */
export function tracedRequest(deployment: Deployment): Promise<TracedRequest> {
  return deployment.once("traced request", async () => {
    const seconds = Math.floor(Date.now() / 1000).toString(16);
    const traceId = `1-${seconds}-${randomBytes(12).toString("hex")}`;
    const { requestId, body } = await deployment.api.send({
      path: `/items/${deployment.run}-traced/1`,
      // X-Ray samples it, whatever its share of requests is.
      headers: { "x-amzn-trace-id": `Root=${traceId};Sampled=1` },
    });
    const { requestId: functionRequestId = requestId } = body as { readonly requestId?: string };
    return { requestId, functionRequestId, traceId };
  });
}
