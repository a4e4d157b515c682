/**
 * /quarantine: the rows that cannot be issued, by tab and reason, and what admins do with them.
 *
 * A row goes back to its tab, is issued with another value or as it is, or is thrown away. Each
 * decision can be taken back for a day, as long as nothing came of it. Values are masked until
 * somebody asks to see them.
 */
import { Duration, Effect } from "effect"
import { quarantineAtOnce, quarantineFixWithin, quarantineUndone } from "../../config/Limits.ts"
import { Settings } from "../../config/Settings.ts"
import type { Resource } from "../../domain/Catalogue.ts"
import { formatDay, typedDay } from "../../domain/Day.ts"
import type { TelegramId } from "../../domain/Employee.ts"
import { foldName } from "../../domain/identity.ts"
import type { Cell, Leaving, Quarantined, QuarantineWay } from "../../domain/Item.ts"
import {
  maskedIdentity,
  maskedLogin,
  maskedPhone,
  maskedText,
  secretDots,
} from "../../domain/masks.ts"
import { Pools } from "../../pool/Pools.ts"
import { RowReader } from "../../pool/RowReader.ts"
import type { Worked } from "../../pool/State.ts"
import {
  type InQuarantine,
  Journal,
  type QuarantineTally,
  type StorageUnavailable,
} from "../../store/Journal.ts"
import { type Action, type ActionOf, isIn } from "../buttons.ts"
import { Wording } from "../Languages.ts"
import { type Question, Questions } from "../Questions.ts"
import { type Press, Replies } from "../Replies.ts"
import { bold, code, type Html, html, type Keyboard, type Screen } from "../Screen.ts"
import {
  headerLabel,
  digestOf,
  headed,
  listScreen,
  pager,
  resourceName,
  type Scenery,
  sceneryNow,
  sinceText,
  untilText,
} from "../screens/lists.ts"
import { cut, lines, menuBelow, sentence, tap } from "../screens/parts.ts"
import { Telegram } from "../Telegram.ts"
import type { Texts } from "../texts/Texts.ts"
import { type Area, type Asked, Decisions, refusals } from "./Admins.ts"
import { spellingButton, typedRegion, unknownRegionsRow } from "./spellings.ts"

/** The rows of one tab that are in quarantine for one reason. */
interface Group extends QuarantineTally {
  readonly resource: Resource
  /** Names the group in buttons. */
  readonly id: string
}

interface RowView extends InQuarantine {
  readonly resource: Resource
}

interface WorkedView {
  readonly resource: Resource
  readonly worked: Worked
  readonly by: string
}

