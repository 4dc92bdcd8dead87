import { each, type Rule } from "../rule";

/** Runtimes that AWS no longer supports or that Lambda refuses to create. */
const deprecatedRuntime =
  /^(nodejs(\d|1\d|20)\.x|nodejs|nodejs4\.3-edge|python(2\.7|3\.[6-9])|ruby2\.\d|java8|go1\.x|dotnetcore\d\.\d|dotnet[567]|provided)$/;

export const lambdaCodeRules: readonly Rule[] = [
  {
    id: "lambda-handler-in-package",
    group: "lambda",
    demands: "A function's handler names a file in its package and an export of that file",
    why: "Lambda does not look for the handler until the first invocation, and then every request fails with Runtime.ImportModuleError or Runtime.HandlerNotFound.",
    fix: "Set handler to <file without extension>.<export>. For a file in a folder, use folder/file.export.",
    mirrors: [],
    check: each("aws_lambda_function", (lambda, { packages }) => {
      const handler = lambda.text("handler");
      const files = packages.filesOf(lambda);
      if (!handler || !files || !lambda.text("runtime")?.startsWith("nodejs")) return undefined;
      const file = packages.handlerFile(lambda);
      if (!file)
        return `handler is ${handler}, but the package contains ${[...files.keys()].slice(0, 5).join(", ")}`;
      const exported = packages.load(lambda)?.exports;
      const name = handler.slice(handler.lastIndexOf(".") + 1);
      if (!exported || exported.includes(name)) return undefined;
      return `handler is ${handler}, but ${file} exports ${exported.join(", ") || "nothing"}`;
    }),
  },
  {
    id: "lambda-package-loads-alone",
    group: "lambda",
    demands: "A function's file loads with only its package and Node.js's built-in modules",
    why: "Lambda runs the zip without node_modules. A module that was not bundled is missing at the first invocation, and every request fails.",
    fix: "Bundle the module (remove it from esbuild's `external`), or add it to the package.",
    mirrors: [],
    check: each("aws_lambda_function", (lambda, { packages }) => {
      if (!lambda.text("runtime")?.startsWith("nodejs")) return undefined;
      const failure = packages.load(lambda)?.failure;
      return failure && `${packages.handlerFile(lambda)} cannot be loaded: ${failure}`;
    }),
  },
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
