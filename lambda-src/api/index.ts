import type { Context } from "aws-lambda";
import { ItemRepository } from "../items/item-repository";
import type { ApiResponse } from "../runtime/api-response";
import { deadlineSignal } from "../runtime/deadline";
import { createDocuments } from "../runtime/documents";
import { readEnvironment } from "../runtime/environment";
import { Telemetry } from "../runtime/telemetry";
import { answer } from "./answer";
import { parseApiEvent } from "./api-event";
import { createItem } from "./create-item";
import { listItems } from "./list-items";
import type { Routes } from "./router";

const environment = readEnvironment({ tableName: "TABLE_NAME" });
const telemetry = new Telemetry(environment);
const items = new ItemRepository(createDocuments(), environment.tableName);

const routes: Routes = {
  "POST /items": createItem({ items, onCreated: () => telemetry.count("ItemCreated") }),
  "GET /items/{id}": listItems({ items }),
};

/**
 * The API function: answers requests from API Gateway's REST proxy integration.
 *
 * @throws NotAnApiEventError on any other event, so that Lambda retries it and it reaches the dead-letter queue
 */
export const handler = async (event: unknown, context: Context): Promise<ApiResponse> => {
  telemetry.begin(context);
  try {
    return await answer(routes, parseApiEvent(event), deadlineSignal(context), telemetry.logger);
  } finally {
    telemetry.end();
  }
};