export const makeQuarantine = Effect.gen(function* () {
  const replies = yield* Replies
  const rows = yield* makeQuarantineRows
  const fixing = yield* makeFixing(rows)
  const { timezone: zone } = yield* Settings

  const draw = Effect.fnUntraced(function* (page: number, headline?: string) {
    const worked = (yield* rows.worked).length
    return groupsScreen(yield* rows.groups, worked, page, yield* sceneryNow(zone), headline)
  })

  const open = Effect.fnUntraced(function* ({ chatId }: Asked) {
    yield* replies.say(chatId, yield* draw(0))
  })

  const turn = Effect.fnUntraced(function* (press: Press, { page }: ActionOf<"Quarantine">) {
    yield* press.answer()
    yield* replies.turnTo(press.message, yield* draw(page))
  })

  /** The rows of the group, or all groups where it has none any more. */
  const drawGroup = Effect.fnUntraced(function* (id: string, asked: number, headline?: string) {
    const group = (yield* rows.groups).find((one) => one.id === id)
    if (group === undefined) return yield* draw(0, headline)
    const pages = Math.ceil(group.count / rowsOnPage)
    const page = Math.min(asked, pages - 1)
    const shown = yield* rows.of(group, { limit: rowsOnPage, skip: page * rowsOnPage })
    return groupScreen(group, shown, { page, pages }, yield* sceneryNow(zone), headline)
  })

  const turnGroup = Effect.fnUntraced(function* (
    press: Press,
    { group, page }: ActionOf<"QuarantineGroup">,
  ) {
    yield* press.answer()
    yield* replies.turnTo(press.message, yield* drawGroup(group, page))
  })

  const gone = Effect.fnUntraced(function* (press: Press) {
    const { gone: sentenceGone } = (yield* Wording).quarantine
    yield* press.alert(sentenceGone)
    yield* replies.turnTo(press.message, yield* draw(0, sentenceGone))
  })

  const show = Effect.fnUntraced(function* (
    press: Press,
    { resource, item, shown }: ActionOf<"QuarantineRow">,
  ) {
    const view = yield* rows.find(resource, item)
    if (view === undefined) return yield* gone(press)
    yield* press.answer()
    const screen = rowScreen(view, shown === "all", yield* sceneryNow(zone))
    return yield* replies.turnTo(press.message, screen)
  })

  const working = yield* makeWorking({ rows, draw, drawGroup, gone })
  const undoing = yield* makeUndoing(rows)

  const area: Area = {
    commands: { quarantine: open, aside: open },
    buttons: {
      Quarantine: turn,
      QuarantineGroup: turnGroup,
      QuarantineRow: show,
      QuarantineFix: fixing.ask,
      QuarantineFixOff: fixing.stop,
      QuarantineDo: working.one,
      QuarantineAskAll: working.askAll,
      QuarantineDoAll: working.all,
      QuarantineDone: undoing.turn,
      QuarantineUndo: undoing.undo,
    },
  }
  return { area, open }
})

/** The functions that draw the screen after a decision. */
interface Drawing {
  readonly rows: Effect.Success<typeof makeQuarantineRows>
  /** All groups. */
  readonly draw: (
    page: number,
    headline?: string,
  ) => Effect.Effect<Screen, StorageUnavailable, Wording>
  readonly drawGroup: (
    group: string,
    page: number,
    headline?: string,
  ) => Effect.Effect<Screen, StorageUnavailable, Wording>
  /** Tells that what the button is about is in quarantine no longer. */
  readonly gone: (press: Press) => Effect.Effect<void, StorageUnavailable, Wording>
}

