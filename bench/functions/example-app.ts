import { Logger } from "@aws-lambda-powertools/logger";
import { Metrics, MetricUnit } from "@aws-lambda-powertools/metrics";
import { Tracer } from "@aws-lambda-powertools/tracer";
import { ConditionalCheckFailedException, DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { DynamoDBDocumentClient, PutCommand } from "@aws-sdk/lib-dynamodb";
import type { APIGatewayProxyEvent, APIGatewayProxyResult, Context } from "aws-lambda";
import { z } from "zod";

const { TABLE_NAME: TableName, ENVIRONMENT: environment = "" } = process.env;

const logger = new Logger({ persistentKeys: { environment } });
const metrics = new Metrics({ defaultDimensions: { environment } });
const tracer = new Tracer();
const table = DynamoDBDocumentClient.from(tracer.captureAWSv3Client(new DynamoDBClient({})));

const draft = z.strictObject({
  id: z.string().min(1).max(256),
  timestamp: z.int().min(0).optional(),
  data: z.record(z.string(), z.unknown()),
});

/** POST /items, instrumented by hand like the functions in the example app of Powertools for AWS Lambda. */
export const handler = async (
  event: APIGatewayProxyEvent,
  context: Context,
): Promise<APIGatewayProxyResult> => {
  logger.addContext(context);
  metrics.captureColdStartMetric();
  const segment = tracer.getSegment();
  const subsegment = segment?.addNewSubsegment(`## ${process.env._HANDLER}`);
  if (subsegment) tracer.setSegment(subsegment);
  tracer.annotateColdStart();
  tracer.addServiceNameAnnotation();
  try {
    const parsed = draft.safeParse(JSON.parse(event.body ?? ""));
    if (!parsed.success) return answer(400, { message: z.prettifyError(parsed.error) });
    const item = { ...parsed.data, timestamp: parsed.data.timestamp ?? Date.now() };
    const ConditionExpression = "attribute_not_exists(id)";
    await table.send(new PutCommand({ TableName, Item: item, ConditionExpression }));
    metrics.addMetric("ItemCreated", MetricUnit.Count, 1);
    return answer(201, item);
  } catch (error) {
    tracer.addErrorAsMetadata(error as Error);
    logger.error("item not created", error as Error);
    return answer(error instanceof ConditionalCheckFailedException ? 409 : 500, { message: "not created" });
  } finally {
    subsegment?.close();
    if (segment) tracer.setSegment(segment);
    metrics.publishStoredMetrics();
  }
};

function answer(statusCode: number, body: unknown): APIGatewayProxyResult {
  return { statusCode, headers: { "content-type": "application/json" }, body: JSON.stringify(body) };
}
