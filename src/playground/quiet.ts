/** When the bot has done what a step of the clock woke. */
import { Effect } from "effect"
import type { Call, Calls } from "./Calls.ts"

/**
 * Lets everything that a step of the clock has woken finish before time goes on: it returns when no
 * request came or was under way for a moment, and tells whether one changed anything. It does not
 * wait for ever, as a request may hang.
 */
export const quiet = (calls: Calls["Service"]) =>
  Effect.gen(function* () {
    const begin = (yield* calls.since(0)).at(-1)?.n ?? 0
    /** All calls up to this one have ended. */
    let ended = begin
    let newest = begin
    return Effect.gen(function* () {
      let hasChanged = false
      for (let look = 0; look < looksMax; look++) {
        const open = yield* calls.since(ended)
        hasChanged ||= open.some((call) => call.n > newest && isChange(call))
        const noneCame = (open.at(-1)?.n ?? ended) <= newest
        newest = Math.max(newest, open.at(-1)?.n ?? 0)
        const underWay = open.find(isUnderWay)
        ended = underWay === undefined ? newest : underWay.n - 1
        if (noneCame && underWay === undefined) break
        yield* Effect.sleep("2 millis")
      }
      return hasChanged
    })
  })
const looksMax = 25

/** A held poll for updates waits for the people, not for the network. */
const isUnderWay = ({ method, status, fault }: Call) =>
  status === undefined && fault === undefined && method !== "getUpdates"

/** What the bot only reads again and again changes nothing. */
const isChange = ({ api, method }: Call) =>
  api === "telegram" ? method !== "getUpdates" : method === "spreadsheets.batchUpdate"
