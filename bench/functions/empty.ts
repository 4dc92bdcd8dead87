/** Measures Node.js alone. */
export const handler = async () => ({ statusCode: 201, body: "{}" });
