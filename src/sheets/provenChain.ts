/** The chain of guards of a spreadsheet out of the journal and the sheet, if it is ours alone. */
import { Clock, Effect, Result } from "effect"
import { StorageUnavailable } from "../store/Journal.ts"
import {
  type Chain,
  chainOf,
  decodeBody,
  dispensable,
  intentsRead,
  isBusy,
  isOurs,
  marksOf,
} from "./GuardChain.ts"
import type { LaneServices } from "./GuardLane.ts"
import { guardKey, pruneRequest } from "./GuardMark.ts"
import type { Urgency } from "./limiterState.ts"
import { SheetsError } from "./SheetsError.ts"

export const unsettled = (spreadsheet: string) =>
  new SheetsError({ method: "guard", spreadsheet, reason: { _tag: "Unsettled" } })

export const makeChains = (
  spreadsheet: string,
  { client, journal, alarms, instance }: LaneServices,
) => {
  const anotherWriter = Effect.andThen(
    alarms.raise({ _tag: "AnotherWriter", spreadsheet }),
    Effect.fail(
      new SheetsError({ method: "guard", spreadsheet, reason: { _tag: "AnotherWriter" } }),
    ),
  )

  const marks = (urgency: Urgency) =>
    Effect.map(client.searchMetadata(spreadsheet, guardKey, urgency), marksOf)

  const unreadable = (cause: unknown) =>
    new StorageUnavailable({ operation: `intents of ${spreadsheet}`, cause })

  /** At the start, or when it is not certain what the journal holds. */
  const read = Effect.fnUntraced(function* (urgency: Urgency) {
    const intents = yield* Effect.catchTag(
      journal.intents(spreadsheet, intentsRead),
      "JournalDamaged",
      (cause) => Effect.fail(unreadable(cause)),
    )
    const found = yield* marks(urgency)
    const now = yield* Clock.currentTimeMillis
    if (isBusy(found, instance, now)) return yield* anotherWriter
    yield* alarms.clear({ _tag: "AnotherWriter", spreadsheet })
    const tokens = new Map(found.map(({ seq, token }) => [seq, token]))
    const isStolen = ({ seq, token }: (typeof intents)[number]) =>
      (tokens.get(seq) ?? token) !== token
    const open = intents.filter(({ state }) => state === "open").toReversed()
    return {
      now,
      chain: chainOf(intents, found, now),
      /** Under a number that a stranger used, a write was not applied and never will be. */
      stolen: open.filter(isStolen),
      open: yield* Effect.forEach(
        open.filter((intent) => !isStolen(intent)),
        (intent) =>
          Effect.fromResult(
            Result.mapBoth(decodeBody(intent), {
              onSuccess: (body) => ({ intent, body }),
              onFailure: unreadable,
            }),
          ),
      ),
    }
  })

  /** Answers when it was proven. */
  const prove = Effect.fnUntraced(function* (chain: Chain, urgency: Urgency) {
    if (!isOurs(chain, yield* marks(urgency), instance)) return yield* anotherWriter
    return yield* Clock.currentTimeMillis
  })

  /** Removes old guards by themselves: repeatable, so it needs no guard. Answers which. */
  const removeOld = Effect.fnUntraced(function* (chain: Chain, urgency: Urgency) {
    const found = yield* marks(urgency)
    const old = dispensable(chain, found, yield* Clock.currentTimeMillis)
    if (old.length === 0) return old
    const body = { requests: old.map(pruneRequest) }
    yield* client.batchUpdate(spreadsheet, body, { fields: "replies", urgency })
    return old
  })

  return { read, prove, removeOld, anotherWriter }
}
