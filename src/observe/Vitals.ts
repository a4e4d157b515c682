/**
 * Signs of life: when each line to the outside last worked, and how it last failed. They are in
 * memory only, so that an admin can ask for them while disk and network are down.
 *
 * They are kept by the time that goes by, and told by the clock on the wall as it is set when
 * somebody asks: so their ages are right, whatever that clock was set to meanwhile.
 */
import { Context, Effect, Layer, Ref } from "effect"
import { bothTimes, elapsed } from "./elapsed.ts"

/** The Journal, updates from Telegram, the heartbeat, or a spreadsheet by its id. */
type Line = "journal" | "telegram" | "heartbeat" | `sheets:${string}`

/** The kind of a failure, without its message: a library may quote secrets in it. */
export type Failure =
  /** There was no answer, or none that could be understood. */
  | "silent"
  /** Too many requests. */
  | "limited"
  | "denied"
  | "missing"
  | "refused"
  /** Another program works with the same token or spreadsheet. */
  | "taken"

/** What is known of one line; `null` means never since the start. */
export interface Pulse {
  readonly workedAt: number | null
  readonly failedAt: number | null
  readonly failure: Failure | null
}

/** What the writes to a spreadsheet wait for, and since when any of them does. */
export interface WriteWait {
  /**
   * `guard`: Google shall say whether a write without an answer was made. `limiter`: Google asked
   * for a pause. `outage`: Google does not answer at all.
   */
  readonly on: "guard" | "limiter" | "outage"
  readonly since: number
}

/** Numbers that are read when somebody asks. */
type Gauge =
  /** Updates that were taken and are not handled yet. */
  | "updates"
  /** Until when no request to Google starts, because Google asked for that. */
  | "sheetsPausedUntil"
  /** How many requests of a kind to Google may still start within these sixty seconds. */
  | "sheetsReadsLeft"
  | "sheetsWritesLeft"
  /** When what was confirmed is written next. */
  | "nextFlushAt"
  /** When the newest backup was made; 0 where there is none yet. */
  | "backupAt"

export class Vitals extends Context.Service<
  Vitals,
  {
    /** When this process started; like all other times by the clock on the wall. */
    readonly startedAt: Effect.Effect<number>
    worked(line: Line): Effect.Effect<void>
    failed(line: Line, failure: Failure): Effect.Effect<void>
    pulse(line: Line): Effect.Effect<Pulse>
    /** The writes to the spreadsheet wait for that from now on; `null`: for nothing. */
    writesWait(spreadsheet: string, on: WriteWait["on"] | null): Effect.Effect<void>
    /** `null` where they wait for nothing. */
    writeWait(spreadsheet: string): Effect.Effect<WriteWait | null>
    /** Replaces an earlier way to measure the gauge. */
    measure(gauge: Gauge, value: Effect.Effect<number>): Effect.Effect<void>
    /** `null` where nobody measures it. */
    gauge(gauge: Gauge): Effect.Effect<number | null>
  }
>()("account-bot/observe/Vitals") {
  /** Several layers provide this one, and by its reference they all share one instance. */
  static readonly layer = Layer.effect(
    Vitals,
    Effect.gen(function* () {
      const startedAt = yield* elapsed
      const pulses = yield* Ref.make<ReadonlyMap<Line, Pulse>>(new Map())
      const gauges = yield* Ref.make<ReadonlyMap<Gauge, Effect.Effect<number>>>(new Map())

      const waits = yield* Ref.make<ReadonlyMap<string, WriteWait>>(new Map())

      const writesWait = (spreadsheet: string, on: WriteWait["on"] | null) =>
        Effect.flatMap(elapsed, (now) =>
          Ref.update(waits, (all) => {
            const next = new Map(all)
            if (on === null) next.delete(spreadsheet)
            else next.set(spreadsheet, { on, since: all.get(spreadsheet)?.since ?? now })
            return next
          }),
        )

      const note = (line: Line, change: (at: number) => Partial<Pulse>) =>
        Effect.flatMap(elapsed, (at) =>
          Ref.update(pulses, (all) =>
            new Map(all).set(line, { ...(all.get(line) ?? never), ...change(at) }),
          ),
        )

      return Vitals.of({
        startedAt: Effect.map(onTheWall, (told) => told(startedAt)),
        worked: (line) => note(line, (workedAt) => ({ workedAt })),
        failed: (line, failure) => note(line, (failedAt) => ({ failedAt, failure })),
        pulse: (line) =>
          Effect.zipWith(Ref.get(pulses), onTheWall, (all, told) => {
            const { workedAt, failedAt, failure } = all.get(line) ?? never
            return {
              workedAt: workedAt === null ? null : told(workedAt),
              failedAt: failedAt === null ? null : told(failedAt),
              failure,
            }
          }),
        writesWait,
        writeWait: (spreadsheet) =>
          Effect.zipWith(Ref.get(waits), onTheWall, (all, told) => {
            const wait = all.get(spreadsheet)
            return wait === undefined ? null : { on: wait.on, since: told(wait.since) }
          }),
        measure: (gauge, value) => Ref.update(gauges, (all) => new Map(all).set(gauge, value)),
        gauge: (gauge) =>
          Effect.flatMap(Ref.get(gauges), (all) => all.get(gauge) ?? Effect.succeed(null)),
      })
    }),
  )
}

/** Tells a moment of the time that goes by as the clock on the wall does now. */
const onTheWall = Effect.map(
  bothTimes,
  ({ wall, gone }) =>
    (at: number) =>
      wall - (gone - at),
)

const never: Pulse = { workedAt: null, failedAt: null, failure: null }

/** Whether the line failed after it last worked. */
export const isFailing = ({ workedAt, failedAt }: Pulse): boolean =>
  failedAt !== null && (workedAt === null || failedAt > workedAt)
