/**
 * /health: how the bot itself is.
 *
 * Everything comes from memory, so that it can be asked while Google or the disk is down.
 */
import { Clock, Effect, Option } from "effect"
import { Settings, version } from "../../config/Settings.ts"
import { Alarms } from "../../observe/Alarms.ts"
import { Vitals } from "../../observe/Vitals.ts"
import { Conservation, sumOf } from "../../pool/Conservation.ts"
import { Pools } from "../../pool/Pools.ts"
import type { Action } from "../Callback.ts"
import { Wording } from "../Languages.ts"
import { type Press, refresh, type Replies } from "../Replies.ts"
import type { Area, Asked } from "./Area.ts"
import { healthScreen, type HealthView, type Waiting } from "./healthScreen.ts"

export const make = Effect.fnUntraced(function* (replies: Replies) {
  const pools = yield* Pools
  const alarms = yield* Alarms
  const vitals = yield* Vitals
  const conservation = yield* Conservation
  const settings = yield* Settings
  const { timezone: zone, spreadsheetAccounts, spreadsheetIssued } = settings
  const texts = yield* Wording

  const spreadsheets: ReadonlyArray<readonly [HealthView["sheets"][number]["is"], string]> =
    spreadsheetAccounts === spreadsheetIssued
      ? [["both", spreadsheetAccounts]]
      : [
          ["stock", spreadsheetAccounts],
          ["issued", spreadsheetIssued],
        ]
  const sheets = Effect.forEach(spreadsheets, ([is, id]) =>
    Effect.map(vitals.pulse(`sheets:${id}`), (pulse) => ({ is, pulse })),
  )

  const ofAll = <A>(read: (resource: string) => Effect.Effect<ReadonlyArray<A>>) =>
    Effect.map(
      Effect.forEach(pools.resources, ({ id }) => read(id)),
      (each) => each.flat(),
    )

  const look = Effect.gen(function* () {
    const marked = [...(yield* ofAll(pools.buffer)), ...(yield* ofAll(pools.corrections))]
    const updates = yield* vitals.gauge("updates")
    const view: HealthView = {
      version,
      startedAt: vitals.startedAt,
      alarms: yield* alarms.raised,
      journal: yield* vitals.pulse("journal"),
      telegram: yield* vitals.pulse("telegram"),
      heartbeat: yield* vitals.pulse("heartbeat"),
      sheets: yield* sheets,
      sheetsPausedUntil: yield* vitals.gauge("sheetsPausedUntil"),
      updates: updates === null ? null : Math.max(updates - 1, 0),
      unwritten: waiting(marked.map(({ mark, issuedAt }) => mark?.at ?? issuedAt)),
      pending: waiting((yield* pools.holders).map(({ issuedAt }) => issuedAt)),
      books: Option.getOrNull(
        Option.map(yield* conservation.last, (checked) => ({ at: checked.at, ...sumOf(checked) })),
      ),
      undelivered: waiting((yield* ofAll(pools.undelivered)).map(({ request }) => request.at)),
    }
    return view
  })

  const draw = Effect.gen(function* () {
    return healthScreen(yield* look, { now: yield* Clock.currentTimeMillis, zone, texts })
  })

  const open = Effect.fn("health.open")(function* ({ chatId }: Asked) {
    yield* replies.say(chatId, yield* draw)
  })

  const again = Effect.fn("health.again")(function* (
    press: Press,
    { seen }: Extract<Action, { readonly _tag: "Health" }>,
  ) {
    yield* refresh(replies, press, seen, yield* draw, texts)
  })

  const area: Area = { commands: { health: open }, buttons: { Health: again } }
  return area
})

const waiting = (times: ReadonlyArray<number>): Waiting => ({
  count: times.length,
  oldest: times.length === 0 ? null : Math.min(...times),
})
