import { limitsOf, matching, upTo, whole } from "./accepts";

const path = matching(/^\/(?:[!-~]+\/)?$/, "a path that begins and ends with a slash");

export const identityLimits = [
  ...limitsOf("aws_iam_role", "IAM API, CreateRole", {
    description: upTo(1_000),
    max_session_duration: whole(3_600, 43_200),
    path,
  }),
  ...limitsOf("aws_iam_policy", "IAM API, CreatePolicy", { description: upTo(1_000), path }),
];
