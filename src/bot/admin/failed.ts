/**
 * /failed: rows of the issued tabs that Google refuses, to be tried again or left out.
 *
 * What to leave out is shown and asked first, and the first admin decides. See unwritten.ts for
 * the way back.
 */
import { Clock, Duration, Effect } from "effect"
import { abandonmentKept } from "../../config/Limits.ts"
import { Settings } from "../../config/Settings.ts"
import type { Resource } from "../../domain/Catalogue.ts"
import { type Abandonment, type Issuance, type IssuanceId, placeOf } from "../../domain/Issuance.ts"
import { FailedRows, type RefusedRow } from "../../pool/FailedRows.ts"
import { Pools } from "../../pool/Pools.ts"
import type { Action, ActionOf } from "../buttons.ts"
import { Wording } from "../Languages.ts"
import { type Press, Replies } from "../Replies.ts"
import { bold, type Html, html, joinHtml, type Keyboard, type Screen } from "../Screen.ts"
import { markText } from "../screens/batchRules.ts"
import {
  digestOf,
  pageOf,
  resourceName,
  type Scenery,
  sinceText,
  untilText,
} from "../screens/lists.ts"
import { cut, lines, menuBelow, notice, tap } from "../screens/parts.ts"
import type { Texts } from "../texts/Texts.ts"
import { type Area, type Asked, Decisions, refusals } from "./Admins.ts"

