/**
 * /buffer_clear, /buffer_release and /undo: what is ready to issue goes to the trash or back into
 * the sheet, and comes out of the trash again.
 *
 * What would go is shown first. The confirming button carries the version of the stock that was
 * shown, so that nothing goes that the admin has not seen.
 */
import { Clock, Effect } from "effect"
import { Settings } from "../../config/Settings.ts"
import { findVariant, type Resource } from "../../domain/Catalogue.ts"
import { formatDay } from "../../domain/Day.ts"
import type { Stock, Trash } from "../../pool/Contract.ts"
import { Pools } from "../../pool/Pools.ts"
import type { Action, ActionOf } from "../buttons.ts"
import { Wording } from "../Languages.ts"
import { Menus } from "../Menus.ts"
import { type Press, Replies } from "../Replies.ts"
import { bold, type Html, html, type Keyboard, type Screen } from "../Screen.ts"
import {
  buttonsOnPage,
  findNamed,
  headed,
  listScreen,
  namesOf,
  resourceName,
  type Scenery,
  sceneryNow,
  sinceText,
  untilText,
} from "../screens/lists.ts"
import { cut, lines, menuBelow, tap } from "../screens/parts.ts"
import { type Area, type Asked, Decisions, refusals } from "./Admins.ts"
import { asidesRow, makeAsideViews } from "./asides.ts"
import { makeFailedRows, unwrittenRow } from "./failed.ts"

/** Into the trash, or back into the sheet. */
type Way = ActionOf<"Empty">["way"]

interface PoolStock {
  readonly resource: Resource
  readonly stock: Stock
}

/** One clearing that can be taken back. */
interface TrashView {
  readonly resource: Resource
  readonly trash: Trash
  /** The admin who cleared. */
  readonly by: string
}

export const makeEmptying = Effect.gen(function* () {
  const replies = yield* Replies
  const { stale } = yield* Menus
  const pools = yield* Pools
  const decisions = yield* Decisions
  const outcomes = yield* makeOutcomes
  const undo = yield* makeUndo
  const { timezone: zone } = yield* Settings

  const look = Effect.fnUntraced(function* (resource: Resource) {
    return { resource, stock: yield* pools.stock(resource.id) }
  })

  const drawChoice = Effect.fnUntraced(function* (way: Way, page: number, headline?: string) {
    const all = yield* Effect.forEach(pools.resources, look)
    return choiceScreen(way, all, page, yield* sceneryNow(zone), headline)
  })

  const drawPreview = Effect.fnUntraced(function* (
    way: Way,
    resource: Resource,
    headline?: string,
  ) {
    return previewScreen(way, yield* look(resource), yield* sceneryNow(zone), headline)
  })

  const open = (way: Way) =>
    Effect.fnUntraced(function* ({ argument, chatId }: Asked) {
      if (argument === "") return yield* replies.say(chatId, yield* drawChoice(way, 0))
      const texts = yield* Wording
      const found = findNamed(argument, pools.resources)
      const names = namesOf(pools.resources, texts)
      const screen =
        found === undefined || found.rest !== ""
          ? yield* drawChoice(way, 0, texts.stock.unknownResource(names))
          : yield* drawPreview(way, found.resource)
      return yield* replies.say(chatId, screen)
    })

  const choose = Effect.fnUntraced(function* (press: Press, { way, page }: ActionOf<"Emptyings">) {
    yield* press.answer()
    yield* replies.turnTo(press.message, yield* drawChoice(way, page))
  })

  const preview = Effect.fnUntraced(function* (press: Press, action: ActionOf<"EmptyingOf">) {
    const resource = pools.resources.find(({ id }) => id === action.resource)
    if (resource === undefined) return yield* stale(press)
    yield* press.answer()
    return yield* replies.turnTo(press.message, yield* drawPreview(action.way, resource))
  })

  /** Gives the stock before and after: a second press changes nothing, and the two are the same. */
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

  /** The stock is no longer the one that the message shows: nothing went, and it is shown anew. */
  const changed = Effect.fnUntraced(function* (press: Press, way: Way, resource: Resource) {
    const texts = yield* Wording
    const sentence = texts.stock[way].changed(resourceName(resource, texts))
    yield* press.alert(sentence)
    yield* replies.turnTo(press.message, yield* drawPreview(way, resource, sentence))
  })

  const empty = Effect.fnUntraced(function* (press: Press, action: ActionOf<"Empty">) {
    const resource = pools.resources.find(({ id }) => id === action.resource)
    if (resource === undefined) return yield* stale(press)
    const show = action.way === "clear" ? outcomes.cleared : outcomes.released
    return yield* decide(press, action).pipe(
      Effect.flatMap(({ before, after }) => show(press, resource, before, after)),
      Effect.catchTag(refusals, () => changed(press, action.way, resource)),
    )
  })

  const area: Area = {
    commands: { buffer_clear: open("clear"), buffer_release: open("release"), undo: undo.open },
    buttons: {
      Emptyings: choose,
      EmptyingOf: preview,
      Empty: empty,
      Trashes: undo.turn,
      Restore: undo.restore,
    },
  }
  return area
})

