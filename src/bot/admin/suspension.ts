/**
 * /block and /unblock: somebody's access is suspended at once, for some hours or until it is given
 * back. What the person holds stays on the person's name and keeps its timers.
 *
 * An admin can take a block back at any moment, so nothing is asked but for how long.
 */
import { Clock, Duration, Effect, Layer, Option } from "effect"
import { Access } from "../../access/Access.ts"
import { type Block, Blocks } from "../../access/Blocks.ts"
import { CatalogueSource } from "../../config/CatalogueSource.ts"
import { Settings } from "../../config/Settings.ts"
import { formatMoment } from "../../domain/Day.ts"
import type { TelegramId } from "../../domain/Employee.ts"
import { requestKeyOf } from "../../domain/Issuance.ts"
import { every } from "../../observe/background.ts"
import type { StorageUnavailable } from "../../store/Journal.ts"
import type { ActionOf } from "../buttons.ts"
import { showCommands } from "../Commands.ts"
import { Languages, Wording } from "../Languages.ts"
import { type Press, Replies } from "../Replies.ts"
import { bold, type Html, html, type Screen } from "../Screen.ts"
import { buttonsOnPage, listScreen, type Scenery, untilText } from "../screens/lists.ts"
import { lines, notice, tap } from "../screens/parts.ts"
import { Telegram } from "../Telegram.ts"
import type { Texts } from "../texts/Texts.ts"
import type { AccessChanges } from "./accessChanges.ts"
import type { Area, Asked } from "./Admins.ts"
import {
  Directory,
  echo,
  matching,
  namedFirst,
  namesOf,
  type Person,
  personName,
} from "./Directory.ts"

/** Draws the card of a person, below a headline about what has just been done. */
export type DrawCard = (
  id: TelegramId,
  headline?: string,
) => Effect.Effect<Screen, StorageUnavailable, Wording>

/** What suspension.ts needs of the other subjects. */
interface Around {
  readonly changes: AccessChanges
  readonly drawCard: DrawCard
}

/** A block with the names that its screens need. */
export interface BlockView {
  readonly block: Block
  readonly person: Pick<Person, "id" | "stage">
  /** The name of the admin who decided. */
  readonly by: string
}

