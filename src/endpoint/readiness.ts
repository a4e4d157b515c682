/**
 * Whether the bot does its work: /readyz. It says less than /health in the chat, and says it to
 * programs. An outage of Google is no reason to be unready: people are served from the local stock,
 * and a restart would help nobody.
 */
import { Clock, Duration, Effect } from "effect"
import { heartbeatFresh, pollFresh, unwrittenLate } from "../config/Limits.ts"
import { Settings } from "../config/Settings.ts"
import { Alarms } from "../observe/Alarms.ts"
import { isFailing, type Pulse, Vitals } from "../observe/Vitals.ts"
import { Pools } from "../pool/Pools.ts"

interface Check {
  readonly ok: boolean
  readonly state: string
  /** Seconds since it last worked; absent where it never did. */
  readonly age?: number
}

export interface Readiness {
  readonly ready: boolean
  readonly checks: {
    readonly telegram: Check
    readonly sheets: Check
    readonly disk: Check
    readonly flush: Check
    readonly heartbeat: Check
  }
}

/** What the checks rest on; moments are by the clock on the wall. */
export interface Signs {
  readonly now: number
  readonly startedAt: number
  readonly telegram: Pulse
  readonly journal: Pulse
  readonly heartbeat: Pulse
  readonly sheets: ReadonlyArray<Pulse>
  readonly diskRefuses: boolean
  /** Since when the oldest status waits for the sheet; `null` where none does. */
  readonly unwrittenSince: number | null
}

export const readinessOf = (signs: Signs): Readiness => {
  const checks = {
    telegram: telegramCheck(signs),
    sheets: sheetsCheck(signs),
    disk: diskCheck(signs),
    flush: flushCheck(signs),
    heartbeat: heartbeatCheck(signs),
  }
  return { ready: Object.values(checks).every(({ ok }) => ok), checks }
}

const check = (ok: boolean, state: string, workedAt: number | null, now: number): Check => ({
  ok,
  state,
  ...(workedAt === null ? {} : { age: Math.max(0, Math.round((now - workedAt) / 1_000)) }),
})

const isWithin = (since: number, limit: Duration.Duration, now: number) =>
  now - since < Duration.toMillis(limit)

const telegramCheck = ({ telegram: { workedAt }, now }: Signs): Check => {
  if (workedAt === null) return check(false, "not reached yet", null, now)
  const isFresh = isWithin(workedAt, pollFresh, now)
  return check(isFresh, isFresh ? "reached" : "silent", workedAt, now)
}

const sheetsCheck = ({ sheets, now }: Signs): Check => {
  const oldest = sheets.reduce<number | null>(
    (found, { workedAt }) =>
      workedAt === null ? found : found === null ? workedAt : Math.min(found, workedAt),
    null,
  )
  if (sheets.some(isFailing)) return check(true, "outage, served from the local stock", oldest, now)
  const isKnown = sheets.every(({ workedAt }) => workedAt !== null)
  return check(isKnown, isKnown ? "reached" : "not reached yet", oldest, now)
}

const diskCheck = ({ diskRefuses, journal, now }: Signs): Check => {
  const refuses = diskRefuses || isFailing(journal)
  return check(!refuses, refuses ? "refuses" : "takes", journal.workedAt, now)
}

const flushCheck = ({ unwrittenSince, sheets, now }: Signs): Check => {
  if (unwrittenSince === null) return { ok: true, state: "nothing waits" }
  const isLate = !isWithin(unwrittenSince, unwrittenLate, now)
  if (!isLate) return check(true, "waits for its time", unwrittenSince, now)
  const isOutage = sheets.some(isFailing)
  return check(isOutage, isOutage ? "waits for Google" : "late", unwrittenSince, now)
}

const heartbeatCheck = ({ heartbeat: { workedAt }, startedAt, now }: Signs): Check => {
  const isFresh = isWithin(workedAt ?? startedAt, heartbeatFresh, now)
  return check(isFresh, isFresh ? "beats" : "missed", workedAt, now)
}

/** Looks at what memory knows; asks nobody outside. */
export const makeReadiness = Effect.gen(function* () {
  const pools = yield* Pools
  const alarms = yield* Alarms
  const vitals = yield* Vitals
  const { spreadsheetAccounts, spreadsheetIssued } = yield* Settings
  const spreadsheets = new Set([spreadsheetAccounts, spreadsheetIssued])
  // Whoever asks may go by another one.
  const clock = yield* Clock.Clock

  const unwrittenSince = Effect.gen(function* () {
    const moments: Array<number> = []
    for (const { id } of pools.resources) {
      const unwritten = [...(yield* pools.buffer(id)), ...(yield* pools.corrections(id))]
      for (const { mark, issuedAt } of unwritten) moments.push(mark?.at ?? issuedAt)
    }
    return moments.length === 0 ? null : Math.min(...moments)
  })

  return Effect.gen(function* () {
    const signs: Signs = {
      now: yield* clock.currentTimeMillis,
      startedAt: yield* vitals.startedAt,
      telegram: yield* vitals.pulse("telegram"),
      journal: yield* vitals.pulse("journal"),
      heartbeat: yield* vitals.pulse("heartbeat"),
      sheets: yield* Effect.forEach([...spreadsheets], (id) => vitals.pulse(`sheets:${id}`)),
      diskRefuses: (yield* alarms.raised).some(({ _tag }) => _tag === "StorageUnavailable"),
      unwrittenSince: yield* unwrittenSince,
    }
    return readinessOf(signs)
  })
})
