import { App } from "cdktf";
import { AccountStack } from "./stacks/account-stack";
import { accountsOf, allEnvironments } from "./stacks/accounts";
import { ServiceStack } from "./stacks/service-stack";

const app = new App();
for (const { stackId, account, environments } of accountsOf()) {
  new AccountStack(app, stackId, { account, environments });
}
for (const environment of allEnvironments()) {
  new ServiceStack(app, `${environment.name}-stack`, { environment });
}
app.synth();
