import { each, type Rule } from "../rule";

/** Runtimes that AWS no longer supports or that Lambda refuses to create. */
const deprecatedRuntime =
  /^(nodejs(\d|1\d|20)\.x|nodejs|nodejs4\.3-edge|python(2\.7|3\.[6-9])|ruby2\.\d|java8|go1\.x|dotnetcore\d\.\d|dotnet[567]|provided)$/;

export const lambdaCodeRules: readonly Rule[] = [
  {
    id: "lambda-code-from-s3",
    group: "lambda",
    demands: "A function's code comes from S3",
    why: "A zip in the request is limited to 50 MB and uploaded from the machine that applies. Once it is replaced, you cannot roll back to it.",
    fix: "Upload the zip with an S3Object, and set s3Bucket and s3Key instead of filename.",
    mirrors: [],
    check: each("aws_lambda_function", (lambda) => {
      if (lambda.has("image_uri")) return undefined;
      if (lambda.has("filename")) return `filename is ${JSON.stringify(lambda.raw("filename"))}`;
      return (!lambda.has("s3_bucket") || !lambda.has("s3_key")) && "s3_bucket or s3_key is absent";
    }),
  },
  {
    id: "lambda-code-hash",
    group: "lambda",
    demands: "A function has source_code_hash or s3_object_version",
    why: "Otherwise Terraform compares only the key. New code under the same key is never deployed, and the plan shows “No changes”.",
    fix: "Set sourceCodeHash to the base64-encoded SHA-256 of the zip, such as output_base64sha256 of data.archive_file.",
    mirrors: [],
    check: each(
      "aws_lambda_function",
      (lambda) =>
        !lambda.has("source_code_hash") &&
        !lambda.has("s3_object_version") &&
        !lambda.has("image_uri") &&
        !lambda.texts("lifecycle.ignore_changes").some((name) => /^(all|source_code_hash)$/.test(name)) &&
        "source_code_hash and s3_object_version are absent",
    ),
  },
  {
    id: "lambda-runtime-supported",
    group: "lambda",
    demands: "A function uses a runtime that AWS supports",
    why: "A deprecated runtime gets no security fixes. Lambda refuses to create functions on it, and later to update them.",
    fix: "Set runtime to a current one, such as nodejs22.x.",
    mirrors: ["CKV_AWS_363", "Lambda.2", "AwsSolutions-L1"],
    check: each("aws_lambda_function", (lambda) => {
      const runtime = lambda.text("runtime");
      return runtime && deprecatedRuntime.test(runtime) && `runtime is ${runtime}`;
    }),
  },
];
