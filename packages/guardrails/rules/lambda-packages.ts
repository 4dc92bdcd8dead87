import type { LoadFailure } from "../package-load";
import { handlerOf } from "../package-reader";
import { each, type Rule, type RuleInput } from "../rule";
import type { Resource } from "../stack-view";

const runsOnNode = (lambda: Resource): boolean => lambda.text("runtime")?.startsWith("nodejs") ?? false;

/** Why a function's package does not load, if it is for one of some reasons. */
function failureOf(
  lambda: Resource,
  { packages }: RuleInput,
  ...kinds: readonly LoadFailure["kind"][]
): LoadFailure | undefined {
  const failure = runsOnNode(lambda) ? packages.load(lambda)?.failure : undefined;
  return failure && kinds.includes(failure.kind) ? failure : undefined;
}

/** What a function's package contains, and what happens when Lambda loads it. */
export const lambdaPackageRules: readonly Rule[] = [
  {
    id: "lambda-handler-in-package",
    group: "lambda",
    demands: "A function's handler names a file in its package and a function that the file exports",
    why: "Lambda does not look for the handler until the first invocation, and then every request fails with Runtime.ImportModuleError or Runtime.HandlerNotFound.",
    fix: "Set handler to <file without extension>.<export>. For a file in a folder, use folder/file.export.",
    mirrors: [],
    check: each("aws_lambda_function", (lambda, { packages }) => {
      const handler = lambda.text("handler");
      if (!handler || !runsOnNode(lambda)) return undefined;
      if (!/[^./]\.[^./]+$/.test(handler)) return `handler is ${handler}, which names no export of a file`;
      const files = packages.filesOf(lambda);
      if (!files) return undefined;
      const file = packages.handlerFile(lambda);
      if (!file)
        return (
          !lambda.has("layers") &&
          `handler is ${handler}, but the package contains ${[...files.keys()].slice(0, 5).join(", ")}`
        );
      const { handler: found, exports = [] } = packages.load(lambda) ?? {};
      if (found === undefined || found === "a function") return undefined;
      if (found === "absent")
        return `handler is ${handler}, but ${file} exports ${exports.join(", ") || "nothing"}`;
      return `handler is ${handler}, but ${handlerOf(lambda)?.expression} in ${file} is ${found}`;
    }),
  },
  {
    id: "lambda-package-loads-alone",
    group: "lambda",
    demands: "A function's file loads with only its package and Node.js's built-in modules",
    why: "Lambda runs the zip without node_modules. A module that was not bundled is missing at the first invocation, and every request fails.",
    fix: "Bundle the module (remove it from esbuild's `external`), or add it to the package.",
    mirrors: [],
    check: each("aws_lambda_function", (lambda, input) => {
      const failure = failureOf(lambda, input, "module", "syntax");
      return failure && `${input.packages.handlerFile(lambda)} cannot be loaded: ${failure.message}`;
    }),
  },
  {
    id: "lambda-package-starts",
    group: "lambda",
    demands: "A function's package loads to its end: it neither throws nor hangs, nor ends the process",
    why: "Lambda gives up after ten seconds, starts over and fails every request with Runtime.ExitError or a timeout.",
    fix: "Correct the code at the top level of the module. Move what needs an event into the handler.",
    mirrors: [],
    check: each("aws_lambda_function", (lambda, input) => {
      const failure = failureOf(lambda, input, "throws", "hangs", "exits");
      return (
        failure &&
        `${input.packages.handlerFile(lambda)} ${failure.kind} when it is loaded: ${failure.message}`
      );
    }),
  },
  {
    id: "lambda-package-variables",
    group: "lambda",
    demands: "A function has every variable without which its package does not load",
    why: "Otherwise every request fails before the handler runs.",
    fix: "Add the variable to the function's environment, or give it a default in the code.",
    mirrors: [],
    check: each("aws_lambda_function", (lambda, input) => {
      const failure = failureOf(lambda, input, "variable");
      return (
        failure &&
        `${input.packages.handlerFile(lambda)} needs a variable that ${lambda.text("function_name") ?? "the function"} does not have, ${failure.message}`
      );
    }),
  },
];
