import { iam, sts } from "./calls";
import { detected, failed } from "./messages";
import { queryRequest, refusalOf, request, requestCheck, type SentRequest } from "./requests";

describe("RequestCheck", () => {
  describe("in the query protocol", () => {
    const role = { Action: "CreateRole", RoleName: "r", AssumeRolePolicyDocument: "{\n}" };

    it.each<[string, SentRequest, string]>([
      [
        "a role's name of 65 characters, without repeating it",
        iam({ ...role, RoleName: "r".repeat(65) }),
        detected(
          failed("", "roleName", "have length less than or equal to 64").replace("Value  at", "Value at"),
        ),
      ],
      [
        "a role's name with a space",
        iam({ ...role, RoleName: "a b" }),
        detected(
          failed("", "roleName", "satisfy regular expression pattern: [\\w+=,.@-]+").replace(
            "Value  at",
            "Value at",
          ),
        ),
      ],
      [
        "a session of 899 seconds",
        sts({
          Action: "AssumeRole",
          RoleArn: "arn:aws:iam::123456789012:role/r",
          RoleSessionName: "session",
          DurationSeconds: "899",
        }),
        detected(failed("'899'", "durationSeconds", "have value greater than or equal to 900")),
      ],
      [
        "a session's name with a space",
        sts({ Action: "AssumeRole", RoleArn: "arn:aws:iam::123456789012:role/r", RoleSessionName: "a b" }),
        detected(failed("'a b'", "roleSessionName", "satisfy regular expression pattern: [\\w+=,.@-]*")),
      ],
    ])("refuses %s", (_, sent, message) => {
      const answer = refusalOf(sent)?.answer;

      expect(answer?.status).toBe(400);
      expect(`${answer?.body}`).toContain(`<Code>ValidationError</Code><Message>${message}</Message>`);
    });

    it("lists no values in IAM, which does not either", () => {
      const parameters = { Action: "UpdateAccessKey", AccessKeyId: "A".repeat(16), Status: "On" };

      expect(refusalOf(iam(parameters))?.refusal.message).toBe(
        "1 validation error detected: Value at 'status' failed to satisfy constraint: Member must satisfy enum value set",
      );
    });

    it("refuses only what every service with the same name and version refuses", () => {
      const parameters = { Action: "AddRoleToDBCluster", DBClusterIdentifier: "c", RoleArn: "short" };

      expect(refusalOf(queryRequest("rds", "2014-10-31", parameters))).toBeUndefined();
      expect(refusalOf(queryRequest("rds", "2014-10-31", { ...parameters, RoleArn: "" }))).toBeUndefined();
      expect(
        refusalOf(queryRequest("rds", "2014-10-31", { Action: "AddRoleToDBCluster" }))?.violations,
      ).toMatchObject([{ path: "dBClusterIdentifier" }, { path: "roleArn" }]);
    });

    it("escapes a value in XML", () => {
      const role = { RoleArn: "arn:aws:iam::123456789012:role/r", RoleSessionName: "a&<b>" };

      const refused = refusalOf(sts({ Action: "AssumeRole", ...role }));

      expect(`${refused?.answer.body}`).toContain("Value 'a&amp;&lt;b&gt;' at 'roleSessionName'");
    });

    it("reads the parameters of a GET from the query", () => {
      const query = new URLSearchParams({ ...role, Version: "2010-05-08", RoleName: "a b" });

      const { head } = request({ service: "iam", method: "GET", query });

      expect(requestCheck.checkHead(head)).toMatchObject({ operation: "CreateRole" });
    });

    it.each<[string, SentRequest]>([
      ["a policy with line breaks", iam(role)],
      ["another version of the API", queryRequest("iam", "1999-01-01", { Action: "CreateRole" })],
      ["an action that the model does not know", iam({ Action: "NewerThanTheModel" })],
      ["tags", iam({ ...role, "Tags.member.1.Key": "a", "Tags.member.1.Value": "é:/" })],
    ])("lets %s pass", (_, sent) => {
      expect(refusalOf(sent)).toBeUndefined();
    });
  });

  describe("in EC2's protocol", () => {
    const ec2 = (parameters: Readonly<Record<string, string>>) =>
      queryRequest("ec2", "2016-11-15", parameters);

    it.each<[string, Readonly<Record<string, string>>, string]>([
      [
        "a missing parameter",
        { Action: "CreateSubnet", CidrBlock: "10.0.0.0/24" },
        "<Code>MissingParameter</Code><Message>The request must contain the parameter vpcId</Message>",
      ],
      [
        "a parameter that it does not know",
        { Action: "DescribeVpcs", VpcName: "a" },
        "<Code>UnknownParameter</Code><Message>The parameter VpcName is not recognized</Message>",
      ],
      ["a number that is none", { Action: "DescribeVpcs", MaxResults: "ten" }, "is not a valid integer"],
    ])("refuses %s", (_, parameters, expected) => {
      const answer = refusalOf(ec2(parameters))?.answer;

      expect(answer?.status).toBe(400);
      expect(`${answer?.body}`).toContain(expected);
    });

    it("lets filters and dry runs pass", () => {
      const filters = { "Filter.1.Name": "vpc-id", "Filter.1.Value.1": "vpc-1", DryRun: "true" };

      expect(refusalOf(ec2({ Action: "DescribeVpcs", ...filters }))).toBeUndefined();
    });
  });
});
