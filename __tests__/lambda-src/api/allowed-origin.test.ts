import { Api } from "./api";

const answers = async (allowedOrigin?: string) => {
  const api = new Api("sdk", allowedOrigin);
  const created = await api.ask("createItem", { body: { id: "a", data: {} } });
  const refused = await api.ask("createItem", { body: { id: "" } });
  return [created, refused];
};

describe("the allowed origin", () => {
  it("can read every answer and its meaningful headers", async () => {
    const responses = await answers("https://app.example.com");

    expect(responses).toMatchObject(
      [201, 400].map((statusCode) => ({
        statusCode,
        headers: {
          "access-control-allow-origin": "https://app.example.com",
          "access-control-expose-headers": expect.stringContaining("etag"),
        },
      })),
    );
  });

  it("is not set by default", async () => {
    const responses = await answers();

    expect(JSON.stringify(responses)).not.toContain("access-control");
  });
});
