/**
 * Brings one journaled write to an end: it is applied exactly once, or certainly never.
 *
 * While the outcome is unclear, it asks Google for the guard and sends the same body again, for as
 * long as it takes. A write that shall not happen any more gives its number to an empty write, the
 * VOID, so that an attempt that is still under way is refused when it lands.
 */
import { Duration, Effect, Option, Ref, Result } from "effect"
import type { Alarms } from "../observe/Alarms.ts"
import type { Vitals } from "../observe/Vitals.ts"
import type { Intent } from "../store/Journal.ts"
import {
  decodeMark,
  type GuardedBody,
  guardId,
  guardRequest,
  isPruneAt,
  withoutPrunes,
} from "./GuardChain.ts"
import type { Urgency } from "./RateLimiter.ts"
import type { BatchAnswer, SheetsClient } from "./SheetsClient.ts"
import { SheetsError } from "./SheetsError.ts"

/**
 * What Google shall answer; the same for every write, so that it need not be kept with the body.
 */
export const answerMask =
  "replies,updatedSpreadsheet(sheets(properties(sheetId,title,gridProperties),basicFilter," +
  "data(startRow,startColumn,rowData(values(userEnteredValue,effectiveValue,formattedValue,note," +
  "userEnteredFormat/numberFormat)))))"

/** A write that is in the journal and not settled. */
export interface OpenWrite {
  readonly intent: Intent
  readonly body: GuardedBody
  /** An attempt was under way without an answer, so that it may have been applied or still be. */
  readonly isUnsure: Ref.Ref<boolean>
  /** What Google answered when the write was applied, unless that is lost. */
  readonly answer: Ref.Ref<Option.Option<BatchAnswer>>
}

export type SendOutcome =
  | { readonly _tag: "Applied"; readonly answer: Option.Option<BatchAnswer> }
  /** The write was certainly not applied. `burnt`: the VOID stands under its number. */
  | { readonly _tag: "Void"; readonly error: SheetsError; readonly burnt: boolean }

interface Progress {
  readonly mode: "original" | "void"
  /** What is done next: send the body, or ask for the guard. */
  readonly step: "send" | "ask"
  readonly body: GuardedBody
  /** Why the write is given up, or the last thing that went wrong. */
  readonly error: SheetsError
  /** How many attempts and questions had no answer. */
  readonly looks: number
  /** The write shall not happen any more, and `error` says why. */
  readonly isGivenUp: boolean
  /** Old guards were removed, because there was no room for this one. */
  readonly roomMade: boolean
}

interface SendServices {
  readonly client: SheetsClient["Service"]
  readonly alarms: Alarms["Service"]
  readonly vitals: Vitals["Service"]
  /** The name of this writer in the guards. */
  readonly instance: string
  /** Fails when somebody else writes here; reads only if the last proof is some minutes old. */
  readonly prove: (urgency: Urgency) => Effect.Effect<void, SheetsError>
  /** Removes old guards; answers whether there were any. */
  readonly makeRoom: (urgency: Urgency) => Effect.Effect<boolean, SheetsError>
}