/** Has one row, or all of a group, leave the quarantine. */
const makeWorking = Effect.fnUntraced(function* ({ rows, draw, drawGroup, gone }: Drawing) {
  const replies = yield* Replies
  const pools = yield* Pools
  const decisions = yield* Decisions

  /** Tells that rows cannot be issued since they are read as items no longer. */
  const unread = Effect.fnUntraced(function* (press: Press) {
    const { unread: why } = (yield* Wording).quarantine
    yield* press.alert(why)
    yield* replies.turnTo(press.message, yield* draw(0, why))
  })

  /** Works rows that are there now; tells everybody, or why nothing was done. */
  const work = Effect.fnUntraced(function* (
    press: Press,
    way: QuarantineWay,
    find: Effect.Effect<ReadonlyArray<RowView>, StorageUnavailable>,
    after: (headline: string) => ReturnType<Drawing["draw"]>,
  ) {
    const texts = yield* Wording
    const words = texts.quarantine
    const found = yield* Effect.gen(function* () {
      const views = yield* find
      const [first] = views
      if (first === undefined) return undefined
      const leaving = yield* Effect.forEach(views, (view) => rows.leaving(view, way))
      if (way === "issue" && leaving.every(({ item }) => item === null)) return "unread"
      const before = (yield* pools.worked(first.resource.id)).length
      yield* pools.manage(first.resource.id, {
        _tag: "LeaveQuarantine",
        way,
        rows: leaving,
        twice: true,
        admin: press.userId,
      })
      const count = (yield* pools.worked(first.resource.id)).length - before
      return { tab: first.row.tab, count }
    }).pipe(
      decisions.alone,
      Effect.catchTag(refusals, () => Effect.succeed(undefined)),
    )
    if (found === "unread") return yield* unread(press)
    if (found === undefined || found.count === 0) return yield* gone(press)
    yield* press.answer()
    yield* replies.turnTo(press.message, yield* after(words.done[way](found.count, found.tab)))
    yield* Effect.logInfo("rows of quarantine were worked").pipe(
      Effect.annotateLogs({ admin: press.userId, way, count: found.count }),
    )
    return yield* decisions.tellOthers(press.userId, (by, others) =>
      others.quarantine.note(others.quarantine.done[way](found.count, found.tab), by),
    )
  })

  const one = Effect.fnUntraced(function* (
    press: Press,
    { resource, item, way }: ActionOf<"QuarantineDo">,
  ) {
    const find = Effect.map(rows.find(resource, item), (view) =>
      view !== undefined && waysOf(view.row.reason).includes(way) ? [view] : [],
    )
    yield* work(press, way, find, (headline) => draw(0, headline))
  })

  const askAll = Effect.fnUntraced(function* (
    press: Press,
    { group: id, way }: ActionOf<"QuarantineAskAll">,
  ) {
    const group = (yield* rows.groups).find((each) => each.id === id)
    if (group === undefined || !waysOf(group.reason).includes(way)) return yield* gone(press)
    yield* press.answer()
    return yield* replies.turnTo(press.message, askScreen(group, way, yield* Wording))
  })

  const all = Effect.fnUntraced(function* (
    press: Press,
    { group: id, way }: ActionOf<"QuarantineDoAll">,
  ) {
    const find = Effect.gen(function* () {
      const group = (yield* rows.groups).find((each) => each.id === id)
      if (group === undefined || !waysOf(group.reason).includes(way)) return []
      return yield* rows.of(group, { limit: quarantineAtOnce, skip: 0 })
    })
    yield* work(press, way, find, (headline) => drawGroup(id, 0, headline))
  })

  return { one, askAll, all }
})

/** Lists what was decided within a day, and takes it back. */
const makeUndoing = Effect.fnUntraced(function* (rows: Drawing["rows"]) {
  const replies = yield* Replies
  const pools = yield* Pools
  const decisions = yield* Decisions
  const { timezone: zone } = yield* Settings

  const drawWorked = Effect.fnUntraced(function* (page: number, headline?: string) {
    return workedScreen(yield* rows.worked, page, yield* sceneryNow(zone), headline)
  })

  const turn = Effect.fnUntraced(function* (press: Press, { page }: ActionOf<"QuarantineDone">) {
    yield* press.answer()
    yield* replies.turnTo(press.message, yield* drawWorked(page))
  })

  const undo = Effect.fnUntraced(function* (
    press: Press,
    { resource, item }: ActionOf<"QuarantineUndo">,
  ) {
    const texts = yield* Wording
    yield* decisions.settle(
      press,
      Effect.map(rows.worked, (views) =>
        views.find((view) => view.resource.id === resource && view.worked.row.id === item),
      ),
      {
        take: ({ worked }, also) =>
          pools.manage(
            resource,
            { _tag: "EnterQuarantine", ids: [worked.row.id], admin: press.userId },
            also,
          ),
        draw: (headline) => drawWorked(0, headline),
        gone: texts.quarantine.tooLate,
        done: ({ worked }) => texts.quarantine.undone(worked.row.tab),
        note: ({ worked }, by, others) =>
          others.quarantine.note(others.quarantine.undone(worked.row.tab), by),
        log: "a row is in quarantine again",
        about: () => ({ resource, item }),
      },
    )
  })

  return { turn, undo }
})

