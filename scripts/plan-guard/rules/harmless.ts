/** Why a change loses nothing, opens nothing and turns nothing off. Every change that is not refused or told is one of these. */
export const harmlessReasons = {
  text: "a text for people: nothing behaves differently",
  terraform: "tells Terraform how to work, not AWS what to keep or to serve",
  code: "what the code does is tested, and it is released behind an alias",
  pace: "changes how much or how fast within half and double, and no result",
  cost: "changes the price or the speed, and no result",
  longer: "keeps as much as before, or more",
  tighter: "restricts, protects or reports as much as before, or more",
  more: "adds something, and takes nothing away",
  unused: "nothing was set before, and what is set takes nothing away",
  shape: "the same content in another form",
  derived: "is judged together with the attributes that it belongs to",
  withWhole: "comes and goes with the resource that it is a part of, which is judged",
  follows: "names what the plan replaces, by its new name: the replacement is judged",
  rebuilt: "is made again from the sources, and nothing else keeps it",
} as const;

export type HarmlessKind = keyof typeof harmlessReasons;
