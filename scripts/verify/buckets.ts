import {
  GetBucketEncryptionCommand,
  GetBucketLifecycleConfigurationCommand,
  GetBucketOwnershipControlsCommand,
  GetBucketPolicyCommand,
  GetBucketVersioningCommand,
  GetPublicAccessBlockCommand,
} from "@aws-sdk/client-s3";
import type { Check } from "./check";
import type { Deployment } from "./deployment";
import { publicStatements, refusesWithoutTls, statementsOf } from "./policies";
import { CheckFailedError, differs, requireNoProblems } from "./verdict";

const logDays = 90;

/** Of each bucket, by the name that its output has. */
const buckets = { artifacts: "artifact-bucket", logs: "log-bucket" } as const;

type Kind = keyof typeof buckets;

type Facts = (deployment: Deployment, Bucket: string, kind: Kind) => Promise<string>;

/** The buckets as they are: what is said of one is checked of both. */
const facts: Readonly<Record<string, Facts>> = {
  "public-access": async ({ clients }, Bucket) => {
    const { PublicAccessBlockConfiguration: blocks = {} } = await clients.s3
      .send(new GetPublicAccessBlockCommand({ Bucket }))
      .catch(absentAs("NoSuchPublicAccessBlockConfiguration", { PublicAccessBlockConfiguration: {} }));
    requireNoProblems([
      !blocks.BlockPublicAcls && "public ACLs are not refused",
      !blocks.IgnorePublicAcls && "public ACLs are not ignored",
      !blocks.BlockPublicPolicy && "public policies are not refused",
      !blocks.RestrictPublicBuckets && "public access is not restricted",
    ]);
    return "closed";
  },
  policy: async ({ clients }, Bucket, kind) => {
    const { Policy } = await clients.s3
      .send(new GetBucketPolicyCommand({ Bucket }))
      .catch(absentAs("NoSuchBucketPolicy", { Policy: "" }));
    const statements = statementsOf(Policy);
    const guarded = statements.some(
      ({ Effect, Action }) => Effect === "Deny" && [Action].flat().includes("s3:PutObject"),
    );
    requireNoProblems([
      !refusesWithoutTls(statements) && "it may be reached without TLS",
      publicStatements(statements).length > 0 && "anybody may use it",
      kind === "logs" && !guarded && "others than the delivery may write to it",
    ]);
    return "TLS alone, and nobody from outside";
  },
  encryption: async (deployment, Bucket, kind) => {
    const { ServerSideEncryptionConfiguration: found } = await deployment.clients.s3
      .send(new GetBucketEncryptionCommand({ Bucket }))
      .catch(
        absentAs("ServerSideEncryptionConfigurationNotFoundError", {
          ServerSideEncryptionConfiguration: undefined,
        }),
      );
    const rule = found?.Rules?.[0]?.ApplyServerSideEncryptionByDefault;
    const byKey = deployment.environment.customerKey && kind === "artifacts";
    const [key] = byKey ? deployment.made("aws_kms_key") : [];
    requireNoProblems([
      differs("it", rule?.SSEAlgorithm, byKey ? "aws:kms" : "AES256"),
      byKey && differs("its key", rule?.KMSMasterKeyID, key?.arn),
    ]);
    return `${rule?.SSEAlgorithm}`;
  },
  versions: async ({ clients }, Bucket) => {
    const { Status } = await clients.s3.send(new GetBucketVersioningCommand({ Bucket }));
    requireNoProblems([differs("keeping of versions", Status, "Enabled")]);
    return "kept";
  },
  ownership: async ({ clients }, Bucket) => {
    const { OwnershipControls } = await clients.s3
      .send(new GetBucketOwnershipControlsCommand({ Bucket }))
      .catch(absentAs("OwnershipControlsNotFoundError", { OwnershipControls: undefined }));
    const [rule] = OwnershipControls?.Rules ?? [];
    requireNoProblems([differs("it", rule?.ObjectOwnership, "BucketOwnerEnforced")]);
    return "the bucket's owner has all";
  },
};

export const bucketChecks: readonly Check[] = [
  ...Object.entries(facts).flatMap(([fact, look]) =>
    (Object.keys(buckets) as Kind[]).map(
      (kind): Check => ({
        name: `${kind}-bucket/${fact}`,
        run: (deployment) => look(deployment, deployment.output(buckets[kind]), kind),
      }),
    ),
  ),
  {
    name: "logs-bucket/retention",
    run: async (deployment) => {
      const { Rules = [] } = await deployment.clients.s3
        .send(new GetBucketLifecycleConfigurationCommand({ Bucket: deployment.output("log-bucket") }))
        .catch(absentAs("NoSuchLifecycleConfiguration", { Rules: [] }));
      const expiry = Rules.find(({ Status, Expiration }) => Status === "Enabled" && Expiration?.Days);
      if (!expiry) throw new CheckFailedError("nothing in it ever goes");
      requireNoProblems([differs("days", expiry.Expiration?.Days, logDays)]);
      return `${logDays} days`;
    },
  },
];

/** S3 answers what is not configured as an error. */
function absentAs<T>(name: string, absent: T): (error: unknown) => T {
  return (error) => {
    if ((error as Error).name === name) return absent;
    throw error;
  };
}
