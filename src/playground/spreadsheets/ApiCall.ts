/** Which call of the Sheets API an HTTP request is. */
import { Result, Schema } from "effect"
import { decoding } from "./Decoding.ts"
import { badField, type GoogleError, notFound } from "./GoogleError.ts"

const text = Schema.optionalKey(Schema.String)

const Query = Schema.Struct({
  fields: text,
  ranges: Schema.optionalKey(Schema.Array(Schema.String)),
  includeGridData: Schema.optionalKey(Schema.Literals(["true", "false"])),
  majorDimension: Schema.optionalKey(Schema.Literals(["ROWS", "COLUMNS"])),
  valueRenderOption: Schema.optionalKey(
    Schema.Literals(["FORMATTED_VALUE", "UNFORMATTED_VALUE", "FORMULA"]),
  ),
  dateTimeRenderOption: Schema.optionalKey(Schema.Literals(["SERIAL_NUMBER", "FORMATTED_STRING"])),
  alt: text,
  key: text,
  prettyPrint: text,
  quotaUser: text,
})
type Query = typeof Query.Type

/** The name of a call in the call log and in planted faults. */
type Method =
  | "spreadsheets.get"
  | "spreadsheets.batchUpdate"
  | "spreadsheets.values.get"
  | "spreadsheets.values.batchGet"
  | "spreadsheets.developerMetadata.get"
  | "spreadsheets.developerMetadata.search"
  | "unknown"

export interface ApiCall {
  readonly method: Method
  readonly spreadsheetId: string
  /** The range of `values.get`, the id of `developerMetadata.get`; empty otherwise. */
  readonly item: string
  /** Everything after the question mark, as it came. */
  readonly search: string
}

/** Reads `/v4/spreadsheets/…`; a path that is no call of this API is `unknown`. */
export const parseCall = (verb: string, url: string): ApiCall => {
  const question = url.indexOf("?")
  const path = question < 0 ? url : url.slice(0, question)
  const search = question < 0 ? "" : url.slice(question + 1)
  const [head = "", kind, ...rest] = path.slice(prefix.length).split("/")
  const colon = head.lastIndexOf(":")
  const spreadsheetId = decoded(colon < 0 ? head : head.slice(0, colon))
  const item = decoded(rest.join("/"))
  const name = [verb, colon < 0 ? "" : head.slice(colon), kind ?? "", item === "" ? "" : "item"]
  return { method: methods[name.join(" ")] ?? "unknown", spreadsheetId, item, search }
}

/** The parameters of a call; a failure is a parameter that Google would refuse. */
export const parseQuery = (search: string): Result.Result<Query, GoogleError> => {
  const given = new URLSearchParams(search)
  const single = Object.fromEntries(given)
  const ranges = given.getAll("ranges")
  const stranger = Object.keys(single).find((name) => !(name in Query.fields))
  if (stranger !== undefined) {
    const description = `Invalid JSON payload received. Unknown name "${stranger}": Cannot bind query parameter. Field '${stranger}' could not be found in request message.`
    return Result.fail(badField(description, "", description))
  }
  return decodeQuery({ ...single, ...(ranges.length === 0 ? {} : { ranges }) })
}

/** The body of a POST. */
export const parseBody = (body: string): Result.Result<unknown, GoogleError> =>
  Result.mapError(decodeJson(body), () => {
    const description = "Invalid JSON payload received. Unexpected token."
    return badField(description, "", description)
  })

export const parseMetadataId = (item: string): Result.Result<number, GoogleError> =>
  /^\d+$/.test(item) ? Result.succeed(Number(item)) : Result.fail(notFound())

const prefix = "/v4/spreadsheets/"

const methods: Record<string, Method> = {
  "GET   ": "spreadsheets.get",
  "POST :batchUpdate  ": "spreadsheets.batchUpdate",
  "GET  values item": "spreadsheets.values.get",
  "GET  values:batchGet ": "spreadsheets.values.batchGet",
  "GET  developerMetadata item": "spreadsheets.developerMetadata.get",
  "POST  developerMetadata:search ": "spreadsheets.developerMetadata.search",
}

const decodeQuery = decoding(Query)
const decodeJson = Schema.decodeUnknownResult(Schema.fromJsonString(Schema.Unknown))

const decoded = (encoded: string): string =>
  Result.getOrElse(
    Result.try(() => decodeURIComponent(encoded)),
    () => encoded,
  )
