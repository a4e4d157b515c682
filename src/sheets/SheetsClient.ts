/**
 * The few calls to Google Sheets that the protocols need, behind the limits on requests.
 *
 * Writes are sent once: whether to send again is the guard's decision. Reads are repeated twice
 * after a failure that may pass. What Google answers is decoded here, at the edge.
 */
import { Context, Effect, FileSystem, Layer, Option, Redacted, Schedule, Schema } from "effect"
import { auth, sheets, type sheets_v4 } from "googleapis/build/src/apis/sheets/index.js"
import { Settings } from "../config/Settings.ts"
import { type Failure, Vitals } from "../observe/Vitals.ts"
import { BatchAnswer, BookAnswer, Metadata, MetadataFound, Plain, ValuesAnswer } from "./Answers.ts"
import { readCredentials } from "./Credentials.ts"
import type { Call, Urgency } from "./limiterState.ts"
import { RateLimiter } from "./RateLimiter.ts"
import { failureOf } from "./googleFailure.ts"
import { SheetsError, type SheetsReason } from "./SheetsError.ts"

/** A range as rows of unformatted values, cut off after the last one that has something. */
export type Values = ReadonlyArray<ReadonlyArray<Plain>>

export class SheetsClient extends Context.Service<
  SheetsClient,
  {
    /** One write, all or nothing. An answer that cannot be read is `Unsure`. */
    batchUpdate(
      spreadsheet: string,
      body: unknown,
      options: { readonly fields: string; readonly urgency: Urgency },
    ): Effect.Effect<BatchAnswer, SheetsError>
    get(
      spreadsheet: string,
      options: {
        readonly fields: string
        readonly ranges: ReadonlyArray<string>
        readonly urgency: Urgency
      },
    ): Effect.Effect<BookAnswer, SheetsError>
    /** One request for all ranges. */
    values(
      spreadsheet: string,
      ranges: ReadonlyArray<string>,
      urgency: Urgency,
    ): Effect.Effect<ReadonlyArray<Values>, SheetsError>
    /** The value of the developer metadata with that id; none where there is no such id. */
    metadata(
      spreadsheet: string,
      id: number,
      urgency: Urgency,
    ): Effect.Effect<Option.Option<string>, SheetsError>
    searchMetadata(
      spreadsheet: string,
      key: string,
      urgency: Urgency,
    ): Effect.Effect<ReadonlyArray<Metadata>, SheetsError>
  }
>()("account-bot/sheets/SheetsClient") {
  static readonly layerNoDeps = Layer.effect(
    SheetsClient,
    Effect.gen(function* () {
      const limiter = yield* RateLimiter
      const vitals = yield* Vitals
      const google = yield* connect

      const call = <S extends Schema.ConstraintCodec<unknown, unknown>>(
        spreadsheet: string,
        method: string,
        limits: Call,
        schema: S,
        send: (api: sheets_v4.Sheets, options: Options) => Promise<{ readonly data: unknown }>,
      ): Effect.Effect<S["Type"], SheetsError> => {
        const failed = (reason: SheetsReason) => new SheetsError({ method, spreadsheet, reason })
        const once = google
          .send((api, signal) =>
            send(api, { timeout: timeouts[limits.bucket], retry: false, signal }),
          )
          .pipe(
            Effect.mapError(failed),
            Effect.flatMap(({ data }) =>
              // What it does not say it does not keep: the answer holds cells.
              Effect.mapError(Schema.decodeUnknownEffect(schema)(data), () =>
                failed({ _tag: "Unsure", cause: "answer", status: null }),
              ),
            ),
          )
        const limited = Effect.catchIf(limiter.run(limits, once), isUnauthorised, () =>
          Effect.andThen(google.renew, limiter.run(limits, once)),
        ).pipe(
          Effect.tap(() => vitals.worked(`sheets:${spreadsheet}`)),
          Effect.tapError((error) => {
            const failure = failureIn(error, limits)
            return failure === undefined
              ? vitals.worked(`sheets:${spreadsheet}`)
              : vitals.failed(`sheets:${spreadsheet}`, failure)
          }),
        )
        return limits.bucket === "read" ? Effect.retry(limited, readAgain) : limited
      }

      const batchUpdate: SheetsClient["Service"]["batchUpdate"] = (spreadsheetId, body, options) =>
        call(
          spreadsheetId,
          "batchUpdate",
          { bucket: "write", urgency: options.urgency },
          BatchAnswer,
          (api, how) =>
            api.spreadsheets.batchUpdate(
              // The body was built by the protocols and may come out of the journal.
              { spreadsheetId, fields: options.fields, requestBody: body as object },
              how,
            ),
        )

      const get: SheetsClient["Service"]["get"] = (spreadsheetId, { fields, ranges, urgency }) =>
        call(spreadsheetId, "get", { bucket: "read", urgency }, BookAnswer, (api, how) =>
          api.spreadsheets.get({ spreadsheetId, fields, ranges: [...ranges] }, how),
        )

      const values: SheetsClient["Service"]["values"] = (spreadsheetId, ranges, urgency) =>
        call(spreadsheetId, "values", { bucket: "read", urgency }, ValuesAnswer, (api, how) =>
          api.spreadsheets.values.batchGet(
            {
              spreadsheetId,
              ranges: [...ranges],
              valueRenderOption: "UNFORMATTED_VALUE",
              dateTimeRenderOption: "SERIAL_NUMBER",
            },
            how,
          ),
        ).pipe(Effect.map((answer) => plainValues(answer, ranges.length)))

      const metadata: SheetsClient["Service"]["metadata"] = (spreadsheetId, id, urgency) =>
        call(spreadsheetId, "metadata", { bucket: "read", urgency }, Metadata, (api, how) =>
          api.spreadsheets.developerMetadata.get({ spreadsheetId, metadataId: id }, how),
        ).pipe(
          Effect.map(({ metadataValue }) => Option.some(metadataValue ?? "")),
          Effect.catchIf(isNoSuchMetadata, () => Effect.succeedNone),
        )

      const searchMetadata: SheetsClient["Service"]["searchMetadata"] = (
        spreadsheetId,
        metadataKey,
        urgency,
      ) =>
        call(
          spreadsheetId,
          "searchMetadata",
          { bucket: "read", urgency },
          MetadataFound,
          (api, how) =>
            api.spreadsheets.developerMetadata.search(
              {
                spreadsheetId,
                requestBody: { dataFilters: [{ developerMetadataLookup: { metadataKey } }] },
              },
              how,
            ),
        ).pipe(Effect.map(foundMetadata))

      return SheetsClient.of({ batchUpdate, get, values, metadata, searchMetadata })
    }),
  )

  static readonly layer = this.layerNoDeps.pipe(
    Layer.provide(Layer.merge(RateLimiter.layer, Vitals.layer)),
  )
}

