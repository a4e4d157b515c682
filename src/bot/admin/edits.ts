/**
 * Which side is right about a row that was changed by hand, the sheet or the bot: every admin gets
 * a card, and the first who presses a button decides. Nothing of an item is shown.
 */
import { Clock, type DateTime, Duration, Effect, Option, Semaphore } from "effect"
import { Access } from "../../access/Access.ts"
import { CatalogueSource } from "../../config/CatalogueSource.ts"
import { correctionWindow } from "../../config/Limits.ts"
import { Settings } from "../../config/Settings.ts"
import { findStatus, type Resource } from "../../domain/Catalogue.ts"
import { dayOf, formatMoment, formatTime } from "../../domain/Day.ts"
import type { Choice, Found, HandEdit, NoticedEdit } from "../../domain/HandEdit.ts"
import { type MessageRef, sameMark } from "../../domain/Issuance.ts"
import { HandEdits } from "../../pool/HandEdits.ts"
import { Pools } from "../../pool/Pools.ts"
import type { ActionOf } from "../buttons.ts"
import { Deliveries } from "../Deliveries.ts"
import { Wording } from "../Languages.ts"
import { Menus } from "../Menus.ts"
import type { Press } from "../Replies.ts"
import { bold, type Button, code, html, type Screen } from "../Screen.ts"
import { markText, statusText } from "../screens/batchRules.ts"
import { cut, lines, tap } from "../screens/parts.ts"
import type { Texts } from "../texts/Texts.ts"
import type { Area } from "./Admins.ts"
import { TellAdmins } from "./TellAdmins.ts"

/** What a card is drawn from. */
export interface EditView {
  readonly resource: Resource
  readonly edit: HandEdit
  /** Who set the mark; "" for the timer. */
  readonly markedBy: string
  readonly now: number
  readonly zone: DateTime.TimeZone
}

export const makeEdits = Effect.gen(function* () {
  const { stale } = yield* Menus
  const pools = yield* Pools
  const edits = yield* HandEdits
  const deliveries = yield* Deliveries
  const cards = yield* makeEditCards
  const oneAtATime = yield* Semaphore.make(1)

  /** Makes the chosen side true. It may run again after a crash, and changes nothing then. */
  const carryOut = Effect.fnUntraced(function* (edit: HandEdit, choice: Choice, press: Press) {
    const { resource, issuance: id, found, rewrites } = edit
    if (choice === "sheet" && found._tag === "Status" && found.status !== null) {
      const correction = { id, status: found.status, by: press.userId, admin: true }
      const { request } = yield* pools.ask(resource, { _tag: "Correct", ...correction })
      // The message of the holder shows the status too.
      yield* deliveries.show(resource, request.key)
    }
    if (choice !== "bot") return
    const what = { gone: found._tag === "Gone", value: found._tag === "Value" }
    yield* pools.manage(resource, { _tag: "Rewrite", id, ...what, rewrites, admin: press.userId })
  })

  /** The edit had ended before this press. */
  const ended = Effect.fnUntraced(function* (press: Press, noticed: NoticedEdit, alert: string) {
    yield* press.alert(alert)
    yield* cards.show(noticed, press.message)
  })

  /** The edit ends without a decision, because the row is no longer what the card shows. */
  const over = Effect.fnUntraced(function* (press: Press, noticed: NoticedEdit) {
    const { edits: words } = (yield* Wording).checks
    yield* edits.end(noticed.edit)
    yield* press.alert(words.isOver)
    yield* cards.close({ ...noticed, isOver: true }, press.message)
  })

  const decide = Effect.fnUntraced(function* (press: Press, noticed: NoticedEdit, choice: Choice) {
    const { edit } = noticed
    if (!(yield* stillSo(pools, edit, choice))) return yield* over(press, noticed)
    yield* carryOut(edit, choice, press)
    const decided = yield* edits.decide(edit, choice, press.userId)
    yield* press.answer()
    yield* Effect.logInfo("a row changed by hand was decided about").pipe(
      Effect.annotateLogs({ id: edit.issuance, admin: press.userId, choice }),
    )
    yield* cards.close(
      Option.getOrElse(decided, () => noticed),
      press.message,
    )
  })

  const pressed = Effect.fnUntraced(function* (press: Press, action: ActionOf<"EditDecide">) {
    const { edits: words } = (yield* Wording).checks
    const noticed = Option.getOrUndefined(yield* edits.find(action))
    if (noticed === undefined || !mayChoose(noticed.edit, action.choice)) return yield* stale(press)
    if (noticed.decision !== null) return yield* ended(press, noticed, words.alreadyDecided)
    if (noticed.isOver) return yield* ended(press, noticed, words.isOver)
    return yield* decide(press, noticed, action.choice).pipe(
      // Too late for a correction: nothing was changed, and the card offers the other ways.
      Effect.catchTag("NotAllowed", () =>
        Effect.andThen(press.alert(words.tooLate), cards.show(noticed, press.message)),
      ),
      Effect.catchTag(gone, () => over(press, noticed)),
    )
  }, oneAtATime.withPermit)

  const area: Area = { commands: {}, buttons: { EditDecide: pressed } }
  return area
})