export const makeBlocks = Effect.fnUntraced(function* ({ changes, drawCard }: Around) {
  const directory = yield* Directory
  const replies = yield* Replies
  const access = yield* Access
  const blocks = yield* Blocks
  const { timezone: zone } = yield* Settings

  const views = yield* makeBlockViews

  const drawList = Effect.fnUntraced(function* (page: number, headline?: string) {
    const shown = yield* views.all
    const scenery = { now: yield* Clock.currentTimeMillis, zone, texts: yield* Wording }
    return blockList(shown, page, scenery, headline)
  })

  /** Why somebody's access cannot be suspended; `undefined` where it can be. */
  const obstacle = Effect.fnUntraced(function* (id: TelegramId) {
    const words = (yield* Wording).blocks
    switch (yield* access.role(id)) {
      case "admin":
        return words.isAdmin
      case "applicant":
        return words.isApplicant
      case "stranger":
        return words.isUnknown
      case "employee":
      case "blocked":
        return undefined
    }
  })

  /** Tells everybody of a new block, and gives the card of the person. */
  const settled = Effect.fnUntraced(function* (block: Block) {
    const { heading } = (yield* Wording).blocks.state
    yield* changes.suspended(block)
    return yield* drawCard(block.id, heading(yield* directory.nameOf(block.id)))
  })

  /** Carries /block out with the person, the hours and the reason that an admin wrote. */
  const blockNamed = Effect.fnUntraced(function* ({ argument, userId, chatId, messageId }: Asked) {
    const texts = yield* Wording
    const words = texts.blocks
    const asked = readBlock(argument, yield* directory.all)
    switch (asked._tag) {
      case "Unknown":
        return notice(texts.people.dismissal.unknown(echo(asked.name)), texts)
      case "Several":
        return notice(words.several(echo(asked.name), namesOf(asked.people)), texts)
      case "BadHours":
        return notice(words.badHours(echo(asked.text)), texts)
      case "TooLong":
        return notice(words.tooLong(asked.length), texts)
      case "Block": {
        const { person, hours, note } = asked
        const why = yield* obstacle(person.id)
        if (why !== undefined) return notice(why, texts)
        const { id } = person
        const request = requestKeyOf({ chatId, messageId })
        return yield* settled(yield* blocks.block({ id, hours, note, by: userId, request }))
      }
    }
  })

  const open = Effect.fnUntraced(function* (asked: Asked) {
    const screen = asked.argument === "" ? yield* drawList(0) : yield* blockNamed(asked)
    yield* replies.say(asked.chatId, screen)
  })

  const turn = Effect.fnUntraced(function* (press: Press, { page }: ActionOf<"Blocks">) {
    yield* press.answer()
    yield* replies.turnTo(press.message, yield* drawList(page))
  })

  /** Refuses a button, because it must not replace the time and the reason of an earlier block. */
  const already = Effect.fnUntraced(function* (press: Press, id: TelegramId) {
    yield* press.alert((yield* Wording).blocks.already)
    yield* replies.turnTo(press.message, yield* drawCard(id))
  })

  const ask = Effect.fnUntraced(function* (press: Press, { person: id }: ActionOf<"AskBlock">) {
    const why = yield* obstacle(id)
    if (why !== undefined) return yield* press.alert(why)
    if ((yield* access.role(id)) === "blocked") return yield* already(press, id)
    const person = { id, stage: yield* access.stageOf(id) }
    return yield* replies.turn(press, blockQuestion(person, yield* Wording))
  })

  const choose = Effect.fnUntraced(function* (
    press: Press,
    { person: id, hours }: ActionOf<"Block">,
  ) {
    const why = yield* obstacle(id)
    if (why !== undefined) return yield* press.alert(why)
    const request = requestKeyOf(press.message)
    const block = yield* blocks.block({
      id,
      hours: hours === 0 ? null : hours,
      note: "",
      by: press.userId,
      request,
      unlessBlocked: true,
    })
    if (block.request !== request) return yield* already(press, id)
    yield* press.answer((yield* Wording).blocks.done)
    return yield* replies.turnTo(press.message, yield* settled(block))
  })

  const lifting = yield* makeLifting({ changes, drawCard, drawList })

  const area: Area = {
    commands: { block: open, ...lifting.commands },
    buttons: { Blocks: turn, AskBlock: ask, Block: choose, ...lifting.buttons },
  }
  return area
})

type DrawList = (page: number, headline?: string) => Effect.Effect<Screen, never, Wording>

