import { each, type Rule } from "../rule";
import type { Resource } from "../stack-view";

/** The permissions on a URL's function, and on the same alias. */
function permissionsOf(url: Resource): readonly Resource[] {
  const lambda = url.follow("function_name", "aws_lambda_function");
  const all = lambda ? url.stack.pointingAt(lambda, "aws_lambda_permission", "function_name") : [];
  return all.filter((one) => {
    const qualifier =
      one.value("qualifier") ?? one.follow("function_name", "aws_lambda_alias")?.value("name");
    return qualifier === url.value("qualifier") || one.isUnknown("qualifier") || url.isUnknown("qualifier");
  });
}

const publicActions = ["lambda:InvokeFunctionUrl", "lambda:InvokeFunction"];

export const lambdaUrlRules: readonly Rule[] = [
  {
    id: "lambda-url-authorized",
    group: "lambda",
    demands: "A function URL requires IAM authorization",
    why: "With NONE, anyone on the internet can call it.",
    fix: 'Set authorizationType to "AWS_IAM".',
    mirrors: ["CKV_AWS_258"],
    check: each(
      "aws_lambda_function_url",
      (url) => url.value("authorization_type") === "NONE" && "authorization_type is NONE",
    ),
  },
  {
    id: "lambda-url-permission",
    group: "lambda",
    demands:
      "A public function URL has the permissions that let everyone call it, on the same function or alias",
    why: "Otherwise every request returns 403. Since October 2025 a new URL needs lambda:InvokeFunction besides lambda:InvokeFunctionUrl.",
    fix: 'Add a LambdaPermission each for lambda:InvokeFunctionUrl, with functionUrlAuthType "NONE", and lambda:InvokeFunction, both with principal "*" and the URL\'s qualifier.',
    mirrors: [],
    check: each("aws_lambda_function_url", (url) => {
      if (url.text("authorization_type") !== "NONE" || !url.follow("function_name", "aws_lambda_function"))
        return undefined;
      const permissions = permissionsOf(url).filter((one) => one.mayBe("principal", "*"));
      const [mismatched] = permissions.filter(
        (one) =>
          one.text("action") === "lambda:InvokeFunctionUrl" && !one.mayBe("function_url_auth_type", "NONE"),
      );
      const missing = publicActions.filter(
        (action) => !permissions.some((one) => one !== mismatched && one.mayBe("action", action, "lambda:*")),
      );
      return [
        ...(mismatched
          ? [
              `${mismatched.path} is for ${mismatched.text("function_url_auth_type") ?? "any function_url_auth_type"}`,
            ]
          : []),
        ...missing.map((action) => `no permission lets everyone call ${action}`),
      ];
    }),
  },
  {
    id: "lambda-url-cors",
    group: "lambda",
    demands: "A function URL that accepts credentials names the origins it accepts them from",
    why: "Browsers refuse a response that allows every origin and credentials.",
    fix: "List the origins in cors.allowOrigins.",
    mirrors: [],
    check: each("aws_lambda_function_url", (url) => {
      const open = url.texts("cors.allow_origins").includes("*");
      return (
        open && url.isTrue("cors.allow_credentials") && "allow_origins is *, and allow_credentials is true"
      );
    }),
  },
];