/** Makes the function that brings a write to its end. */
export const makeGuardedSend = ({
  client,
  alarms,
  vitals,
  instance,
  prove,
  makeRoom,
}: SendServices) => {
  const batch = (open: OpenWrite, body: GuardedBody, urgency: Urgency) =>
    client.batchUpdate(open.intent.spreadsheet, body, { fields: answerMask, urgency })

  /** An attempt that is interrupted while it is under way counts as unclear. */
  const attempt = Effect.fnUntraced(function* (
    open: OpenWrite,
    body: GuardedBody,
    urgency: Urgency,
  ) {
    const before = yield* Ref.getAndSet(open.isUnsure, true)
    const result = yield* Effect.result(batch(open, body, urgency))
    if (Result.isSuccess(result)) return result
    const { _tag } = result.failure.reason
    yield* Ref.set(open.isUnsure, before || _tag === "Unsure" || _tag === "GuardTaken")
    return result
  })

  const send = Effect.fnUntraced(function* (open: OpenWrite, urgency: Urgency, now: Progress) {
    if (yield* Ref.get(open.isUnsure)) {
      // If this process slept for long, the write may have been applied and its guard be gone.
      const proof = yield* Effect.result(prove(urgency))
      if (Result.isFailure(proof)) return yield* later(open, now, proof.failure)
    }
    const body = now.mode === "void" ? voidBody(open, instance) : now.body
    const result = yield* attempt(open, body, urgency)
    if (Result.isSuccess(result)) {
      if (now.mode === "void") return voided(now.error, true)
      yield* Ref.set(open.answer, Option.some(result.success))
      return applied(Option.some(result.success))
    }
    const error = result.failure
    switch (error.reason._tag) {
      case "Quota":
        // The limiter waits before the next attempt.
        yield* vitals.writesWait(open.intent.spreadsheet, "limiter")
        yield* tellIfLong(open, now)
        return { ...now, looks: now.looks + 1 }
      case "GuardTaken":
      case "Unsure":
        return { ...now, step: "ask" as const, error: now.isGivenUp ? now.error : error }
      case "Refused":
        if (isPruneAt(body, error.reason.request)) return { ...now, body: withoutPrunes(body) }
        if (!now.roomMade && isGuardRefused(error.reason)) {
          const roomMade = yield* Effect.orElseSucceed(makeRoom(urgency), () => false)
          if (roomMade) return { ...now, roomMade }
        }
        break
      default:
        break
    }
    const unclear = yield* Ref.get(open.isUnsure)
    if (error.reason._tag === "Refused" && isLateRange(error.reason.message)) {
      yield* Ref.set(open.isUnsure, true)
      return { ...now, step: "ask" as const, error, isGivenUp: true }
    }
    if (now.mode === "original" && !unclear) return voided(error, false)
    if (now.mode === "void" || error.reason._tag !== "Refused") return yield* error
    return { ...now, mode: "void" as const, error, isGivenUp: true }
  })

  const ask = Effect.fnUntraced(function* (open: OpenWrite, urgency: Urgency, now: Progress) {
    const { intent } = open
    // Where Google did not answer the last question either, it is more than one lost answer.
    if (now.looks === 0) yield* vitals.writesWait(intent.spreadsheet, "guard")
    const found = yield* Effect.result(
      client.metadata(intent.spreadsheet, guardId(intent.seq), urgency),
    )
    if (Result.isFailure(found)) return yield* later(open, now, found.failure)
    if (Option.isSome(found.success)) {
      const mark = Option.getOrUndefined(decodeMark(found.success.value))
      if (mark?.token !== intent.token) {
        return yield* new SheetsError({
          method: "metadata",
          spreadsheet: intent.spreadsheet,
          reason: { _tag: "AnotherWriter" },
        })
      }
      return mark.kind === "void" ? voided(now.error, true) : applied(Option.none())
    }
    // The rows of a correction may have moved by now: it is given up, and they are looked up anew.
    const giveUp = now.isGivenUp || intent.kind === "correction"
    if (now.mode === "original" && giveUp) {
      return { ...now, mode: "void" as const, step: "send" as const, isGivenUp: true }
    }
    yield* tellIfLong(open, now)
    // The same bytes again do no harm: an attempt that lands late finds the guard taken.
    yield* Effect.sleep(backoff(now.looks))
    return { ...now, step: "send" as const, looks: now.looks + 1 }
  })

  /** Asks again after a while, where a question had no answer. */
  const later = Effect.fnUntraced(function* (open: OpenWrite, now: Progress, error: SheetsError) {
    if (error.reason._tag !== "Unsure" && error.reason._tag !== "Quota") return yield* error
    const on = error.reason._tag === "Quota" ? "limiter" : "outage"
    yield* vitals.writesWait(open.intent.spreadsheet, on)
    yield* tellIfLong(open, now)
    yield* Effect.sleep(backoff(now.looks))
    return { ...now, looks: now.looks + 1 }
  })

  /** Tells the admins of a write that has no answer for long. */
  const tellIfLong = ({ intent: { spreadsheet } }: OpenWrite, { looks }: Progress) =>
    looks === looksBeforeAlarm
      ? alarms.raise({ _tag: "SheetsUnavailable", spreadsheet, reason: "unreachable" })
      : Effect.void

  const clearAlarm = (spreadsheet: string) =>
    alarms.clear({ _tag: "SheetsUnavailable", spreadsheet, reason: "unreachable" })

  return Effect.fnUntraced(function* (open: OpenWrite, urgency: Urgency) {
    const known = yield* Ref.get(open.answer)
    if (Option.isSome(known)) return applied(known)
    const unsure = yield* Ref.get(open.isUnsure)
    let now: Progress | SendOutcome = begun(open, unsure ? "ask" : "send")
    while (!("_tag" in now)) {
      now = yield* now.step === "send" ? send(open, urgency, now) : ask(open, urgency, now)
    }
    yield* clearAlarm(open.intent.spreadsheet)
    yield* vitals.writesWait(open.intent.spreadsheet, null)
    return now
  })
}

const begun = (open: OpenWrite, step: Progress["step"]): Progress => ({
  mode: "original",
  step,
  body: open.body,
  error: unclearError(open),
  looks: 0,
  isGivenUp: false,
  roomMade: false,
})

const applied = (answer: Option.Option<BatchAnswer>): SendOutcome => ({ _tag: "Applied", answer })
const voided = (error: SheetsError, burnt: boolean): SendOutcome => ({ _tag: "Void", error, burnt })

/** After so many attempts and questions without an answer the admins are told. */
const looksBeforeAlarm = 3

/** The pause after so many attempts without an answer: 2, 4, 8 … 64 seconds. */
const backoff = (looks: number) => Duration.seconds(Math.min(2 ** (looks + 1), 64))

/** Whether Google has no room for the guard. What it says then is unconfirmed. */
export const isGuardRefused = ({ request, message }: { request: number | null; message: string }) =>
  request === 0 || (request === null && /metadata/i.test(message))

/**
 * Whether only a tab of the response ranges is missing. It is unconfirmed whether Google looks for
 * it before or after it applies the batch, so this leaves the outcome unclear.
 */
export const isLateRange = (message: string) => message.startsWith("Unable to parse range")

const voidBody = ({ intent }: OpenWrite, instance: string): GuardedBody => {
  const { seq, token, openedAt } = intent
  const at = Math.floor(openedAt / 1000)
  return { requests: [guardRequest({ seq, at, token, kind: "void", instance })] }
}

const unclearError = ({ intent: { spreadsheet } }: OpenWrite) =>
  new SheetsError({
    method: "batchUpdate",
    spreadsheet,
    reason: { _tag: "Unsure", cause: "network", status: null },
  })
