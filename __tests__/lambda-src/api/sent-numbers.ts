import type { Attributes } from "../fake-table";
import type { Call } from "./api";

/** The numbers of a request's body whose value is not in the row that the request wrote. */
export const lostNumbers = (call: Call, row: Attributes): readonly string[] => {
  const stored = numbersIn(JSON.stringify(row).replace(/"N":"([^"]*)"/g, '"N":$1'));
  return numbersIn(bodyText(call)).filter((number) => {
    const index = stored.indexOf(number);
    if (index >= 0) stored.splice(index, 1);
    return index < 0;
  });
};

const bodyText = ({ body, changes }: Call): string => {
  const text = typeof body === "string" ? body : (JSON.stringify(body) ?? "");
  return changes?.isBase64Encoded === true ? Buffer.from(text, "base64").toString() : text;
};

/** The numbers outside of strings, each written in one way only. */
const numbersIn = (json: string): string[] =>
  (json.match(/"(?:[^"\\]|\\.)*"|-?\d[\d.eE+-]*/g) ?? [])
    .filter((token) => !token.startsWith('"'))
    .map(exact);

/** An integer and the power of ten that it is multiplied by, without zeros at the integer's end. */
const exact = (number: string): string => {
  const [mantissa = "", exponent = "0"] = number.toLowerCase().split("e");
  const [whole = "", fraction = ""] = mantissa.split(".");
  let digits = BigInt(`${whole}${fraction}`.replace("-", ""));
  if (digits === 0n) return "0";
  let power = Number(exponent) - fraction.length;
  while (digits % 10n === 0n) {
    digits /= 10n;
    power += 1;
  }
  return `${mantissa.startsWith("-") ? "-" : ""}${digits}e${power}`;
};
