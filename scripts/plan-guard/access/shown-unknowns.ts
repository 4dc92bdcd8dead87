import { unknown } from "../../../packages/iam/unknown";

const [opening = "", closing = ""] = unknown("");
const pattern = new RegExp(`${opening}([^${closing}]*)${closing}`, "gu");

/** What Terraform does not know yet, by what the configuration calls it: `<aws_sqs_queue.new.arn>`. */
export function shownUnknowns(text: string): string {
  return text.replace(pattern, "<$1>");
}
