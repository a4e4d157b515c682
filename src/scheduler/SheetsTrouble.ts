/**
 * Turns the failures of background work with a spreadsheet into alarms. Nothing is lost by such a
 * failure: the next round tries again.
 *
 * The admins are told of a refusal at once. Of a missing answer they are told when it lasts, since
 * Google has bad minutes.
 */
import { Context, Duration, Effect, Layer, Option, Ref } from "effect"
import { unreachableAfter } from "../config/Limits.ts"
import { type Alarm, alarmKey, Alarms } from "../observe/Alarms.ts"
import { survive } from "../observe/background.ts"
import { elapsed } from "../observe/elapsed.ts"
import type { SheetsError, SheetsReason } from "../sheets/SheetsError.ts"
import type { TabFailure } from "../sheets/Tabs.ts"

export class SheetsTrouble extends Context.Service<
  SheetsTrouble,
  {
    /**
     * Runs one round of some work; answers whether it went well. A failure becomes an alarm, which
     * is cleared when no work meets that trouble any more. A crash is only logged. `tab`: the only
     * one that the work changes, so that a refusal is about that tab.
     */
    watch<A, R>(
      work: string,
      round: Effect.Effect<A, TabFailure, R>,
      tab?: string,
    ): Effect.Effect<boolean, never, R>
  }
>()("account-bot/scheduler/SheetsTrouble") {
  static readonly layer = Layer.effect(
    SheetsTrouble,
    Effect.gen(function* () {
      const alarms = yield* Alarms
      /** The trouble that each work met in its last round. */
      const troubles = yield* Ref.make<ReadonlyMap<string, Trouble>>(new Map())

      /**
       * Remembers what the work meets now; clears the alarm if no other work has the former
       * trouble.
       */
      const note = Effect.fnUntraced(function* (work: string, met: Trouble | undefined) {
        const [before, others] = yield* Ref.modify(troubles, (all) => {
          const next = new Map(all)
          if (met === undefined) next.delete(work)
          else next.set(work, met)
          return [[all.get(work), [...next.values()]] as const, next]
        })
        if (before?.alarm === undefined || others.some((other) => isSame(other, before))) return
        yield* alarms.clear(before.alarm)
      })

      const refused = Effect.fnUntraced(function* (
        work: string,
        error: SheetsError,
        tab: string | undefined,
      ) {
        const { message, spreadsheet } = error
        const now = yield* elapsed
        const alarm = alarmOf(error, tab)
        const before = (yield* Ref.get(troubles)).get(work)
        const lasts = before !== undefined && isSame(before, { spreadsheet, alarm })
        const since = lasts ? before.since : now
        yield* lasts ? Effect.logDebug(message) : Effect.logWarning(message)
        yield* note(work, { spreadsheet, alarm, since })
        if (alarm === undefined) return
        const isPatient = alarm._tag === "SheetsUnavailable" && alarm.reason === "unreachable"
        if (!isPatient || now - since >= Duration.toMillis(unreachableAfter)) {
          yield* alarms.raise(alarm)
        }
      })

      /**
       * Of the disk and of unusable tabs the admins are told elsewhere: by the pools and by Tabs.
       */
      const failed = (work: string, failure: TabFailure, tab: string | undefined) => {
        switch (failure._tag) {
          case "SheetsError":
            return refused(work, failure, tab)
          case "TabUnusable":
            // That the tab is known to be unusable means that Google answers.
            return Effect.andThen(Effect.logDebug(failure.message), note(work, undefined))
          case "StorageUnavailable":
            return Effect.logDebug(failure.message)
        }
      }

      return SheetsTrouble.of({
        watch: (work, round, tab) =>
          round.pipe(
            Effect.matchEffect({
              onFailure: (failure) => Effect.as(failed(work, failure, tab), false),
              onSuccess: () => Effect.as(note(work, undefined), true),
            }),
            survive(work),
            Effect.map(Option.getOrElse(() => false)),
          ),
      })
    }),
  )
}

type Reason = Extract<Alarm, { readonly _tag: "SheetsUnavailable" }>["reason"]

/** What went wrong with a spreadsheet. */
interface Trouble {
  readonly spreadsheet: string
  /** What the admins are told; `undefined` where they are told elsewhere. */
  readonly alarm: Alarm | undefined
  /** See observe/elapsed.ts. */
  readonly since: number
}

const isSame = (a: Omit<Trouble, "since">, b: Omit<Trouble, "since">) =>
  a.spreadsheet === b.spreadsheet &&
  (a.alarm && alarmKey(a.alarm)) === (b.alarm && alarmKey(b.alarm))

const alarmOf = (
  { reason, spreadsheet }: SheetsError,
  tab: string | undefined,
): Alarm | undefined => {
  if (reason._tag === "Refused" && tab !== undefined) {
    return { _tag: "TabRefused", tab, message: reason.message.slice(0, messageMax) }
  }
  const known = told[reason._tag]
  return known && { _tag: "SheetsUnavailable", spreadsheet, reason: known }
}

/** How much of Google's sentence an admin is shown. */
const messageMax = 300

/** What the admins are told of each reason. */
const told: { readonly [Tag in SheetsReason["_tag"]]: Reason | undefined } = {
  Denied: "denied",
  NotFound: "notFound",
  Refused: "refused",
  Quota: "unreachable",
  Unsure: "unreachable",
  GuardTaken: undefined,
  AnotherWriter: undefined,
  Unsettled: undefined,
}
