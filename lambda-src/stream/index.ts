import { EventBridgeClient } from "@aws-sdk/client-eventbridge";
import { clientOptions } from "../runtime/client-options";
import { readEnvironment } from "../runtime/environment";
import { observeCalls } from "../runtime/observe-calls";
import { Telemetry } from "../runtime/telemetry";
import { EventBus } from "./event-bus";
import { streamHandler } from "./stream-handler";

const environment = readEnvironment({ eventBusName: "EVENT_BUS_NAME" });
const telemetry = new Telemetry(environment);
const eventBridge = new EventBridgeClient(clientOptions());
observeCalls(eventBridge, telemetry, {
  name: "Events",
  latency: "EventBusLatency",
  failed: "EventBusCallFailed",
});

/**
 * Publishes changes in the items table. Its event source mapping must report batch item failures.
 *
 * @throws UnexpectedEventError if the event is not a batch from a table's stream
 */
export const handler = streamHandler({ bus: new EventBus(eventBridge, environment.eventBusName), telemetry });
