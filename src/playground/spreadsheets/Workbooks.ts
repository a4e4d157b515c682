/**
 * The spreadsheets that the emulated Google keeps: what programs ask of the API, what people
 * do at the screen, and what the page shows of them.
 *
 * A change is saved before it is answered and before anybody else can see it.
 */
import { Context, Effect, Layer, Option, Ref, Result, Schema, SynchronizedRef } from "effect"
import { World } from "../World.ts"
import { applyBatch, decodeBatch } from "./Batch.ts"
import { pruned } from "./FieldMask.ts"
import { type GoogleError, notFound } from "./GoogleError.ts"
import { Book } from "./Grid.ts"
import { BadEdit, type HumanEdit, humanEdited } from "./HumanEdit.ts"
import {
  batchGetValues,
  getBook,
  getMetadata,
  type GetOptions,
  getValues,
  responseMask,
  searchMetadata,
  spreadsheet,
  type ValuesOptions,
} from "./Reading.ts"
import { type Seed, seeded } from "./Seed.ts"
import { batchUpdateShape } from "./Shapes.ts"
import { defaultSwitches, type Switches } from "./Switches.ts"
import { type TabView, viewOf } from "./View.ts"

const State = Schema.Record(Schema.String, Book)
type State = typeof State.Type

export class Workbooks extends Context.Service<
  Workbooks,
  {
    /** Makes a spreadsheet; one that exists already stays as it is. */
    create(id: string, seed: Seed): Effect.Effect<void>
    /** `spreadsheets.batchUpdate`: all requests or none. */
    batchUpdate(
      id: string,
      body: unknown,
      options?: { readonly fields?: string },
    ): Effect.Effect<object, GoogleError>
    /** `spreadsheets.get`. */
    get(id: string, options?: GetOptions): Effect.Effect<object, GoogleError>
    /** `spreadsheets.values.get`. */
    valuesGet(
      id: string,
      range: string,
      options?: ValuesOptions,
    ): Effect.Effect<object, GoogleError>
    /** `spreadsheets.values.batchGet`. */
    valuesBatchGet(
      id: string,
      ranges: ReadonlyArray<string>,
      options?: ValuesOptions,
    ): Effect.Effect<object, GoogleError>
    /** `spreadsheets.developerMetadata.get`. */
    metadataGet(
      id: string,
      metadataId: number,
      options?: { readonly fields?: string },
    ): Effect.Effect<object, GoogleError>
    /** `spreadsheets.developerMetadata.search`. */
    metadataSearch(id: string, body: unknown): Effect.Effect<object, GoogleError>
    /** What a person does at the screen. */
    edit(id: string, edit: HumanEdit): Effect.Effect<void, BadEdit>
    /** What a person sees: every tab, hidden ones marked. Empty for an unknown spreadsheet. */
    view(id: string): Effect.Effect<ReadonlyArray<TabView>>
    /** Chooses between the answers that nobody could confirm. Not saved. */
    configure(switches: Partial<Switches>): Effect.Effect<void>
    /** Grows by one with every change. */
    readonly version: Effect.Effect<number>
    /** Forgets every spreadsheet. */
    readonly clear: Effect.Effect<void>
  }
