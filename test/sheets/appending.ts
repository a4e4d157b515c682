/** The simplest guarded write there is, and what a stranger leaves in the same spreadsheet. */
import { Effect } from "effect"
import { Workbooks } from "../../src/playground/spreadsheets/Workbooks.ts"
import { Guard, type OnApplied } from "../../src/sheets/Guard.ts"
import { guardId } from "../../src/sheets/GuardChain.ts"
import type { Intent } from "../../src/store/Journal.ts"
import { accounts, rowsOf, vkTab } from "./bench.ts"

/** Appends one row to the first tab. */
export const appendRow = (
  text: string,
  options: {
    readonly kind?: Intent["kind"]
    readonly onApplied?: OnApplied<void>
    readonly about?: unknown
  } = {},
) =>
  Effect.gen(function* () {
    const { kind = "setup", onApplied = () => Effect.void, about = { rows: [] } } = options
    const rows = [{ values: [{ userEnteredValue: { stringValue: text } }] }]
    const requests = [{ appendCells: { sheetId: 0, fields: "userEnteredValue", rows } }]
    const plan = () => Effect.succeedSome({ about, requests })
    yield* (yield* Guard).write(
      { spreadsheet: accounts, kind, urgency: "background", plan },
      onApplied,
    )
  })

export const appendedRows = Effect.map(rowsOf(accounts, vkTab.title), (rows) =>
  rows.map(({ cells }) => cells[0]),
)

const batch = (requests: ReadonlyArray<unknown>) =>
  Effect.gen(function* () {
    yield* Effect.orDie((yield* Workbooks).batchUpdate(accounts, { requests }))
  })

/** Puts guards of another copy of the bot on the sheet; `at` in seconds. */
export const strangersGuards = (seqs: ReadonlyArray<number>, at: number) =>
  batch(
    seqs.map((seq) => ({
      createDeveloperMetadata: {
        developerMetadata: {
          metadataId: guardId(seq),
          metadataKey: "inv.seq",
          metadataValue: `${seq}@${at}@STRANGER@claim@OTHER`,
          location: { spreadsheet: true },
          visibility: "DOCUMENT",
        },
      },
    })),
  )

export const removeGuards = (seqs: ReadonlyArray<number>) =>
  batch(
    seqs.map((seq) => ({
      deleteDeveloperMetadata: {
        dataFilter: { developerMetadataLookup: { metadataId: guardId(seq) } },
      },
    })),
  )