/** Whether some card about this edit may have that button; forged data may name any. */
const mayChoose = ({ found }: HandEdit, choice: Choice) =>
  choice !== "sheet" || (found._tag === "Status" && found.status !== null)

/**
 * Whether the bot still says what the card shows. A status that an earlier run of this decision
 * has changed counts as the same.
 */
const stillSo = Effect.fnUntraced(function* (
  pools: Pools["Service"],
  { resource, issuance: id, mark, found }: HandEdit,
  choice: Choice,
) {
  const issuance = Option.getOrUndefined(yield* pools.find(resource, id))
  if (issuance === undefined || issuance.mark === null) return false
  const isDone =
    choice === "sheet" && found._tag === "Status" && issuance.mark.status === found.status
  return isDone || sameMark(issuance.mark, mark)
})

/**
 * Refusals after which the card is out of date, because the pool does not know the issuance. The
 * types list some that cannot happen here.
 */
const gone = [
  "UnknownIssuance",
  "OutOfStock",
  "PoolPaused",
  "TooManyPending",
  "NotHolder",
  "AlreadyMarked",
  "StockChanged",
  "TrashGone",
] as const

/** The cards about rows that were changed by hand, one for each admin: drawn, and drawn anew. */
export const makeEditCards = Effect.gen(function* () {
  const { redraw } = yield* TellAdmins
  const access = yield* Access
  const edits = yield* HandEdits
  const { resources } = yield* CatalogueSource
  const { timezone: zone } = yield* Settings

  const viewOf = Effect.fnUntraced(function* (edit: HandEdit) {
    const resource = resources.find(({ id }) => id === edit.resource)
    if (resource === undefined) return undefined
    const view: EditView = {
      resource,
      edit,
      markedBy: edit.mark.auto ? "" : yield* access.nameOfAdmin(edit.mark.by),
      now: yield* Clock.currentTimeMillis,
      zone,
    }
    return view
  })

  /** `undefined` where the catalogue lost the resource. */
  const draw = Effect.fnUntraced(function* (noticed: NoticedEdit) {
    const { edit, decision, isOver } = noticed
    const view = yield* viewOf(edit)
    if (view === undefined) return undefined
    if (decision === null && !isOver) return (texts: Texts) => openEdit(view, texts)
    const by = decision === null ? "" : yield* access.nameOfAdmin(decision.by)
    return (texts: Texts) => closedEdit(view, outcomeText(noticed, by, zone, texts), texts)
  })

  /** Draws all cards of the edit anew, and `more` messages that show it. */
  const show = Effect.fnUntraced(function* (
    noticed: NoticedEdit,
    ...more: ReadonlyArray<MessageRef>
  ) {
    const screen = yield* draw(noticed)
    if (screen === undefined) return
    const cards = [...noticed.cards, ...more]
    const places = new Map(cards.map((card) => [`${card.chatId}:${card.messageId}`, card]))
    yield* Effect.forEach(places.values(), (card) => redraw(card, screen), { discard: true })
  })

  /** Shows on every card how the edit ended, and records that they show it. */
  const close = Effect.fnUntraced(function* (
    noticed: NoticedEdit,
    ...more: ReadonlyArray<MessageRef>
  ) {
    yield* show(noticed, ...more)
    yield* edits.shown(noticed.edit)
  })

  return { draw, show, close }
})

