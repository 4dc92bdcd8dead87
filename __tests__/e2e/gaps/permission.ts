import { randomUUID } from "node:crypto";
import { AddPermissionCommand, LambdaClient } from "@aws-sdk/client-lambda";
import type { ClientConfig } from "./emulators";

/**
 * Lets a service invoke a function or alias.
 * @param service such as `sns.amazonaws.com`
 * @param SourceArn for which the service may invoke it. @default for everything
 */
export async function letInvoke(
  config: ClientConfig,
  functionArn: string,
  service: string,
  SourceArn?: string,
): Promise<void> {
  const [FunctionName, Qualifier] = functionArn.split(":").slice(6);
  await new LambdaClient(config).send(
    new AddPermissionCommand({
      FunctionName,
      Qualifier,
      StatementId: randomUUID(),
      Action: "lambda:InvokeFunction",
      Principal: service,
      SourceArn,
    }),
  );
}
