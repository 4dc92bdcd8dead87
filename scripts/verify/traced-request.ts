import { randomBytes } from "node:crypto";
import type { Deployment } from "./deployment";

export interface TracedRequest {
  /** Its id in the access log. */
  readonly requestId: string;
  /** Its id in the function's log. On AWS it is the same. */
  readonly functionRequestId: string;
  readonly traceId: string;
}

/** The request to look for in logs and traces. It asks for a missing item, because the function logs that. */
export function tracedRequest(deployment: Deployment): Promise<TracedRequest> {
  return deployment.once("traced request", async () => {
    const seconds = Math.floor(Date.now() / 1000).toString(16);
    const traceId = `1-${seconds}-${randomBytes(12).toString("hex")}`;
    const { requestId, body } = await deployment.api.send({
      path: `/items/${deployment.run}-traced/1`,
      // Makes X-Ray sample it, whatever the sampling rate.
      headers: { "x-amzn-trace-id": `Root=${traceId};Sampled=1` },
    });
    const { requestId: functionRequestId = requestId } = body as { readonly requestId?: string };
    return { requestId, functionRequestId, traceId };
  });
}
