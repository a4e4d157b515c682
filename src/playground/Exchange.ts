/**
 * One API call over HTTP, as both emulators take it: noted in the call log, hit by the planted
 * fault if there is one, and answered.
 */
import * as NodeHttpServerRequest from "@effect/platform-node/NodeHttpServerRequest"
import { Cause, Clock, DateTime, Duration, Effect, Option } from "effect"
import { HttpServerRequest, HttpServerResponse } from "effect/http"
import { type Call, Calls } from "./Calls.ts"
import { type Fault, Faults } from "./Faults.ts"

export interface Reply {
  readonly status: number
  /** Sent as JSON, unless it is bytes or `contentType` says that the string is something else. */
  readonly body: unknown
  readonly headers?: Record<string, string>
  readonly contentType?: string
  /** Error text for the call log. */
  readonly error?: string
}

/**
 * Records the call, applies the planted fault, answers. `respond` runs at most once, and a
 * client that goes away does not interrupt it half-way: a part of it that only waits must say
 * `Effect.interruptible`. `refusal` words a planted status the way its API does.
 */
export const exchange = <R>(
  call: Pick<Call, "api" | "method" | "params">,
  respond: Effect.Effect<Reply, never, R>,
  refusal: (fault: Fault) => Reply,
): Effect.Effect<
  HttpServerResponse.HttpServerResponse,
  never,
  R | Calls | Faults | HttpServerRequest.HttpServerRequest
> =>
  Effect.uninterruptible(
    Effect.gen(function* () {
      const calls = yield* Calls
      const faults = yield* Faults
      const n = yield* calls.record(call)
      const apply = Effect.tapCause(respond, (cause) =>
        Cause.hasInterruptsOnly(cause)
          ? Effect.void
          : Effect.logError(`The emulator failed in ${call.method}`, cause),
      )
      const answer = (reply: Reply, fault?: Fault) =>
        calls.settle(n, outcome(reply, fault)).pipe(
          Effect.andThen(Clock.currentTimeMillis),
          Effect.map((now) => HttpServerResponse.setHeader(toResponse(reply), "date", dateOf(now))),
        )

      const planted = yield* faults.take(call.api, call.method)
      if (Option.isNone(planted)) return yield* Effect.flatMap(apply, (reply) => answer(reply))
      const fault = planted.value
      if (fault.kind === "status") return yield* answer(refusal(fault), fault)

      yield* calls.settle(n, { fault: fault.kind })
      const delay = Duration.millis(fault.delayMs ?? defaultDelayMs)
      if (fault.kind === "dropAfter") yield* apply
      if (fault.kind === "hang") yield* Effect.interruptible(Effect.sleep(delay))
      if (fault.kind === "lateApply") yield* Effect.forkDetach(Effect.delay(apply, delay))
      return yield* breakConnection
    }),
  )

const defaultDelayMs = 60_000

/** The clock of the demo may be days ahead of the one on the wall, which Node would name. */
const dateOf = (now: number) => DateTime.toDateUtc(DateTime.makeUnsafe(now)).toUTCString()

/** Resets the connection. The response returned here is never sent. */
const breakConnection = Effect.map(HttpServerRequest.HttpServerRequest, (request) => {
  NodeHttpServerRequest.toServerResponse(request).destroy()
  return HttpServerResponse.empty({ status: 499 })
})

const outcome = (
  reply: Reply,
  fault: Fault | undefined,
): Pick<Call, "status" | "error" | "fault"> => ({
  status: reply.status,
  ...(reply.error === undefined ? {} : { error: reply.error }),
  ...(fault === undefined ? {} : { fault: fault.kind }),
})

const toResponse = ({ status, body, headers, contentType }: Reply) => {
  const options = {
    status,
    ...(headers === undefined ? {} : { headers }),
    ...(contentType === undefined ? {} : { contentType }),
  }
  if (body instanceof Uint8Array) return HttpServerResponse.uint8Array(body, options)
  if (typeof body === "string" && contentType !== undefined) {
    return HttpServerResponse.text(body, options)
  }
  return HttpServerResponse.jsonUnsafe(body, options)
}
