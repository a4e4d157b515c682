/**
 * /undo: what was cleared, left out of the sheet or taken into quarantine within the last day, and
 * the way back.
 */
import { Clock, Effect } from "effect"
import { Settings } from "../../config/Settings.ts"
import type { Resource } from "../../domain/Catalogue.ts"
import { Pools } from "../../pool/Pools.ts"
import type { ActionOf } from "../Callback.ts"
import { Wording } from "../Languages.ts"
import type { Press, Replies } from "../Replies.ts"
import { nameOf } from "../screens/lists.ts"
import type { Area, Asked } from "./Area.ts"
import { withAsides } from "./asideScreen.ts"
import * as AsideViews from "./asideViews.ts"
import { trashScreen, type TrashView } from "./bufferScreen.ts"
import * as FailedRows from "./failedRows.ts"
import { withUnwritten } from "./failedScreen.ts"
import * as Decisions from "./stockDecisions.ts"

export const make = Effect.fnUntraced(function* (
  replies: Replies,
  stale: (press: Press) => Effect.Effect<void>,
) {
  const pools = yield* Pools
  const decisions = yield* Decisions.make
  const rows = yield* FailedRows.make
  const asides = yield* AsideViews.make
  const { timezone: zone } = yield* Settings
  const texts = yield* Wording

  const trashOf = Effect.fnUntraced(function* (resource: Resource) {
    const { trash } = yield* pools.stock(resource.id)
    const now = yield* Clock.currentTimeMillis
    return yield* Effect.forEach(
      trash.filter(({ until }) => until > now),
      (each) =>
        Effect.map(decisions.nameOf(each.by), (by): TrashView => ({ resource, trash: each, by })),
    )
  })

  const draw = Effect.fnUntraced(function* (page: number, headline?: string) {
    const views = (yield* Effect.forEach(pools.resources, trashOf)).flat()
    const scenery = { now: yield* Clock.currentTimeMillis, zone, texts }
    const latestFirst = views.toSorted((a, b) => b.trash.at - a.trash.at)
    const screen = trashScreen(latestFirst, page, scenery, headline)
    const { length } = yield* rows.unwritten
    const isBare = views.length === 0 && headline === undefined
    const withRows = withUnwritten(screen, length, isBare, texts)
    return withAsides(withRows, (yield* asides).length, isBare && length === 0, texts)
  })

  const open = Effect.fn("bufferUndo.open")(function* ({ chatId }: Asked) {
    yield* replies.say(chatId, yield* draw(0))
  })

  const turn = Effect.fn("bufferUndo.turn")(function* (
    press: Press,
    { page }: ActionOf<"Trashes">,
  ) {
    yield* press.answer()
    yield* replies.turnTo(press.message, yield* draw(page))
  })

  /** Gives how many came back. */
  const decide = Effect.fnUntraced(function* (
    press: Press,
    { resource, trash }: ActionOf<"Restore">,
  ) {
    const before = yield* pools.stock(resource)
    yield* pools.manage(resource, { _tag: "Restore", trash, admin: press.userId })
    return before.trash.find(({ id }) => id === trash)?.count ?? 0
  }, decisions.alone)

  const restored = Effect.fnUntraced(function* (press: Press, resource: Resource, count: number) {
    const name = nameOf(resource, texts)
    yield* press.answer()
    const headline = texts.stock.undo.restored(name, count)
    yield* replies.turnTo(press.message, yield* draw(0, headline))
    yield* Effect.logInfo("trash restored").pipe(
      Effect.annotateLogs({ resource: resource.id, admin: press.userId, count }),
    )
    yield* decisions.tellOthers(press.userId, (author, words) =>
      words.stock.notes.restored(nameOf(resource, words), author, count),
    )
  })

  const gone = Effect.fnUntraced(function* (press: Press) {
    yield* press.alert(texts.stock.undo.gone)
    yield* replies.turnTo(press.message, yield* draw(0, texts.stock.undo.gone))
  })

  const restore = Effect.fn("bufferUndo.restore")(function* (
    press: Press,
    action: ActionOf<"Restore">,
  ) {
    const resource = pools.resources.find(({ id }) => id === action.resource)
    if (resource === undefined) return yield* stale(press)
    return yield* decide(press, action).pipe(
      Effect.flatMap((count) => restored(press, resource, count)),
      Effect.catchTag(Decisions.refusals, () => gone(press)),
    )
  })

  const area: Area = {
    commands: { undo: open },
    buttons: { Trashes: turn, Restore: restore },
  }
  return area
})
