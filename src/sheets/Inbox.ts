/**
 * What lies in the inbox tab: the rows of the last claim on top, and, when all is well, nothing
 * else. Rows that no claim of ours put there are reported and left alone.
 */
import { Effect, Option, Ref } from "effect"
import { type Alarm, Alarms } from "../observe/Alarms.ts"
import { Journal, StorageUnavailable } from "../store/Journal.ts"
import { quoted } from "./A1.ts"
import type { BookAnswer, SheetPart } from "./Answers.ts"
import { intentsRead } from "./GuardChain.ts"
import { answerMask } from "./GuardedSend.ts"
import { isNoSuchTab } from "./readFacts.ts"
import type { Urgency } from "./limiterState.ts"
import { SheetsClient } from "./SheetsClient.ts"
import { inboxTitle } from "./tabSetup.ts"

export const makeInbox = Effect.fnUntraced(function* (spreadsheet: string) {
  const client = yield* SheetsClient
  const journal = yield* Journal
  const alarms = yield* Alarms
  /** Rows on top that are imported and not needed any more; none: not looked yet. */
  const top = yield* Ref.make(Option.none<number>())

  const look = Effect.fnUntraced(function* (urgency: Urgency) {
    const intents = yield* Effect.catchTag(
      journal.intents(spreadsheet, intentsRead),
      "JournalDamaged",
      (cause) => Effect.fail(new StorageUnavailable({ operation: "intents", cause })),
    )
    const claims = intents.filter(({ kind }) => kind === "claim")
    const known = new Set(claims.map(({ token }) => token))
    const last = claims.find(({ state }) => state === "applied")
    const [rows = []] = yield* client.values(spreadsheet, [`${quoted(inboxTitle)}!A2:A`], urgency)
    const tokens = rows.map(([token = ""]) => String(token))
    const strangers = tokens.filter((token) => token !== "" && !known.has(token)).length
    if (strangers > 0) {
      const alarm: Alarm = { _tag: "UnknownInboxRows", spreadsheet, rows: strangers }
      yield* alarms.raise(alarm)
    }
    const end = tokens.findIndex((token) => token !== last?.token)
    return last === undefined ? 0 : end < 0 ? tokens.length : end
  })

  /** Everything in it; nothing when somebody removed it. */
  const read = Effect.fnUntraced(function* (sheetId: number) {
    const whole = (title: string) =>
      client.get(spreadsheet, { fields: bookMask, ranges: [quoted(title)], urgency: "person" })
    const isIt = ({ properties }: SheetPart) => properties.sheetId === sheetId
    const named = yield* Effect.catchIf(whole(inboxTitle), isNoSuchTab, () => Effect.succeed(none))
    if (named.sheets?.some(isIt)) return named
    // Somebody gave it another name.
    const titles = yield* client.get(spreadsheet, {
      fields: "sheets(properties(sheetId,title))",
      ranges: [],
      urgency: "person",
    })
    const known = titles.sheets?.find(isIt)
    return known === undefined ? none : yield* whole(known.properties.title)
  })

  return {
    read,
    /** Rows of the last settled claim, to be removed by the next one. */
    trim: Effect.fnUntraced(function* (urgency: Urgency) {
      const known = yield* Ref.get(top)
      if (Option.isSome(known)) return known.value
      return yield* look(urgency)
    }),
    /** What is known may be wrong: look again before rows are removed. */
    forget: Ref.set(top, Option.none()),
    /** A claim put that many rows on top, and they are imported. */
    settled: (rows: number) => Ref.set(top, Option.some(rows)),
  }
})

const none: BookAnswer = {}

/** The part of the answer's mask that is about the spreadsheet. */
const bookMask = answerMask.replace(/^replies,updatedSpreadsheet\((.*)\)$/, "$1")