/** What follows a confirmed emptying: its screen, and, where it did something, log and notes. */
const makeOutcomes = Effect.gen(function* () {
  const replies = yield* Replies
  const decisions = yield* Decisions
  const { timezone: zone } = yield* Settings

  const cleared = Effect.fnUntraced(function* (
    press: Press,
    resource: Resource,
    before: Stock,
    after: Stock,
  ) {
    const scenery = yield* sceneryNow(zone)
    const fresh = after.trash.find(({ id }) => !before.trash.some((each) => each.id === id))
    const trash = fresh ?? after.trash.at(-1)
    yield* press.answer()
    if (trash === undefined) {
      const preview = previewScreen("clear", { resource, stock: after }, scenery)
      return yield* replies.turnTo(press.message, preview)
    }
    const by = yield* decisions.nameOf(trash.by)
    yield* replies.turnTo(press.message, clearedScreen({ resource, trash, by }, scenery))
    if (fresh === undefined) return
    yield* logged("stock cleared", resource, press, fresh.count)
    yield* decisions.tellOthers(press.userId, (author, texts) => {
      const until = untilText(fresh.until, { ...scenery, texts })
      const what = texts.stock.buffer.cleared(fresh.count, until)
      return texts.stock.notes.cleared(resourceName(resource, texts), author, what)
    })
  })

  const released = Effect.fnUntraced(function* (
    press: Press,
    resource: Resource,
    before: Stock,
    after: Stock,
  ) {
    const screen = releasedScreen({ resource, stock: after }, yield* sceneryNow(zone))
    yield* press.answer()
    yield* replies.turnTo(press.message, screen)
    if (before.version === after.version) return
    const count = after.returning - before.returning
    yield* logged("stock released", resource, press, count)
    yield* decisions.tellOthers(press.userId, (author, texts) =>
      texts.stock.notes.released(resourceName(resource, texts), author, count),
    )
  })

  return { cleared, released }
})

const logged = (
  what: string,
  { id: resource }: Resource,
  { userId: admin }: Press,
  count: number,
) => Effect.logInfo(what).pipe(Effect.annotateLogs({ resource, admin, count }))

/**
 * /undo lists the trash of all pools, with the ways to what is undone elsewhere: rows that were
 * left out, and items that were taken into quarantine.
 */