/** A value is asked for by a button, and taken from the next message. */
const makeFixing = Effect.fnUntraced(function* (rows: Effect.Success<typeof makeQuarantineRows>) {
  const replies = yield* Replies
  const telegram = yield* Telegram
  const pools = yield* Pools
  const reader = yield* RowReader
  const decisions = yield* Decisions
  const { timezone: zone } = yield* Settings
  const questions = yield* Questions

  /** Why the value does not help, or `undefined` where the row is to be issued now. */
  const fix = Effect.fnUntraced(function* (view: RowView, text: string, admin: TelegramId) {
    const texts = yield* Wording
    const column = view.row.column ?? ""
    const read = yield* reader.read(view.resource.id, view.row, { column, text })
    if (read._tag === "Faulty")
      return texts.quarantine.fix.still(faultText(read, view.resource, texts))
    return yield* pools
      .manage(view.resource.id, {
        _tag: "LeaveQuarantine",
        way: "issue",
        rows: [{ row: view.row, item: read.item }],
        twice: false,
        admin,
      })
      .pipe(
        Effect.as(undefined),
        Effect.catchTag("NotAllowed", () =>
          Effect.succeed(
            texts.quarantine.fix.still(
              faultText({ reason: "issuedBefore", column }, view.resource, texts),
            ),
          ),
        ),
        Effect.catchTag(["StockChanged", "TrashGone", "UnknownIssuance"], () =>
          Effect.succeed(texts.quarantine.gone),
        ),
        decisions.alone,
      )
  })

  /** The next text of the admin is the value that the row lacks. */
  const valueFor = (resource: string, item: string): Question => ({
    subject: "quarantine",
    within: quarantineFixWithin,
    outlives: isIn("admin"),
    answer: Effect.fnUntraced(function* ({ userId, chatId, messageId, text }) {
      const texts = yield* Wording
      const words = texts.quarantine
      // It may be a password.
      yield* telegram
        .remove({ chatId, messageId })
        .pipe(Effect.catch(() => replies.say(chatId, sentence(words.fix.notDeleted))))
      const view = yield* rows.find(resource, item)
      if (view === undefined) {
        yield* replies.say(chatId, sentence(words.gone))
        return true
      }
      const trouble = yield* fix(view, text.trim(), userId)
      if (trouble !== undefined) {
        yield* replies.say(chatId, {
          html: lines(html`${trouble}`, html`${words.fix.how}`),
          keyboard: [[tap(words.fix.cancel, { _tag: "QuarantineFixOff", resource, item })]],
        })
        return false
      }
      const { tab } = view.row
      yield* replies.say(chatId, {
        html: html`${words.done.issue(1, tab)}`,
        keyboard: [[tap(words.toList, { _tag: "Quarantine", page: 0 })], menuBelow(texts)],
      })
      yield* Effect.logInfo("a row of quarantine was mended").pipe(
        Effect.annotateLogs({ admin: userId, item }),
      )
      yield* decisions.tellOthers(userId, (by, others) =>
        others.quarantine.note(others.quarantine.done.issue(1, tab), by),
      )
      return true
    }),
  })

  const ask = Effect.fnUntraced(function* (
    press: Press,
    { resource, item }: ActionOf<"QuarantineFix">,
  ) {
    const texts = yield* Wording
    const words = texts.quarantine
    const view = yield* rows.find(resource, item)
    const column = view?.row.column
    if (view === undefined || column == null) return yield* press.alert(words.gone)
    yield* questions.ask(press.userId, valueFor(resource, item))
    yield* press.answer()
    const name = headerLabel(column, view.resource, texts)
    return yield* replies.turnTo(press.message, {
      html: lines(bold(words.fix.title(cut(name, headerMax))), html`${words.fix.how}`),
      keyboard: [[tap(words.fix.cancel, { _tag: "QuarantineFixOff", resource, item })]],
    })
  })

  const stop = Effect.fnUntraced(function* (
    press: Press,
    { resource, item }: ActionOf<"QuarantineFixOff">,
  ) {
    yield* questions.forget(press.userId, "quarantine")
    const view = yield* rows.find(resource, item)
    if (view === undefined) return yield* press.alert((yield* Wording).quarantine.gone)
    yield* press.answer()
    return yield* replies.turnTo(press.message, rowScreen(view, false, yield* sceneryNow(zone)))
  })

  return { ask, stop }
})