/** /unblock and its buttons: a suspended access is given back. */
const makeLifting = Effect.fnUntraced(function* ({
  changes,
  drawCard,
  drawList,
}: Around & { readonly drawList: DrawList }) {
  const directory = yield* Directory
  const replies = yield* Replies
  const access = yield* Access
  const blocks = yield* Blocks
  const { timezone: zone } = yield* Settings

  /** Gives an access back. Returns why there was nothing to give back, `undefined` on success. */
  const lift = Effect.fnUntraced(function* (id: TelegramId, by: TelegramId) {
    const texts = yield* Wording
    const lifted = yield* blocks.lift(id, by)
    switch (lifted._tag) {
      case "NotBlocked":
        return texts.blocks.notSuspended(yield* directory.nameOf(id))
      case "AlreadyLifted": {
        const { by: first, at } = lifted.lifted
        return texts.people.dismissal.backBy(yield* directory.nameOf(first), formatMoment(at, zone))
      }
      case "Lifted":
        return undefined
    }
  })

  /** Everybody whom /unblock may mean: somebody suspended may meanwhile be on no list. */
  const known = Effect.gen(function* () {
    const people = yield* directory.all
    const blocked = yield* Effect.forEach(yield* blocks.all, ({ id }) =>
      Effect.map(access.stageOf(id), (stage): Person => ({ id, stage, role: "blocked" })),
    )
    return [...people, ...blocked.filter(({ id }) => !people.some((each) => each.id === id))]
  })

  const liftNamed = Effect.fnUntraced(function* ({ argument, userId }: Asked) {
    const texts = yield* Wording
    const words = texts.blocks
    const [person, ...others] = matching(yield* known, argument)
    const name = echo(argument)
    if (person === undefined) return notice(texts.people.dismissal.unknown(name), texts)
    if (others.length > 0) return notice(words.several(name, namesOf([person, ...others])), texts)
    const why = yield* lift(person.id, userId)
    if (why !== undefined) return notice(why, texts)
    yield* changes.lifted(person.id, userId)
    return yield* drawCard(person.id, words.liftedHeading(personName(person)))
  })

  const giveBack = Effect.fnUntraced(function* (asked: Asked) {
    const screen = asked.argument === "" ? yield* drawList(0) : yield* liftNamed(asked)
    yield* replies.say(asked.chatId, screen)
  })

  const unblock = Effect.fnUntraced(function* (
    press: Press,
    { person: id, on }: ActionOf<"Unblock">,
  ) {
    const words = (yield* Wording).blocks
    const why = yield* lift(id, press.userId)
    yield* why === undefined ? press.answer(words.lifted) : press.alert(why)
    if (why === undefined) yield* changes.lifted(id, press.userId)
    const headline =
      why === undefined ? words.liftedHeading(yield* directory.nameOf(id)) : undefined
    const screen = on === "list" ? yield* drawList(0, headline) : yield* drawCard(id, headline)
    yield* replies.turnTo(press.message, screen)
  })

  return { commands: { unblock: giveBack }, buttons: { Unblock: unblock } }
})

/** Looks up the names that the screens of a block need. */
export const makeBlockViews = Effect.gen(function* () {
  const access = yield* Access
  const blocks = yield* Blocks
  const directory = yield* Directory

  const of = Effect.fnUntraced(function* (block: Block, by: string) {
    const { id } = block
    const view: BlockView = { block, person: { id, stage: yield* access.stageOf(id) }, by }
    return view
  })

  /** All blocks in force. A few admins made them, so the name of each is looked up once. */
  const all = Effect.gen(function* () {
    const inForce = yield* blocks.all
    const names = new Map<TelegramId, string>()
    for (const { by } of inForce) {
      if (!names.has(by)) names.set(by, yield* directory.nameOf(by))
    }
    return yield* Effect.forEach(inForce, (block) => of(block, names.get(block.by) ?? ""))
  })

  /** The block of that person which is in force now. */
  const find = Effect.fnUntraced(function* (id: TelegramId) {
    const block = Option.getOrUndefined(yield* blocks.find(id))
    return block === undefined ? undefined : yield* of(block, yield* directory.nameOf(block.by))
  })

  return { all, find }
})

/** Lets Telegram list the commands again for those whose block has reached its end. */
export const endBlocks = Effect.gen(function* () {
  const access = yield* Access
  const blocks = yield* Blocks
  const telegram = yield* Telegram
  const languages = yield* Languages
  for (const { id } of yield* blocks.expire(yield* Clock.currentTimeMillis)) {
    yield* Effect.logInfo("a suspended access is open again").pipe(
      Effect.annotateLogs({ person: id }),
    )
    if (!(yield* access.isAllowed(id))) continue
    yield* showCommands(telegram, id, yield* languages.textsFor(id), yield* CatalogueSource)
  }
})

/** The access itself opens at the very moment: only the list of commands waits for the timer. */
const period = Duration.minutes(1)

export const blockEnds = Layer.effectDiscard(every("ends of suspended access", period)(endBlocks))

/** How long, why and by whom: lines at the top of the card and of what the person left. */
export const blockLines = ({ block, by }: BlockView, scenery: Scenery): ReadonlyArray<Html> => {
  const words = scenery.texts.blocks.state
  const { until, note, at } = block
  return [
    html`${until === null ? words.noEnd : words.until(untilText(until, scenery))}`,
    html`${note === "" ? words.noReason : words.reason(note)}`,
    html`${words.by(by, formatMoment(at, scenery.zone))}`,
  ]
}

