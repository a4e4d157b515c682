/**
 * The few calls to Google Sheets that the protocols need, behind the limits on requests.
 *
 * Writes are sent once: whether to send again is the guard's decision. Reads are repeated twice
 * after a failure that may pass. What Google answers is decoded here, at the edge; in its answers
 * members that are zero or empty are left out.
 */
import {
  Context,
  Effect,
  FileSystem,
  Layer,
  Option,
  Predicate,
  Redacted,
  Result,
  Schedule,
  Schema,
} from "effect"
import { auth, sheets, type sheets_v4 } from "googleapis/build/src/apis/sheets/index.js"
import { Settings } from "../config/Settings.ts"
import { type ClockSkew, makeClockSkew } from "../observe/clockSkew.ts"
import { countingCalls } from "../observe/metrics.ts"
import { traced } from "../observe/traced.ts"
import { type Failure, Vitals } from "../observe/Vitals.ts"
import { Tenure } from "../store/Ownership.ts"
import { type Call, RateLimiter, type Urgency } from "./RateLimiter.ts"
import { reasonOf, SheetsError, type SheetsReason } from "./SheetsError.ts"

const optional = Schema.optionalKey

const ExtendedValue = Schema.Struct({
  stringValue: optional(Schema.String),
  numberValue: optional(Schema.Finite),
  boolValue: optional(Schema.Boolean),
  formulaValue: optional(Schema.String),
  errorValue: optional(Schema.Unknown),
})

export const CellData = Schema.Struct({
  userEnteredValue: optional(ExtendedValue),
  effectiveValue: optional(ExtendedValue),
  formattedValue: optional(Schema.String),
  note: optional(Schema.String),
  userEnteredFormat: optional(
    Schema.Struct({
      numberFormat: optional(
        Schema.Struct({ type: optional(Schema.String), pattern: optional(Schema.String) }),
      ),
    }),
  ),
})
export type CellData = typeof CellData.Type

const GridData = Schema.Struct({
  startRow: optional(Schema.Int),
  startColumn: optional(Schema.Int),
  rowData: optional(Schema.Array(Schema.Struct({ values: optional(Schema.Array(CellData)) }))),
})

/** Rows and columns count from 0, and the ends do not belong to it; an absent bound is open. */
const GridRange = Schema.Struct({
  startRowIndex: optional(Schema.Int),
  endRowIndex: optional(Schema.Int),
  startColumnIndex: optional(Schema.Int),
  endColumnIndex: optional(Schema.Int),
})
export type GridRange = typeof GridRange.Type

export const SheetPart = Schema.Struct({
  properties: Schema.Struct({
    sheetId: Schema.Int.pipe(Schema.withDecodingDefaultKey(Effect.succeed(0))),
    title: Schema.String,
    gridProperties: optional(
      Schema.Struct({ rowCount: optional(Schema.Int), columnCount: optional(Schema.Int) }),
    ),
  }),
  data: optional(Schema.Array(GridData)),
  merges: optional(Schema.Array(GridRange)),
  tables: optional(
    Schema.Array(Schema.Struct({ name: optional(Schema.String), range: optional(GridRange) })),
  ),
  protectedRanges: optional(
    Schema.Array(
      Schema.Struct({
        range: optional(GridRange),
        warningOnly: optional(Schema.Boolean),
        requestingUserCanEdit: optional(Schema.Boolean),
      }),
    ),
  ),
})
export type SheetPart = typeof SheetPart.Type

export const BookAnswer = Schema.Struct({
  properties: optional(Schema.Struct({ locale: optional(Schema.String) })),
  sheets: optional(Schema.Array(SheetPart)),
})
export type BookAnswer = typeof BookAnswer.Type

export const BatchAnswer = Schema.Struct({
  replies: optional(
    Schema.Array(
      Schema.Struct({
        findReplace: optional(
          Schema.Struct({
            occurrencesChanged: optional(Schema.Int),
            valuesChanged: optional(Schema.Int),
            formulasChanged: optional(Schema.Int),
          }),
        ),
      }),
    ),
  ),
  updatedSpreadsheet: optional(BookAnswer),
})
export type BatchAnswer = typeof BatchAnswer.Type

/** The unformatted value of a cell: a date is a serial number, a blank cell is "". */
export type Plain = string | number | boolean

const isPlain = (cell: unknown): cell is Plain =>
  typeof cell === "string" || typeof cell === "boolean" || Number.isFinite(cell)

/** The rows of a range as unformatted values, cut off after the last one that has something. */
export type Values = ReadonlyArray<ReadonlyArray<Plain>>

