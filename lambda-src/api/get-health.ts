import { jsonResponse } from "./api-response";
import type { ApiProps, OperationHandler } from "./operation-handler";

/** Tells that the function runs and may read its table, which answers. */
export const getHealth =
  ({ items }: ApiProps): OperationHandler<"getHealth"> =>
  async (_parameters, _event, signal) => {
    await items.check(signal);
    return jsonResponse(200, { status: "ok" });
  };
