/** The findings in rows in words, by kind. Pure. */
import type { Finding, FindingKind } from "./rowFindings.ts"

export const kinds: ReadonlyArray<{
  readonly kind: FindingKind
  readonly none: string
  readonly some: string
  readonly toDo: string
}> = [
  {
    kind: "duplicate",
    none: "no row repeats another",
    some: "Rows that repeat another",
    toDo: "Delete one of the two: the bot hands out the first and sets the other aside",
  },
  {
    kind: "missing",
    none: "no row lacks a required value",
    some: "Rows without a required value",
    toDo: "Fill these cells in: the bot sets such rows aside",
  },
  {
    kind: "formula",
    none: "no row has a formula or an error",
    some: "Formulas and errors",
    toDo: "Put plain values there: the bot sets such rows aside",
  },
  {
    kind: "date",
    none: "all dates can be read",
    some: "Dates that cannot be read",
    toDo: "Write them like 22.11.2026: the bot sets the row aside or takes it as one without a date",
  },
  {
    kind: "identity",
    none: "all logins and numbers can be read",
    some: "Logins and numbers that cannot be read",
    toDo: "Correct these cells: the bot sets such rows aside",
  },
  {
    kind: "header",
    none: "no row is a second header",
    some: "Rows that are the header again",
    toDo: "Delete them: the bot sets such rows aside",
  },
]

const namedMax = 10

export const cellsNamed = (findings: ReadonlyArray<Finding>): string => {
  const named = findings
    .slice(0, namedMax)
    .map(({ cell, sameAs }) => (sameAs === undefined ? cell : `${cell} (same as ${sameAs})`))
    .join(", ")
  const left = findings.length - namedMax
  return left > 0 ? `${named} and ${left} more` : named
}
