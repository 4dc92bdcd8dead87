import { App } from "cdktf";
import { AccountStack } from "./stacks/account-stack";
import { environments } from "./stacks/environments";
import { ServiceStack } from "./stacks/service-stack";

const app = new App();
new AccountStack(app, "account-stack");
for (const environment of environments) {
  new ServiceStack(app, `${environment.name}-stack`, { environment });
}
app.synth();