const isRow = (row: unknown): row is ReadonlyArray<Plain | null> =>
  Array.isArray(row) && row.every((cell) => cell === null || isPlain(cell))

/** Looked at as a whole: a schema for each row would hold everybody up where a tab is long. */
const Rows = Schema.declare(
  (rows): rows is ReadonlyArray<ReadonlyArray<Plain | null>> =>
    Array.isArray(rows) && rows.every(isRow),
)

export const ValuesAnswer = Schema.Struct({
  valueRanges: optional(Schema.Array(Schema.Struct({ values: optional(Rows) }))),
})

export const Metadata = Schema.Struct({
  metadataId: Schema.Int,
  metadataValue: optional(Schema.String),
})
export type Metadata = typeof Metadata.Type

export const MetadataFound = Schema.Struct({
  matchedDeveloperMetadata: optional(Schema.Array(Schema.Struct({ developerMetadata: Metadata }))),
})

/** A call as it goes over the wire, without the spreadsheet. */
export const PlainCall = Schema.Union([
  Schema.Struct({
    method: Schema.Literal("batchUpdate"),
    fields: Schema.String,
    body: Schema.Record(Schema.String, Schema.Unknown),
  }),
  Schema.Struct({
    method: Schema.Literal("get"),
    fields: Schema.String,
    ranges: Schema.Array(Schema.String),
  }),
  Schema.Struct({ method: Schema.Literal("metadata"), id: Schema.Int }),
])
export type PlainCall = typeof PlainCall.Type

export const PlainAnswer = Schema.Struct({
  status: Schema.Int,
  body: Schema.Unknown,
  /** The header of that name, where there is one. */
  retryAfter: optional(Schema.String),
})
export type PlainAnswer = typeof PlainAnswer.Type

/** The credentials cannot be used. Says what is wrong, never what stands there. */
class CredentialsInvalid extends Schema.TaggedError<CredentialsInvalid>()("CredentialsInvalid", {
  problem: Schema.String,
}) {
  override get message() {
    return `GOOGLE_CREDENTIALS_JSON: ${this.problem}`
  }
}

export class SheetsClient extends Context.Service<
  SheetsClient,
  {
    /**
     * One write, which is applied whole or not at all. An answer that cannot be read is `Unsure`.
     */
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
    /** Reads all ranges in one request. */
    values(
      spreadsheet: string,
      ranges: ReadonlyArray<string>,
      urgency: Urgency,
    ): Effect.Effect<ReadonlyArray<Values>, SheetsError>
    /** The value of the developer metadata with that id, if there is one. */
    metadata(
      spreadsheet: string,
      id: number,
      urgency: Urgency,
    ): Effect.Effect<Option.Option<string>, SheetsError>
    /** All developer metadata with that key. */
    searchMetadata(
      spreadsheet: string,
      key: string,
      urgency: Urgency,
    ): Effect.Effect<ReadonlyArray<Metadata>, SheetsError>
    /**
     * A call and its answer as they are, also where Google says no: for whoever looks at how Google
     * behaves. Not repeated. Fails where the answer is none, or says nothing about the call itself.
     */
    plain(
      spreadsheet: string,
      call: PlainCall,
      urgency: Urgency,
    ): Effect.Effect<PlainAnswer, SheetsError>
    /** How far the clock here is ahead of Google's, by the last answer, be it a refusal. */
    readonly clockAhead: ClockSkew["ahead"]
  }