/** Makes the functions that read rows of quarantine, from the journal and the pools. */
const makeQuarantineRows = Effect.gen(function* () {
  const journal = yield* Journal
  const pools = yield* Pools
  const reader = yield* RowReader
  const decisions = yield* Decisions

  const resourceOf = (id: string) => pools.resources.find((resource) => resource.id === id)

  /** The largest first, in the order of the catalogue. */
  const groups = Effect.map(journal.quarantineTally, (tally) =>
    pools.resources.flatMap((resource) =>
      tally
        .filter(({ pool }) => pool === resource.id)
        .toSorted((a, b) => b.count - a.count || (a.tab < b.tab ? -1 : 1))
        .map((group): Group => ({ ...group, resource, id: groupId(group) })),
    ),
  )

  const of = Effect.fnUntraced(function* (
    { resource, pool, tab, reason, column }: Group,
    page: { readonly limit: number; readonly skip: number },
  ) {
    const found = yield* journal.quarantined({ pool, tab, reason, column }, page)
    return found.map((row): RowView => ({ ...row, resource }))
  })

  const find = Effect.fnUntraced(function* (pool: string, item: string) {
    const resource = resourceOf(pool)
    const [row] = yield* journal.quarantined({ pool, item }, { limit: 1, skip: 0 })
    return resource === undefined || row === undefined ? undefined : { ...row, resource }
  })

  /** The row with the item that it is issued as, where it is to be issued. */
  const leaving = Effect.fnUntraced(function* ({ resource, row }: RowView, way: QuarantineWay) {
    if (way !== "issue") return { row, item: null } satisfies Leaving
    const read = yield* reader.read(resource.id, row)
    return { row, item: read._tag === "Item" ? read.item : null } satisfies Leaving
  })

  /** The decisions that can still be taken back, the latest first. */
  const worked = Effect.gen(function* () {
    const views = yield* Effect.forEach(pools.resources, (resource) =>
      Effect.flatMap(pools.worked(resource.id), (all) =>
        Effect.forEach(all, (each) =>
          Effect.map(decisions.nameOf(each.by), (by): WorkedView => ({
            resource,
            worked: each,
            by,
          })),
        ),
      ),
    )
    return views.flat().toSorted((a, b) => b.worked.at - a.worked.at)
  })

  return { groups, of, find, leaving, worked }
})

const groupId = ({ pool, tab, reason, column }: QuarantineTally) =>
  digestOf(html`${JSON.stringify([pool, tab, reason, column])}`)

/** A repeat may be none; what somebody held was seen, and the others are no items as they are. */
const waysOf = (reason: Quarantined["reason"]): ReadonlyArray<QuarantineWay> =>
  reason === "duplicate" || reason === "issuedBefore"
    ? ["return", "issue", "drop"]
    : ["return", "drop"]

/** Each takes two lines and a button. */
const rowsOnPage = 8
const groupsOnPage = 10
const headerMax = 40
const tabMax = 40
const cellMax = 300
/** All cells of a row together. */
const cellsMax = 3_000

/** Why a row is in quarantine, and the column at fault. */
export const faultText = (
  { reason, column }: Pick<Quarantined, "reason" | "column">,
  resource: Resource | undefined,
  texts: Texts,
): string => {
  const why = texts.admin.quarantineReason[reason]
  return column === null ? why : `${why} (${cut(headerLabel(column, resource, texts), headerMax)})`
}

const groupsScreen = (
  groups: ReadonlyArray<Group>,
  worked: number,
  page: number,
  scenery: Scenery,
  headline?: string,
): Screen => {
  const { texts } = scenery
  const words = texts.quarantine
  const entries = groups.map((group, index) => ({
    html: html`${index + 1}. ${words.tab(cut(group.tab, tabMax))} · ${faultText(group, group.resource, texts)}: ${group.count}`,
    buttons: [
      tap(`${index + 1}. ${cut(group.tab, 20)} · ${group.count}`, {
        _tag: "QuarantineGroup",
        group: group.id,
        page: 0,
      }),
    ],
  }))
  return listScreen(
    {
      headline,
      heading: [bold(words.title), html`${words.hint}`, html``],
      empty: words.nothing,
      entries,
      page,
      perPage: groupsOnPage,
      to: (target) => ({ _tag: "Quarantine", page: target }),
      below: () =>
        worked === 0 ? [] : [[tap(words.workedOpen(worked), { _tag: "QuarantineDone", page: 0 })]],
    },
    texts,
  )
}

