/**
 * The cards on which colleagues read that an item is offered to them: each is drawn as its offer
 * stands, and says at once when the offer is over, whoever ended it.
 *
 * A card is on the disk until its last drawing has arrived, so a kill or an outage only delays that.
 * An edit that is repeated shows nothing twice.
 */
import { Context, Effect, Layer, Option, PubSub, Schema } from "effect"
import { Access } from "../access/Access.ts"
import { redeliveryPeriod } from "../config/Limits.ts"
import { Settings } from "../config/Settings.ts"
import { ResourceId } from "../domain/Catalogue.ts"
import { formatTime } from "../domain/Day.ts"
import { TelegramId } from "../domain/Employee.ts"
import { IssuanceId, MessageRef, RequestKey, requestKeyOf } from "../domain/Issuance.ts"
import { every, supervise } from "../observe/background.ts"
import { Pools } from "../pool/Pools.ts"
import { Journal, type StorageUnavailable } from "../store/Journal.ts"
import { heldText, type Holding, stageText } from "./admin/Directory.ts"
import { Deliveries } from "./Deliveries.ts"
import { Languages } from "./Languages.ts"
import { Notes } from "./Notes.ts"
import { html, type Screen } from "./Screen.ts"
import { sentence, tap } from "./screens/parts.ts"
import { Telegram } from "./Telegram.ts"
import type { Texts } from "./texts/Texts.ts"

/** A message to a colleague that offers, or is about to offer, an item. */
const Card = Schema.Struct({
  resource: ResourceId,
  issuance: IssuanceId,
  /** The batch of the holder, whose message shows the item until it is accepted. */
  request: RequestKey,
  from: TelegramId,
  to: TelegramId,
  card: MessageRef,
  /** Whether the holder was told that nobody answered in time. */
  told: Schema.optionalKey(Schema.Boolean),
})
type Card = typeof Card.Type

export class OfferCards extends Context.Service<
  OfferCards,
  {
    /** To be called before the item is offered on the card; `draw` has to follow in any case. */
    begin(card: Card): Effect.Effect<void, StorageUnavailable>
    /** Draws the card as its offer stands. Trouble is logged, and repeated by `drawAll`. */
    draw(card: MessageRef): Effect.Effect<void>
    /** Draws the cards on which that item was offered. */
    drawOf(issuance: string): Effect.Effect<void>
    /** Draws all that may not show how their offers stand. */
    readonly drawAll: Effect.Effect<void>
  }
>()("account-bot/bot/OfferCards") {
  static readonly layer = Layer.effect(
    OfferCards,
    Effect.gen(function* () {
      const journal = yield* Journal
      const telegram = yield* Telegram
      const languages = yield* Languages
      const deliveries = yield* Deliveries
      const { openScreen, endedScreen, tellExpired, standing, endOf } = yield* makeViews
      const cards = new Map<string, Card>()
      for (const { key, body } of yield* journal.documents(kind)) {
        const known = Option.getOrUndefined(decode(body))
        if (known !== undefined) cards.set(key, known)
      }
      /** Those that show their open offers with the buttons. */
      const shown = new Set<string>()
      /** Those on which the item is about to be offered. */
      const begun = new Set<string>()
      const underWay = new Set<string>()

      const begin = Effect.fnUntraced(function* (card: Card) {
        const key = requestKeyOf(card.card)
        begun.add(key)
        cards.set(key, card)
        yield* journal.write([{ _tag: "DocumentPut", kind, key, body: card }])
      })

      const forget = Effect.fnUntraced(function* (key: string) {
        yield* journal.write([{ _tag: "DocumentRemoved", kind, key }])
        cards.delete(key)
        shown.delete(key)
      })

      const drawn = Effect.fnUntraced(function* (key: string, card: Card) {
        const texts = yield* languages.textsFor(card.to)
        const offered = yield* standing(card)
        if (offered !== undefined) {
          if (shown.has(key)) return
          yield* telegram.edit(card.card, yield* openScreen(offered, card, texts))
          shown.add(key)
          return
        }
        const end = yield* endOf(card)
        if (end === "expired" && card.told !== true) {
          const { writes, send } = yield* tellExpired(card)
          const told = { ...card, told: true }
          yield* journal.write([{ _tag: "DocumentPut", kind, key, body: told }, ...writes])
          cards.set(key, told)
          yield* send
        }
        if (end === "accepted") {
          // The goods are on the card, and may not stay on the message of the former holder.
          yield* deliveries.show(card.resource, card.request)
        } else {
          yield* telegram.edit(card.card, yield* endedScreen(end, card, texts)).pipe(
            Effect.catchIf(
              ({ reason }) => isForEver.has(reason._tag),
              () => Effect.void,
            ),
          )
        }
        yield* forget(key)
      })

      const drawOne = (key: string) =>
        Effect.suspend(() => {
          const card = cards.get(key)
          if (card === undefined || underWay.has(key)) return Effect.void
          underWay.add(key)
          return drawn(key, card).pipe(
            Effect.catch(({ message }) =>
              Effect.logInfo("the card of an offer was not drawn").pipe(
                Effect.annotateLogs({ user: card.to, problem: message }),
              ),
            ),
            Effect.ensuring(Effect.sync(() => underWay.delete(key))),
          )
        })

      const drawThese = (isMeant: (card: Card) => boolean) =>
        Effect.suspend(() =>
          Effect.forEach(
            [...cards].flatMap(([key, card]) => (!begun.has(key) && isMeant(card) ? [key] : [])),
            drawOne,
            { concurrency: drawingMax, discard: true },
          ),
        )

      return OfferCards.of({
        begin,
        draw: (card) =>
          Effect.suspend(() => {
            begun.delete(requestKeyOf(card))
            return drawOne(requestKeyOf(card))
          }),
        drawOf: (id) => drawThese(({ issuance }) => issuance === id),
        drawAll: drawThese(() => true).pipe(Effect.withSpan("OfferCards.drawAll")),
      })
    }),
  )

  /** Whatever happens to an item that is offered may end the offer. */
  static readonly layerLoops = Layer.effectDiscard(
    Effect.gen(function* () {
      const { drawOf, drawAll } = yield* OfferCards
      const events = yield* (yield* Pools).events
      const drawChanged = Effect.gen(function* () {
        for (const { event } of yield* PubSub.takeAll(events)) {
          const ids: ReadonlyArray<string> =
            "id" in event ? [event.id] : "ids" in event ? event.ids : []
          yield* Effect.forEach(ids, drawOf, { discard: true })
        }
      })
      yield* drawChanged.pipe(supervise("cards of offers"))
      yield* every("cards of offers not drawn", redeliveryPeriod)(drawAll)
    }),
  )
}

