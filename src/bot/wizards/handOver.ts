/**
 * «Передать»: a holder offers an unmarked item to a colleague, and keeps it until that one accepts.
 *
 * The colleague's message names the item by its mask only. Once it is accepted, the same message
 * shows the goods.
 */
import { Effect, Option } from "effect"
import { Access } from "../../access/Access.ts"
import { Settings } from "../../config/Settings.ts"
import { formatTime } from "../../domain/Day.ts"
import type { TelegramId } from "../../domain/Employee.ts"
import { type IssuanceId, requestKeyOf } from "../../domain/Issuance.ts"
import { NotAllowed, NotHolder, type Refusal, UnknownIssuance } from "../../pool/Contract.ts"
import { Pools } from "../../pool/Pools.ts"
import type { StorageUnavailable } from "../../store/Journal.ts"
import {
  colleaguesScreen,
  Directory,
  heldText,
  type Holding,
  type Person,
  stageText,
} from "../admin/Directory.ts"
import type { Action, ActionIn, ActionOf } from "../buttons.ts"
import { Conduct } from "../Conduct.ts"
import { Deliveries } from "../Deliveries.ts"
import { Languages, Wording } from "../Languages.ts"
import { Menus } from "../Menus.ts"
import { Notes } from "../Notes.ts"
import { OfferCards } from "../OfferCards.ts"
import { type Press, Replies } from "../Replies.ts"
import { html, type Screen } from "../Screen.ts"
import { grid, menuBelow, notice, sentence, tap } from "../screens/parts.ts"
import { sentenceOf } from "../screens/refused.ts"
import { Telegram } from "../Telegram.ts"
import type { Texts } from "../texts/Texts.ts"

export const makeHandOver = Effect.gen(function* () {
  const replies = yield* Replies
  const menus = yield* Menus
  const conduct = yield* Conduct
  const access = yield* Access
  const directory = yield* Directory
  const pools = yield* Pools
  const { timezone: zone } = yield* Settings
  const holdingOf = yield* makeHoldingOf
  const offer = yield* makeOffer
  const { accept, decline, withdraw } = yield* makeOfferAnswers

  /** Everything that waits for a mark of the person, in a new message below the list. */
  const list = Effect.fnUntraced(function* (press: Press) {
    const texts = yield* Wording
    const holdings = yield* directory.holdingsOf(press.userId)
    yield* press.answer()
    yield* replies.say(press.chatId, listScreen(holdings, texts))
  })

  /** The colleagues, or the offer that stands already with the way to withdraw it. */
  const choiceOf = Effect.fnUntraced(function* (
    press: Press,
    { resource, issuance }: ActionOf<"HandThis">,
    page: number,
  ) {
    const holding = yield* holdingOf(press.userId, resource, issuance)
    const texts = yield* Wording
    const standing = holding.issuance.offer
    if (standing !== undefined) {
      const name = stageText(yield* access.stageOf(standing.to))
      return offeredScreen(holding, name, formatTime(standing.until, zone), texts)
    }
    const target = { resource, issuance }
    const choice = {
      question: texts.handing.to(heldText(holding, texts)),
      colleagues: yield* directory.colleaguesOf(press.userId),
      page,
      nameOf: ({ stage }: Person) => stageText(stage),
      choose: (to: TelegramId): Action => ({ _tag: "HandTo", ...target, to }),
      turnTo: (other: number): Action => ({ _tag: "HandOver", ...target, page: other }),
      back: [tap(texts.wizard.cancel, { _tag: "HandKeep", ...target }), ...menuBelow(texts)],
    }
    return colleaguesScreen(choice, texts)
  })

  const choose = (press: Press, { resource, issuance, page }: ActionOf<"HandOver">) =>
    Effect.flatMap(choiceOf(press, { _tag: "HandThis", resource, issuance }, page), (screen) =>
      replies.turn(press, screen),
    )

  const chooseBelow = Effect.fnUntraced(function* (press: Press, action: ActionOf<"HandThis">) {
    const screen = yield* choiceOf(press, action, 0)
    yield* press.answer()
    yield* replies.say(press.chatId, screen)
  })

  const keep = Effect.fnUntraced(function* (press: Press, action: ActionOf<"HandKeep">) {
    const holding = yield* holdingOf(press.userId, action.resource, action.issuance)
    const texts = yield* Wording
    yield* replies.turn(press, notice(texts.handing.kept(heldText(holding, texts)), texts))
  })

  const work = (press: Press, action: ActionIn<"hand">) => {
    switch (action._tag) {
      case "Hand":
        return list(press)
      case "HandOver":
        return choose(press, action)
      case "HandThis":
        return chooseBelow(press, action)
      case "HandKeep":
        return keep(press, action)
      case "HandTo":
        return offer(press, action)
      case "HandOff":
        return withdraw(press, action)
      case "HandYes":
        return accept(press, action)
      case "HandNo":
        return decline(press, action)
    }
  }

  return Effect.fnUntraced(function* (press: Press, action: ActionIn<"hand">) {
    const resource =
      action._tag === "Hand" ? undefined : pools.resources.find(({ id }) => id === action.resource)
    if (action._tag !== "Hand" && resource === undefined) return yield* menus.stale(press)
    const refuse = Effect.fnUntraced(function* (error: Refusal | StorageUnavailable) {
      yield* replies.alert(press, sentenceOf(error, resource, yield* Wording))
      if (error._tag === "NotHolder") yield* conduct.trespassed(press.userId)
    })
    return yield* Effect.catch(work(press, action), refuse)
  })
})

