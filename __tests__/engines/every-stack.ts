import { App } from "cdktf";
import { AccountStack } from "../../stacks/account-stack";
import { accountsOf } from "../../stacks/accounts";
import { environments } from "../../stacks/environments";
import { ServiceStack } from "../../stacks/service-stack";
import { everySwitch } from "../support/every-switch";
import { fakeBundler } from "../support/fake-bundler";

/** Every stack of main.ts and every switch of an environment; a program, run once with each engine. */
const app = new App();
for (const { stackId, account, environments: own } of accountsOf()) {
  new AccountStack(app, stackId, { account, environments: own });
  new AccountStack(app, `${stackId}-with-everything`, {
    account: {
      ...account,
      id: "111122223333",
      pipelineAccess: {
        issuer: "token.actions.githubusercontent.com",
        subject: "repo:example/serverless-app:*",
      },
    },
    environments: [...own, ...everySwitch],
  });
}
for (const environment of [...environments, ...everySwitch]) {
  new ServiceStack(app, `${environment.name}-stack`, { environment, bundler: fakeBundler });
}
app.synth();