>()("account-bot/sheets/SheetsClient") {
  static readonly layerNoDeps = Layer.effect(
    SheetsClient,
    Effect.gen(function* () {
      const limiter = yield* RateLimiter
      const vitals = yield* Vitals
      const { proven } = yield* Tenure
      const google = yield* connect

      const withToken = renewing(google)

      const call = <S extends Schema.ConstraintCodec<unknown, unknown>>(
        spreadsheet: string,
        method: string,
        limits: Call,
        schema: S,
        send: (api: sheets_v4.Sheets, options: Options) => Promise<Answered>,
      ): Effect.Effect<S["Type"], SheetsError> => {
        const failed = (reason: SheetsReason) => new SheetsError({ method, spreadsheet, reason })
        const once = google
          .attempt((api, signal) =>
            send(api, { timeout: timeouts[limits.bucket], retry: false, signal }),
          )
          .pipe(
            Effect.mapError(({ reason }) => failed(reason)),
            // The answer may be a long tab. Its text was parsed at one go, and others wait since.
            Effect.tap(() => Effect.yieldNow),
            Effect.flatMap(({ data }) =>
              // The cause is left out, since it quotes the answer, which holds cells.
              Effect.mapError(Schema.decodeUnknownEffect(schema)(data), () =>
                failed({ _tag: "Unsure", cause: "answer", status: null }),
              ),
            ),
            countingCalls("google", method, (error) =>
              isNoSuchMetadata(error) ? "ok" : error.reason._tag,
            ),
            // Its turn may have come late, and the bot be another process's by now.
            (sending) => Effect.andThen(proven("lately"), sending),
          )
        const limited = withToken(limiter.run(limits, once)).pipe(
          Effect.tap(() => vitals.worked(`sheets:${spreadsheet}`)),
          Effect.tapError((error) => {
            const failure = failureIn(error, limits)
            return failure === undefined
              ? vitals.worked(`sheets:${spreadsheet}`)
              : vitals.failed(`sheets:${spreadsheet}`, failure)
          }),
        )
        return (limits.bucket === "read" ? Effect.retry(limited, readAgain) : limited).pipe(
          traced(`Google.${method}`, { kind: "client" }),
        )
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
        ).pipe(
          Effect.tap(() => Effect.yieldNow),
          Effect.map((answer) => plainValues(answer, ranges.length)),
          Effect.tap(() => Effect.yieldNow),
        )

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

      return SheetsClient.of({
        plain: makePlain(google, (limits, once) => withToken(limiter.run(limits, once))),
        batchUpdate,
        get,
        values,
        metadata,
        searchMetadata,
        clockAhead: google.clockAhead,
      })
    }),
  )

  static readonly layer = this.layerNoDeps.pipe(
    Layer.provide(Layer.merge(RateLimiter.layer, Vitals.layer)),
  )
}

/** Google gives up a request after three minutes, but few take ten seconds. */
const timeouts = { read: 30_000, write: 60_000 } as const

const readAgain = {
  times: 2,
  schedule: Schedule.jittered(Schedule.exponential("1 second")),
  while: ({ reason }: SheetsError) => reason._tag === "Unsure" || reason._tag === "Quota",
}

interface Options {
  readonly timeout: number
  readonly retry: false
  readonly signal: AbortSignal
}

/** What Google's library gives of an answer. */
interface Answered {
  readonly data: unknown
  readonly headers?: unknown
}

/** Google's library has headers of a class of its own, which is not the global `Headers`. */
const headerIn = (headers: unknown, name: string): string | undefined => {
  if (!Predicate.hasProperty(headers, "get") || !Predicate.isFunction(headers.get)) return undefined
  const found: unknown = headers.get(name)
  return typeof found === "string" ? found : undefined
}

/** How a call failed, and what Google said against it. */
interface Failed {
  readonly reason: SheetsReason
  readonly refusal: PlainAnswer | undefined
}

/** Google's library behind effects. `renew` gives up its token, so that it asks for a new one. */
const connect = Effect.gen(function* () {
  const settings = yield* Settings
  const fs = yield* FileSystem.FileSystem
  const { email, key } = yield* readCredentials(settings.googleCredentials).pipe(
    Effect.provideService(FileSystem.FileSystem, fs),
  )
  const root = Option.map(settings.sheetsRootUrl, (url) => `${url}/`)

  const open = () => {
    const jwt = new auth.JWT({ email, key: Redacted.value(key), scopes: [spreadsheetsScope] })
    const { request } = jwt.transporter.interceptors
    // A write may be called off while its token is asked for. The library would send it all the same,
    // and its client for HTTP ends the whole process where it is given a signal from before.
    request.add({
      resolved: (config) =>
        config.signal?.aborted === true
          ? Promise.reject(new DOMException("called off before it was sent", "AbortError"))
          : Promise.resolve(config),
    })
    if (Option.isNone(root)) return sheets({ version: "v4", auth: jwt })
    request.add({
      resolved: (config) => {
        if (config.url.href === tokenUrl) config.url = new URL("token", root.value)
        return Promise.resolve(config)
      },
    })
    return sheets({ version: "v4", auth: jwt, rootUrl: root.value })
  }

  const skew = yield* makeClockSkew
  let api = open()
  return {
    attempt: (call: (api: sheets_v4.Sheets, signal: AbortSignal) => Promise<Answered>) =>
      Effect.tryPromise({
        try: async (signal) => {
          const answer = await call(api, signal)
          skew.heard(headerIn(answer.headers, "date"))
          return answer
        },
        catch: (cause): Failed => {
          skew.heard(headerIn(responseOf(cause)?.headers, "date"))
          return { reason: failureOf(cause), refusal: refusalIn(cause) }
        },
      }),
    clockAhead: skew.ahead,
    renew: Effect.sync(() => void (api = open())),
  }
})

