/**
 * The Google Sheets API and Google's token endpoint over HTTP, as far as the bot uses them.
 *
 * Access tokens are made up, given for any JWT assertion, and accepted as long as this layer
 * lives: a call without one is refused as Google refuses it.
 */
import { Effect, Random, Ref, Result } from "effect"
import { HttpRouter, HttpServerRequest } from "effect/http"
import { Calls } from "./Calls.ts"
import { exchange, type Reply } from "./Exchange.ts"
import { type Fault, Faults } from "./Faults.ts"
import {
  type ApiCall,
  parseBody,
  parseCall,
  parseMetadataId,
  parseQuery,
} from "./spreadsheets/ApiCall.ts"
import { envelope, GoogleError, notFound } from "./spreadsheets/GoogleError.ts"
import { Workbooks } from "./spreadsheets/Workbooks.ts"

/** Adds `/v4/spreadsheets/…` and `/token` to the router. */
export const sheetsApiRoutes = HttpRouter.use(
  Effect.fnUntraced(function* (router) {
    const workbooks = yield* Workbooks
    const services = yield* Effect.context<Calls | Faults>()
    const tokens = yield* Ref.make<ReadonlySet<string>>(new Set())

    const api = Effect.gen(function* () {
      const request = yield* HttpServerRequest.HttpServerRequest
      const call = parseCall(request.method, request.url)
      const body = yield* bodyText
      const token = request.headers["authorization"]?.replace(/^Bearer /, "") ?? ""
      const respond = Effect.gen(function* () {
        if (!(yield* Ref.get(tokens)).has(token)) return yield* unauthenticated
        return yield* answer(workbooks, call, body)
      })
      const reply = Effect.match(respond, {
        onSuccess: (answered): Reply => ({ status: 200, body: answered }),
        onFailure: refused,
      })
      const params = paramsOf(call, body)
      return yield* exchange({ api: "sheets", method: call.method, params }, reply, (fault) =>
        plantedRefusal(fault, isRead(call)),
      )
    })

    const giveToken = Effect.gen(function* () {
      const given = Object.fromEntries(new URLSearchParams(yield* bodyText))
      const reply = Effect.gen(function* () {
        if (given["grant_type"] !== jwtBearer || (given["assertion"] ?? "") === "") {
          return unsupportedGrant
        }
        const token = yield* freshToken
        yield* Ref.update(tokens, (known) => new Set(known).add(token))
        return {
          status: 200,
          body: { access_token: token, expires_in: 3_600, token_type: "Bearer" },
        }
      })
      return yield* exchange({ api: "sheets", method: "token", params: given }, reply, (fault) =>
        plantedRefusal(fault, true),
      )
    })

    yield* router.add("*", "/v4/spreadsheets/*", Effect.provide(api, services))
    yield* router.add("POST", "/token", Effect.provide(giveToken, services))
  }),
)

const answer = (
  workbooks: Workbooks["Service"],
  call: ApiCall,
  body: string,
): Effect.Effect<object, GoogleError> =>
  Effect.gen(function* () {
    if (call.method === "unknown") return yield* notFound()
    const { spreadsheetId: id, item } = call
    const query = yield* Effect.fromResult(parseQuery(call.search))
    const options = query.fields === undefined ? {} : { fields: query.fields }
    switch (call.method) {
      case "spreadsheets.get": {
        const { includeGridData, ...rest } = query
        return yield* workbooks.get(id, { ...rest, includeGridData: includeGridData === "true" })
      }
      case "spreadsheets.batchUpdate":
        return yield* workbooks.batchUpdate(id, yield* Effect.fromResult(parseBody(body)), options)
      case "spreadsheets.values.get":
        return yield* workbooks.valuesGet(id, item, query)
      case "spreadsheets.values.batchGet":
        return yield* workbooks.valuesBatchGet(id, query.ranges ?? [], query)
      case "spreadsheets.developerMetadata.get": {
        const metadataId = yield* Effect.fromResult(parseMetadataId(item))
        return yield* workbooks.metadataGet(id, metadataId, options)
      }
      default:
        return yield* workbooks.metadataSearch(id, yield* Effect.fromResult(parseBody(body)))
    }
  })

const jwtBearer = "urn:ietf:params:oauth:grant-type:jwt-bearer"

