import { type Denial, Denials } from "../../../packages/laptop/denial";

/** A line as the patched emulator writes it. */
function line(more: Partial<Denial & { trace: string }> = {}): string {
  return JSON.stringify({
    time: 0,
    principal: "p",
    action: "sqs:SendMessage",
    resource: "q",
    source: "",
    trace: "",
    ...more,
  });
}

describe("Denials", () => {
  let told: Denial[];
  let denials: Denials;

  beforeEach(() => {
    told = [];
    denials = new Denials(
      async (trace) => (trace ? `GET /${trace}` : undefined),
      (denial) => told.push(denial),
    );
  });

  it("tells the request that a denied call was part of", async () => {
    await denials.add(line({ trace: "items" }));
    await denials.add(line({ action: "other" }));

    expect(told.map(({ during }) => during)).toEqual(["GET /items", undefined]);
  });

  it("tells a repeated denial once a minute", async () => {
    for (const time of [0, 1, 59_999, 60_000, 60_001]) await denials.add(line({ time }));

    expect(told.map(({ time }) => time)).toEqual([0, 60_000]);
  });

  it.each(["principal", "action", "resource", "source"] as const)(
    "tells a denial of another %s",
    async (field) => {
      await denials.add(line());
      await denials.add(line({ [field]: "another" }));

      expect(told).toHaveLength(2);
    },
  );
});
