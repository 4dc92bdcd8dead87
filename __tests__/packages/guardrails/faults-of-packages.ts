import { add, both, type Edit, set } from "./edit";
import type { Fault } from "./fault";

const fn = "aws_lambda_function";
const api = "api-function/function";

/** Replaces the API function's package with some files. */
const packaged = (files: Readonly<Record<string, string>>, handler = "index.handler"): Edit =>
  both(
    set("data.archive_file", "api-function/package/zip", "source_dir"),
    set(
      "data.archive_file",
      "api-function/package/zip",
      "source",
      Object.entries(files).map(([filename, content]) => ({ filename, content })),
    ),
    set(fn, api, "handler", handler),
  );

const prod = (caughtBy: string, fault: string, plant: Edit): Fault => ({
  caughtBy,
  fault,
  in: "prod",
  plant,
});

const good = "exports.handler = () => {};";

/** Packages that Lambda cannot load, and code that does not belong together. */
export const packageFaults: readonly Fault[] = [
  prod(
    "lambda-package-starts",
    "a package that throws when it is loaded",
    packaged({ "index.js": `throw new Error("no config"); ${good}` }),
  ),
  prod(
    "lambda-package-starts",
    "a package that ends the process",
    packaged({ "index.js": `process.exit(0); ${good}` }),
  ),
  prod(
    "lambda-package-starts",
    "a package that waits forever",
    packaged({ "index.mjs": "await new Promise(() => {}); export const handler = () => {};" }),
  ),
  prod(
    "lambda-package-variables",
    "a variable that the package needs",
    packaged({ "index.js": `if (!process.env.QUEUE_URL) throw new Error("not configured"); ${good}` }),
  ),
  prod(
    "lambda-handler-in-package",
    "an object in place of a handler",
    packaged({ "index.js": "exports.handler = { handler() {} };" }),
  ),
  prod(
    "lambda-code-of-one-package",
    "the hash of another package",
    set(
      fn,
      api,
      "source_code_hash",
      "${data.archive_file.stream-function_package_zip_60FBA78B.output_base64sha256}",
    ),
  ),
  prod(
    "lambda-code-of-one-package",
    "the object of another package",
    set(fn, api, "s3_key", "${aws_s3_object.stream-function_package_object_A3B57E53.key}"),
  ),
  prod(
    "lambda-code-of-one-package",
    "the hash of a file that the stack does not zip",
    set(fn, api, "source_code_hash", '${filebase64sha256("old.zip")}'),
  ),
  prod(
    "lambda-code-of-one-package",
    "an object whose source is another package's zip",
    set(
      "aws_s3_object",
      "api-function/package/object",
      "source",
      "${data.archive_file.stream-function_package_zip_60FBA78B.output_path}",
    ),
  ),
  {
    caughtBy: "lambda-code-of-one-package",
    fault: "the version of another package's object",
    in: "prod",
    plant: set(
      fn,
      api,
      "s3_object_version",
      "${aws_s3_object.stream-function_package_object_A3B57E53.version_id}",
    ),
  },
  {
    caughtBy: "lambda-variables-cycle",
    fault: "the address of the API that calls the function",
    in: "prod",
    plant: set(
      fn,
      api,
      "environment.variables.API_URL",
      "${aws_api_gateway_stage.api_stage_6B887F5B.invoke_url}",
    ),
  },
  {
    caughtBy: "lambda-variables-cycle",
    fault: "the function's own alias",
    in: "prod",
    plant: set(fn, api, "environment.variables.SELF", "${aws_lambda_alias.api-function_live_A15824EF.arn}"),
  },
  {
    caughtBy: "lambda-variables-cycle",
    fault: "the alias of a function, which calls the one that calls it",
    in: "worker",
    plant: both(
      add("aws_lambda_alias", "live", {
        name: "live",
        function_name: "${aws_lambda_function.worker.function_name}",
        function_version: "7",
      }),
      set(fn, "worker", "environment", { variables: { PEER: "${local.peer}" } }),
      (stack) => {
        Object.assign(stack, { locals: { peer: "${aws_lambda_alias.live.invoke_arn}" } });
      },
    ),
    also: ["lambda-mapping-alias", "lambda-permission-alias"],
  },
];
