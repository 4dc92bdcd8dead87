import { type ApiRequests, apiRequestsGap } from "../../../../../packages/laptop/gaps/shared/api-requests";
import { deployedApi, exchange } from "../../../../support/exchange";

const settings = { name: "gap", region: "eu-central-1", report: jest.fn() };

function through(path: string, region?: string) {
  const { head } = exchange();
  return exchange({ head: { ...head, path, region } });
}

describe("apiRequestsGap", () => {
  it("claims requests through REST APIs only", () => {
    const gap = apiRequestsGap({ ...settings, apis: { find: jest.fn() }, deliver: jest.fn() });

    expect(gap.claims(exchange().head)).toBe(true);
    expect(gap.claims({ ...exchange().head, path: "/restapis/a1b2c3d4" })).toBe(false);
  });

  it("delivers the requests of each stage together, with their routes", async () => {
    const delivered: ApiRequests[] = [];
    const find = jest.fn(async () => deployedApi);
    const gap = apiRequestsGap({
      ...settings,
      apis: { find },
      deliver: async (requests) => {
        delivered.push(requests);
      },
    });

    gap.observe?.(through("/restapis/a1b2c3d4/dev/_user_request_/items/1", "eu-west-1"));
    gap.observe?.(through("/restapis/a1b2c3d4/dev/_user_request_/elsewhere", "eu-west-1"));
    gap.observe?.(through("/restapis/e5f6a7b8/dev/_user_request_/items/2"));
    await gap.settle?.();

    expect(find.mock.calls).toEqual([
      ["eu-west-1", "a1b2c3d4", "dev"],
      ["eu-central-1", "e5f6a7b8", "dev"],
    ]);
    expect(
      delivered.map(({ region, requests }) => [region, requests.map(({ route }) => route?.resource.path)]),
    ).toEqual([
      ["eu-west-1", ["/items/{id}", undefined]],
      ["eu-central-1", ["/items/{id}"]],
    ]);
  });

  it("delivers nothing for an API that does not exist", async () => {
    const deliver = jest.fn();
    const gap = apiRequestsGap({ ...settings, apis: { find: async () => undefined }, deliver });

    gap.observe?.(exchange());
    await gap.settle?.();

    expect(deliver).not.toHaveBeenCalled();
  });
});
