import { BackgroundSaving } from "../../../packages/laptop/background-saving";

describe("BackgroundSaving", () => {
  let said: string[];
  let changes: number;
  let save: jest.Mock<Promise<boolean>>;
  let saving: BackgroundSaving;

  beforeEach(() => {
    jest.useFakeTimers();
    said = [];
    jest.spyOn(process.stderr, "write").mockImplementation((text) => {
      said.push(`${text}`.trim());
      return true;
    });
    changes = 0;
    save = jest.fn(async () => true);
    saving = new BackgroundSaving(5, {
      changes: () => changes,
      loss: () => "changes after noon are lost",
      save,
    });
  });

  afterEach(() => {
    jest.useRealTimers();
    jest.restoreAllMocks();
  });

  const seconds = (count: number) => jest.advanceTimersByTimeAsync(count * 1_000);

  it("saves nothing while nothing changes", async () => {
    await seconds(60);

    expect(save).not.toHaveBeenCalled();
  });

  it("saves once within five seconds of a change", async () => {
    await seconds(12);
    changes += 1;
    await seconds(5);
    await seconds(60);

    expect(save).toHaveBeenCalledTimes(1);
  });

  it("saves again what changed while it was saving", async () => {
    save.mockImplementationOnce(async () => {
      changes += 1;
      return true;
    });
    changes += 1;
    await seconds(20);

    expect(save).toHaveBeenCalledTimes(2);
  });

  it("tries again if it must wait for Terraform", async () => {
    save.mockResolvedValueOnce(false);
    changes += 1;
    await seconds(15);

    expect(save).toHaveBeenCalledTimes(2);
    expect(said).toEqual([]);
  });

  it("takes at most a tenth of the time", async () => {
    save.mockImplementation(async () => {
      changes += 1;
      await jest.advanceTimersByTimeAsync(2_000);
      return true;
    });
    changes += 1;

    await seconds(5);
    await seconds(17);
    expect(save).toHaveBeenCalledTimes(1);
    await seconds(4);
    expect(save).toHaveBeenCalledTimes(2);
  });

  it("says once that saving fails, and once that it works again", async () => {
    save
      .mockRejectedValueOnce(new Error("the disk is full"))
      .mockRejectedValueOnce(new Error("the disk is full"));
    changes += 1;
    await seconds(30);

    expect(said).toEqual([
      "! the disk is full. Saving will be retried every 5 s. If this process is killed, changes after noon are lost",
      "✓ the state is saved again",
    ]);
  });

  it("saves nothing after its end, and ends only when what is being saved is complete", async () => {
    let finish = (_saved: boolean) => {};
    save.mockReturnValueOnce(new Promise((resolve) => (finish = resolve)));
    changes += 1;
    await seconds(5);

    let ended = false;
    const end = saving.end().then(() => {
      ended = true;
    });
    await seconds(1);
    expect(ended).toBe(false);
    finish(true);
    await end;
    changes += 1;
    await seconds(60);

    expect(save).toHaveBeenCalledTimes(1);
  });
});