const kind = "offer"
const decode = Schema.decodeUnknownOption(Card)

/** Cards that are drawn at once: a person whom Telegram is slow to reach delays nobody. */
const drawingMax = 4

/** Refusals that will not change at another try. */
const isForEver: ReadonlySet<string> = new Set([
  "Blocked",
  "ChatNotFound",
  "MessageGone",
  "Rejected",
])

/**
 * How an offer ended. `over`: the item was marked or taken, and nothing is left to accept. `failed`:
 * it was never offered.
 */
type End = "accepted" | "declined" | "withdrawn" | "expired" | "over" | "failed"

/** How the offer on a card stands, and what the card and the holder are told of it. */
const makeViews = Effect.gen(function* () {
  const pools = yield* Pools
  const access = yield* Access
  const journal = yield* Journal
  const notes = yield* Notes
  const { timezone: zone } = yield* Settings

  const holdingOf = Effect.fnUntraced(function* ({ resource: id, issuance: which }: Card) {
    const resource = pools.resources.find((each) => each.id === id)
    const issuance = Option.getOrUndefined(yield* pools.find(id, which))
    return resource === undefined || issuance === undefined
      ? undefined
      : ({ resource, issuance } satisfies Holding)
  })

  /** The item with its offer; `undefined` where the offer on this card is over. */
  const standing = Effect.fnUntraced(function* (card: Card) {
    const holding = yield* holdingOf(card)
    const offer = holding?.issuance.offer
    return offer !== undefined && isSame(offer.card, card.card) ? holding : undefined
  })

  /** Reads from the journal how the offer ended: the item itself may have changed again since. */
  const endOf = Effect.fnUntraced(function* ({ resource, issuance, card }: Card) {
    if (Option.isSome(yield* pools.batch(resource, requestKeyOf(card)))) return "accepted"
    const trail = yield* journal.trail({ issuance, limit: trailMax })
    for (const { event } of trail) {
      if (event._tag === "OfferEnded" && isSame(event.offer.card, card)) return event.reason
      if (event._tag === "Offered" && isSame(event.offer.card, card)) return "over"
    }
    return "failed"
  })

  const openScreen = Effect.fnUntraced(function* (holding: Holding, card: Card, texts: Texts) {
    const { handing } = texts
    const { resource, issuance } = card
    const target = { resource, issuance }
    const name = stageText(yield* access.stageOf(card.from))
    const until = formatTime(holding.issuance.offer?.until ?? 0, zone)
    const screen: Screen = {
      html: html`${handing.card(name, heldText(holding, texts), until)}`,
      keyboard: [
        [
          tap(handing.accept, { _tag: "HandYes", ...target }, "success"),
          tap(handing.decline, { _tag: "HandNo", ...target }),
        ],
      ],
    }
    return screen
  })

  const endedScreen = Effect.fnUntraced(function* (
    end: Exclude<End, "accepted">,
    card: Card,
    { handing, ...texts }: Texts,
  ) {
    if (end !== "withdrawn") return sentence(handing.ended[end])
    const name = stageText(yield* access.stageOf(card.from))
    const holding = yield* holdingOf(card)
    return sentence(
      holding === undefined
        ? handing.ended.over
        : handing.withdrawnCard(name, heldText(holding, { handing, ...texts })),
    )
  })

  const tellExpired = Effect.fnUntraced(function* (card: Card) {
    const holding = yield* holdingOf(card)
    const name = stageText(yield* access.stageOf(card.to))
    return yield* notes.prepare(
      holding?.issuance.holder === card.from
        ? [
            {
              to: card.from,
              say: (texts) => texts.handing.expired(heldText(holding, texts), name),
            },
          ]
        : [],
    )
  })

  return { standing, endOf, openScreen, endedScreen, tellExpired }
})

/** More events than happen to an item between an offer and its end. */
const trailMax = 200

const isSame = (one: MessageRef, other: MessageRef) => requestKeyOf(one) === requestKeyOf(other)
