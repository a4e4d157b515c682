/**
 * /failed: rows of the issued tabs that Google refuses, to be tried again or left out.
 *
 * What leaving a row out means is shown first, and the first admin who confirms it decides. Within
 * a day any admin can take it back. No value of an item is shown: the sheet and the journal know
 * the row by its id.
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
  listScreen,
  resourceName,
  type Scenery,
  sceneryNow,
  sinceText,
  untilText,
} from "../screens/lists.ts"
import { cut, lines, menuBelow, tap } from "../screens/parts.ts"
import type { Texts } from "../texts/Texts.ts"
import { type Area, type Asked, Decisions, refusals } from "./Admins.ts"

/** A row that Google refuses, and the issuance that it tells of. */
interface FailedView {
  readonly resource: Resource
  readonly issuance: Issuance
  readonly row: RefusedRow
}

/** A row that an admin left out and may still take back. */
interface UnwrittenView {
  readonly resource: Resource
  readonly issuance: Issuance
  readonly abandoned: Abandonment
}

/** The row that a button is about. */
interface Target {
  readonly resource: string
  readonly issuance: IssuanceId
}

export const makeFailed = Effect.gen(function* () {
  const replies = yield* Replies
  const pools = yield* Pools
  const failedRows = yield* FailedRows
  const rows = yield* makeFailedRows
  const decisions = yield* Decisions
  const unwritten = yield* makeUnwritten
  const { timezone: zone } = yield* Settings

  const draw = Effect.fnUntraced(function* (page: number) {
    const { length } = yield* rows.unwritten
    return failedScreen(yield* rows.failed, length, page, yield* sceneryNow(zone))
  })

  const open = Effect.fnUntraced(function* ({ chatId }: Asked) {
    yield* replies.say(chatId, yield* draw(0))
  })

  const turn = Effect.fnUntraced(function* (press: Press, { page, seen }: ActionOf<"Failed">) {
    yield* replies.refresh(press, seen, yield* draw(page))
  })

  /** The row that the message shows is in the list no longer. */
  const gone = Effect.fnUntraced(function* (press: Press) {
    yield* press.alert((yield* Wording).failed.gone)
    yield* replies.turnTo(press.message, yield* draw(0))
  })

  const retry = Effect.fnUntraced(function* (press: Press, views: ReadonlyArray<FailedView>) {
    if (views.length === 0) return yield* gone(press)
    yield* failedRows.retry(views.map(({ issuance }) => issuance.id))
    yield* press.answer((yield* Wording).failed.retrying)
    return yield* Effect.logInfo("refused rows tried again").pipe(
      Effect.annotateLogs({ admin: press.userId, count: views.length }),
    )
  })

  const retryOne = Effect.fnUntraced(function* (press: Press, target: Target) {
    yield* retry(press, (yield* rows.failed).filter(isAt(target)))
  })

  const retryAll = Effect.fnUntraced(function* (press: Press) {
    yield* retry(press, yield* rows.failed)
  })

  const showDropped = Effect.fnUntraced(function* (press: Press, view: UnwrittenView) {
    const by = yield* decisions.nameOf(view.abandoned.by)
    yield* replies.turnTo(press.message, droppedScreen(view, by, yield* sceneryNow(zone)))
  })

  /** The row was left out before this press; the alert says by whom. */
  const decidedBefore = Effect.fnUntraced(function* (press: Press, view: UnwrittenView) {
    const words = (yield* Wording).failed
    yield* press.alert(words.already(yield* decisions.nameOf(view.abandoned.by)))
    yield* showDropped(press, view)
  })

  const ask = Effect.fnUntraced(function* (press: Press, target: Target) {
    const before = (yield* rows.unwritten).find(isAt(target))
    if (before !== undefined) return yield* decidedBefore(press, before)
    const view = (yield* rows.failed).find(isAt(target))
    if (view === undefined) return yield* gone(press)
    yield* press.answer()
    return yield* replies.turnTo(press.message, dropScreen(view, yield* sceneryNow(zone)))
  })

  /** The row that is left out, and whether this press did it; `undefined` where no such row fails. */
  const abandon = Effect.fnUntraced(function* (press: Press, target: Target) {
    const { resource, issuance: id } = target
    const before = (yield* rows.unwritten).find(isAt(target))
    if (before !== undefined) return { view: before, isNew: false }
    if (!(yield* rows.failed).some(isAt(target))) return undefined
    yield* pools.manage(resource, { _tag: "Abandon", id, admin: press.userId })
    const view = (yield* rows.unwritten).find(isAt(target))
    return view === undefined ? undefined : { view, isNew: true }
  }, decisions.alone)

  const drop = Effect.fnUntraced(function* (
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
    const { resource } = done.view
    return yield* decisions.tellOthers(press.userId, (by, others) =>
      others.failed.notes.dropped(resourceName(resource, others), target.issuance, by),
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
      Unwritten: unwritten.turn,
      UnwrittenBack: unwritten.takeBack,
    },
  }
  return area
})

/** The list of rows that were left out, and the buttons that take them back. */
const makeUnwritten = Effect.gen(function* () {
  const replies = yield* Replies
  const pools = yield* Pools
  const failedRows = yield* FailedRows
  const rows = yield* makeFailedRows
  const decisions = yield* Decisions
  const { timezone: zone } = yield* Settings

  const draw = Effect.fnUntraced(function* (page: number, headline?: string) {
    const views = yield* Effect.forEach(yield* rows.unwritten, (view) =>
      Effect.map(decisions.nameOf(view.abandoned.by), (by) => ({ ...view, by })),
    )
    return unwrittenScreen(views, page, yield* sceneryNow(zone), headline)
  })

  const turn = Effect.fnUntraced(function* (press: Press, { page }: ActionOf<"Unwritten">) {
    yield* press.answer()
    yield* replies.turnTo(press.message, yield* draw(page))
  })

  const takeBack = Effect.fnUntraced(function* (
    press: Press,
    { resource, issuance: id }: ActionOf<"UnwrittenBack">,
  ) {
    const texts = yield* Wording
    const words = texts.failed
    yield* decisions.settle(
      press,
      Effect.map(rows.unwritten, (all) => all.find(isAt({ resource, issuance: id }))),
      {
        take: (_, also) =>
          Effect.andThen(
            pools.manage(resource, { _tag: "Unabandon", id, admin: press.userId }, also),
            failedRows.retry([id]),
          ),
        draw: (headline) => draw(0, headline),
        gone: words.notDropped,
        done: (view) => words.unwritten.restored(resourceName(view.resource, texts)),
        note: (view, by, others) =>
          others.failed.notes.restored(resourceName(view.resource, others), id, by),
        log: "a row is written after all",
        about: () => ({ resource, issuance: id }),
      },
    )
  })

  return { turn, takeBack }
})

/** The rows that admins decide about, with the issuances that they tell of. */
export const makeFailedRows = Effect.gen(function* () {
  const pools = yield* Pools
  const rows = yield* FailedRows

  /** The longest refused first, without rows that were written or left out meanwhile. */
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

  /** Left out and still to be taken back, the latest decision first. */
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

/** Each takes three lines and two buttons. */
const rowsOnPage = 8
/** Files and catalogues that were filled by hand may hold texts of any length. */
const stageMax = 32
const tabMax = 60
const markMax = 40
const reasonMax = 200

/** `unwritten`: how many rows were left out and can be taken back. */
export const failedScreen = (
  views: ReadonlyArray<FailedView>,
  unwritten: number,
  page: number,
  scenery: Scenery,
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
  return listScreen(
    {
      heading: [bold(words.title(views.length)), html`${words.hint}`],
      empty: words.nothing,
      entries,
      page,
      perPage: rowsOnPage,
      to: toPage,
      width: 2,
      below: (text) => [
        ...(views.length > 1 ? [[tap(words.retryAll, { _tag: "FailedRetryAll" })]] : []),
        ...unwrittenRow(unwritten, texts),
        [tap(texts.stock.refresh, toPage(page, digestOf(text)))],
      ],
    },
    texts,
  )
}

const toPage = (page: number, seen = ""): Action => ({ _tag: "Failed", page, seen })

/** The question before a row is left out: what the sheet will then lack. */
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
      [tap(back, toPage(0))],
      menuBelow(texts),
    ],
  }
}