/** Once more with a new token, where Google does not take the one that it was given. */
const renewing =
  ({ renew }: Effect.Success<typeof connect>) =>
  <A>(self: Effect.Effect<A, SheetsError>) =>
    Effect.catchIf(self, isUnauthorised, () => Effect.andThen(renew, self))

/** `limited`: makes the call when it is its turn. */
const makePlain =
  (
    { attempt }: Effect.Success<typeof connect>,
    limited: <A>(
      limits: Call,
      once: Effect.Effect<A, SheetsError>,
    ) => Effect.Effect<A, SheetsError>,
  ): SheetsClient["Service"]["plain"] =>
  (spreadsheet, asked, urgency) =>
    Effect.suspend(() => {
      let said: PlainAnswer | undefined
      const bucket = asked.method === "batchUpdate" ? "write" : "read"
      const once = attempt((api, signal) =>
        sendPlain(api, spreadsheet, asked, { timeout: timeouts[bucket], retry: false, signal }),
      ).pipe(
        Effect.mapError(({ reason, refusal }) => {
          said = refusal
          return new SheetsError({ method: asked.method, spreadsheet, reason })
        }),
        Effect.map(({ data }): PlainAnswer => ({ status: 200, body: data })),
      )
      // The limiter has to see a refusal as what it is.
      return Effect.catch(limited({ bucket, urgency }, once), (error) =>
        said === undefined ? Effect.fail(error) : Effect.succeed(said),
      )
    })

const sendPlain = (
  api: sheets_v4.Sheets,
  spreadsheetId: string,
  asked: PlainCall,
  how: Options,
): Promise<Answered> => {
  switch (asked.method) {
    case "batchUpdate":
      return api.spreadsheets.batchUpdate(
        { spreadsheetId, fields: asked.fields, requestBody: asked.body },
        how,
      )
    case "get":
      return api.spreadsheets.get(
        { spreadsheetId, fields: asked.fields, ranges: [...asked.ranges] },
        how,
      )
    case "metadata":
      return api.spreadsheets.developerMetadata.get({ spreadsheetId, metadataId: asked.id }, how)
  }
}

/** What Google says against a call itself; nothing where it says no to whoever calls. */
const refusalIn = (cause: unknown): PlainAnswer | undefined => {
  const { status = 0, data, headers } = responseOf(cause) ?? {}
  if (![400, 404, 429].includes(status) || isTokenRefusal(data)) return undefined
  const retryAfter = headerIn(headers, "retry-after")
  return { status, body: data, ...(retryAfter === undefined ? {} : { retryAfter }) }
}

const spreadsheetsScope = "https://www.googleapis.com/auth/spreadsheets"
const tokenUrl = "https://oauth2.googleapis.com/token"

const isUnauthorised = ({ reason }: SheetsError) =>
  reason._tag === "Denied" && reason.status === 401

/** One list of rows for each range that was asked for. */
export const plainValues = (answer: typeof ValuesAnswer.Type, ranges: number) =>
  Array.from({ length: ranges }, (_, index): Values =>
    (answer.valueRanges?.[index]?.values ?? []).map((row) =>
      row.every((cell) => cell !== null) ? row : row.map((cell) => cell ?? ""),
    ),
  )

export const foundMetadata = (answer: typeof MetadataFound.Type): ReadonlyArray<Metadata> =>
  (answer.matchedDeveloperMetadata ?? []).map(({ developerMetadata }) => developerMetadata)

/** Whether only the metadata is missing, and not the spreadsheet itself. */
export const isNoSuchMetadata = ({ reason }: SheetsError) =>
  reason._tag === "NotFound" && /developer metadata/i.test(reason.message)