/** Gives a function that finds an item that the person holds without a mark. */
const makeHoldingOf = Effect.gen(function* () {
  const pools = yield* Pools

  return Effect.fnUntraced(function* (person: TelegramId, pool: string, id: IssuanceId) {
    const resource = pools.resources.find((each) => each.id === pool)
    const issuance = Option.getOrUndefined(yield* pools.find(pool, id))
    if (resource === undefined || issuance === undefined) return yield* new UnknownIssuance({ id })
    if (issuance.holder !== person) return yield* new NotHolder({ id })
    if (issuance.mark !== null) return yield* new NotAllowed({ id, reason: "alreadyMarked" })
    return { resource, issuance } satisfies Holding
  })
})

/**
 * Gives the function that offers an item. The card is sent first, because the pool must know it
 * from the moment that the item can be accepted on it; only then it gets its buttons.
 */
const makeOffer = Effect.gen(function* () {
  const replies = yield* Replies
  const access = yield* Access
  const telegram = yield* Telegram
  const languages = yield* Languages
  const pools = yield* Pools
  const cards = yield* OfferCards
  const holdingOf = yield* makeHoldingOf
  const { timezone: zone } = yield* Settings

  return Effect.fnUntraced(function* (press: Press, action: ActionOf<"HandTo">) {
    const { resource: pool, issuance: id, to } = action
    const texts = yield* Wording
    const holding = yield* holdingOf(press.userId, pool, id)
    if (!(yield* access.isAllowed(to))) return yield* press.alert(texts.people.left.colleagueGone)
    const name = stageText(yield* access.stageOf(press.userId))
    const own = yield* languages.textsFor(to)
    const latest = formatTime(holding.issuance.confirmAt, zone)
    const sent = yield* Effect.option(
      telegram.send(to, sentence(own.handing.card(name, heldText(holding, own), latest))),
    )
    if (Option.isNone(sent)) return yield* press.alert(texts.handing.notTold)
    const card = sent.value
    const batch = yield* cards
      .begin({
        resource: pool,
        issuance: id,
        request: holding.issuance.request,
        from: press.userId,
        to,
        card,
      })
      .pipe(
        Effect.andThen(
          pools.ask(pool, { _tag: "Offer", id, to, card, by: press.userId, admin: false }),
        ),
        Effect.ensuring(cards.draw(card)),
      )
    const until = batch.issuances.find((each) => each.id === id)?.offer?.until ?? 0
    const colleague = stageText(yield* access.stageOf(to))
    return yield* replies.turn(
      press,
      offeredScreen(holding, colleague, formatTime(until, zone), texts),
    )
  })
})

