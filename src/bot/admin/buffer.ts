/**
 * /buffer_clear, /buffer_release and /undo: what is ready to issue goes to the trash or back
 * into the sheet, and comes out of the trash again.
 *
 * What goes is shown first. The button carries the version of the stock it was shown of, so that
 * nothing goes that nobody has seen on the screen.
 */
import { Clock, Effect } from "effect"
import { Settings } from "../../config/Settings.ts"
import type { Resource } from "../../domain/Catalogue.ts"
import type { Stock, Trash } from "../../pool/Contract.ts"
import { Pools } from "../../pool/Pools.ts"
import type { ActionOf } from "../Callback.ts"
import { Wording } from "../Languages.ts"
import type { Press, Replies } from "../Replies.ts"
import { findNamed, nameOf, namesOf, untilText } from "../screens/lists.ts"
import type { Area, Asked } from "./Area.ts"
import {
  choiceScreen,
  clearedScreen,
  previewScreen,
  releasedScreen,
  type Way,
} from "./bufferScreen.ts"
import * as Decisions from "./stockDecisions.ts"

export const make = Effect.fnUntraced(function* (
  replies: Replies,
  stale: (press: Press) => Effect.Effect<void>,
) {
  const pools = yield* Pools
  const decisions = yield* Decisions.make
  const { timezone: zone } = yield* Settings
  const texts = yield* Wording
  const scenery = Effect.map(Clock.currentTimeMillis, (now) => ({ now, zone, texts }))

  const look = Effect.fnUntraced(function* (resource: Resource) {
    return { resource, stock: yield* pools.stock(resource.id) }
  })

  const drawChoice = Effect.fnUntraced(function* (way: Way, page: number, headline?: string) {
    const all = yield* Effect.forEach(pools.resources, look)
    return choiceScreen(way, all, page, yield* scenery, headline)
  })

  const drawPreview = Effect.fnUntraced(function* (
    way: Way,
    resource: Resource,
    headline?: string,
  ) {
    return previewScreen(way, yield* look(resource), yield* scenery, headline)
  })

  const open = (way: Way) =>
    Effect.fn("buffer.open")(function* ({ argument, chatId }: Asked) {
      if (argument === "") return yield* replies.say(chatId, yield* drawChoice(way, 0))
      const found = findNamed(argument, pools.resources)
      const names = namesOf(pools.resources, texts)
      const screen =
        found === undefined || found.rest !== ""
          ? yield* drawChoice(way, 0, texts.stock.unknownResource(names))
          : yield* drawPreview(way, found.resource)
      return yield* replies.say(chatId, screen)
    })

  const choose = Effect.fn("buffer.choose")(function* (
    press: Press,
    action: ActionOf<"Emptyings">,
  ) {
    yield* press.answer()
    yield* replies.turnTo(press.message, yield* drawChoice(action.way, action.page))
  })

  const preview = Effect.fn("buffer.preview")(function* (
    press: Press,
    action: ActionOf<"EmptyingOf">,
  ) {
    const resource = pools.resources.find(({ id }) => id === action.resource)
    if (resource === undefined) return yield* stale(press)
    yield* press.answer()
    return yield* replies.turnTo(press.message, yield* drawPreview(action.way, resource))
  })

  /** With the stock before it, which tells what was done just now and what was done already. */
  const decide = Effect.fnUntraced(function* (
    press: Press,
    { way, resource, version }: ActionOf<"Empty">,
  ) {
    const before = yield* pools.stock(resource)
    const about = { version, admin: press.userId }
    const after = yield* pools.manage(
      resource,
      way === "clear" ? { _tag: "Clear", ...about } : { _tag: "Release", ...about },
    )
    return { before, after }
  }, decisions.alone)

  const showCleared = Effect.fnUntraced(function* (
    press: Press,
    resource: Resource,
    before: Stock,
    after: Stock,
  ) {
    const fresh = newIn(before, after)
    const trash = fresh ?? after.trash.at(-1)
    yield* press.answer()
    if (trash === undefined) {
      return yield* replies.turnTo(press.message, yield* drawPreview("clear", resource))
    }
    const about = yield* scenery
    const by = yield* decisions.nameOf(trash.by)
    yield* replies.turnTo(press.message, clearedScreen({ resource, trash, by }, about))
    if (fresh === undefined) return
    yield* noted("stock cleared", resource, press, fresh.count)
    yield* decisions.tellOthers(press.userId, (author, words) => {
      const until = untilText(fresh.until, { ...about, texts: words })
      const what = words.stock.buffer.cleared(fresh.count, until)
      return words.stock.notes.cleared(nameOf(resource, words), author, what)
    })
  })

  const showReleased = Effect.fnUntraced(function* (
    press: Press,
    resource: Resource,
    before: Stock,
    after: Stock,
  ) {
    yield* press.answer()
    yield* replies.turnTo(press.message, releasedScreen({ resource, stock: after }, yield* scenery))
    const count = after.returning - before.returning
    if (before.version === after.version) return
    yield* noted("stock released", resource, press, count)
    yield* decisions.tellOthers(press.userId, (author, words) =>
      words.stock.notes.released(nameOf(resource, words), author, count),
    )
  })

  /** The message shows what is no longer so. */
  const changed = Effect.fnUntraced(function* (press: Press, way: Way, resource: Resource) {
    const sentence = texts.stock[way].changed(nameOf(resource, texts))
    yield* press.alert(sentence)
    yield* replies.turnTo(press.message, yield* drawPreview(way, resource, sentence))
  })

  const empty = Effect.fn("buffer.empty")(function* (press: Press, action: ActionOf<"Empty">) {
    const resource = pools.resources.find(({ id }) => id === action.resource)
    if (resource === undefined) return yield* stale(press)
    const show = action.way === "clear" ? showCleared : showReleased
    return yield* decide(press, action).pipe(
      Effect.flatMap(({ before, after }) => show(press, resource, before, after)),
      Effect.catchTag(Decisions.refusals, () => changed(press, action.way, resource)),
    )
  })

  const area: Area = {
    commands: { buffer_clear: open("clear"), buffer_release: open("release") },
    buttons: { Emptyings: choose, EmptyingOf: preview, Empty: empty },
  }
  return area
})

/** What a clearing added: nothing where it had been done before. */
const newIn = (before: Stock, after: Stock): Trash | undefined =>
  after.trash.find(({ id }) => !before.trash.some((each) => each.id === id))

const noted = (what: string, { id: resource }: Resource, { userId: admin }: Press, count: number) =>
  Effect.logInfo(what).pipe(Effect.annotateLogs({ resource, admin, count }))