/** How Google failed; `undefined` where it did its work and the answer is "no". */
const failureIn = (error: SheetsError, { bucket }: Call): Failure | undefined => {
  const { _tag } = error.reason
  // The bot also reads tabs that are still to be made, and that is refused.
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

/** Rows of the first range that was asked of a sheet, as far down as they have something. */
export const rowsOf = (sheet: SheetPart | undefined): ReadonlyArray<ReadonlyArray<CellData>> =>
  sheet?.data?.[0]?.rowData?.map((row) => row.values ?? []) ?? []

/** What is used of a service account's key. */
const Credentials = Schema.Struct({
  email: Schema.NonEmptyString,
  key: Schema.RedactedFromValue(Schema.NonEmptyString),
}).pipe(Schema.encodeKeys({ email: "client_email", key: "private_key" }))

/**
 * The service account's key out of GOOGLE_CREDENTIALS_JSON: the JSON itself, the same in base64, or
 * the path of a file with it.
 */
export const readCredentials = Effect.fn("Credentials.read")(function* (
  setting: Redacted.Redacted,
) {
  const text = Redacted.value(setting)
  const json = Option.getOrElse(inPlace(text), () => undefined) ?? (yield* fromFile(text))
  const credentials = yield* Effect.mapError(
    decodeCredentials(json),
    ({ message }) => new CredentialsInvalid({ problem: message }),
  )
  // Env files and consoles often turn the line ends of the key into two characters.
  const key = Redacted.value(credentials.key).replaceAll("\\n", "\n")
  return { email: credentials.email, key: Redacted.make(key) }
})

/** The JSON, if the setting holds it and no path. */
const inPlace = (text: string): Option.Option<string> => {
  if (text.startsWith("{")) return Option.some(text)
  const decoded = /^[\w+/=\s-]+$/.test(text)
    ? Result.getOrElse(Schema.decodeResult(Schema.StringFromBase64)(text), () => "")
    : ""
  return decoded.trimStart().startsWith("{") ? Option.some(decoded) : Option.none()
}

const fromFile = Effect.fnUntraced(function* (path: string) {
  const fs = yield* FileSystem.FileSystem
  return yield* Effect.mapError(
    fs.readFileString(path),
    () =>
      new CredentialsInvalid({
        problem:
          "is neither the service account's JSON nor its base64, and no such file is readable",
      }),
  )
})

const decodeCredentials = Schema.decodeEffect(Schema.fromJsonString(Credentials))

/** The reason behind an error of Google's library. */
export const failureOf = (cause: unknown): SheetsReason => {
  const { response, code } = Option.getOrElse(
    decodeFailure(cause),
    (): typeof GoogleFailure.Type => ({}),
  )
  if (typeof code === "string" && /^ERR_(?:OSSL|CRYPTO)_/.test(code)) {
    // The key cannot sign a request, so nothing was sent.
    return { _tag: "Denied", status: 401, message: "the key cannot be used" }
  }
  if (response === undefined) {
    return { _tag: "Unsure", cause: code === "TimeoutError" ? "timeout" : "network", status: null }
  }
  const { status, data, headers } = response
  if (status < 400) return { _tag: "Unsure", cause: "answer", status }
  if (status < 500 && isTokenRefusal(data)) {
    return { _tag: "Denied", status, message: `the token was refused: ${data.error}` }
  }
  const { message, details = [] } = Option.match(decodeErrorBody(data), {
    onNone: (): (typeof ErrorBody.Type)["error"] => ({ message: `HTTP ${status}` }),
    onSome: ({ error }) => error,
  })
  const seconds = Number(headerIn(headers, "retry-after") ?? Number.NaN)
  const retryAfterMs = seconds > 0 ? seconds * 1000 : null
  return reasonOf(status, message, { retryAfterMs, perMinute: allowedPerMinute(details) })
}

/** The errors of Google's library, as far as they are read: their types say little. */
const GoogleFailure = Schema.Struct({
  code: Schema.optional(Schema.Unknown),
  response: Schema.optional(
    Schema.Struct({
      status: Schema.Int,
      data: Schema.optional(Schema.Unknown),
      headers: Schema.optional(Schema.Unknown),
    }),
  ),
})
const decodeFailure = Schema.decodeUnknownOption(GoogleFailure)

const responseOf = (cause: unknown) => Option.getOrUndefined(decodeFailure(cause))?.response

const ErrorBody = Schema.Struct({
  error: Schema.Struct({
    message: Schema.String,
    details: Schema.optional(Schema.Array(Schema.Unknown)),
  }),
})
/** The part of a refusal for the quota that says how many requests Google allows. */
const QuotaDetail = Schema.Struct({
  metadata: Schema.Struct({ quota_unit: Schema.String, quota_limit_value: Schema.String }),
})
const isQuotaDetail = Schema.is(QuotaDetail)
const TokenRefusal = Schema.Struct({ error: Schema.String })
const decodeErrorBody = Schema.decodeUnknownOption(ErrorBody)
const isTokenRefusal = Schema.is(TokenRefusal)

const allowedPerMinute = (details: ReadonlyArray<unknown>): number | null => {
  const quota = details.find(isQuotaDetail)?.metadata
  const value = Number(quota?.quota_limit_value)
  return quota?.quota_unit.startsWith("1/min") === true && value > 0 ? value : null
}
