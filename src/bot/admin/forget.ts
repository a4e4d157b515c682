/**
 * /forget: the data of somebody without access are erased, by an admin's word or, with FORGET_AFTER,
 * by themselves some time after the last item.
 *
 * An order is a document in the journal. The next start carries it out, see store/forgetting.ts, so
 * the bot starts anew at once.
 */
import { Clock, type DateTime, Duration, Effect, Layer, Option, Schema } from "effect"
import { Access } from "../../access/Access.ts"
import { Whitelist } from "../../access/Whitelist.ts"
import { forgettingAt } from "../../config/Limits.ts"
import { Settings } from "../../config/Settings.ts"
import { formatMoment } from "../../domain/Day.ts"
import { isForgotten, type TelegramId } from "../../domain/Employee.ts"
import { placeOf } from "../../domain/Issuance.ts"
import { daily } from "../../observe/background.ts"
import { Restart } from "../../observe/Restart.ts"
import { Pools } from "../../pool/Pools.ts"
import { forgetKind, ForgetOrder, type Holder, Journal } from "../../store/Journal.ts"
import type { ActionOf } from "../buttons.ts"
import { Wording } from "../Languages.ts"
import { type Press, Replies } from "../Replies.ts"
import { bold, html, type Screen } from "../Screen.ts"
import { buttonsOnPage, listScreen } from "../screens/lists.ts"
import { lines, menuBelow, notice, sentence, tap } from "../screens/parts.ts"
import type { Texts } from "../texts/Texts.ts"
import type { Area, Asked } from "./Admins.ts"
import { echo, idIn, personName } from "./Directory.ts"

/** Why somebody cannot be forgotten yet. */
type Obstacle =
  | { readonly _tag: "Admin" }
  | { readonly _tag: "Access" }
  | { readonly _tag: "Holds"; readonly count: number }
  /** Rows that are not in the sheet as they should be would go there without a name. */
  | { readonly _tag: "Unwritten"; readonly count: number }

const makeOrders = Effect.gen(function* () {
  const access = yield* Access
  const whitelist = yield* Whitelist
  const pools = yield* Pools
  const journal = yield* Journal

  const obstacle = Effect.fnUntraced(function* (id: TelegramId) {
    if (access.admins.includes(id)) return Option.some<Obstacle>({ _tag: "Admin" })
    if (Option.isSome(yield* whitelist.find(id))) return Option.some<Obstacle>({ _tag: "Access" })
    const places = (yield* pools.held(id)).map(placeOf)
    const count = (...of: ReadonlyArray<(typeof places)[number]>) =>
      places.filter((place) => of.includes(place)).length
    const holds = count("pending")
    if (holds > 0) return Option.some<Obstacle>({ _tag: "Holds", count: holds })
    const unwritten = count("buffer", "correction")
    return unwritten > 0
      ? Option.some<Obstacle>({ _tag: "Unwritten", count: unwritten })
      : Option.none<Obstacle>()
  })

  /** Those without access who have ever had an item, the longest ago first. */
  const former = Effect.gen(function* () {
    const all = yield* journal.holders
    const listed = new Set((yield* whitelist.all).map(({ id }) => id))
    return all
      .filter(
        ({ holder }) =>
          !listed.has(holder) && !access.admins.includes(holder) && !isForgotten(holder),
      )
      .toSorted((a, b) => a.issuedAt - b.issuedAt)
  })

  const order = Effect.fnUntraced(function* (id: TelegramId, by: TelegramId | null) {
    const at = yield* Clock.currentTimeMillis
    const body = yield* Effect.orDie(Schema.encodeEffect(ForgetOrder)({ by, at }))
    yield* journal.write([{ _tag: "DocumentPut", kind: forgetKind, key: String(id), body }])
  })

  return { obstacle, former, order }
})

