/**
 * Google as the protocols see it, without a network: emulated spreadsheets, and faults to plant.
 */
import { Context, Effect, Layer, Option, Ref, Schema } from "effect"
import { envelope, type GoogleError } from "../../src/playground/spreadsheets/GoogleError.ts"
import { Workbooks } from "../../src/playground/spreadsheets/Workbooks.ts"
import {
  BatchAnswer,
  BookAnswer,
  foundMetadata,
  isNoSuchMetadata,
  Metadata,
  MetadataFound,
  plainValues,
  SheetsClient,
  ValuesAnswer,
} from "../../src/sheets/SheetsClient.ts"
import { reasonOf, SheetsError, type SheetsReason } from "../../src/sheets/SheetsError.ts"

export type Method = "batchUpdate" | "get" | "values" | "metadata" | "searchMetadata"

/**
 * `lostRequest`: never arrives. `lostAnswer`: applied, and nobody hears of it. `late`: nobody
 * hears of it, and it is applied when `land` is called. `unavailable`: 503, although applied.
 */
export type BadDay =
  | "lostRequest"
  | "lostAnswer"
  | "late"
  | "unavailable"
  | "quota"
  | "denied"
  | "hang"

/** Something that happens just before the call arrives, and what becomes of the call. */
export interface Beforehand {
  readonly happens: Effect.Effect<void>
  readonly day?: BadDay
}

interface Planted {
  readonly method: Method
  readonly day: BadDay | Beforehand
}

/** Faults for the next calls, and counts of what was called. */
export class Days extends Context.Service<
  Days,
  {
    /** For the next calls of the method. */
    plant(method: Method, ...days: ReadonlyArray<BadDay | Beforehand>): Effect.Effect<void>
    take(method: Method): Effect.Effect<BadDay | Beforehand | undefined>
    readonly late: Ref.Ref<ReadonlyArray<Effect.Effect<void>>>
    /** Lets everything land that was late. */
    readonly land: Effect.Effect<void>
    /** Calls since the last question, writes and reads. */
    readonly counts: Effect.Effect<{ readonly writes: number; readonly reads: number }>
  }
>()("account-bot/test/sheets/workbooksClient/Days") {
  static readonly layer = Layer.effect(
    Days,
    Effect.gen(function* () {
      const planted = yield* Ref.make<ReadonlyArray<Planted>>([])
      const late = yield* Ref.make<ReadonlyArray<Effect.Effect<void>>>([])
      const counts = yield* Ref.make({ writes: 0, reads: 0 })
      return Days.of({
        plant: (method, ...days) =>
          Ref.update(planted, (all) => [...all, ...days.map((day) => ({ method, day }))]),
        take: Effect.fnUntraced(function* (method) {
          yield* Ref.update(counts, ({ writes, reads }) =>
            method === "batchUpdate" ? { writes: writes + 1, reads } : { writes, reads: reads + 1 },
          )
          return yield* Ref.modify(planted, (all) => {
            const index = all.findIndex((one) => one.method === method)
            return [all[index]?.day, index < 0 ? all : all.toSpliced(index, 1)]
          })
        }),
        late,
        land: Effect.flatMap(Ref.getAndSet(late, []), (all) => Effect.all(all, { discard: true })),
        counts: Ref.getAndSet(counts, { writes: 0, reads: 0 }),
      })
    }),
  )
}

export const layer = Layer.effect(
  SheetsClient,
  Effect.gen(function* () {
    const workbooks = yield* Workbooks
    const days = yield* Days

    const call = Effect.fnUntraced(function* <S extends Schema.ConstraintCodec<unknown, unknown>>(
      spreadsheet: string,
      method: Method,
      schema: S,
      effect: Effect.Effect<unknown, GoogleError>,
    ) {
      const fail = (reason: SheetsReason) =>
        Effect.fail(new SheetsError({ method, spreadsheet, reason }))
      const silence = fail({ _tag: "Unsure", cause: "network", status: null })
      const plain = effect.pipe(
        Effect.catch((error) => fail(reasonOf(error.code, error.message))),
        Effect.flatMap((data) => Effect.orDie(Schema.decodeUnknownEffect(schema)(data))),
      )
      const planted = yield* days.take(method)
      // Other fibers get their turn, as they do while a request is under way.
      yield* Effect.yieldNow
      if (typeof planted === "object") yield* planted.happens
      switch (typeof planted === "object" ? planted.day : planted) {
        case undefined:
          return yield* plain
        case "lostRequest":
          return yield* silence
        case "lostAnswer":
          return yield* Effect.andThen(Effect.exit(plain), silence)
        case "late":
          yield* Ref.update(days.late, (all) => [...all, Effect.asVoid(Effect.exit(plain))])
          return yield* silence
        case "unavailable":
          yield* Effect.exit(plain)
          return yield* fail(reasonOf(503, "The service is currently unavailable."))
        case "quota":
          return yield* fail(reasonOf(429, "Quota exceeded for quota metric 'Write requests'"))
        case "denied":
          return yield* fail(reasonOf(403, "The caller does not have permission"))
        case "hang":
          return yield* Effect.never
      }
    })

    return SheetsClient.of({
      batchUpdate: (id, body, { fields }) =>
        call(id, "batchUpdate", BatchAnswer, workbooks.batchUpdate(id, body, { fields })),
      get: (id, { fields, ranges }) =>
        call(
          id,
          "get",
          BookAnswer,
          workbooks.get(id, ranges.length === 0 ? { fields } : { fields, ranges }),
        ),
      values: (id, ranges) =>
        call(
          id,
          "values",
          ValuesAnswer,
          workbooks.valuesBatchGet(id, ranges, {
            valueRenderOption: "UNFORMATTED_VALUE",
            dateTimeRenderOption: "SERIAL_NUMBER",
          }),
        ).pipe(Effect.map((answer) => plainValues(answer, ranges.length))),
      metadata: (id, metadataId) =>
        call(id, "metadata", Metadata, workbooks.metadataGet(id, metadataId)).pipe(
          Effect.map(({ metadataValue }) => Option.some(metadataValue ?? "")),
          Effect.catchIf(isNoSuchMetadata, () => Effect.succeedNone),
        ),
      searchMetadata: (id, metadataKey) =>
        call(
          id,
          "searchMetadata",
          MetadataFound,
          workbooks.metadataSearch(id, {
            dataFilters: [{ developerMetadataLookup: { metadataKey } }],
          }),
        ).pipe(Effect.map(foundMetadata)),
      plain: (id, asked) => {
        const answered =
          asked.method === "batchUpdate"
            ? workbooks.batchUpdate(id, asked.body, { fields: asked.fields })
            : asked.method === "get"
              ? workbooks.get(id, { fields: asked.fields, ranges: asked.ranges })
              : workbooks.metadataGet(id, asked.id)
        return Effect.match(answered, {
          onSuccess: (body) => ({ status: 200, body }),
          onFailure: (error) => ({ status: error.code, body: envelope(error) }),
        })
      },
      clockAhead: Effect.succeedNone,
    })
  }),
)
