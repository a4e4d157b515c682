/**
 * /buffer_clear, /buffer_release and /undo: what is ready to issue goes to the trash or back
 * into the sheet, and comes out of the trash again.
 *
 * What goes is shown first. The button carries the version of the stock it was shown of, so that
 * nothing goes that nobody has seen on the screen.
 */
import { Clock, Effect } from "effect"
import { Settings } from "../../config/Settings.ts"
import { findVariant, type Resource } from "../../domain/Catalogue.ts"
import { formatDay } from "../../domain/Day.ts"
import type { Stock, Trash } from "../../pool/Contract.ts"
import { Pools } from "../../pool/Pools.ts"
import type { Action, ActionOf } from "../buttons.ts"
import { Wording } from "../Languages.ts"
import { type Press, Replies } from "../Replies.ts"
import { bold, type Html, html, type Keyboard, type Screen } from "../Screen.ts"
import {
  buttonsOnPage,
  findNamed,
  namesOf,
  pageOf,
  resourceName,
  type Scenery,
  sinceText,
  untilText,
} from "../screens/lists.ts"
import { cut, lines, menuBelow, notice, tap } from "../screens/parts.ts"
import { type Area, type Asked, Decisions, refusals } from "./Admins.ts"
import { makeAsideViews, withAsides } from "./asides.ts"
import { makeFailedRows, withUnwritten } from "./failed.ts"
import { Menus } from "../Menus.ts"

export const makeBuffer = Effect.gen(function* () {
  const replies = yield* Replies
  const { stale } = yield* Menus
  const pools = yield* Pools
  const decisions = yield* Decisions
  const { timezone: zone } = yield* Settings

  const scenery = Effect.gen(function* () {
    return { now: yield* Clock.currentTimeMillis, zone, texts: yield* Wording }
  })

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
      const texts = yield* Wording

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
      return words.stock.notes.cleared(resourceName(resource, words), author, what)
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
      words.stock.notes.released(resourceName(resource, words), author, count),
    )
  })

  /** The message shows what is no longer so. */
  const changed = Effect.fnUntraced(function* (press: Press, way: Way, resource: Resource) {
    const texts = yield* Wording

    const sentence = texts.stock[way].changed(resourceName(resource, texts))
    yield* press.alert(sentence)
    yield* replies.turnTo(press.message, yield* drawPreview(way, resource, sentence))
  })

  const empty = Effect.fn("buffer.empty")(function* (press: Press, action: ActionOf<"Empty">) {
    const resource = pools.resources.find(({ id }) => id === action.resource)
    if (resource === undefined) return yield* stale(press)
    const show = action.way === "clear" ? showCleared : showReleased
    return yield* decide(press, action).pipe(
      Effect.flatMap(({ before, after }) => show(press, resource, before, after)),
      Effect.catchTag(refusals, () => changed(press, action.way, resource)),
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

/* Clearing and releasing: whose stock, what goes, what went, and what can be taken back. */

export type Way = Extract<Action, { readonly _tag: "Empty" }>["way"]

export interface PoolStock {
  readonly resource: Resource
  readonly stock: Stock
}

/** Of a trash: its pool, and who made it. */
export interface TrashView {
  readonly resource: Resource
  readonly trash: Trash
  readonly by: string
}

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
    const action: Action = { _tag: "EmptyingOf", way, resource: resource.id }
    return { html: html`${text}`, button: tap(text, action) }
  })
  const to = (target: number): Action => ({ _tag: "Emptyings", way, page: target })
  const shown = pageOf(entries, page, buttonsOnPage, to)
  return {
    html: lines(
      ...(headline === undefined ? [] : [html`${headline}`, html``]),
      bold(words.title),
      html`${words.choose}`,
    ),
    keyboard: [...shown.buttons.map((button) => [button]), ...shown.turning, menuBelow(texts)],
  }
}

/** What goes, and the button that lets just that go. `headline`: why it is drawn again. */
export const previewScreen = (
  way: Way,
  { resource, stock }: PoolStock,
  scenery: Scenery,
  headline?: string,
): Screen => {
  const { texts } = scenery
  const words = texts.stock[way]
  const heading = [
    ...(headline === undefined ? [] : [html`${headline}`, html``]),
    bold(`${words.title}: ${resourceName(resource, texts)}`),
  ]
  const others = [tap(texts.stock.pause.all, { _tag: "Emptyings", way, page: 0 })]
  if (stock.available === 0) {
    return {
      html: lines(...heading, html`${words.nothing}`, untouchedText(stock, scenery)),
      keyboard: [others, menuBelow(texts)],
    }
  }
  const empty: Action = { _tag: "Empty", way, resource: resource.id, version: stock.version }
  return {
    html: lines(
      ...heading,
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
  }
}

const untouchedText = ({ pending, buffer, corrections }: Stock, { texts }: Scenery): Html =>
  html`${texts.stock.buffer.untouched(pending, buffer + corrections)}`

/** By variant, those that the day keeps back by themselves. */
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

/** All that can be taken back, latest first. `headline`: what was just done. */
export const trashScreen = (
  views: ReadonlyArray<TrashView>,
  page: number,
  scenery: Scenery,
  headline?: string,
): Screen => {
  const { texts } = scenery
  const words = texts.stock.undo
  const above = headline === undefined ? [] : [html`${headline}`, html``]
  if (views.length === 0) {
    return { ...notice(words.nothing, texts), html: lines(...above, html`${words.nothing}`) }
  }
  const entries = views.map((view) => ({
    html: lines(bold(resourceName(view.resource, texts)), trashText(view, scenery)),
    button: restoreButton(view, scenery, resourceName(view.resource, texts)),
  }))
  const shown = pageOf(entries, page, buttonsOnPage, (to) => ({ _tag: "Trashes", page: to }))
  return {
    html: lines(...above, bold(words.title), html``, ...shown.html),
    keyboard: [...shown.buttons.map((button) => [button]), ...shown.turning, menuBelow(texts)],
  }
}

const trashText = ({ trash, by }: TrashView, scenery: Scenery): Html => {
  const words = scenery.texts.stock.undo
  const until = words.until(untilText(trash.until, scenery))
  return html`${words.line(trash.count, by, sinceText(trash.at, scenery))} ${until}`
}

/** `name` in a list, where it tells the buttons apart. */
const restoreButton = ({ resource, trash }: TrashView, { texts }: Scenery, name?: string) => {
  const text = `↩️ ${texts.stock.undo.restore} ${trash.count}`
  return tap(name === undefined ? text : `${text}: ${name}`, {
    _tag: "Restore",
    resource: resource.id,
    trash: trash.id,
  })
}

/*
 * /undo: what was cleared, left out of the sheet or taken into quarantine within the last day, and
 * the way back.
 */

export const makeBufferUndo = Effect.gen(function* () {
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
    const texts = yield* Wording

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
    const texts = yield* Wording

    const name = resourceName(resource, texts)
    yield* press.answer()
    const headline = texts.stock.undo.restored(name, count)
    yield* replies.turnTo(press.message, yield* draw(0, headline))
    yield* Effect.logInfo("trash restored").pipe(
      Effect.annotateLogs({ resource: resource.id, admin: press.userId, count }),
    )
    yield* decisions.tellOthers(press.userId, (author, words) =>
      words.stock.notes.restored(resourceName(resource, words), author, count),
    )
  })

  const gone = Effect.fnUntraced(function* (press: Press) {
    const texts = yield* Wording

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
      Effect.catchTag(refusals, () => gone(press)),
    )
  })

  const area: Area = {
    commands: { undo: open },
    buttons: { Trashes: turn, Restore: restore },
  }
  return area
})
