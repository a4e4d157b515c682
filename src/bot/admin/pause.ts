/**
 * /pause and /resume: no new items of a resource for a while, and what people read meanwhile.
 *
 * Each of the two takes the other back, so that nothing is asked first. A button never replaces
 * the text that somebody else has given.
 */
import { Effect } from "effect"
import { Settings } from "../../config/Settings.ts"
import type { Resource } from "../../domain/Catalogue.ts"
import type { TelegramId } from "../../domain/Employee.ts"
import type { AdminRefusal, Stock } from "../../pool/Contract.ts"
import { Pools } from "../../pool/Pools.ts"
import type { StorageUnavailable } from "../../store/Journal.ts"
import type { ActionOf } from "../buttons.ts"
import { Wording } from "../Languages.ts"
import { Menus } from "../Menus.ts"
import { type Press, Replies } from "../Replies.ts"
import { bold, type Button, type Html, html, type Screen } from "../Screen.ts"
import {
  buttonsOnPage,
  findNamed,
  listScreen,
  namesOf,
  resourceName,
  type Scenery,
  sceneryNow,
  sinceText,
} from "../screens/lists.ts"
import { lines, menuBelow, notice, tap } from "../screens/parts.ts"
import type { Texts } from "../texts/Texts.ts"
import { type Area, type Asked, Decisions, refusals } from "./Admins.ts"

interface PauseView {
  readonly resource: Resource
  readonly paused: Stock["paused"]
  /** Who paused it; "" where it is not paused. */
  readonly by: string
}

/** As long as the text of the command `Pause` in pool/Contract.ts may be. */
const noteMax = 200

export const makePause = Effect.gen(function* () {
  const replies = yield* Replies
  const { stale } = yield* Menus
  const pools = yield* Pools
  const decisions = yield* Decisions
  const { timezone: zone } = yield* Settings

  const look = Effect.fnUntraced(function* (resource: Resource) {
    const { paused } = yield* pools.stock(resource.id)
    return { resource, paused, by: paused === null ? "" : yield* decisions.nameOf(paused.by) }
  })

  const drawAll = Effect.fnUntraced(function* (page: number, headline?: string) {
    const views = yield* Effect.forEach(pools.resources, look)
    return pausesScreen(views, page, yield* sceneryNow(zone), headline)
  })

  const drawOne = Effect.fnUntraced(function* (resource: Resource) {
    return pauseScreen(yield* look(resource), yield* sceneryNow(zone))
  })

  /** Gives whether it changed anything. Without a `note` a pause that stands keeps its own. */
  const pause = Effect.fnUntraced(function* (
    resource: Resource,
    admin: TelegramId,
    note: string | undefined,
  ) {
    const { paused } = yield* pools.stock(resource.id)
    if (paused !== null && (note === undefined || note === paused.note)) return false
    yield* sure(pools.manage(resource.id, { _tag: "Pause", note: note ?? "", admin }))
    return true
  }, decisions.alone)

  const resume = Effect.fnUntraced(function* (resource: Resource, admin: TelegramId) {
    const { paused } = yield* pools.stock(resource.id)
    if (paused === null) return false
    yield* sure(pools.manage(resource.id, { _tag: "Resume", admin }))
    return true
  }, decisions.alone)

  const tellOthers = Effect.fnUntraced(function* (
    resource: Resource,
    admin: TelegramId,
    what: "paused" | "resumed",
  ) {
    yield* Effect.logInfo(`issuing ${what}`).pipe(
      Effect.annotateLogs({ resource: resource.id, admin }),
    )
    yield* decisions.tellOthers(admin, (by, others) =>
      others.stock.notes[what](resourceName(resource, others), by),
    )
  })

  /** A command; it is answered by the list where it does not name a resource. */
  const commanded = Effect.fnUntraced(function* (
    { argument, chatId, userId }: Asked,
    what: "paused" | "resumed",
  ) {
    const texts = yield* Wording
    const words = texts.stock.pause
    if (argument === "") return yield* replies.say(chatId, yield* drawAll(0))
    const found = findNamed(argument, pools.resources)
    if (found === undefined) {
      const names = namesOf(pools.resources, texts)
      return yield* replies.say(chatId, yield* drawAll(0, texts.stock.unknownResource(names)))
    }
    const { resource, rest } = found
    if (what === "paused" && rest.length > noteMax) {
      return yield* replies.say(chatId, notice(words.tooLong(rest.length), texts))
    }
    const isChanged =
      what === "paused"
        ? yield* pause(resource, userId, rest === "" ? undefined : rest)
        : yield* resume(resource, userId)
    yield* replies.say(chatId, yield* drawOne(resource))
    if (isChanged) yield* tellOthers(resource, userId, what)
  })

  const pressed = Effect.fnUntraced(function* (
    press: Press,
    id: string,
    what: "paused" | "resumed",
  ) {
    const words = (yield* Wording).stock.pause
    const resource = pools.resources.find((each) => each.id === id)
    if (resource === undefined) return yield* stale(press)
    const isChanged =
      what === "paused"
        ? yield* pause(resource, press.userId, undefined)
        : yield* resume(resource, press.userId)
    const already = what === "paused" ? words.already : words.alreadyResumed
    yield* press.answer(isChanged ? undefined : already)
    yield* replies.turnTo(press.message, yield* drawOne(resource))
    if (isChanged) yield* tellOthers(resource, press.userId, what)
  })

  const list = Effect.fnUntraced(function* (press: Press, { page }: ActionOf<"Pauses">) {
    yield* press.answer()
    yield* replies.turnTo(press.message, yield* drawAll(page))
  })

  const area: Area = {
    commands: {
      pause: (asked) => commanded(asked, "paused"),
      resume: (asked) => commanded(asked, "resumed"),
    },
    buttons: {
      Pauses: list,
      Pause: (press, { resource }) => pressed(press, resource, "paused"),
      Resume: (press, { resource }) => pressed(press, resource, "resumed"),
    },
  }
  return area
})