const groupScreen = (
  group: Group,
  rows: ReadonlyArray<RowView>,
  place: { readonly page: number; readonly pages: number },
  scenery: Scenery,
  headline?: string,
): Screen => {
  const { texts } = scenery
  const words = texts.quarantine
  const first = place.page * rowsOnPage + 1
  const name = (view: RowView, index: number) => `${first + index}. ${identityOf(view, texts)}`
  return headed(headline, {
    html: lines(
      bold(`${words.tab(cut(group.tab, tabMax))} · ${faultText(group, group.resource, texts)}`),
      html`${words.count(group.count)}`,
      html``,
      ...rows.map((view, index) => html`${name(view, index)}, ${sinceText(view.at, scenery)}`),
    ),
    keyboard: [
      ...rows.map((view, index) => [
        tap(name(view, index), {
          _tag: "QuarantineRow",
          resource: view.resource.id,
          item: view.row.id,
          shown: "masked",
        }),
      ]),
      ...pager(place, (page) => ({ _tag: "QuarantineGroup", group: group.id, page })),
      ...(group.reason === "region" ? unknownRegionsRow(texts) : []),
      ...(group.count > 1 ? waysOf(group.reason) : []).map((way) => [
        tap(words.all[way](group.count), { _tag: "QuarantineAskAll", group: group.id, way }),
      ]),
      [tap(words.toList, { _tag: "Quarantine", page: 0 })],
      menuBelow(texts),
    ],
  })
}

const rowScreen = (view: RowView, isOpen: boolean, scenery: Scenery): Screen => {
  const { texts } = scenery
  const words = texts.quarantine
  const { row, resource, at } = view
  const about = { resource: resource.id, item: row.id }
  const toRow = (shown: "masked" | "all"): Action => ({ _tag: "QuarantineRow", ...about, shown })
  return {
    html: lines(
      bold(`${words.tab(cut(row.tab, tabMax))} · ${faultText(row, resource, texts)}`),
      html`${resourceName(resource, texts)}, ${words.since(sinceText(at, scenery))}`,
      html``,
      ...cellLines(view, isOpen, texts),
      html``,
      html`${words.advice[row.reason]}`,
    ),
    keyboard: [
      [isOpen ? tap(words.hide, toRow("masked")) : tap(words.show, toRow("all"))],
      ...(row.reason === "region" ? [[spellingButton(typedRegion(row), texts)]] : []),
      ...(row.column === null || waysOf(row.reason).includes("issue")
        ? []
        : [
            [
              tap(words.fix.open(cut(headerLabel(row.column, resource, texts), 20)), {
                _tag: "QuarantineFix",
                ...about,
              }),
            ],
          ]),
      ...waysOf(row.reason).map((way) => [
        tap(words.one[way], { _tag: "QuarantineDo", ...about, way }),
      ]),
      [tap(words.back, { _tag: "QuarantineGroup", group: groupIdOf(view), page: 0 })],
      menuBelow(texts),
    ],
  }
}

const groupIdOf = ({ pool, row: { tab, reason, column } }: RowView) =>
  groupId({ pool, tab, reason, column, count: 0 })

const askScreen = (group: Group, way: QuarantineWay, texts: Texts): Screen => {
  const words = texts.quarantine
  const count = Math.min(group.count, quarantineAtOnce)
  return {
    html: lines(
      bold(words.ask[way](count, cut(group.tab, tabMax))),
      html`${faultText(group, group.resource, texts)}`,
      html`${words.meaning[way]}`,
    ),
    keyboard: [
      [tap(words.confirm[way], { _tag: "QuarantineDoAll", group: group.id, way }, "danger")],
      [tap(words.back, { _tag: "QuarantineGroup", group: group.id, page: 0 })],
      menuBelow(texts),
    ],
  }
}