/** All blocks in force. The headline says what has just been done. */
const blockList = (
  views: ReadonlyArray<BlockView>,
  page: number,
  scenery: Scenery,
  headline?: string,
): Screen => {
  const { texts } = scenery
  const words = texts.blocks.list
  const entries = views.map((view) => {
    const name = personName(view.person)
    return {
      html: entryText(view, name, scenery),
      buttons: [tap(words.lift(name), { _tag: "Unblock", person: view.person.id, on: "list" })],
    }
  })
  return listScreen(
    {
      headline,
      heading: [bold(words.title(views.length))],
      empty: words.nobody,
      entries,
      closing: [html``, html`${words.hint}`],
      page,
      perPage: buttonsOnPage,
      to: (target) => ({ _tag: "Blocks", page: target }),
    },
    texts,
  )
}

const entryText = ({ block, by }: BlockView, name: string, scenery: Scenery): Html => {
  const words = scenery.texts.blocks.state
  const end = block.until === null ? words.noEnd : words.until(untilText(block.until, scenery))
  return lines(
    html``,
    bold(name),
    html`${end}`,
    ...(block.note === "" ? [] : [html`${words.reason(block.note)}`]),
    html`${words.by(by, formatMoment(block.at, scenery.zone))}`,
  )
}

/** The hours that the buttons offer. */
const choices = [1, 8, 24] as const

/** The question for how long. The button without an end carries zero hours. */
const blockQuestion = (person: Pick<Person, "id" | "stage">, texts: Texts): Screen => {
  const words = texts.blocks.ask
  const choose = (text: string, hours: (typeof choices)[number] | 0) =>
    tap(text, { _tag: "Block", person: person.id, hours })
  return {
    html: lines(
      bold(words.heading(personName(person))),
      html``,
      html`${words.meaning}`,
      html`${words.withReason(person.id)}`,
    ),
    keyboard: [
      choices.map((hours) => choose(words.hours(hours), hours)),
      [choose(words.noEnd, 0)],
      [tap(texts.wizard.back, { _tag: "Person", person: person.id })],
    ],
  }
}

/** /block as an admin wrote it: who, for how long and why, or what is wrong with it. */
type BlockRequest =
  | {
      readonly _tag: "Block"
      readonly person: Person
      /** `null` for a block without an end. */
      readonly hours: number | null
      readonly note: string
    }
  | { readonly _tag: "Unknown"; readonly name: string }
  | { readonly _tag: "Several"; readonly name: string; readonly people: ReadonlyArray<Person> }
  | { readonly _tag: "BadHours"; readonly text: string }
  | { readonly _tag: "TooLong"; readonly length: number }

/** Longest reason: about as much as one reads at a glance. */
const noteMax = 200

/** A year. Somebody who is to stay away for longer is removed instead. */
const hoursMax = 8760

const readBlock = (argument: string, people: ReadonlyArray<Person>): BlockRequest => {
  const words = argument.split(/\s+/)
  const named = namedFirst(people, words)
  const [person, another] = named.people
  if (person === undefined) return { _tag: "Unknown", name: words[0] ?? "" }
  if (another !== undefined) return { _tag: "Several", name: argument, people: named.people }
  const [first = "", ...others] = named.rest
  // A reason never begins with a digit: otherwise «1,5» or «8ч» would become the reason of a block
  // without an end.
  const isTime = /^[-+−–]?\d/.test(first)
  const hours = /^\d{1,4}$/.test(first) ? Number(first) : 0
  if (isTime && (hours < 1 || hours > hoursMax)) return { _tag: "BadHours", text: first }
  const note = (isTime ? others : named.rest).join(" ")
  return note.length > noteMax
    ? { _tag: "TooLong", length: note.length }
    : { _tag: "Block", person, hours: isTime ? hours : null, note }
}
