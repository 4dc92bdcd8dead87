import {
  BadRequestException,
  DeleteDeploymentCommand,
  GetDeploymentCommand,
  GetExportCommand,
} from "@aws-sdk/client-api-gateway";
import { ofAccount } from "../signed-fetch";
import { useEmulators } from "./emulators";
import { MockApi } from "./mock-api";

const account = "111122223333";
const other = "444455556666";
const everyone = {
  Effect: "Allow",
  Principal: "*",
  Action: "execute-api:Invoke",
  Resource: "execute-api:/*",
};
const trust = { ...everyone, Principal: { AWS: `arn:aws:iam::${account}:root` } };
const withoutTls = { ...everyone, Effect: "Deny", Condition: { Bool: { "aws:SecureTransport": "false" } } };
const preflights = { ...everyone, Resource: "execute-api:/live/OPTIONS/*" };

describe("a stage of a REST API", () => {
  const emulators = useEmulators();

  it("serves what its deployment contains, and what has changed since only after the next, restarts included", async () => {
    const api = await MockApi.create(emulators.withGaps);
    const [old, kept] = [await api.addResource("old"), await api.addResource("kept")];
    await api.putMethod(old, "GET", "1");
    await api.putMethod(kept, "GET", "1");
    const first = await api.deploy();
    const served = async () => [
      await api.call("GET", "/old"),
      await api.call("GET", "/kept"),
      await api.call("GET", "/new"),
    ];

    const before = await served();
    await api.deleteMethod(old, "GET");
    await api.putMethod(kept, "GET", "2");
    await api.putMethod(await api.addResource("new"), "GET", "2");
    const changed = await served();
    await emulators.restartEmulator();
    const restarted = await served();
    const refused = await api.client
      .send(new DeleteDeploymentCommand({ restApiId: api.restApiId, deploymentId: first }))
      .catch((error) => error);
    await api.deploy();
    const deployed = await served();

    expect([before, changed, restarted]).toEqual([
      ["1", "1", 403],
      ["1", "1", 403],
      ["1", "1", 403],
    ]);
    expect(refused).toBeInstanceOf(BadRequestException);
    expect(deployed).toEqual([403, "2", "2"]);
  });

  it("shows the methods of its deployment and their authorization, not those of the API", async () => {
    const { api, resource } = await apiWith("AWS_IAM");
    const deploymentId = await api.deploy();
    await api.deleteMethod(resource, "GET");

    const { restApiId } = api;
    const { apiSummary } = await api.client.send(
      new GetDeploymentCommand({ restApiId, deploymentId, embed: ["apisummary"] }),
    );
    const { body } = await api.client.send(
      new GetExportCommand({
        restApiId,
        stageName: "live",
        exportType: "oas30",
        accepts: "application/json",
      }),
    );

    expect(apiSummary?.["/items"]).toMatchObject({ GET: { authorizationType: "AWS_IAM" } });
    const { paths } = JSON.parse(Buffer.from(body ?? []).toString());
    expect(Object.keys(paths["/items"])).toContain("get");
  });

  it.each<[string, string, readonly object[], readonly (string | number)[]]>([
    // The answers to the API's own account, to a trusted account, to another one and to an unsigned request.
    ["AWS_IAM", "no policy", [], ["1", 403, 403, 403]],
    ["AWS_IAM", "a policy that denies only what is not TLS", [withoutTls], ["1", 403, 403, 403]],
    ["AWS_IAM", "a trusted account", [withoutTls, trust], ["1", "1", 403, 403]],
    [
      "AWS_IAM",
      "a policy that denies everybody",
      [{ ...everyone, Effect: "Deny" }, trust],
      [403, 403, 403, 403],
    ],
    ["NONE", "no policy", [], ["1", "1", "1", "1"]],
    ["NONE", "a policy that allows nobody", [withoutTls], [403, 403, 403, 403]],
    ["NONE", "only a trusted account", [withoutTls, trust], [403, 403, 403, 403]],
    ["NONE", "a policy that allows everybody", [withoutTls, everyone, trust], ["1", "1", "1", "1"]],
    ["NONE", "a policy that allows another method", [withoutTls, preflights], [403, 403, 403, 403]],
  ])(
    "follows the policy of its deployment where methods are authorized by %s: %s",
    async (type, _, policy, answers) => {
      const { api } = await apiWith(type);
      await api.setPolicy(...policy);
      await api.deploy();
      // Not deployed, so it must not have any effect.
      await api.setPolicy(trust);

      const callers = [{}, ofAccount(account), ofAccount(other), undefined];
      const got = [];
      for (const signer of callers) got.push(await api.call("GET", "/items", signer));

      expect(got).toEqual(answers);
    },
  );

  it("refuses a second path variable in one place", async () => {
    const api = await MockApi.create(emulators.withGaps);
    const items = await api.addResource("items");
    await api.addResource("{id}", items);

    await expect(api.addResource("{itemId}", items)).rejects.toThrow(
      /sibling \(\{id\}\).*variable path part/,
    );
    await expect(api.addResource("{rest+}", items)).rejects.toBeInstanceOf(BadRequestException);
    await expect(api.addResource("latest", items)).resolves.not.toBe("");
    await expect(api.addResource("{itemId}")).resolves.not.toBe("");
  });

  async function apiWith(authorizationType: string) {
    const api = await MockApi.create(emulators.withGaps);
    const resource = await api.addResource("items");
    await api.putMethod(resource, "GET", "1", authorizationType);
    return { api, resource };
  }
});