>()("account-bot/playground/spreadsheets/Workbooks") {
  static readonly layer = Layer.effect(
    Workbooks,
    Effect.gen(function* () {
      const world = yield* World
      const saved = yield* world.load("sheets")
      const start: State = Option.isNone(saved)
        ? {}
        : yield* Effect.orDie(Schema.decodeUnknownEffect(State)(saved.value))
      const state = yield* SynchronizedRef.make(start)
      const switches = yield* Ref.make(defaultSwitches)
      const version = yield* Ref.make(0)

      // Interrupted between the disk and memory, the two would differ until the next start.
      const change = <A, E>(f: (before: State) => Result.Result<readonly [A, State], E>) =>
        Effect.uninterruptible(
          SynchronizedRef.modifyEffect(state, (before) =>
            Effect.gen(function* () {
              const [answer, after] = yield* Effect.fromResult(f(before))
              if (after === before) return [answer, before] as const
              yield* world.save("sheets", after)
              yield* Ref.update(version, (n) => n + 1)
              return [answer, after] as const
            }),
          ),
        )

      const read = <A>(id: string, f: (book: Book) => Result.Result<A, GoogleError>) =>
        Effect.flatMap(SynchronizedRef.get(state), (books) => {
          const book = books[id]
          return book === undefined ? Effect.fail(notFound()) : Effect.fromResult(f(book))
        })

      const create = Effect.fn("Workbooks.create")(function* (id: string, seed: Seed) {
        yield* change((before) =>
          Result.succeed([
            undefined,
            id in before ? before : { ...before, [id]: seeded(id, seed) },
          ] as const),
        )
      })

      const batchUpdate = Effect.fn("Workbooks.batchUpdate")(function* (
        id: string,
        body: unknown,
        options: { readonly fields?: string } = {},
      ) {
        const chosen = yield* Ref.get(switches)
        const answer = yield* change((before) => updated(before, id, body, options.fields, chosen))
        return yield* Effect.fromResult(answer)
      })

      const edit = Effect.fn("Workbooks.edit")(function* (id: string, act: HumanEdit) {
        yield* change((before) => {
          const book = before[id]
          if (book === undefined) {
            return Result.fail(new BadEdit({ reason: `There is no spreadsheet "${id}".` }))
          }
          return Result.mapBoth(humanEdited(book, act), {
            onSuccess: (after) => [undefined, { ...before, [id]: after }] as const,
            onFailure: (reason) => new BadEdit({ reason }),
          })
        })
      })

      return Workbooks.of({
        create,
        batchUpdate,
        edit,
        get: (id, options = {}) => read(id, (book) => getBook(book, options)),
        valuesGet: (id, range, options = {}) => read(id, (book) => getValues(book, range, options)),
        valuesBatchGet: (id, ranges, options = {}) =>
          read(id, (book) => batchGetValues(book, ranges, options)),
        metadataGet: (id, metadataId, options = {}) =>
          read(id, (book) => getMetadata(book, metadataId, options.fields)),
        metadataSearch: (id, body) => read(id, (book) => searchMetadata(book, body)),
        view: (id) =>
          Effect.map(SynchronizedRef.get(state), (books) => {
            const book = books[id]
            return book === undefined ? [] : viewOf(book)
          }),
        configure: (chosen) => Ref.update(switches, (before) => ({ ...before, ...chosen })),
        version: Ref.get(version),
        clear: Effect.asVoid(change(() => Result.succeed([undefined, {}] as const))),
      })
    }),
  )
}

/** The outer result is what becomes of the state; the inner one is what the caller is told. */
const updated = (
  before: State,
  id: string,
  body: unknown,
  fields: string | undefined,
  switches: Switches,
): Result.Result<readonly [Result.Result<object, GoogleError>, State], GoogleError> =>
  Result.gen(function* () {
    const batch = yield* decodeBatch(body)
    const mask = yield* responseMask(fields, batchUpdateShape)
    const book = before[id]
    if (book === undefined) return yield* Result.fail(notFound())
    const applied = yield* applyBatch(book, batch.requests ?? [], switches)
    const inner = mask === undefined || mask === true ? mask : mask["updatedSpreadsheet"]
    const shown =
      batch.includeSpreadsheetInResponse === true
        ? spreadsheet(
            applied.book,
            inner,
            batch.responseRanges ?? [],
            batch.responseIncludeGridData ?? false,
            switches.responseListsEverySheet,
          )
        : Result.succeed(undefined)
    if (!switches.lateRangeError) yield* shown
    const answer = Result.map(shown, (updatedSpreadsheet) =>
      pruned(
        {
          spreadsheetId: id,
          replies: applied.replies,
          ...(updatedSpreadsheet === undefined ? {} : { updatedSpreadsheet }),
        },
        mask ?? true,
      ),
    )
    return [answer, { ...before, [id]: applied.book }]
  })
