/** What other checkers ask of these resource types and no rule here does, and why not. Their titles are in other-checkers.json. */
export const notMirrored: readonly { readonly ids: readonly string[]; readonly why: string }[] = [
  {
    ids: ["CKV_AWS_18", "S3.9", "AwsSolutions-S1"],
    why: "Who read an object is told by CloudTrail's data events, once for the account; the access log's bucket would log itself.",
  },
  {
    ids: ["CKV_AWS_26"],
    why: "Only an alarm's topic needs a key of one's own to work with: sns-alarm-topic-key.",
  },
  {
    ids: ["CKV_AWS_117", "Lambda.3", "Lambda.5"],
    why: "Nothing here is in a VPC: a function in one only loses its way to AWS's services.",
  },
  {
    ids: [
      "CKV_AWS_119",
      "CKV_AWS_145",
      "CKV_AWS_158",
      "CKV_AWS_173",
      "CKV_AWS_241",
      "CKV_AWS_337",
      "CKV2_AWS_73",
      "S3.17",
    ],
    why: "A key of one's own costs a dollar a month and a call an access: whether it is worth that differs by environment.",
  },
  {
    ids: ["CKV_AWS_120", "CKV_AWS_225"],
    why: "A cache serves what is no longer true, and costs by the hour; whoever switches it on has it encrypted: api-gateway-cache-encrypted.",
  },
  {
    ids: ["CKV_AWS_143", "S3.15"],
    why: "Locked objects cannot be deleted by anybody, which a log that must expire has no use for.",
  },
  {
    ids: ["CKV_AWS_144", "S3.7"],
    why: "A copy in another Region is for what cannot be made again; logs and zips are not worth twice the storage.",
  },
  { ids: ["CKV_AWS_192", "CKV2_AWS_77"], why: "Log4j is Java's, and these functions are Node.js's." },
  {
    ids: ["CKV_AWS_272"],
    why: "Signing needs a profile that AWS Signer makes outside the stack; the package's hash is in the state.",
  },
  {
    ids: ["CKV_AWS_338", "CloudWatch.16"],
    why: "How long a log is kept is a matter of cost and law: logs-retention asks that somebody said it.",
  },
  {
    ids: ["CKV_AWS_385", "S3.6"],
    why: "Which accounts are one's own is not known in a synth; everybody is kept out by iam-not-public.",
  },
  {
    ids: ["CKV2_AWS_29", "APIGateway.4", "AwsSolutions-APIG3"],
    why: "A web ACL costs nine dollars a month and more: signed requests need it less, so it is a switch.",
  },
  {
    ids: ["CKV2_AWS_31", "WAF.11", "WAF.12"],
    why: "Sampled requests and the metrics of each rule are there without a log that costs by the request.",
  },
  {
    ids: ["CKV2_AWS_36"],
    why: "No data source sends anything by http: the stacks have the AWS and archive providers alone.",
  },
  {
    ids: ["CKV2_AWS_51", "APIGateway.2"],
    why: "The gateway calls functions by IAM, and no server that could check its certificate.",
  },
  {
    ids: ["CKV2_AWS_62", "S3.11"],
    why: "Nothing waits for objects to come: an event without a reader tells nobody.",
  },
  {
    ids: ["CKV2_AWS_75"],
    why: "CORS keeps no caller out; who may call a function's URL is what lambda-url-authorized asks.",
  },
  { ids: ["DynamoDB.3", "DynamoDB.7", "AwsSolutions-DDB4"], why: "There is no DAX cluster." },
  {
    ids: ["DynamoDB.4"],
    why: "A backup plan belongs to the account; any second of 35 days can be restored: dynamodb-point-in-time-recovery.",
  },
  {
    ids: ["EventBridge.3"],
    why: "Without a policy a bus takes events of its own account alone, which is what is wanted.",
  },
  {
    ids: ["IAM.3", "IAM.5", "IAM.8", "IAM.19", "IAM.22"],
    why: "They are about users, which no stack makes: iam-no-users.",
  },
  {
    ids: ["IAM.4", "IAM.6", "IAM.7", "IAM.9", "IAM.10", "IAM.26"],
    why: "They are about the account, which no stack here governs.",
  },
  {
    ids: ["KMS.3"],
    why: "It tells of a key that is already to be deleted; how long that takes is kms-deletion-window.",
  },
  { ids: ["S3.1"], why: "It is about the account; each bucket is asked by s3-public-access-blocked." },
  {
    ids: ["S3.10"],
    why: "What is versioned and never expires, as functions' zips, is kept to go back to; where objects expire, s3-lifecycle-old-versions asks.",
  },
  { ids: ["S3.19"], why: "There are no access points." },
  { ids: ["S3.20"], why: "Only the root user can switch MFA delete on, and no lifecycle works with it." },
  { ids: ["SNS.1"], why: "As CKV_AWS_26." },
  { ids: ["SNS.2"], why: "What cannot be delivered goes to a dead-letter queue: sns-subscription-redrive." },
  {
    ids: ["WAF.1", "WAF.2", "WAF.3", "WAF.4", "WAF.6", "WAF.7", "WAF.8"],
    why: "They are about WAF Classic, which AWS has ended.",
  },
  { ids: ["AwsSolutions-S5"], why: "No bucket serves a website." },
  {
    ids: ["cfn-lint-serverless WS1002"],
    why: "A function may well have several callers; each is asked for its source: lambda-permission-source.",
  },
];
