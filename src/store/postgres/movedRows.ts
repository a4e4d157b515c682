/**
 * The rows of a bot that leave one kind of journal for another, spelled alike for both: nothing is
 * sealed or packed in them. A digest tells that what arrived is what left.
 */
import { hash } from "node:crypto"
import { storable } from "./postgresTables.ts"

export type Cell = string | number | boolean | null
export type MovedRow = Readonly<Record<string, Cell>>

interface MovedTable {
  /** The columns of the table in Postgres but for the bot, with their types there. */
  readonly columns: Readonly<Record<string, "text" | "bigint" | "integer" | "boolean" | "float8">>
  /** In which order rows are read. */
  readonly order: string
  /** Columns that each kind of journal fills by itself. */
  readonly own?: ReadonlyArray<string>
}

const many = {
  event: {
    columns: { seq: "bigint", pool: "text", at: "float8", body: "text", request: "text" },
    order: "seq",
    own: ["request"],
  },
  event_ref: { columns: { ref: "text", seq: "bigint" }, order: "seq, ref" },
  history: { columns: { hash: "text" }, order: "hash" },
  snapshot: { columns: { pool: "text", through: "bigint", state: "text" }, order: "pool" },
  snapshot_part: {
    columns: {
      pool: "text",
      part_set: "integer",
      number: "integer",
      through: "bigint",
      state: "text",
    },
    order: "pool, part_set, number",
  },
  intent: {
    columns: {
      spreadsheet: "text",
      seq: "bigint",
      token: "text",
      state: "text",
      settled_at: "float8",
      body: "text",
    },
    order: "spreadsheet, seq",
  },
  inbox: {
    columns: {
      update_id: "bigint",
      seq: "bigint",
      user_id: "bigint",
      received_at: "float8",
      handled_at: "float8",
      body: "text",
    },
    order: "seq",
  },
  document: {
    columns: { kind: "text", key: "text", seq: "bigint", body: "text" },
    order: "seq, kind, key",
    own: ["seq"],
  },
  issuance: {
    columns: {
      id: "text",
      resource: "text",
      variant: "text",
      region: "text",
      holder: "bigint",
      stage: "text",
      key: "text",
      day: "text",
      issued_at: "float8",
      status: "text",
      auto: "boolean",
      marked_at: "float8",
      comment: "text",
      replacement_of: "text",
      imported: "boolean",
    },
    order: "id",
  },
  proxy_reserved: { columns: { proxy: "text", by: "bigint" }, order: "proxy" },
  quarantine: {
    columns: {
      item: "text",
      pool: "text",
      tab: "text",
      reason: "text",
      column_name: "text",
      at: "float8",
      seq: "bigint",
      body: "text",
    },
    order: "item",
  },
} as const satisfies Readonly<Record<string, MovedTable>>

export type MovedName = keyof typeof many
export const movedTables: Readonly<Record<MovedName, MovedTable>> = many
// Its keys are the tables, which `Object.keys` does not say.
export const movedNames = Object.keys(many) as ReadonlyArray<MovedName>

/** Of the rows of a table, in whatever order they came. */
export interface Digest {
  readonly count: number
  readonly sum: number
}

export type Digests = Readonly<Record<MovedName, Digest>>

/** Adds rows up as they pass. */
export const makeDigests = () => {
  const found = new Map<MovedName, Digest>()
  const of = (name: MovedName): Digest => found.get(name) ?? { count: 0, sum: 0 }
  return {
    add: (name: MovedName, row: MovedRow) => {
      const { count, sum } = of(name)
      found.set(name, { count: count + 1, sum: (sum + digestOf(name, row)) % sumMax })
    },
    // `movedNames` has every table.
    all: (): Digests =>
      Object.fromEntries(movedNames.map((name) => [name, of(name)])) as unknown as Digests,
  }
}

/** Of the first of these tables that is not the same in both, if there is one. */
export const unequalIn = (one: Digests, other: Digests): MovedName | undefined =>
  movedNames.find(
    (name) => one[name].count !== other[name].count || one[name].sum !== other[name].sum,
  )

/** A sum of these and one more number is still a whole number of JavaScript. */
const sumMax = 2 ** 48

const comparedIn = new Map(
  movedNames.map((name) => {
    const { columns, own = [] }: MovedTable = many[name]
    return [name, Object.keys(columns).filter((column) => !own.includes(column))] as const
  }),
)

const digestOf = (name: MovedName, row: MovedRow): number => {
  const cells = (comparedIn.get(name) ?? []).map((column) => row[column])
  return Number.parseInt(hash("sha256", JSON.stringify(cells, storable), "hex").slice(0, 12), 16)
}

/** The files that stand in a database as documents. */
export const movedFiles: ReadonlyArray<string> = [
  "whitelist.json",
  "regions.json",
  "region-spellings.json",
]
