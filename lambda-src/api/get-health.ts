import { jsonResponse } from "./api-response";
import type { ApiProps, OperationHandler } from "./operation-handler";

/** Confirms that the function runs, is allowed to read its table, and gets a response from it. */
export const getHealth =
  ({ items }: ApiProps): OperationHandler<"getHealth"> =>
  async (_parameters, _event, signal) => {
    await items.check(signal);
    return jsonResponse(200, { status: "ok" });
  };