const makeUndo = Effect.gen(function* () {
  const replies = yield* Replies
  const { stale } = yield* Menus
  const pools = yield* Pools
  const decisions = yield* Decisions
  const rows = yield* makeFailedRows
  const asides = yield* makeAsideViews
  const { timezone: zone } = yield* Settings

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
    const latestFirst = views.toSorted((a, b) => b.trash.at - a.trash.at)
    const elsewhere = {
      unwritten: (yield* rows.unwritten).length,
      asides: (yield* asides).length,
    }
    return trashScreen(latestFirst, page, yield* sceneryNow(zone), headline, elsewhere)
  })

  const open = Effect.fnUntraced(function* ({ chatId }: Asked) {
    yield* replies.say(chatId, yield* draw(0))
  })

  const turn = Effect.fnUntraced(function* (press: Press, { page }: ActionOf<"Trashes">) {
    yield* press.answer()
    yield* replies.turnTo(press.message, yield* draw(page))
  })

  const restore = Effect.fnUntraced(function* (
    press: Press,
    { resource: id, trash }: ActionOf<"Restore">,
  ) {
    const resource = pools.resources.find((each) => each.id === id)
    if (resource === undefined) return yield* stale(press)
    const texts = yield* Wording
    yield* decisions.settle(
      press,
      Effect.map(pools.stock(id), (stock) => stock.trash.find((each) => each.id === trash)),
      {
        take: (_, also) => pools.manage(id, { _tag: "Restore", trash, admin: press.userId }, also),
        draw: (headline) => draw(0, headline),
        gone: texts.stock.undo.gone,
        done: ({ count }) => texts.stock.undo.restored(resourceName(resource, texts), count),
        note: ({ count }, by, others) =>
          others.stock.notes.restored(resourceName(resource, others), by, count),
        log: "trash restored",
        about: ({ count }) => ({ resource: id, count }),
      },
    )
  })

  return { open, turn, restore }
})

/** Labels of a catalogue may be of any length. */
const partsMax = 1_500
const tabsMax = 300

/** `headline`: why the list comes instead of what was asked for. */
export const choiceScreen = (
  way: Way,
  pools: ReadonlyArray<PoolStock>,
  page: number,
  { texts }: Scenery,
  headline?: string,
): Screen => {
  const words = texts.stock[way]
  const entries = pools.map(({ resource, stock }) => {
    const text = `${resourceName(resource, texts)}: ${stock.available}`
    return { buttons: [tap(text, { _tag: "EmptyingOf", way, resource: resource.id })] }
  })
  return listScreen(
    {
      headline,
      heading: [bold(words.title), html`${words.choose}`],
      entries,
      page,
      perPage: buttonsOnPage,
      to: (target) => ({ _tag: "Emptyings", way, page: target }),
    },
    texts,
  )
}

/** What would go, and the button that confirms just that. `headline`: why it is drawn again. */
export const previewScreen = (
  way: Way,
  { resource, stock }: PoolStock,
  scenery: Scenery,
  headline?: string,
): Screen => {
  const { texts } = scenery
  const words = texts.stock[way]
  const title = bold(`${words.title}: ${resourceName(resource, texts)}`)
  const others = [tap(texts.stock.pause.all, { _tag: "Emptyings", way, page: 0 })]
  if (stock.available === 0) {
    return headed(headline, {
      html: lines(title, html`${words.nothing}`, untouchedText(stock, scenery)),
      keyboard: [others, menuBelow(texts)],
    })
  }
  const empty: Action = { _tag: "Empty", way, resource: resource.id, version: stock.version }
  return headed(headline, {
    html: lines(
      title,
      html`${words.preview(stock.available)}`,
      ...partsOf(resource, stock, scenery),
      html``,
      untouchedText(stock, scenery),
      html`${words.after}`,
    ),
    keyboard: [
      [tap(`${words.confirm} ${stock.available}`, empty, "danger")],
      [tap(texts.stock.buffer.cancel, { _tag: "Cancel" })],
      others,
    ],
  })
}

const untouchedText = ({ pending, buffer, corrections }: Stock, { texts }: Scenery): Html =>
  html`${texts.stock.buffer.untouched(pending, buffer + corrections)}`

