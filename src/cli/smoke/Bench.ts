/**
 * What a trial of Google is made with: tabs of its own in a throwaway spreadsheet, writes, looks.
 *
 * Each call is kept with its answer for whoever wants to compare them with the emulator's. What is
 * kept names no spreadsheet, no person and no tab that the trials did not make.
 */
import { Context, Effect, Layer, Random, Ref, Schema } from "effect"
import type { SheetRequest } from "../../sheets/GuardChain.ts"
import { answerMask } from "../../sheets/GuardedSend.ts"
import { quoted } from "../../sheets/Headers.ts"
import {
  BookAnswer,
  type CellData,
  PlainAnswer,
  PlainCall,
  rowsOf,
  SheetsClient,
} from "../../sheets/SheetsClient.ts"
import { reasonOf, SheetsError, type SheetsReason } from "../../sheets/SheetsError.ts"

const Exchange = Schema.Struct({ call: PlainCall, answer: PlainAnswer })
type Exchange = typeof Exchange.Type

/** What was asked of Google and what it answered, trial by trial. */
export const Recording = Schema.Struct({
  /** Where the answers come from: Google, or an emulator. */
  from: Schema.Literals(["Google", "an emulator"]),
  /** What the titles of all tabs begin with that the trials made. */
  prefix: Schema.String,
  /** The numbers of tabs that a person had made what no call can make of them. */
  handMade: Schema.Struct({
    form: Schema.optionalKey(Schema.Int),
    protected: Schema.optionalKey(Schema.Int),
  }),
  trials: Schema.Array(
    Schema.Struct({
      name: Schema.String,
      verdict: Schema.String,
      /** In their order; calls that went out together are in one list, and their answers sorted. */
      calls: Schema.Array(Schema.Array(Exchange)),
    }),
  ),
})
export type Recording = typeof Recording.Type
export type HandMade = Recording["handMade"]

/** A tab that a trial made. */
export interface TrialTab {
  readonly sheetId: number
  readonly title: string
}

export interface Shape {
  readonly rowCount?: number
  readonly columnCount?: number
  readonly frozenRowCount?: number
}

export class Bench extends Context.Service<
  Bench,
  {
    readonly prefix: string
    readonly handMade: HandMade
    /** A tab with these rows. `also` makes more of it, in the same write. */
    tab(
      rows: ReadonlyArray<ReadonlyArray<CellData>>,
      options?: {
        readonly shape?: Shape
        readonly hidden?: boolean
        readonly also?: (sheetId: number) => ReadonlyArray<SheetRequest>
      },
    ): Effect.Effect<TrialTab, SheetsError>
    /** A number for metadata that nobody uses. */
    readonly freshId: Effect.Effect<number>
    /** One batch, with the answer that the bot asks for where it names ranges. */
    write(
      requests: ReadonlyArray<SheetRequest>,
      responseRanges?: ReadonlyArray<string>,
    ): Effect.Effect<PlainAnswer, SheetsError>
    /** The same for several batches that go out at once. */
    together(
      batches: ReadonlyArray<ReadonlyArray<SheetRequest>>,
    ): Effect.Effect<ReadonlyArray<PlainAnswer>, SheetsError>
    /** The rows of a tab as they are now. */
    look(tab: TrialTab): Effect.Effect<ReadonlyArray<ReadonlyArray<CellData>>, SheetsError>
    metadata(id: number): Effect.Effect<PlainAnswer, SheetsError>
    /** What was kept since the last question. */
    readonly kept: Effect.Effect<Recording["trials"][number]["calls"]>
  }
