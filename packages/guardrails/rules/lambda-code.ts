import { each, type Rule } from "../rule";
import type { Resource } from "../stack-view";

/** Runtimes that AWS no longer supports or that Lambda refuses to create. */
const deprecatedRuntime =
  /^(nodejs(\d|1\d|20)\.x|nodejs|nodejs4\.3-edge|python(2\.7|3\.[6-9])|ruby2\.\d|java8|go1\.x|dotnetcore\d\.\d|dotnet[567]|provided)$/;

const functionType = "aws_lambda_function";
const objectTypes = ["aws_s3_object", "aws_s3_bucket_object"] as const;
const archiveTypes = ["data.archive_file", "archive_file"] as const;

/** The archive that a value leads to, through an object if it is one's key. */
function archiveOf(one: Resource, attribute: string): Resource | undefined {
  const object = one.follow(attribute, ...objectTypes);
  return object ? object.follow("source", ...archiveTypes) : one.follow(attribute, ...archiveTypes);
}

/** The file that `filebase64sha256("…")` or a like function reads. */
function hashedFile(one: Resource, attribute: string): string | undefined {
  return /file(?:base64sha256|sha256|md5)\("([^"$]+)"\)/.exec(`${one.raw(attribute)}`)?.[1];
}

/** A hash that is of another file than the one that is used. */
function otherHash(one: Resource, source: string, hash: string): string | undefined {
  const used = archiveOf(one, source);
  const hashed = archiveOf(one, hash);
  if (used && hashed && used !== hashed) return `${source} is of ${used.path}, but ${hash} of ${hashed.path}`;
  const file = hashedFile(one, hash);
  const path = used?.text("output_path") ?? one.text("source") ?? one.text("filename");
  return file !== undefined && path !== undefined && file !== path
    ? `${source} is of ${used?.path ?? path}, but ${hash} of ${file}`
    : undefined;
}

function mixedCode(lambda: Resource): readonly string[] {
  const source = lambda.has("filename") ? "filename" : "s3_key";
  const object = lambda.follow("s3_key", ...objectTypes);
  const versioned = lambda.follow("s3_object_version", ...objectTypes);
  const hash = otherHash(lambda, source, "source_code_hash");
  return [
    ...(hash ? [hash] : []),
    ...(object && versioned && object !== versioned
      ? [`s3_key is of ${object.path}, but s3_object_version of ${versioned.path}`]
      : []),
  ];
}

function mixedObject(object: Resource): readonly string[] {
  return ["source_hash", "etag"].flatMap((hash) => {
    if (hash === "etag" && object.text(hash) !== undefined && object.has("source"))
      return ["etag is constant, so a changed file is never uploaded"];
    return otherHash(object, "source", hash) ?? [];
  });
}

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
    id: "lambda-code-of-one-package",
    group: "lambda",
    demands:
      "A function's key, hash and version belong to one package, and so do an object's source and hash",
    why: "Otherwise the function runs another function's code, or is never updated when its own code changes.",
    fix: "Take s3Key, sourceCodeHash and s3ObjectVersion from the same archive and its object.",
    mirrors: [],
    check: each([functionType, ...objectTypes], (one) =>
      one.type === functionType ? mixedCode(one) : mixedObject(one),
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
