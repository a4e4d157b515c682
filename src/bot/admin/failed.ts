/**
 * /failed: rows of the issued tabs that Google refuses, to be tried again or left out.
 *
 * What to leave out is shown and asked first, and the first admin decides. See unwritten.ts for
 * the way back.
 */
import { Clock, Effect } from "effect"
import { Settings } from "../../config/Settings.ts"
import { FailedRows } from "../../pool/FailedRows.ts"
import { Pools } from "../../pool/Pools.ts"
import type { ActionOf } from "../Callback.ts"
import { Wording } from "../Languages.ts"
import { type Press, refresh, type Replies } from "../Replies.ts"
import { nameOf } from "../screens/lists.ts"
import type { Area, Asked } from "./Area.ts"
import * as Rows from "./failedRows.ts"
import { type FailedView, isAt, type Target, type UnwrittenView } from "./failedRows.ts"
import { droppedScreen, dropScreen, failedScreen } from "./failedScreen.ts"
import * as Decisions from "./stockDecisions.ts"

export const make = Effect.fnUntraced(function* (replies: Replies) {
  const pools = yield* Pools
  const failedRows = yield* FailedRows
  const rows = yield* Rows.make
  const decisions = yield* Decisions.make
  const { timezone: zone } = yield* Settings
  const texts = yield* Wording
  const words = texts.failed
  const scenery = Effect.map(Clock.currentTimeMillis, (now) => ({ now, zone, texts }))

  const draw = Effect.fnUntraced(function* (page: number, headline?: string) {
    const { length } = yield* rows.unwritten
    return failedScreen(yield* rows.failed, length, page, yield* scenery, headline)
  })

  const open = Effect.fn("failed.open")(function* ({ chatId }: Asked) {
    yield* replies.say(chatId, yield* draw(0))
  })

  const turn = Effect.fn("failed.turn")(function* (
    press: Press,
    { page, seen }: ActionOf<"Failed">,
  ) {
    yield* refresh(replies, press, seen, yield* draw(page), texts)
  })

  /** The message shows what is no longer so. */
  const gone = Effect.fnUntraced(function* (press: Press) {
    yield* press.alert(words.gone)
    yield* replies.turnTo(press.message, yield* draw(0))
  })

  const retry = Effect.fnUntraced(function* (press: Press, views: ReadonlyArray<FailedView>) {
    if (views.length === 0) return yield* gone(press)
    yield* failedRows.retry(views.map(({ issuance }) => issuance.id))
    yield* press.answer(words.retrying)
    return yield* Effect.logInfo("refused rows tried again").pipe(
      Effect.annotateLogs({ admin: press.userId, count: views.length }),
    )
  })

  const retryOne = Effect.fn("failed.retryOne")(function* (press: Press, target: Target) {
    yield* retry(press, (yield* rows.failed).filter(isAt(target)))
  })

  const retryAll = Effect.fn("failed.retryAll")(function* (press: Press) {
    yield* retry(press, yield* rows.failed)
  })

  const showDropped = Effect.fnUntraced(function* (press: Press, view: UnwrittenView) {
    const by = yield* decisions.nameOf(view.abandoned.by)
    yield* replies.turnTo(press.message, droppedScreen(view, by, yield* scenery))
  })

  /** Somebody has decided it already. */
  const decidedBefore = Effect.fnUntraced(function* (press: Press, view: UnwrittenView) {
    yield* press.alert(words.already(yield* decisions.nameOf(view.abandoned.by)))
    yield* showDropped(press, view)
  })

  const ask = Effect.fn("failed.ask")(function* (press: Press, target: Target) {
    const before = (yield* rows.unwritten).find(isAt(target))
    if (before !== undefined) return yield* decidedBefore(press, before)
    const view = (yield* rows.failed).find(isAt(target))
    if (view === undefined) return yield* gone(press)
    yield* press.answer()
    return yield* replies.turnTo(press.message, dropScreen(view, yield* scenery))
  })

  /** The row, and whether it was left out just now; none: there is no such row. */
  const abandon = Effect.fnUntraced(function* (press: Press, target: Target) {
    const { resource, issuance: id } = target
    const before = (yield* rows.unwritten).find(isAt(target))
    if (before !== undefined) return { view: before, isNew: false }
    if (!(yield* rows.failed).some(isAt(target))) return undefined
    yield* pools.manage(resource, { _tag: "Abandon", id, admin: press.userId })
    const view = (yield* rows.unwritten).find(isAt(target))
    return view === undefined ? undefined : { view, isNew: true }
  }, decisions.alone)

  const drop = Effect.fn("failed.drop")(function* (
    press: Press,
    { _tag, ...target }: ActionOf<"FailedDrop">,
  ) {
    const done = yield* Effect.catchTag(abandon(press, target), Decisions.refusals, () =>
      Effect.succeed(undefined),
    )
    if (done === undefined) return yield* gone(press)
    if (!done.isNew) return yield* decidedBefore(press, done.view)
    yield* press.answer()
    yield* showDropped(press, done.view)
    yield* Effect.logInfo("a row is not written").pipe(
      Effect.annotateLogs({ ...target, admin: press.userId }),
    )
    return yield* decisions.tellOthers(press.userId, (author, others) =>
      others.failed.notes.dropped(nameOf(done.view.resource, others), target.issuance, author),
    )
  })

  const area: Area = {
    commands: { failed: open },
    buttons: {
      Failed: turn,
      FailedRetryAll: retryAll,
      FailedRetry: retryOne,
      FailedAsk: ask,
      FailedDrop: drop,
    },
  }
  return area
})
