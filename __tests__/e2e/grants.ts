import {
  GetRolePolicyCommand,
  type IAMClient,
  ListRolePoliciesCommand,
  ListRolesCommand,
  PutRolePolicyCommand,
} from "@aws-sdk/client-iam";

/** A statement of a role's inline policy. */
export interface Grant {
  /** `<role>/<statement>` */
  readonly name: string;
  readonly role: string;
  readonly policy: string;
  readonly sid: string;
}

/** Which check of `npm run verify` fails if a statement is taken away from dev-stack. */
export const noticedBy: Readonly<Record<string, string>> = {
  "serverless-app-api-dev/OwnLogGroup": "logs/function-line",
  "serverless-app-api-dev/DeadLetterQueue": "failures/dead-letter",
  "serverless-app-api-dev/Tracing": "traces/request",
  "serverless-app-api-dev/ItemsTable": "api/create",
  "serverless-app-stream-dev/EventBus": "changes/event",
  "serverless-app-stream-dev/ItemsStream": "changes/event",
  "serverless-app-access-log-logs-dev/OwnStream": "logs/bucket-line",
};

/** The statements whose loss no check notices, and why. */
export const unnoticed: Readonly<Record<string, string>> = {
  "serverless-app-stream-dev/OwnLogGroup": "verify reads the log of the API function only",
  "serverless-app-stream-dev/DeadLetterQueue":
    "verify lets no change fail: it would block the stream for hours",
  "serverless-app-stream-dev/Tracing": "verify follows the trace of a request, which ends at the table",
  "serverless-app-access-log-dev/Bucket":
    "Firehose asks for the bucket before it writes; the laptop writes at once",
  "serverless-app-access-log-dev/Objects":
    "the bucket's policy names the role too, which is enough within an account",
  "serverless-app-access-log-dev/OwnErrors":
    "Firehose logs failed deliveries; the laptop reports them in gateway.log",
};

/** The one that every run takes away. */
export const grantOfEveryRun = "serverless-app-api-dev/ItemsTable";

/** What `npm start` says when a statement is missing. */
export function toldAbout(name: string): RegExp {
  const role = name.split("/")[0];
  if (name !== grantOfEveryRun)
    return new RegExp(`✗ denied: .* with the role ${role} may not .* To allow it: `);
  return new RegExp(
    `✗ denied: ${role} with the role ${role} may not dynamodb:PutItem on \\S+ in POST /items \\(request [\\w-]+\\): ` +
      "no identity-based policy allows it. To allow it: table.grantReadWrite\\(apiFunction\\)",
  );
}

/** Every statement of the inline policies of every role. */
export async function grantsOf(iam: IAMClient): Promise<readonly Grant[]> {
  const { Roles = [] } = await iam.send(new ListRolesCommand({}));
  const grants: Grant[] = [];
  for (const { RoleName: role = "" } of Roles) {
    const { PolicyNames = [] } = await iam.send(new ListRolePoliciesCommand({ RoleName: role }));
    for (const policy of PolicyNames) {
      const { Statement } = await documentOf(iam, role, policy);
      for (const { Sid: sid = "" } of Statement) grants.push({ name: `${role}/${sid}`, role, policy, sid });
    }
  }
  return grants;
}

/** Takes a statement away. @returns how to give it back */
export async function takeAway(iam: IAMClient, { role, policy, sid }: Grant): Promise<() => Promise<void>> {
  const document = await documentOf(iam, role, policy);
  const put = async (Statement: Document["Statement"]) => {
    const PolicyDocument = JSON.stringify({ ...document, Statement });
    await iam.send(new PutRolePolicyCommand({ RoleName: role, PolicyName: policy, PolicyDocument }));
  };
  const others = document.Statement.filter(({ Sid }) => Sid !== sid);
  // IAM refuses a policy without statements.
  await put(others.length > 0 ? others : [{ Sid: "Nothing", ...nothing }]);
  return () => put(document.Statement);
}

interface Document {
  readonly Statement: readonly { readonly Sid?: string }[];
}

const nothing = { Effect: "Allow", Action: "none:None", Resource: "*" };

async function documentOf(iam: IAMClient, RoleName: string, PolicyName: string): Promise<Document> {
  const { PolicyDocument = "" } = await iam.send(new GetRolePolicyCommand({ RoleName, PolicyName }));
  return JSON.parse(decodeURIComponent(PolicyDocument));
}