const offeredScreen = (
  holding: Holding,
  colleague: string,
  until: string,
  texts: Texts,
): Screen => {
  const { issuance, resource } = holding
  return {
    html: html`${texts.handing.offered(heldText(holding, texts), colleague, until)}`,
    keyboard: [
      [
        tap(texts.handing.withdraw, {
          _tag: "HandOff",
          resource: resource.id,
          issuance: issuance.id,
        }),
      ],
      menuBelow(texts),
    ],
  }
}

/** What the colleague answers, and what the holder says instead. */
const makeOfferAnswers = Effect.gen(function* () {
  const replies = yield* Replies
  const access = yield* Access
  const cards = yield* OfferCards
  const notes = yield* Notes
  const pools = yield* Pools
  const deliveries = yield* Deliveries

  /** The item with its offer, as it stands now. */
  const offered = Effect.fnUntraced(function* (pool: string, id: IssuanceId) {
    const resource = pools.resources.find((each) => each.id === pool)
    const issuance = Option.getOrUndefined(yield* pools.find(pool, id))
    if (resource === undefined || issuance === undefined) return yield* new UnknownIssuance({ id })
    return { resource, issuance } satisfies Holding
  })

  const accept = Effect.fnUntraced(function* (
    press: Press,
    { resource: pool, issuance: id }: ActionOf<"HandYes">,
  ) {
    const holding = yield* offered(pool, id)
    const { holder, request: former } = holding.issuance
    const key = requestKeyOf(press.message)
    const isNew = former !== key
    const stage = yield* access.stageOf(press.userId)
    const { writes, send } = yield* notes.prepare([
      {
        to: holder,
        say: (texts) => texts.handing.accepted(heldText(holding, texts), stageText(stage)),
      },
    ])
    yield* pools.ask(
      pool,
      { _tag: "Accept", id, message: press.message, by: press.userId, stage },
      writes,
    )
    yield* press.answer()
    yield* deliveries.show(pool, key, { on: press.message })
    // Pressed again: the goods are there, and everybody was told.
    if (!isNew) return
    yield* send
    yield* deliveries.show(pool, former)
  })

  const decline = Effect.fnUntraced(function* (
    press: Press,
    { resource: pool, issuance: id }: ActionOf<"HandNo">,
  ) {
    const holding = yield* offered(pool, id)
    const { holder, offer } = holding.issuance
    if (offer !== undefined && offer.to !== press.userId) return yield* new NotHolder({ id })
    // The goods are on the message by now, where it was accepted before.
    if (holder === press.userId || offer === undefined) {
      return yield* new NotAllowed({ id, reason: "offerOver" })
    }
    const name = stageText(yield* access.stageOf(press.userId))
    const { writes, send } = yield* notes.prepare([
      { to: holder, say: (texts) => texts.handing.refused(heldText(holding, texts), name) },
    ])
    yield* pools.ask(pool, { _tag: "EndOffer", id, by: press.userId }, writes)
    yield* replies.turn(press, sentence((yield* Wording).handing.ended.declined))
    return yield* send
  })

  const withdraw = Effect.fnUntraced(function* (
    press: Press,
    { resource: pool, issuance: id }: ActionOf<"HandOff">,
  ) {
    const texts = yield* Wording
    const holding = yield* offered(pool, id)
    const { holder, offer } = holding.issuance
    if (holder !== press.userId) return yield* new NotHolder({ id })
    if (offer === undefined) return yield* new NotAllowed({ id, reason: "offerOver" })
    yield* pools.ask(pool, { _tag: "EndOffer", id, by: press.userId })
    const screen = notice(texts.handing.withdrawn(heldText(holding, texts)), texts)
    yield* replies.turn(press, screen)
    return yield* cards.draw(offer.card)
  })

  return { accept, decline, withdraw }
})

/** More than a person may hold; a limit of pending items may be set higher. */
const listMax = 20

const listScreen = (holdings: ReadonlyArray<Holding>, texts: Texts): Screen => ({
  html: html`${holdings.length === 0 ? texts.handing.nothing : texts.handing.choose}`,
  keyboard: [
    ...grid(
      holdings.slice(0, listMax).map((holding) =>
        tap(heldText(holding, texts), {
          _tag: "HandOver",
          resource: holding.resource.id,
          issuance: holding.issuance.id,
          page: 0,
        }),
      ),
      1,
    ),
    menuBelow(texts),
  ],
})
