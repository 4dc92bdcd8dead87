import { App } from "cdktf";
import { type Bundle, type Bundler, bundleFrom, esbuildBundler } from "../constructs/bundle";
import { AccountStack } from "../stacks/account-stack";
import { accountsOf } from "../stacks/accounts";
import { type Environment, environments } from "../stacks/environments";
import { ServiceStack } from "../stacks/service-stack";

// Does what main.ts does, for a given number of environments. Arguments: <count> <bundled | unbundled>
const [count, bundling] = process.argv.slice(2);

const empty = bundleFrom("index.js", Buffer.from("exports.handler = async () => ({});"));
const bundles = new Set<Bundle>();
const bundler: Bundler = (entry) => {
  if (bundling !== "bundled") return empty;
  const bundle = esbuildBundler(entry);
  bundles.add(bundle);
  return bundle;
};

const app = new App();
for (const { stackId, ...props } of accountsOf()) {
  new AccountStack(app, stackId, props);
}
for (let index = 0; index < Number(count); index++) {
  const environment: Environment = environments[index] ?? { ...environments[0], name: `copy-${index}` };
  new ServiceStack(app, `${environment.name}-stack`, { environment, bundler });
}
app.synth();
// A bundle built again for another stack would be another object, so this counts the builds.
process.stdout.write(`${bundles.size}`);
