/** Tabs as the checkers read them. */
import type { Resource } from "../../src/domain/Catalogue.ts"
import type { Workbooks } from "../../src/playground/spreadsheets/Workbooks.ts"
import type { Effect } from "effect"

export type Tabs = Effect.Success<ReturnType<Workbooks["Service"]["view"]>>

export type Row = Readonly<Record<string, string>>

/** The rows with anything in them, by header. */
export const recordsOf = ({ header, rows }: Tabs[number]): ReadonlyArray<Row> =>
  rows
    .filter(({ cells }) => cells.some((cell) => cell !== ""))
    .map(({ cells }) => Object.fromEntries(header.map((name, at) => [name, cells[at] ?? ""])))

/** Whether a tab is meant by that title, however people spelled it since. */
export const isTitled = (title: string, wanted: string): boolean => title.trim() === wanted

/** The key of the item that the row is about, as the pool would call it. */
export const keyOfRow = (resource: Resource, row: Row): string => {
  const column = resource.columns.find(({ key }) => key === resource.identity)
  const names = column === undefined ? [] : [column.header, ...column.aliases]
  const text = names.map((name) => row[name]).find((cell) => cell !== undefined) ?? ""
  return column?.kind === "phone"
    ? text.replaceAll(/\D/g, "").replace(/^8(?=9\d{9}$)/, "7")
    : text
        .normalize("NFKC")
        .replaceAll(/[\u200B-\u200F\u00AD\uFEFF]/g, "")
        .trim()
        .toLowerCase()
}
