import { readFileSync } from "node:fs";
import { projectFiles } from "../../../scripts/lib/project-files";
import { type ProjectNames, renameText } from "../../../scripts/rename/rename-text";
import { allEnvironments } from "../../../stacks/accounts";
import { application } from "../../../stacks/environments";

const environments = allEnvironments().map(({ name }) => name);
const current: ProjectNames = {
  application: application.name,
  organization: application.organization,
  namespace: application.metricsNamespace,
};
const shop: ProjectNames = { application: "shop", organization: "acme", namespace: "Shop" };

describe("renameText", () => {
  const renamed = (text: string, file = "docs/any.md") =>
    renameText(file, text, {
      from: shop,
      to: { application: "market", organization: "globex", namespace: "Market" },
      environments: ["dev", "prod"],
    }).text;

  it.each([
    ["a physical name", "`shop-api-dev`", "`market-api-dev`"],
    [
      "a physical name of several words",
      '"shop-stream-function-errors-prod"',
      '"market-stream-function-errors-prod"',
    ],
    ["a physical name without a part", "role/shop-dev", "role/market-dev"],
    [
      "a physical name in an ARN",
      "arn:aws:lambda:eu-west-1:1:function:shop-api-dev:live",
      "arn:aws:lambda:eu-west-1:1:function:market-api-dev:live",
    ],
    ["a physical name for every environment", "/aws/lambda/shop-api-<env>", "/aws/lambda/market-api-<env>"],
    ["a physical name in a template", "`shop-items-${name}`", "`market-items-${name}`"],
    ["a pattern of physical names", '"shop-*-dev"', '"market-*-dev"'],
    ["a bucket", "acme-shop-artifacts-dev", "globex-market-artifacts-dev"],
    ["the state's bucket", '"acme-shop-terraform-state"', '"globex-market-terraform-state"'],
    ["a repository", "https://github.com/acme/shop/blob/main", "https://github.com/globex/market/blob/main"],
    ["a pipeline's subject", "repo:acme/shop:*", "repo:globex/market:*"],
    ["a parameter", '"/shop/dev/table-name"', '"/market/dev/table-name"'],
    ["a parameter for every environment", "`/shop/<env>/api-url`", "`/market/<env>/api-url`"],
  ])("replaces %s", (_, before, after) => {
    expect(renamed(before)).toBe(after);
  });

  it.each([
    ["an ordinary word", "the shop closes at eight"],
    ["a longer word", "workshop-api-dev"],
    ["the beginning of a longer word", "shopping-api-dev"],
    ["a part of another name", "coffee-shop-api-dev"],
    ["a name that no environment ends", "shop-window"],
    ["a name that ends with a longer word", "shop-api-developer"],
    ["another owner's repository", "github.com/other/shop"],
    ["a folder and a file", "lambda-src/acme/shop.ts"],
    ["another repository of the owner", "github.com/acme/shops"],
    ["a path of the API", "GET /shop/{id}"],
    ["a variable in code", "const shop = new Shop();"],
    ["a declaration in a file that declares nothing", '  name: "shop",'],
  ])("leaves %s alone", (_, text) => {
    expect(renamed(text)).toBe(text);
  });

  it.each([
    ["package.json", '  "name": "shop",', '  "name": "market",'],
    ["package.json", '    "name": "shop",', '    "name": "shop",'],
    ["package-lock.json", '      "name": "shop",', '      "name": "market",'],
    ["engines/cdktn/package.json", '  "name": "shop-cdktn",', '  "name": "market-cdktn",'],
    ["cdktf.json", '  "projectId": "shop",', '  "projectId": "market",'],
    ["stacks/environments.ts", '  name: "shop",', '  name: "market",'],
    ["stacks/environments.ts", '  metricsNamespace: "Shop",', '  metricsNamespace: "Market",'],
    ["docs/runbook.md", "APP=shop   # the name", "APP=market   # the name"],
  ])("renames the declarations in %s: %s", (file, before, after) => {
    expect(renamed(before, file)).toBe(after);
  });
});

describe("this project", () => {
  /** Put together, so that this file does not hold the names. */
  const rare: ProjectNames = {
    application: ["zeb", "ra-9"].join(""),
    organization: ["quag", "ga"].join(""),
    namespace: ["Zeb", "ra/Nine"].join(""),
  };
  type Texts = ReadonlyMap<string, string>;
  const renamed = (texts: Texts, from: ProjectNames, to: ProjectNames): Texts =>
    new Map(
      [...texts].map(([file, text]) => [file, renameText(file, text, { from, to, environments }).text]),
    );
  const changed = (before: Texts, after: Texts) =>
    [...after].filter(([file, text]) => before.get(file) !== text).map(([file]) => file);
  const files: Texts = new Map(projectFiles(process.cwd()).map((file) => [file, readFileSync(file, "utf8")]));
  const base = renamed(files, current, rare);

  it("can be given another name, and its old one back", () => {
    expect(changed(files, base).length).toBeGreaterThan(15);
    expect(changed(files, renamed(base, rare, current))).toEqual([]);
  });

  it("can be given a name that is a word of the code, and its old one back", () => {
    const words: ProjectNames = { application: "gateway", organization: "globe", namespace: "Items" };

    const named = renamed(base, rare, words);

    expect(changed(base, named).length).toBeGreaterThan(15);
    expect(changed(base, renamed(named, words, rare))).toEqual([]);
  });

  it("keeps its old name nowhere", () => {
    const { application: name, namespace } = rare;

    const after = renamed(base, rare, { ...rare, application: "shop", namespace: "Shop" });

    const old = new RegExp(`${name}|${namespace}`);
    // npm run update writes the snapshots again.
    const left = [...after].filter(([file, text]) => !file.endsWith(".snap") && old.test(text));
    expect(left.map(([file]) => file)).toEqual([]);
  });
});
