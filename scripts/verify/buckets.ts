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
import { publicStatements, requiresTls, statementsOf } from "./policies";
import { CheckFailedError, differs, requireNoProblems } from "./verdict";

const logDays = 90;

/** The output that names each bucket. */
const buckets = { artifacts: "artifact-bucket", logs: "log-bucket" } as const;

type Kind = keyof typeof buckets;

type FactCheck = (deployment: Deployment, Bucket: string, kind: Kind) => Promise<string>;

/** Facts about the live buckets, checked for both. */
const facts: Readonly<Record<string, FactCheck>> = {
  "public-access": async ({ clients }, Bucket) => {
    const { PublicAccessBlockConfiguration: blocks = {} } = await clients.s3
      .send(new GetPublicAccessBlockCommand({ Bucket }))
      .catch(absentAs("NoSuchPublicAccessBlockConfiguration", { PublicAccessBlockConfiguration: {} }));
    requireNoProblems([
      !blocks.BlockPublicAcls && "public ACLs are not blocked",
      !blocks.IgnorePublicAcls && "public ACLs are not ignored",
      !blocks.BlockPublicPolicy && "public policies are not blocked",
      !blocks.RestrictPublicBuckets && "access by public policies is not restricted",
    ]);
    return "blocked";
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
      !requiresTls(statements) && "it allows requests without TLS",
      publicStatements(statements).length > 0 && "it allows public access",
      kind === "logs" && !guarded && "principals other than the log delivery can write to it",
    ]);
    return "TLS only, no public access";
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
    const [key] = byKey ? deployment.resources("aws_kms_key") : [];
    requireNoProblems([
      differs("the algorithm", rule?.SSEAlgorithm, byKey ? "aws:kms" : "AES256"),
      byKey && differs("its key", rule?.KMSMasterKeyID, key?.arn),
    ]);
    return `${rule?.SSEAlgorithm}`;
  },
  versioning: async ({ clients }, Bucket) => {
    const { Status } = await clients.s3.send(new GetBucketVersioningCommand({ Bucket }));
    requireNoProblems([differs("versioning", Status, "Enabled")]);
    return "on";
  },
  ownership: async ({ clients }, Bucket) => {
    const { OwnershipControls } = await clients.s3
      .send(new GetBucketOwnershipControlsCommand({ Bucket }))
      .catch(absentAs("OwnershipControlsNotFoundError", { OwnershipControls: undefined }));
    const [rule] = OwnershipControls?.Rules ?? [];
    requireNoProblems([differs("ownership", rule?.ObjectOwnership, "BucketOwnerEnforced")]);
    return "bucket owner enforced";
  },
};

export const bucketChecks: readonly Check[] = [
  ...Object.entries(facts).flatMap(([fact, check]) =>
    (Object.keys(buckets) as Kind[]).map(
      (kind): Check => ({
        name: `${kind}-bucket/${fact}`,
        run: (deployment) => check(deployment, deployment.output(buckets[kind]), kind),
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
      if (!expiry) throw new CheckFailedError("its objects never expire");
      requireNoProblems([differs("the number of days", expiry.Expiration?.Days, logDays)]);
      return `${logDays} days`;
    },
  },
];

/** S3 returns an error for a setting that is not configured. */
function absentAs<T>(name: string, absent: T): (error: unknown) => T {
  return (error) => {
    if ((error as Error).name === name) return absent;
    throw error;
  };
}
