/**
 * Orders that people type: «ok 495 2», a word that goes on from the step they are at, or a command
 * such as /ok with the rest behind it.
 *
 * A text that says all there is to say takes the items, as the last tap would. The message that
 * will show them is noted on the disk before that: a text that is handled again after a crash finds
 * it there and shows the same items.
 */
import { Effect, Option, Schema } from "effect"
import { Access } from "../../access/Access.ts"
import { Regions } from "../../access/Regions.ts"
import { isRegistry } from "../../domain/Catalogue.ts"
import { TelegramId } from "../../domain/Employee.ts"
import { MessageRef, Request } from "../../domain/Issuance.ts"
import { Pools } from "../../pool/Pools.ts"
import { Proxies } from "../../pool/proxies/Proxies.ts"
import { Journal } from "../../store/Journal.ts"
import { resourcesWithCommand } from "../Commands.ts"
import { textsOf, Wording } from "../Languages.ts"
import { Menus } from "../Menus.ts"
import { type KnownOrder, knownOrder } from "../orders.ts"
import { type Press, Replies } from "../Replies.ts"
import type { Screen } from "../Screen.ts"
import { notice, saying, sentence, trailOf } from "../screens/parts.ts"
import { notIssued, notUnderstood } from "../screens/refused.ts"
import {
  asksTargets,
  asksVariant,
  looking,
  targetsOf,
  trailOfOrder,
  type Wish,
} from "../screens/wizard.ts"
import type { Texts } from "../texts/Texts.ts"
import { readOrder, type TypedOrder, wishOf } from "../typedOrder.ts"
import type { Incoming } from "../Update.ts"
import type { makeSteps } from "./issue.ts"
import type { makeProxyWizards } from "./proxyWizards.ts"

type Text = Extract<Incoming, { readonly _tag: "Text" }>

interface Parts {
  readonly steps: Effect.Success<typeof makeSteps>
  readonly proxies: Effect.Success<typeof makeProxyWizards>
}

export const makeTyped = Effect.fnUntraced(function* ({ steps, proxies }: Parts) {
  const replies = yield* Replies
  const menus = yield* Menus
  const pools = yield* Pools
  const regions = yield* Regions
  const registry = Option.toArray((yield* Proxies).resource)
  const place = yield* makePlacing(steps)
  const resources = [...pools.resources, ...registry]
  const commands = resourcesWithCommand(resources)

  /** Asks for what the wish leaves open: on the message of the last step, or on a new one. */
  const ask = Effect.fnUntraced(function* (
    { userId, chatId }: Text,
    wish: Wish,
    on: MessageRef | undefined,
  ) {
    const screen = yield* steps.next(wish)
    if (on !== undefined) {
      yield* replies.turnTo(on, screen)
      return yield* steps.last.note(userId, on, wish)
    }
    const posted = yield* replies.post(chatId, screen)
    if (Option.isSome(posted)) yield* steps.last.note(userId, posted.value, wish)
  })

  /** Answers below the last step, which stays where it is. */
  const answer = Effect.fnUntraced(function* ({ userId, chatId }: Text, screen: Screen) {
    yield* replies.say(chatId, screen)
    yield* steps.last.leave(userId)
  })

  const say = Effect.fnUntraced(function* (incoming: Text, typed: TypedOrder) {
    const texts = yield* Wording
    const offer = { resources, regions: yield* regions.all }
    yield* answer(incoming, notUnderstood(typed, offer, texts))
  })

  /** The text says what is wanted, or a part of it, and nothing else. */
  const goOn = Effect.fnUntraced(function* (
    incoming: Text,
    wish: Wish,
    on: MessageRef | undefined,
  ) {
    const { userId, chatId } = incoming
    if (!(yield* proxies.giveUp(userId, chatId, false))) return
    if (isRegistry(wish.resource)) return yield* proxies.open(chatId, wish.targets)
    const known = yield* regions.all
    const order = completed(wish)
    const offer = { resources: pools.resources, regions: known }
    const asked = order && knownOrder(order, offer)
    if (asked !== undefined) return yield* place.order(incoming, asked, on)
    const { region, ...others } = wish
    const isThere = region !== undefined && known.includes(region)
    return yield* ask(incoming, isThere ? { ...others, region } : others, on)
  })

  const onText = Effect.fnUntraced(function* (incoming: Text) {
    const texts = yield* Wording
    if (yield* place.again(incoming)) return
    const { userId, text } = incoming
    const last = yield* steps.last.of(userId)
    const offer = { resources, regions: yield* regions.all }
    const spellings = yield* regions.spellings
    const typed = readOrder(text, { offer, units, spellings, begun: last?.wish })
    if (!typed.isUnderstood) return yield* answer(incoming, notice(texts.gate.hint, texts))
    if (typed.unknown.length > 0) return yield* say(incoming, typed)
    const wish = wishOf(typed, last?.wish)
    if (wish !== undefined) return yield* goOn(incoming, wish, last?.message)
    const parts = partsOf(typed, texts)
    const screen =
      parts === ""
        ? notice(texts.gate.hint, texts)
        : saying(texts.typed.ofWhat(parts), yield* menus.of(userId))
    return yield* answer(incoming, screen)
  })

  /** «/ok 495 2»; `false` where no resource has such a command. */
  const run = Effect.fnUntraced(function* (name: string, incoming: Text, argument: string) {
    const only = commands.find(({ id }) => id === name)
    if (only === undefined) return false
    if (yield* place.again(incoming)) return true
    const offer = { resources, regions: yield* regions.all }
    const typed = readOrder(argument, { offer, units, spellings: yield* regions.spellings, only })
    const wish = wishOf(typed, undefined)
    yield* wish === undefined || typed.unknown.length > 0
      ? say(incoming, typed)
      : goOn(incoming, wish, undefined)
    return true
  })

  return { onText, run, commands: commands.map(({ id }) => id) }
})