export const makeForget = Effect.gen(function* () {
  const replies = yield* Replies
  const journal = yield* Journal
  const restart = yield* Restart
  const { timezone: zone } = yield* Settings
  const { obstacle, former, order } = yield* makeOrders

  const drawList = Effect.fnUntraced(function* (page: number) {
    const texts = yield* Wording
    return listOf({ people: yield* former, page, zone }, texts)
  })

  const nameOf = Effect.fnUntraced(function* (id: TelegramId) {
    const found = (yield* former).find(({ holder }) => holder === id)
    return found === undefined ? `ID ${id}` : personName({ id, stage: found.stage })
  })

  const question = Effect.fnUntraced(function* (id: TelegramId) {
    const texts = yield* Wording
    const words = texts.forgetting
    const why = yield* obstacle(id)
    if (Option.isSome(why)) return obstacleScreen(id, why.value, texts)
    const counts = yield* journal.tally({ holder: id })
    const issuances = counts.reduce((sum, { count }) => sum + count, 0)
    return {
      html: lines(
        bold(words.ask(yield* nameOf(id))),
        html``,
        html`${words.issuances(issuances)}`,
        html`${words.meaning}`,
      ),
      keyboard: [
        [
          tap(words.erase, { _tag: "Forget", person: id }, "danger"),
          tap(texts.wizard.cancel, { _tag: "Cancel" }),
        ],
      ],
    }
  })

  const open = Effect.fnUntraced(function* ({ chatId, argument }: Asked) {
    const texts = yield* Wording
    const id = idIn(argument)
    const screen =
      argument === ""
        ? yield* drawList(0)
        : id === undefined
          ? notice(texts.forgetting.badId(echo(argument)), texts)
          : yield* question(id)
    yield* replies.say(chatId, screen)
  })

  const turn = Effect.fnUntraced(function* (press: Press, { page }: ActionOf<"Forgettable">) {
    yield* replies.turn(press, yield* drawList(page))
  })

  const ask = Effect.fnUntraced(function* (press: Press, { person }: ActionOf<"AskForget">) {
    yield* replies.turn(press, yield* question(person))
  })

  const forget = Effect.fnUntraced(function* (press: Press, { person }: ActionOf<"Forget">) {
    const texts = yield* Wording
    // Access may have been given back since the question.
    const why = yield* obstacle(person)
    if (Option.isSome(why)) {
      return yield* replies.turn(press, obstacleScreen(person, why.value, texts))
    }
    yield* order(person, press.userId)
    yield* replies.turn(press, sentence(texts.forgetting.begun))
    yield* restart.ask
  })

  const area: Area = {
    commands: { forget: open },
    buttons: { Forgettable: turn, AskForget: ask, Forget: forget },
  }
  return area
})

interface ListView {
  readonly people: ReadonlyArray<Holder>
  readonly page: number
  readonly zone: DateTime.TimeZone
}

const listOf = ({ people, page, zone }: ListView, texts: Texts): Screen => {
  const words = texts.forgetting.list
  return listScreen(
    {
      heading: [bold(words.title(people.length))],
      empty: words.nobody,
      entries: people.map(({ holder: id, stage, issuedAt }) => ({
        html: html`${personName({ id, stage })} · ${words.last(formatMoment(issuedAt, zone))}`,
        buttons: [tap(personName({ id, stage }), { _tag: "AskForget", person: id })],
      })),
      closing: people.length === 0 ? [] : [html``, html`${words.hint}`],
      page,
      perPage: buttonsOnPage,
      to: (target) => ({ _tag: "Forgettable", page: target }),
    },
    texts,
  )
}

const obstacleScreen = (id: TelegramId, obstacle: Obstacle, texts: Texts): Screen => {
  const words = texts.forgetting
  const because = {
    Admin: () => words.isAdmin,
    Access: () => words.hasAccess,
    Holds: ({ count }: { readonly count: number }) => words.holds(count),
    Unwritten: ({ count }: { readonly count: number }) => words.unwritten(count),
  }
  const ways = {
    Admin: [],
    Access: [[tap(texts.people.card.open, { _tag: "Person", person: id })]],
    Holds: [[tap(texts.people.card.open, { _tag: "Left", person: id, page: 0 })]],
    Unwritten: [[tap(words.again, { _tag: "AskForget", person: id })]],
  } as const
  const count = "count" in obstacle ? obstacle.count : 0
  return {
    html: html`${because[obstacle._tag]({ count })}`,
    keyboard: [...ways[obstacle._tag], menuBelow(texts)],
  }
}

/** Orders what FORGET_AFTER says, at night. */
export const forgetOverdue = Layer.effectDiscard(
  Effect.gen(function* () {
    const { forgetAfter, timezone } = yield* Settings
    if (Option.isNone(forgetAfter)) return
    const restart = yield* Restart
    const { obstacle, former, order } = yield* makeOrders
    const round = Effect.gen(function* () {
      const before = (yield* Clock.currentTimeMillis) - Duration.toMillis(forgetAfter.value)
      const overdue = (yield* former).filter(({ issuedAt }) => issuedAt < before)
      const free = yield* Effect.filter(overdue, ({ holder }) =>
        Effect.map(obstacle(holder), Option.isNone),
      )
      yield* Effect.forEach(free, ({ holder }) => order(holder, null), { discard: true })
      if (free.length > 0) yield* restart.ask
    })
    yield* daily("what FORGET_AFTER says", { ...forgettingAt, timezone })(round)
  }),
)
