import { isCampaign } from "../../../support/campaign";
import { everyService } from "./botocore";

/** Services of each protocol, among them those that this project uses. The campaign tests all of AWS. */
export const testedServices: readonly string[] = isCampaign
  ? everyService()
  : [
      "apigateway",
      "cloudwatch",
      "dynamodb",
      "events",
      "firehose",
      "iam",
      "kms",
      "lambda",
      "logs",
      "s3",
      "sns",
      "sqs",
      "ssm",
      "sts",
    ];