/** The body, "" for one that breaks off: its client is gone, so the answer does not matter. */
const bodyText = Effect.flatMap(HttpServerRequest.HttpServerRequest, (request) =>
  Effect.orElseSucceed(request.text, () => ""),
)

const freshToken = Effect.map(
  Effect.replicateEffect(Random.nextIntBetween(0, 36 ** 5), 8),
  (parts) => `ya29.${parts.map((part) => part.toString(36).padStart(5, "0")).join("")}`,
)

const isRead = ({ method }: ApiCall): boolean => method !== "spreadsheets.batchUpdate"

const paramsOf = (call: ApiCall, body: string): object => ({
  spreadsheetId: call.spreadsheetId,
  ...(call.item === "" ? {} : { item: call.item }),
  ...Result.getOrElse(parseQuery(call.search), () => ({ search: call.search })),
  ...(body === "" ? {} : { requestBody: Result.getOrElse(parseBody(body), () => body) }),
})

const refused = (error: GoogleError): Reply => ({
  status: error.code,
  body: envelope(error),
  error: error.message,
})

const unsupportedGrant: Reply = {
  status: 400,
  body: { error: "unsupported_grant_type", error_description: "Invalid grant_type: " },
  error: "unsupported_grant_type",
}

const unauthenticated = new GoogleError({
  code: 401,
  status: "UNAUTHENTICATED",
  message:
    "Request had invalid authentication credentials. Expected OAuth 2 access token, login cookie or other valid authentication credential. See https://developers.google.com/identity/sign-in/web/devconsole-project.",
})

/** What Google says with a status that was planted. */
const plantedRefusal = (fault: Fault, read: boolean): Reply => {
  const status = fault.status ?? 503
  if (status === 502) return { status, body: badGateway, contentType: "text/html", error: "HTML" }
  if (status === 401) return refused(unauthenticated)
  if (status === 429) {
    const reply = refused(quotaExceeded(read))
    return fault.retryAfter === undefined
      ? reply
      : { ...reply, headers: { "retry-after": String(fault.retryAfter) } }
  }
  const [name, message] = wordings[status] ?? (status < 500 ? wordings[400] : wordings[500]) ?? []
  return refused(new GoogleError({ code: status, status: name ?? "", message: message ?? "" }))
}

const wordings: Record<number, readonly [status: string, message: string]> = {
  400: ["INVALID_ARGUMENT", "Request contains an invalid argument."],
  403: ["PERMISSION_DENIED", "The caller does not have permission"],
  404: ["NOT_FOUND", "Requested entity was not found."],
  500: ["INTERNAL", "Internal error encountered."],
  503: ["UNAVAILABLE", "The service is currently unavailable."],
  504: ["DEADLINE_EXCEEDED", "Deadline expired before operation could complete."],
}

const badGateway =
  "<!DOCTYPE html>\n<html lang=en><title>Error 502 (Server Error)!!1</title>\n" +
  "<p><b>502.</b> <ins>That’s an error.</ins>\n<p>The server encountered a temporary error and " +
  "could not complete your request.<p>Please try again in 30 seconds.</html>\n"

const quotaExceeded = (read: boolean): GoogleError => {
  const kind = read ? "Read" : "Write"
  const consumer = "project_number:123"
  return new GoogleError({
    code: 429,
    status: "RESOURCE_EXHAUSTED",
    message: `Quota exceeded for quota metric '${kind} requests' and limit '${kind} requests per minute per user' of service 'sheets.googleapis.com' for consumer '${consumer}'.`,
    details: [
      {
        "@type": "type.googleapis.com/google.rpc.ErrorInfo",
        reason: "RATE_LIMIT_EXCEEDED",
        domain: "googleapis.com",
        metadata: {
          quota_metric: `sheets.googleapis.com/${kind.toLowerCase()}_requests`,
          quota_location: "global",
          service: "sheets.googleapis.com",
          quota_unit: "1/min/{project}/{user}",
          quota_limit: `${kind}RequestsPerMinutePerUser`,
          consumer,
          quota_limit_value: "60",
        },
      },
      {
        "@type": "type.googleapis.com/google.rpc.Help",
        links: [
          {
            description: "Request a higher quota limit.",
            url: "https://cloud.google.com/docs/quotas/help/request_increase",
          },
        ],
      },
    ],
  })
}