export const make = Effect.gen(function* () {
  const replies = yield* Replies
  const pools = yield* Pools
  const failedRows = yield* FailedRows
  const rows = yield* makeFailedRows
  const decisions = yield* Decisions
  const { timezone: zone } = yield* Settings

  const scenery = Effect.gen(function* () {
    return { now: yield* Clock.currentTimeMillis, zone, texts: yield* Wording }
  })

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
    yield* replies.refresh(press, seen, yield* draw(page))
  })

  /** The message shows what is no longer so. */
  const gone = Effect.fnUntraced(function* (press: Press) {
    const words = (yield* Wording).failed

    yield* press.alert(words.gone)
    yield* replies.turnTo(press.message, yield* draw(0))
  })

  const retry = Effect.fnUntraced(function* (press: Press, views: ReadonlyArray<FailedView>) {
    const words = (yield* Wording).failed

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
    const words = (yield* Wording).failed

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
    const done = yield* Effect.catchTag(abandon(press, target), refusals, () =>
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
      others.failed.notes.dropped(
        resourceName(done.view.resource, others),
        target.issuance,
        author,
      ),
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

/* The rows that admins decide about, with the issuances behind them. */

export interface FailedView {
  readonly resource: Resource
  readonly issuance: Issuance
  readonly row: RefusedRow
}

export interface UnwrittenView {
  readonly resource: Resource
  readonly issuance: Issuance
  readonly abandoned: Abandonment
}

export const makeFailedRows = Effect.gen(function* () {
  const pools = yield* Pools
  const rows = yield* FailedRows

  /** Longest first; what was written or given up meanwhile is none any more. */
  const failed = Effect.gen(function* () {
    const all = yield* rows.failed
    const views = yield* Effect.forEach(pools.resources, (resource) =>
      Effect.gen(function* () {
        const waiting = {
          new: yield* pools.buffer(resource.id),
          correction: yield* pools.corrections(resource.id),
        }
        return all.flatMap((row): ReadonlyArray<FailedView> => {
          if (row.resource !== resource.id) return []
          const issuance = waiting[row.kind].find(({ id }) => id === row.id)
          return issuance === undefined ? [] : [{ resource, issuance, row }]
        })
      }),
    )
    return views.flat().toSorted((a, b) => a.row.since - b.row.since)
  })

  /** What admins decided not to write and may still take back, the latest decision first. */
  const unwritten = Effect.gen(function* () {
    const now = yield* Clock.currentTimeMillis
    const views = yield* Effect.forEach(pools.resources, (resource) =>
      Effect.map(pools.abandoned(resource.id), (issuances) =>
        issuances.flatMap((issuance): ReadonlyArray<UnwrittenView> => {
          const { abandoned } = issuance
          return abandoned !== undefined && untilOf(abandoned) > now
            ? [{ resource, issuance, abandoned }]
            : []
        }),
      ),
    )
    return views.flat().toSorted((a, b) => b.abandoned.at - a.abandoned.at)
  })

  return { failed, unwritten }
})

/** Which row a button is about. */
export interface Target {
  readonly resource: string
  readonly issuance: IssuanceId
}

export const isAt =
  ({ resource, issuance: id }: Target) =>
  (view: Pick<FailedView, "resource" | "issuance">) =>
    view.resource.id === resource && view.issuance.id === id

/** Until when it can be taken back. */
export const untilOf = ({ at }: Abandonment): number => at + Duration.toMillis(abandonmentKept)

/*
 * /failed: rows that Google refuses, what leaving one out means, and what was left out.
 *
 * Of an item nothing is shown: the sheet and the journal know the row by the id.
 */

/** A row takes three lines and two buttons. */
const rowsOnPage = 8
/** Files and catalogues that were filled by hand may hold any text. */
const stageMax = 32
const tabMax = 60
const markMax = 40
const reasonMax = 200

/** `unwritten`: how many rows were left out and can be taken back. `headline`: why it is drawn. */
export const failedScreen = (
  views: ReadonlyArray<FailedView>,
  unwritten: number,
  page: number,
  scenery: Scenery,
  headline?: string,
): Screen => {
  const { texts } = scenery
  const words = texts.failed
  const entries = views.map((view, index) => ({
    html: lines(html``, failedText(view, index + 1, scenery)),
    buttons: [
      tap(words.retry(index + 1), { _tag: "FailedRetry", ...targetOf(view) }),
      tap(words.drop(index + 1), { _tag: "FailedAsk", ...targetOf(view) }),
    ],
  }))
  const shown = pageOf(entries, page, rowsOnPage, leadsTo)
  const text = lines(
    ...above(headline),
    ...(views.length === 0
      ? [html`${words.nothing}`]
      : [bold(words.title(views.length)), html`${words.hint}`, ...shown.html]),
  )
  return {
    html: text,
    keyboard: [
      ...shown.entries.map(({ buttons }) => buttons),
      ...shown.turning,
      ...(views.length > 1 ? [[tap(words.retryAll, { _tag: "FailedRetryAll" })]] : []),
      ...unwrittenRow(unwritten, texts),
      [tap(texts.stock.refresh, leadsTo(page, digestOf(text)))],
      menuBelow(texts),
    ],
  }
}

const leadsTo = (page: number, seen = ""): Action => ({ _tag: "Failed", page, seen })

/** What will be missing, and the button that lets it be missing. */
export const dropScreen = (view: FailedView, scenery: Scenery): Screen => {
  const { texts } = scenery
  const { ask, back } = texts.failed
  const { issuance, row } = view
  const marks = marksOf(view, texts)
  return {
    html: lines(
      bold(ask.title),
      ...rowLines(view, scenery),
      html``,
      html`${placeOf(issuance) === "correction" ? ask.staying(marks.row, marks.mark) : ask.missing}`,
      html`${ask.meaning}`,
      html``,
      html`${texts.failed.reason(cut(row.message, reasonMax))}`,
    ),
    keyboard: [
      [tap(ask.confirm, { _tag: "FailedDrop", ...targetOf(view) }, "danger")],
      [tap(back, leadsTo(0))],
      menuBelow(texts),
    ],
  }
}

/** One row that was left out; `by` is the admin who decided so. */
export const droppedScreen = (view: UnwrittenView, by: string, scenery: Scenery): Screen => {
  const { texts } = scenery
  const { back, unwritten } = texts.failed
  return {
    html: lines(bold(unwritten.one), ...rowLines(view, scenery), decisionText(view, by, scenery)),
    keyboard: [
      [tap(unwritten.restore, { _tag: "UnwrittenBack", ...targetOf(view) })],
      [tap(back, leadsTo(0))],
      menuBelow(texts),
    ],
  }
}

/** All that were left out; `by` is the admin who decided so. */
export const unwrittenScreen = (
  views: ReadonlyArray<UnwrittenView & { readonly by: string }>,
  page: number,
  scenery: Scenery,
  headline?: string,
): Screen => {
  const { texts } = scenery
  const { back, unwritten: words } = texts.failed
  const entries = views.map((view, index) => ({
    html: lines(
      html``,
      html`${index + 1}. ${lines(...rowLines(view, scenery))}`,
      decisionText(view, view.by, scenery),
    ),
    button: tap(words.restoreOne(index + 1), { _tag: "UnwrittenBack", ...targetOf(view) }),
  }))
  const shown = pageOf(entries, page, rowsOnPage, (to) => ({ _tag: "Unwritten", page: to }))
  return {
    html: lines(
      ...above(headline),
      ...(views.length === 0 ? [html`${words.nothing}`] : [bold(words.title), ...shown.html]),
    ),
    keyboard: [
      ...shown.buttons.map((button) => [button]),
      ...shown.turning,
      [tap(back, leadsTo(0))],
      menuBelow(texts),
    ],
  }
}

/** The screen of the trash, with the way to what was left out. */
export const withUnwritten = (
  screen: Screen,
  count: number,
  isTrashEmpty: boolean,
  texts: Texts,
): Screen => {
  if (count === 0) return screen
  const row = unwrittenRow(count, texts)
  return isTrashEmpty
    ? notice(texts.failed.unwritten.only, texts, row)
    : { ...screen, keyboard: [...screen.keyboard.slice(0, -1), ...row, menuBelow(texts)] }
}

const unwrittenRow = (count: number, texts: Texts): Keyboard =>
  count === 0 ? [] : [[tap(texts.failed.unwritten.open(count), { _tag: "Unwritten", page: 0 })]]

type RowView = Pick<FailedView, "resource" | "issuance">

const targetOf = ({ resource, issuance }: RowView) => ({
  resource: resource.id,
  issuance: issuance.id,
})

const above = (headline: string | undefined): ReadonlyArray<Html> =>
  headline === undefined ? [] : [html`${headline}`, html``]

const failedText = (view: FailedView, number: number, scenery: Scenery): Html => {
  const { failed: words } = scenery.texts
  const { attempts, since, message } = view.row
  return lines(
    html`${number}. ${lines(...rowLines(view, scenery))}`,
    html`${words.refused(attempts, sinceText(since, scenery))}. ${words.reason(cut(message, reasonMax))}`,
  )
}

/** Where it belongs, and whose it is. */
const rowLines = (view: RowView, scenery: Scenery): ReadonlyArray<Html> => {
  const { texts } = scenery
  const { failed: words } = texts
  const { resource, issuance } = view
  const place = words.place(resourceName(resource, texts), cut(resource.issuedTab, tabMax))
  const marks = marksOf(view, texts)
  const isNew = issuance.row === null
  return [
    html`${place}, ${isNew ? words.isNew : words.isCorrection}`,
    joinHtml(
      [
        html`${cut(issuance.stage, stageMax)}`,
        html`${words.issued(sinceText(issuance.issuedAt, scenery))}`,
        html`${isNew ? marks.mark : words.changed(marks.row, marks.mark)}`,
        html`ID ${issuance.id}`,
      ],
      " · ",
    ),
  ]
}

/** What the issuance says and what the sheet does; "–" where that is nothing. */
const marksOf = ({ resource, issuance: { mark, row } }: RowView, texts: Texts) => {
  const text = (one: Issuance["mark"]) =>
    one === null ? "–" : cut(markText(resource, one, texts), markMax)
  return { mark: text(mark), row: text(row) }
}

const decisionText = ({ abandoned }: UnwrittenView, by: string, scenery: Scenery): Html => {
  const { unwritten: words } = scenery.texts.failed
  const decided = words.decided(by, sinceText(abandoned.at, scenery))
  return html`${decided} ${words.until(untilText(untilOf(abandoned), scenery))}`
}

/* What admins decided not to write into the sheet within the last day, and the way back. */

export const makeUnwritten = Effect.gen(function* () {
  const replies = yield* Replies
  const pools = yield* Pools
  const failedRows = yield* FailedRows
  const rows = yield* makeFailedRows
  const decisions = yield* Decisions
  const { timezone: zone } = yield* Settings

  const draw = Effect.fnUntraced(function* (page: number, headline?: string) {
    const texts = yield* Wording

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
    const texts = yield* Wording
    const words = texts.failed

    const view = yield* Effect.catchTag(unabandon(press, target), refusals, () =>
      Effect.succeed(undefined),
    )
    if (view === undefined) {
      yield* press.alert(words.notDropped)
      return yield* replies.turnTo(press.message, yield* draw(0, words.notDropped))
    }
    yield* failedRows.retry([target.issuance])
    yield* press.answer()
    const headline = words.unwritten.restored(resourceName(view.resource, texts))
    yield* replies.turnTo(press.message, yield* draw(0, headline))
    yield* Effect.logInfo("a row is written after all").pipe(
      Effect.annotateLogs({ ...target, admin: press.userId }),
    )
    return yield* decisions.tellOthers(press.userId, (author, others) =>
      others.failed.notes.restored(resourceName(view.resource, others), target.issuance, author),
    )
  })

  const area: Area = { commands: {}, buttons: { Unwritten: turn, UnwrittenBack: takeBack } }
  return area
})
