import { findTerraform } from "../../packages/laptop/set-up/requirements";
import { type Probe, passed } from "./probe";

export const terraform: Probe = {
  name: "Terraform",
  run: async () => {
    const { binary, version } = await findTerraform();
    return passed(`${binary} ${version}`);
  },
};