export const openEdit = (view: EditView, texts: Texts): Screen => ({
  html: cardText(view, texts),
  keyboard: buttonsOf(view, texts),
})

/** `outcome`: who decided what and when, or that nothing is left to decide. */
export const closedEdit = (view: EditView, outcome: string, texts: Texts): Screen => ({
  html: lines(cardText(view, texts), html``, html`${outcome}`),
  keyboard: [],
})

/** One message in place of cards, where there would be dozens of them. */
export const manyEdits = (edits: ReadonlyArray<HandEdit>, { checks: { edits: words } }: Texts) => {
  const tabs = [...Map.groupBy(edits, ({ tab }) => tab)].map(([tab, own]) => {
    const counts = [...Map.groupBy(own, ({ found }) => found._tag)].map(([tag, some]) =>
      words.counted[tag](some.length),
    )
    return html`• ${cut(tab, nameMax)}: ${counts.join(", ")}`
  })
  const screen: Screen = {
    html: lines(
      bold(words.many(edits.length)),
      ...tabs.slice(0, tabsMax),
      html`${words.manyAdvice}`,
    ),
    keyboard: [],
  }
  return screen
}

/** The bot can follow the sheet only where that names a status, and not too late. */
const choicesFor = ({ found, mark }: HandEdit, now: number): ReadonlyArray<Choice> => {
  const isInTime = now <= mark.at + Duration.toMillis(correctionWindow)
  const canFollow = found._tag === "Status" && found.status !== null && isInTime
  return canFollow ? ["sheet", "bot"] : ["bot", "keep"]
}

const outcomeText = (
  { edit, decision }: NoticedEdit,
  by: string,
  zone: DateTime.TimeZone,
  { checks: { edits: words } }: Texts,
): string =>
  decision === null
    ? words.over
    : words.decided(
        words.done[
          edit.found._tag === "Gone" && decision.choice === "bot" ? "again" : decision.choice
        ],
        by,
        formatMoment(decision.at, zone),
      )

const nameMax = 60
/** Tabs named in the one message. */
const tabsMax = 30

const cardText = ({ resource, edit, markedBy, now, zone }: EditView, texts: Texts) => {
  const { edits: words } = texts.checks
  const { tab, row, issuance, stage, issuedAt, mark, found } = edit
  const at = dayOf(mark.at, zone) === dayOf(now, zone) ? formatTime : formatMoment
  return lines(
    bold(words.title[found._tag]),
    html``,
    html`${words.place(cut(tab, nameMax), row)}`,
    html`ID ${code(issuance)}`,
    html`${words.issued(cut(stage, nameMax), formatMoment(issuedAt, zone))}`,
    html`${words.bot(markText(resource, mark, texts), cut(markedBy, nameMax), at(mark.at, zone))}`,
    html`${words.sheet(saidBy(resource, found, texts))}`,
  )
}

/** What the sheet says. A text that is no status is not repeated: it may be anything, even a password. */
const saidBy = (resource: Resource, found: Found, texts: Texts): string => {
  const { edits: words } = texts.checks
  switch (found._tag) {
    case "Status": {
      if (found.isBlank) return words.blank
      const status = found.status === null ? undefined : findStatus(resource, found.status)
      return status === undefined ? words.unknown : statusText(status, texts)
    }
    case "Value":
      return words.otherItem(cut(found.column, nameMax))
    case "Gone":
      return words.gone
  }
}

const buttonsOf = ({ edit, now }: EditView, { checks: { edits: words } }: Texts) => {
  const { issuance, digest, found } = edit
  const choices = choicesFor(edit, now)
  return choices.map((choice): ReadonlyArray<Button> => {
    const isSides = choices.includes("sheet")
    const label =
      choice === "bot" ? words.bots[isSides ? "right" : found._tag] : words.buttons[choice]
    return [tap(label, { _tag: "EditDecide", issuance, digest, choice })]
  })
}
