import { existsSync } from "node:fs";
import { UserError } from "../../terminal/user-error";
import type { Answer, Call, Gap, RequestHead } from "../gaps/gap";
import { modelsFolder } from "../set-up/tools";
import { ModelIndex } from "./model-index";
import { type RefusedRequest, RequestCheck } from "./request-check";

/** Told of a request that is refused, and of what is known about its sender. */
export type RefusalListener = (refused: RefusedRequest, head: RequestHead) => void;

/**
 * @param onRefusal called for each refused request
 * @throws UserError if the models are not installed
 */
export function serviceModels(onRefusal: RefusalListener = () => undefined): Gap {
  const folder = modelsFolder();
  if (!existsSync(folder)) {
    throw new UserError(`AWS's service models are not in ${folder}: delete .local/tools and run npm start`);
  }
  return new ServiceModels(new RequestCheck(new ModelIndex(folder)), onRefusal);
}

/**
 * Refuses what AWS would refuse, as its service models describe it. Put first: no other gap sees a refused call. Only
 * bodies that have something to check are held in memory.
 */
class ServiceModels implements Gap {
  readonly name = "service-models";

  constructor(
    private readonly requests: RequestCheck,
    private readonly onRefusal: RefusalListener,
  ) {}

  claims(head: RequestHead): boolean {
    return this.requests.checkHead(head) !== undefined;
  }

  async intercept(call: Call): Promise<Answer> {
    const refused = this.requests.checkRequest(call.head, call.body);
    if (!refused) return call.pass();
    this.onRefusal(refused, call.head);
    return refused.answer;
  }
}