/** A pool refuses neither to pause nor to resume, so that a refusal is a defect. */
const sure = <A>(work: Effect.Effect<A, AdminRefusal | StorageUnavailable>) =>
  Effect.catchTag(work, refusals, Effect.die)

/** `headline`: why the list comes instead of what was asked for. */
export const pausesScreen = (
  views: ReadonlyArray<PauseView>,
  page: number,
  scenery: Scenery,
  headline?: string,
): Screen => {
  const { texts } = scenery
  const words = texts.stock.pause
  const entries = views.map((view) => ({
    html: lines(
      html`${bold(resourceName(view.resource, texts))}: ${stateText(view, scenery)}`,
      noteText(view, texts),
    ),
    buttons: [switchButton(view, texts, resourceName(view.resource, texts))],
  }))
  return listScreen(
    {
      headline,
      heading: [bold(words.title), html`${words.choose}`, html`${words.hint}`, html``],
      entries,
      page,
      perPage: buttonsOnPage / 2,
      to: (target) => ({ _tag: "Pauses", page: target }),
    },
    texts,
  )
}

/** One resource after a decision about it. */
export const pauseScreen = (view: PauseView, scenery: Scenery): Screen => {
  const { texts } = scenery
  const words = texts.stock.pause
  const name = resourceName(view.resource, texts)
  const body =
    view.paused === null
      ? [bold(words.resumed(name))]
      : [
          bold(words.done(name)),
          html`${words.meaning}`,
          noteText(view, texts) ?? html`${words.noNote}`,
          html`${words.hint}`,
        ]
  return {
    html: lines(...body),
    keyboard: [
      [switchButton(view, texts)],
      [tap(words.all, { _tag: "Pauses", page: 0 })],
      menuBelow(texts),
    ],
  }
}

const stateText = ({ paused, by }: PauseView, scenery: Scenery): string => {
  const words = scenery.texts.stock.pause
  return paused === null ? words.works : `⏸ ${words.paused(by, sinceText(paused.at, scenery))}`
}

const noteText = ({ paused }: PauseView, texts: Texts): Html | undefined =>
  paused === null || paused.note === "" ? undefined : html`${texts.stock.pause.note(paused.note)}`

/** A list gives the `name` of the resource, which tells its buttons apart. */
const switchButton = ({ resource, paused }: PauseView, texts: Texts, name?: string): Button => {
  const words = texts.stock.pause
  const text = paused === null ? words.pause : words.resume
  return tap(name === undefined ? text : `${text}: ${name}`, {
    _tag: paused === null ? "Pause" : "Resume",
    resource: resource.id,
  })
}
