import { runTogether } from "../../terminal/run-together";
import { findProviders, type Providers } from "./providers/providers";
import { findPython, findTerraform } from "./requirements";
import { installLambdaRuntime, installPythonTools } from "./tools";

export interface SetUp {
  /** The folder of the `node` that runs functions. */
  readonly lambdaRuntime: string;
  readonly providers: Providers;
}

/** Installs everything that AWS on a laptop needs, in parallel. Does nothing if it is installed already. */
export async function setUp(): Promise<SetUp> {
  const [terraform, python] = await runTogether(findTerraform(), findPython());
  const pythonTools = installPythonTools(python);
  const [lambdaRuntime, providers] = await runTogether(
    installLambdaRuntime(),
    findProviders(terraform, pythonTools),
    pythonTools,
  );
  return { lambdaRuntime, providers };
}
