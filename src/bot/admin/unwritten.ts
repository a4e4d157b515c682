/** What admins decided not to write into the sheet within the last day, and the way back. */
import { Clock, Effect } from "effect"
import { Settings } from "../../config/Settings.ts"
import { FailedRows } from "../../pool/FailedRows.ts"
import { Pools } from "../../pool/Pools.ts"
import type { ActionOf } from "../Callback.ts"
import { Wording } from "../Languages.ts"
import type { Press, Replies } from "../Replies.ts"
import { nameOf } from "../screens/lists.ts"
import type { Area } from "./Area.ts"
import * as Rows from "./failedRows.ts"
import { isAt, type Target } from "./failedRows.ts"
import { unwrittenScreen } from "./failedScreen.ts"
import * as Decisions from "./stockDecisions.ts"

export const make = Effect.fnUntraced(function* (replies: Replies) {
  const pools = yield* Pools
  const failedRows = yield* FailedRows
  const rows = yield* Rows.make
  const decisions = yield* Decisions.make
  const { timezone: zone } = yield* Settings
  const texts = yield* Wording
  const words = texts.failed

  const draw = Effect.fnUntraced(function* (page: number, headline?: string) {
    const views = yield* Effect.forEach(yield* rows.unwritten, (view) =>
      Effect.map(decisions.nameOf(view.abandoned.by), (by) => ({ ...view, by })),
    )
    const scenery = { now: yield* Clock.currentTimeMillis, zone, texts }
    return unwrittenScreen(views, page, scenery, headline)
  })

  const turn = Effect.fn("unwritten.turn")(function* (
    press: Press,
    { page }: ActionOf<"Unwritten">,
  ) {
    yield* press.answer()
    yield* replies.turnTo(press.message, yield* draw(page))
  })

  /** The row that waits again; none: it was taken back before, or too late. */
  const unabandon = Effect.fnUntraced(function* (press: Press, target: Target) {
    const view = (yield* rows.unwritten).find(isAt(target))
    if (view === undefined) return undefined
    const { resource, issuance: id } = target
    yield* pools.manage(resource, { _tag: "Unabandon", id, admin: press.userId })
    return view
  }, decisions.alone)

  const takeBack = Effect.fn("unwritten.takeBack")(function* (
    press: Press,
    { _tag, ...target }: ActionOf<"UnwrittenBack">,
  ) {
    const view = yield* Effect.catchTag(unabandon(press, target), Decisions.refusals, () =>
      Effect.succeed(undefined),
    )
    if (view === undefined) {
      yield* press.alert(words.notDropped)
      return yield* replies.turnTo(press.message, yield* draw(0, words.notDropped))
    }
    yield* failedRows.retry([target.issuance])
    yield* press.answer()
    const headline = words.unwritten.restored(nameOf(view.resource, texts))
    yield* replies.turnTo(press.message, yield* draw(0, headline))
    yield* Effect.logInfo("a row is written after all").pipe(
      Effect.annotateLogs({ ...target, admin: press.userId }),
    )
    return yield* decisions.tellOthers(press.userId, (author, others) =>
      others.failed.notes.restored(nameOf(view.resource, others), target.issuance, author),
    )
  })

  const area: Area = { commands: {}, buttons: { Unwritten: turn, UnwrittenBack: takeBack } }
  return area
})