/** The order that a person typed last, and the message that shows its items. */
const Placed = Schema.Struct({
  /** The message with the text. */
  text: Schema.Int,
  message: MessageRef,
  resource: Request.fields.resource,
  targets: Request.fields.targets,
  region: Request.fields.region,
  variant: Request.fields.variant,
  quantity: Schema.Int,
})
type Placed = typeof Placed.Type

/**
 * Takes the items of typed orders. The texts of one person are handled one after the other, and
 * none before the one before it is noted as handled: so only the last one may come again, and one
 * note for each person is enough.
 */
const makePlacing = Effect.fnUntraced(function* (steps: Parts["steps"]) {
  const replies = yield* Replies
  const access = yield* Access
  const journal = yield* Journal
  const pools = yield* Pools
  const regions = yield* Regions
  const placed = yield* load(journal)

  const take = Effect.fnUntraced(function* (
    { userId, chatId }: Text,
    message: MessageRef,
    order: KnownOrder,
  ) {
    const press: Press = {
      userId,
      chatId,
      message,
      role: yield* access.role(userId),
      // Nothing was tapped: there is no spinner to end, and an alert is a message.
      answer: () => Effect.void,
      alert: (text) => replies.say(chatId, sentence(text)),
      answerBehind: Effect.void,
      isAnswered: Effect.succeed(true),
    }
    yield* steps.last.forget(userId)
    return yield* steps.take(press, order, order.variant)
  })

  /** Takes the items on the message of the last step, where there is one, or on a new message. */
  const order = Effect.fnUntraced(function* (
    incoming: Text,
    asked: KnownOrder,
    on: MessageRef | undefined,
  ) {
    const texts = yield* Wording
    const { userId, chatId, messageId: text } = incoming
    const shown = looking(trailOfOrder(asked, asked.variant, texts), texts)
    const message = on ?? Option.getOrUndefined(yield* replies.post(chatId, shown))
    if (message === undefined) return
    const { resource, targets, region, variant, quantity } = asked
    const body: Placed = {
      text,
      message,
      resource: resource.id,
      targets: targetsOf(resource, targets),
      region,
      variant,
      quantity,
    }
    const refusal = yield* journal
      .write([{ _tag: "DocumentPut", kind, key: String(userId), body: encode(body) }])
      .pipe(Effect.as(undefined), Effect.catch(Effect.succeed))
    if (refusal !== undefined) {
      return yield* replies.turnTo(message, notIssued(asked, variant, refusal, texts))
    }
    placed.set(userId, body)
    yield* take(incoming, message, asked)
  })

  /** Shows the items of a text that was handled before; `false` where it was not. */
  const again = Effect.fnUntraced(function* (incoming: Text) {
    const before = placed.get(incoming.userId)
    if (before?.text !== incoming.messageId) return false
    const known = knownOrder(before, { resources: pools.resources, regions: yield* regions.all })
    if (known === undefined) return false
    yield* take(incoming, before.message, known)
    return true
  })

  return { order, again }
})

const kind = "typed-order"

const encode = Schema.encodeSync(Placed)
const decode = Schema.decodeUnknownOption(Placed)
const decodeKey = Schema.decodeUnknownOption(
  Schema.FiniteFromString.pipe(Schema.decodeTo(TelegramId)),
)

/** A note that cannot be read counts as not made, so that no start fails over it. */
const load = Effect.fnUntraced(function* (journal: Journal["Service"]) {
  const documents = yield* journal.documents(kind)
  return new Map<TelegramId, Placed>(
    documents.flatMap(({ key, body }) => {
      const [person, order] = [decodeKey(key), decode(body)]
      return Option.isSome(person) && Option.isSome(order)
        ? [[person.value, order.value] as const]
        : []
    }),
  )
})

/** The order that the wish comes to; `undefined` while a step is open. */
const completed = ({ resource, targets, region, quantity, variant }: Wish) => {
  const isOpen =
    (asksTargets(resource) && targets === 0) || (asksVariant(resource) && variant === undefined)
  if (isOpen || region === undefined || quantity === undefined) return undefined
  return {
    resource: resource.id,
    targets: targetsOf(resource, targets),
    region,
    quantity,
    variant: variant ?? null,
  }
}

/** What was understood of a text that names no resource. */
const partsOf = ({ region, quantity }: TypedOrder, texts: Texts): string =>
  trailOf(
    ...(region === undefined ? [] : [region]),
    ...(quantity === undefined ? [] : [texts.wizard.pieces(quantity)]),
  )

/** The words for a piece in both languages: «шт», «pc», «pcs». */
const units: ReadonlyArray<string> = (["ru", "en"] as const).flatMap((language) =>
  [1, 2, 5].flatMap(
    (count) =>
      textsOf(language)
        .wizard.pieces(count)
        .toLowerCase()
        .match(/\p{L}+/gu) ?? [],
  ),
)