/** One list of rows for each range that was asked for. */
export const plainValues = (answer: typeof ValuesAnswer.Type, ranges: number) =>
  Array.from({ length: ranges }, (_, index): Values =>
    (answer.valueRanges?.[index]?.values ?? []).map((row) => row.map((cell) => cell ?? "")),
  )

export const foundMetadata = (answer: typeof MetadataFound.Type): ReadonlyArray<Metadata> =>
  (answer.matchedDeveloperMetadata ?? []).map(({ developerMetadata }) => developerMetadata)

/** A 404 of the spreadsheet itself is another matter. */
export const isNoSuchMetadata = ({ reason }: SheetsError) =>
  reason._tag === "NotFound" && /developer metadata/i.test(reason.message)

/** `undefined`: Google did its work, and the answer is "no". */
const failureIn = (error: SheetsError, { bucket }: Call): Failure | undefined => {
  const { _tag } = error.reason
  // A tab that is to be made yet is looked for too.
  const isNotThere = isNoSuchMetadata(error) || (bucket === "read" && _tag === "Refused")
  return isNotThere ? undefined : failures[_tag]
}

const failures: { readonly [Tag in SheetsReason["_tag"]]: Failure | undefined } = {
  Quota: "limited",
  GuardTaken: undefined,
  Refused: "refused",
  Denied: "denied",
  NotFound: "missing",
  Unsure: "silent",
  AnotherWriter: "taken",
  Unsettled: undefined,
}

interface Options {
  readonly timeout: number
  readonly retry: false
  readonly signal: AbortSignal
}

/** Google gives up a request after three minutes, but hardly one takes ten seconds. */
const timeouts = { read: 30_000, write: 60_000 } as const

const readAgain = {
  times: 2,
  schedule: Schedule.jittered(Schedule.exponential("1 second")),
  while: ({ reason }: SheetsError) => reason._tag === "Unsure" || reason._tag === "Quota",
}

const scope = "https://www.googleapis.com/auth/spreadsheets"
const tokenUrl = "https://oauth2.googleapis.com/token"

const isUnauthorised = ({ reason }: SheetsError) =>
  reason._tag === "Denied" && reason.status === 401

/** The library's promises as effects; a token that is refused can be given up for a new one. */
const connect = Effect.gen(function* () {
  const settings = yield* Settings
  const fs = yield* FileSystem.FileSystem
  const { email, key } = yield* readCredentials(settings.googleCredentials).pipe(
    Effect.provideService(FileSystem.FileSystem, fs),
  )
  const root = Option.map(settings.sheetsRootUrl, (url) => `${url.replace(/\/+$/, "")}/`)

  const open = () => {
    const jwt = new auth.JWT({ email, key: Redacted.value(key), scopes: [scope] })
    if (Option.isNone(root)) return sheets({ version: "v4", auth: jwt })
    jwt.transporter.interceptors.request.add({
      resolved: (config) => {
        if (config.url.href === tokenUrl) config.url = new URL("token", root.value)
        return Promise.resolve(config)
      },
    })
    return sheets({ version: "v4", auth: jwt, rootUrl: root.value })
  }

  let api = open()
  return {
    send: <A>(call: (api: sheets_v4.Sheets, signal: AbortSignal) => Promise<A>) =>
      Effect.tryPromise({ try: (signal) => call(api, signal), catch: failureOf }),
    renew: Effect.sync(() => void (api = open())),
  }
})