/** How many of each variant would go; items that the day keeps back are counted apart. */
const partsOf = (
  resource: Resource,
  { byVariant, onlyDay, hidden, available }: Stock,
  { texts }: Scenery,
): ReadonlyArray<Html> => {
  const words = texts.stock.buffer
  const day = onlyDay === null ? "" : ` ${words.ofDay(formatDay(onlyDay))}`
  const parts = Object.entries(byVariant).flatMap(([id, count]) => {
    if (count === 0) return []
    const variant = findVariant(resource, id)
    const other = resource.variants.length === 0 ? "" : texts.stock.overview.noVariant
    const name = variant === undefined ? other : texts.label(variant.label)
    return [`${name}${day}`.trim() === "" ? "" : `• ${`${name}${day}`.trim()}: ${count}`]
  })
  const hiddenPart = hidden === 0 ? [] : [`• ${words.otherDays}: ${hidden}`]
  const told = [...parts, ...hiddenPart].filter((part) => part !== "")
  return told.length === 0 || available === 0 ? [] : [html`${cut(told.join("\n"), partsMax)}`]
}

export const clearedScreen = (view: TrashView, scenery: Scenery): Screen => {
  const { texts } = scenery
  const { resource, trash } = view
  return {
    html: lines(
      bold(`${texts.stock.clear.done}: ${resourceName(resource, texts)}`),
      html`${texts.stock.buffer.cleared(trash.count, untilText(trash.until, scenery))}`,
    ),
    keyboard: [[restoreButton(view, scenery)], menuBelow(texts)],
  }
}

export const releasedScreen = ({ resource, stock }: PoolStock, { texts }: Scenery): Screen => {
  const words = texts.stock.buffer
  const tabs = cut(resource.baseTabs.map(({ title }) => title).join(", "), tabsMax)
  const resume: Keyboard =
    stock.paused === null
      ? []
      : [[tap(texts.stock.pause.resume, { _tag: "Resume", resource: resource.id })]]
  return {
    html: lines(
      bold(`${texts.stock.release.done}: ${resourceName(resource, texts)}`),
      html`${stock.returning > 0 ? words.released(stock.returning, tabs) : words.arrived(tabs)}`,
      stock.paused === null ? undefined : html`${words.pausedSo}`,
    ),
    keyboard: [...resume, menuBelow(texts)],
  }
}

/**
 * Every clearing that can be taken back, in the given order. `headline`: what was just done.
 * `elsewhere`: how much can be taken back on other screens, which the last rows lead to.
 */
export const trashScreen = (
  views: ReadonlyArray<TrashView>,
  page: number,
  scenery: Scenery,
  headline?: string,
  elsewhere = { unwritten: 0, asides: 0 },
): Screen => {
  const { texts } = scenery
  const words = texts.stock.undo
  const only =
    elsewhere.unwritten > 0
      ? texts.failed.unwritten.only
      : elsewhere.asides > 0
        ? texts.asides.only
        : words.nothing
  const entries = views.map((view) => {
    const name = resourceName(view.resource, texts)
    return {
      html: lines(bold(name), trashText(view, scenery)),
      buttons: [restoreButton(view, scenery, name)],
    }
  })
  return listScreen(
    {
      headline,
      heading: [bold(words.title), html``],
      empty: headline === undefined ? only : words.nothing,
      entries,
      page,
      perPage: buttonsOnPage,
      to: (target) => ({ _tag: "Trashes", page: target }),
      below: () => [
        ...unwrittenRow(elsewhere.unwritten, texts),
        ...asidesRow(elsewhere.asides, texts),
      ],
    },
    texts,
  )
}

const trashText = ({ trash, by }: TrashView, scenery: Scenery): Html => {
  const words = scenery.texts.stock.undo
  const until = words.until(untilText(trash.until, scenery))
  return html`${words.line(trash.count, by, sinceText(trash.at, scenery))} ${until}`
}

/** A list gives the `name` of the resource, which tells its buttons apart. */
const restoreButton = ({ resource, trash }: TrashView, { texts }: Scenery, name?: string) => {
  const text = `↩️ ${texts.stock.undo.restore} ${trash.count}`
  return tap(name === undefined ? text : `${text}: ${name}`, {
    _tag: "Restore",
    resource: resource.id,
    trash: trash.id,
  })
}