>()("account-bot/cli/smoke/Bench") {
  static readonly layer = (spreadsheet: string, handMade: HandMade, prefix: string) =>
    Layer.effect(
      Bench,
      Effect.gen(function* () {
        const client = yield* SheetsClient
        const sheetIds = yield* makeNumbers
        const metadataIds = yield* makeNumbers
        const kept = yield* Ref.make<Recording["trials"][number]["calls"]>([])

        /** A call that Google refuses for its quota is made again when the limiter lets it pass. */
        const exchange = (
          call: PlainCall,
          triesLeft = 5,
        ): Effect.Effect<ReadonlyArray<Exchange>, SheetsError> =>
          Effect.flatMap(client.plain(spreadsheet, call, "person"), (answer) =>
            answer.status === 429 && triesLeft > 0
              ? Effect.map(exchange(call, triesLeft - 1), (more) => [{ call, answer }, ...more])
              : Effect.succeed([{ call, answer }]),
          )
        const noted = (exchanges: ReadonlyArray<Exchange>) =>
          Ref.update(kept, (before) => [...before, exchanges.map(scrubbed(spreadsheet, prefix))])

        const ask = Effect.fnUntraced(function* (call: PlainCall) {
          const exchanges = yield* exchange(call)
          for (const each of exchanges) yield* noted([each])
          return lastOf(exchanges)
        })

        const write = (
          requests: ReadonlyArray<SheetRequest>,
          responseRanges?: ReadonlyArray<string>,
        ) => ask(batchOf(requests, responseRanges))

        const together = Effect.fnUntraced(function* (
          batches: ReadonlyArray<ReadonlyArray<SheetRequest>>,
        ) {
          const all = yield* Effect.forEach(batches, (requests) => exchange(batchOf(requests)), {
            concurrency: "unbounded",
          })
          const last = all.map((exchanges) => exchanges.slice(-1)).flat()
          yield* noted(last.toSorted((one, other) => one.answer.status - other.answer.status))
          return last.map(({ answer }) => answer)
        })

        const done = Effect.fnUntraced(function* (method: string, answer: PlainAnswer) {
          const reason = reasonIn(answer)
          return reason === undefined
            ? yield* Effect.void
            : yield* new SheetsError({ method, spreadsheet, reason })
        })

        const tab: Bench["Service"]["tab"] = Effect.fnUntraced(function* (rows, options = {}) {
          const { shape, also = () => [], hidden = false } = options
          const sheetId = yield* sheetIds
          const title = `${prefix} ${sheetId}`
          const gridProperties = { rowCount: 20, columnCount: 10, ...shape }
          const answer = yield* write([
            {
              addSheet: {
                properties: { sheetId, title, gridProperties, ...(hidden ? { hidden } : {}) },
              },
            },
            ...(rows.length === 0
              ? []
              : [
                  {
                    updateCells: {
                      start: { sheetId, rowIndex: 0, columnIndex: 0 },
                      rows: rows.map((values) => ({ values })),
                      fields: "userEnteredValue,userEnteredFormat.numberFormat,note",
                    },
                  },
                ]),
            ...also(sheetId),
          ])
          yield* done("batchUpdate", answer)
          return { sheetId, title }
        })

        const look = Effect.fnUntraced(function* ({ title }: TrialTab) {
          const answer = yield* ask({ method: "get", fields: lookMask, ranges: [quoted(title)] })
          yield* done("get", answer)
          const [sheet] = yield* sheetsIn(spreadsheet, answer.body)
          return rowsOf(sheet)
        })

        return Bench.of({
          prefix,
          handMade,
          tab,
          freshId: metadataIds,
          write,
          together,
          look,
          metadata: (id) => ask({ method: "metadata", id }),
          kept: Ref.getAndSet(kept, []),
        })
      }),
    )
}

const batchOf = (
  requests: ReadonlyArray<SheetRequest>,
  responseRanges?: ReadonlyArray<string>,
): PlainCall => ({
  method: "batchUpdate",
  fields: responseRanges === undefined ? "replies" : answerMask,
  body: {
    requests,
    ...(responseRanges === undefined ? {} : { includeSpreadsheetInResponse: true, responseRanges }),
  },
})

const lookMask =
  "sheets(properties(sheetId,title,gridProperties(rowCount,columnCount)),data(rowData(values(" +
  "userEnteredValue,effectiveValue,note,userEnteredFormat(numberFormat)))))"

const lastOf = (exchanges: ReadonlyArray<Exchange>): PlainAnswer =>
  exchanges.at(-1)?.answer ?? { status: 0, body: null }

/** The tabs that an answer shows. */
export const sheetsIn = (spreadsheet: string, book: unknown) =>
  Schema.decodeUnknownEffect(BookAnswer)(book).pipe(
    Effect.map(({ sheets = [] }) => sheets),
    Effect.mapError(
      () =>
        new SheetsError({
          method: "get",
          spreadsheet,
          reason: { _tag: "Unsure", cause: "answer", status: null },
        }),
    ),
  )

/** Why Google said no; nothing where it did not. */
export const reasonIn = ({ status, body }: PlainAnswer): SheetsReason | undefined => {
  if (status < 400) return undefined
  return reasonOf(status, isRefusal(body) ? body.error.message : `HTTP ${status}`)
}

const isRefusal = Schema.is(Schema.Struct({ error: Schema.Struct({ message: Schema.String }) }))

/** Numbers that nobody else has: one after the other from a random one on. */
const makeNumbers = Effect.map(Random.nextIntBetween(100_000_000, 900_000_000), (first) => {
  let next = first
  return Effect.sync(() => next++)
})

/** Who may edit; the place of a tab among others, which depends on the spreadsheet alone. */
const left = new Set(["editors", "index"])

/**
 * The same without what names somebody: the spreadsheet, addresses of people, the project of the
 * service account, and titles of tabs that the trials did not make.
 */
export const scrubbed =
  (spreadsheet: string, prefix: string) =>
  (exchange: Exchange): Exchange => {
    const walk = (value: unknown, key = ""): unknown => {
      if (typeof value === "string") {
        return key === "title" && !value.startsWith(prefix)
          ? "another tab"
          : value
              .replaceAll(spreadsheet, "SPREADSHEET")
              .replaceAll(/[^\s"'<>(),;:]+/g, (word) =>
                word.includes("@") ? "somebody@example.com" : word,
              )
              .replaceAll(/project_number:\d+|projects\/[\w-]+/g, "a project")
      }
      if (Array.isArray(value)) return value.map((each) => walk(each, key))
      if (typeof value !== "object" || value === null) return value
      return Object.fromEntries(
        Object.entries(value)
          .filter(([name]) => !left.has(name))
          .map(([name, each]) => [name, walk(each, name)]),
      )
    }
    // The walk changes texts and leaves the shape as it is.
    return walk(exchange) as Exchange
  }