const workedScreen = (
  views: ReadonlyArray<WorkedView>,
  page: number,
  scenery: Scenery,
  headline?: string,
): Screen => {
  const { texts } = scenery
  const words = texts.quarantine
  const entries = views.map(({ resource, worked, by }, index) => {
    const { row, way, at } = worked
    const until = untilText(at + Duration.toMillis(quarantineUndone), scenery)
    return {
      html: lines(
        html``,
        html`${index + 1}. ${words.tab(cut(row.tab, tabMax))}: ${identityIn(row, resource, texts)}`,
        html`${words.decided[way](by, sinceText(at, scenery))} ${texts.asides.until(until)}`,
      ),
      buttons: [
        tap(words.undo(index + 1), {
          _tag: "QuarantineUndo",
          resource: resource.id,
          item: row.id,
        }),
      ],
    }
  })
  return listScreen(
    {
      headline,
      heading: [bold(words.workedTitle)],
      empty: words.workedNothing,
      entries,
      page,
      perPage: rowsOnPage,
      to: (target) => ({ _tag: "QuarantineDone", page: target }),
      below: () => [[tap(words.toList, { _tag: "Quarantine", page: 0 })]],
    },
    texts,
  )
}

/** Leads to the rows of a tab that cannot be issued; no row where there are none. */
export const quarantineRow = (count: number, texts: Texts): Keyboard =>
  count === 0 ? [] : [[tap(texts.quarantine.open(count), { _tag: "Quarantine", page: 0 })]]

/** The cells with something in them, a secret one only as dots until it is asked for. */
const cellLines = (
  { row, resource }: RowView,
  isOpen: boolean,
  texts: Texts,
): ReadonlyArray<Html> => {
  const { header, cells } = row.origin
  const kinds = new Map(
    resource.columns.flatMap(({ header: name, aliases, kind }) =>
      [name, ...aliases].map((each) => [foldName(each), kind] as const),
    ),
  )
  const each = cells.flatMap((cell, index) => {
    const text = cellText(cell)
    if (text.trim() === "") return []
    const name = cut((header[index] ?? "").trim(), headerMax)
    const hidden = maskedCell(text, kinds.get(foldName(name)))
    const label = name === "" ? "?" : headerLabel(name, resource, texts)
    return [html`${label}: ${isOpen ? code(cut(text, cellMax)) : hidden}`]
  })
  let length = 0
  return each.filter((line) => (length += String(line).length) <= cellsMax)
}

const maskedCell = (text: string, kind: Resource["columns"][number]["kind"] | undefined) => {
  switch (kind) {
    case "secret":
      return secretDots
    case "phone":
      return maskedPhone(text)
    case "text":
      return maskedLogin(text)
    default:
      return maskedText(text)
  }
}

const identityOf = ({ row, resource }: RowView, texts: Texts) => identityIn(row, resource, texts)

/** The masked login or number of the row; where it has none, its first filled cell. */
const identityIn = ({ origin }: Quarantined, resource: Resource, texts: Texts): string => {
  const column = resource.columns.find(({ key }) => key === resource.identity)
  const names = column === undefined ? [] : [column.header, ...column.aliases].map(foldName)
  const at = origin.header.findIndex((name) => names.includes(foldName(name)))
  const text = cellText(origin.cells[at]).trim()
  const other = origin.cells.map(cellText).find((cell) => cell.trim() !== "") ?? ""
  if (text !== "") return maskedIdentity(text, resource)
  return other === "" ? texts.quarantine.blank : maskedText(other)
}

const cellText = (cell: Cell | undefined): string => {
  if (cell === undefined || cell.value === null) return ""
  const { value, format } = cell
  const day =
    typeof value === "number" && format?.type.startsWith("DATE") ? typedDay(value) : undefined
  return day === undefined ? String(value) : formatDay(day)
}