/** One row that was left out, with the way back; `by` is the admin who decided it. */
export const droppedScreen = (view: UnwrittenView, by: string, scenery: Scenery): Screen => {
  const { texts } = scenery
  const { back, unwritten } = texts.failed
  return {
    html: lines(bold(unwritten.one), ...rowLines(view, scenery), decisionText(view, by, scenery)),
    keyboard: [
      [tap(unwritten.restore, { _tag: "UnwrittenBack", ...targetOf(view) })],
      [tap(back, toPage(0))],
      menuBelow(texts),
    ],
  }
}

/** All rows that were left out; `by` is the admin who decided it, `headline` what was just done. */
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
    buttons: [tap(words.restoreOne(index + 1), { _tag: "UnwrittenBack", ...targetOf(view) })],
  }))
  return listScreen(
    {
      headline,
      heading: [bold(words.title)],
      empty: words.nothing,
      entries,
      page,
      perPage: rowsOnPage,
      to: (target) => ({ _tag: "Unwritten", page: target }),
      below: () => [[tap(back, toPage(0))]],
    },
    texts,
  )
}

/** The row of /failed and /undo that leads to the rows that were left out; no row without such rows. */
export const unwrittenRow = (count: number, texts: Texts): Keyboard =>
  count === 0 ? [] : [[tap(texts.failed.unwritten.open(count), { _tag: "Unwritten", page: 0 })]]

type RowView = Pick<FailedView, "resource" | "issuance">

const targetOf = ({ resource, issuance }: RowView) => ({
  resource: resource.id,
  issuance: issuance.id,
})

const failedText = (view: FailedView, number: number, scenery: Scenery): Html => {
  const { failed: words } = scenery.texts
  const { attempts, since, message } = view.row
  return lines(
    html`${number}. ${lines(...rowLines(view, scenery))}`,
    html`${words.refused(attempts, sinceText(since, scenery))}. ${words.reason(cut(message, reasonMax))}`,
  )
}

/** Where the row belongs, and whose issuance it tells of. */
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

/** The marks that the issuance and the sheet have; "–" stands for no mark. */
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

const isAt =
  ({ resource, issuance: id }: Target) =>
  (view: RowView) =>
    view.resource.id === resource && view.issuance.id === id

/** From then on the decision can no longer be taken back. */
const untilOf = ({ at }: Abandonment): number => at + Duration.toMillis(abandonmentKept)
