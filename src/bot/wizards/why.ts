/**
 * A word why: the reason for a status, by a button or in one message.
 *
 * The bot takes a text for a reason only after its button was pressed, and only the next one, see
 * Questions.ts.
 */
import { Clock, Effect, Option, Result } from "effect"
import { commentWithin } from "../../config/Limits.ts"
import { findStatus, type Resource } from "../../domain/Catalogue.ts"
import { commentOf } from "../../domain/comment.ts"
import type { TelegramId } from "../../domain/Employee.ts"
import type { Batch, IssuanceId, MessageRef } from "../../domain/Issuance.ts"
import { NotAllowed, NotHolder, type Refusal, UnknownIssuance } from "../../pool/Contract.ts"
import { Pools } from "../../pool/Pools.ts"
import type { StorageUnavailable } from "../../store/Journal.ts"
import type { ActionIn, ActionOf } from "../buttons.ts"
import { Conduct } from "../Conduct.ts"
import { Deliveries } from "../Deliveries.ts"
import { Wording } from "../Languages.ts"
import { Menus } from "../Menus.ts"
import { type Question, Questions } from "../Questions.ts"
import { type Press, Replies } from "../Replies.ts"
import { bold, html, type Screen } from "../Screen.ts"
import { asksWhy, mayCorrect, numberIn, reasonText, statusText } from "../screens/batchRules.ts"
import { grid, lines, sentence, tap, trailOf } from "../screens/parts.ts"
import { sentenceOf } from "../screens/refused.ts"
import { Telegram } from "../Telegram.ts"
import type { Texts } from "../texts/Texts.ts"

/** What a person is asked about. */
interface Asked {
  readonly resource: Resource
  readonly issuance: IssuanceId
  /** Whoever is an admin may say it of what others hold. */
  readonly admin: boolean
  /** The message with the question. */
  readonly message: MessageRef
}

/** Writes reasons down. */
const makeAnswers = Effect.gen(function* () {
  const replies = yield* Replies
  const menus = yield* Menus
  const pools = yield* Pools
  const deliveries = yield* Deliveries

  /** The batch that shows the item, which the holder and admins may say something of. */
  const batchWith = Effect.fnUntraced(function* (
    press: Press,
    { id: resource }: Resource,
    id: IssuanceId,
  ) {
    const found = Option.getOrUndefined(yield* pools.find(resource, id))
    if (found === undefined) return yield* new UnknownIssuance({ id })
    if (found.holder !== press.userId && press.role !== "admin") return yield* new NotHolder({ id })
    return yield* Effect.fromOption(
      yield* pools.batch(resource, found.request),
      () => new UnknownIssuance({ id }),
    )
  })

  /** Writes it down; the message of the batch shows it from then on. */
  const say = Effect.fnUntraced(function* (
    resource: Resource,
    id: IssuanceId,
    comment: string,
    actor: { readonly by: TelegramId; readonly admin: boolean },
  ) {
    const batch = yield* pools.ask(resource.id, { _tag: "Comment", id, comment, ...actor })
    yield* deliveries.show(resource.id, batch.request.key)
  })

  const choose = Effect.fnUntraced(function* (
    press: Press,
    resource: Resource,
    { issuance: id, status, reason }: ActionOf<"WhyIs">,
  ) {
    const texts = yield* Wording
    const words = texts.batch.why
    const known = findStatus(resource, status)
    const chosen = reason === "none" ? undefined : known?.reasons?.[Number(reason)]
    // The catalogue has lost the reason since.
    if (reason !== "none" && chosen === undefined) return yield* menus.stale(press)
    const batch = yield* batchWith(press, resource, id)
    // It was marked otherwise since, and this is a reason for another status.
    if (batch.issuances.find((each) => each.id === id)?.mark?.status !== status) {
      return yield* new NotAllowed({ id, reason: "asksNoComment" })
    }
    yield* say(resource, id, chosen?.ru ?? "", { by: press.userId, admin: press.role === "admin" })
    const done = chosen === undefined ? words.removed : words.saved(texts.label(chosen))
    return yield* replies.turn(press, sentence(done))
  })

  return { batchWith, say, choose }
})

export const makeWhy = Effect.gen(function* () {
  const replies = yield* Replies
  const telegram = yield* Telegram
  const conduct = yield* Conduct
  const menus = yield* Menus
  const pools = yield* Pools
  const { batchWith, say, choose } = yield* makeAnswers
  const questions = yield* Questions

  const refuse = Effect.fnUntraced(function* (
    press: Press,
    resource: Resource,
    error: Refusal | StorageUnavailable,
  ) {
    yield* replies.alert(press, sentenceOf(error, resource, yield* Wording))
    if (error._tag === "NotHolder") yield* conduct.trespassed(press.userId)
  })

  /** The next text of the person is the reason. */
  const reasonOf = ({ resource, issuance: id, admin, message }: Asked): Question => ({
    subject: "why",
    within: commentWithin,
    answer: Effect.fnUntraced(function* ({ userId, chatId, text }) {
      const texts = yield* Wording
      const words = texts.batch.why
      const comment = commentOf(text)
      if (Result.isFailure(comment)) {
        yield* replies.say(chatId, {
          html: html`${words.faults[comment.failure]}`,
          keyboard: [[tap(words.skip, { _tag: "WhyOff", resource: resource.id, issuance: id })]],
        })
        return false
      }
      const told = yield* say(resource, id, comment.success, { by: userId, admin }).pipe(
        Effect.as(words.saved(comment.success)),
        Effect.catchIf(
          (error) => error._tag !== "StorageUnavailable",
          (error) => Effect.succeed(sentenceOf(error, resource, texts)),
        ),
      )
      yield* Effect.ignore(telegram.remove(message))
      yield* replies.say(chatId, sentence(told))
      return true
    }),
  })

  const ask = Effect.fnUntraced(function* (press: Press, resource: Resource, id: IssuanceId) {
    const texts = yield* Wording
    const batch = yield* batchWith(press, resource, id)
    const issuance = batch.issuances.find((each) => each.id === id)
    const now = yield* Clock.currentTimeMillis
    if (issuance === undefined) return yield* new UnknownIssuance({ id })
    if (issuance.mark === null) return yield* new NotAllowed({ id, reason: "pending" })
    if (!asksWhy(resource, issuance, now)) {
      const reason = mayCorrect(issuance, now) ? "asksNoComment" : "correctionOver"
      return yield* new NotAllowed({ id, reason })
    }
    yield* press.answer()
    const sent = yield* Effect.option(
      telegram.send(press.chatId, questionScreen({ batch, resource, id }, texts)),
    )
    // A question that did not arrive waits for nothing.
    if (Option.isNone(sent)) return
    const asked = { resource, issuance: id, admin: press.role === "admin", message: sent.value }
    yield* questions.ask(press.userId, reasonOf(asked))
  })

  const act = Effect.fnUntraced(function* (press: Press, action: ActionIn<"why">) {
    const resource = pools.resources.find(({ id }) => id === action.resource)
    if (resource === undefined) return yield* menus.stale(press)
    switch (action._tag) {
      case "Why":
        return yield* Effect.catch(ask(press, resource, action.issuance), (error) =>
          refuse(press, resource, error),
        )
      case "WhyIs":
        return yield* Effect.catch(choose(press, resource, action), (error) =>
          refuse(press, resource, error),
        )
      case "WhyOff":
        return yield* replies.turn(press, sentence((yield* Wording).batch.why.skipped))
    }
  })

  return { act }
})

interface About {
  readonly batch: Batch
  readonly resource: Resource
  readonly id: IssuanceId
}

/** Two of them fit beside each other on a phone. */
const reasonsInRow = 2

const questionScreen = ({ batch, resource, id }: About, texts: Texts): Screen => {
  const words = texts.batch.why
  const mark = batch.issuances.find((each) => each.id === id)?.mark
  const status = mark == null ? undefined : findStatus(resource, mark.status)
  const name = trailOf(texts.label(resource.label), batch.request.region)
  const what = batch.issuances.length === 1 ? name : `${name}, ${numberIn(batch, id)}`
  const target = { resource: resource.id, issuance: id }
  const to = (reason: string) =>
    ({ _tag: "WhyIs", ...target, status: status?.id ?? "", reason }) as const
  return {
    html: lines(
      bold(words.ask(status === undefined ? "" : statusText(status, texts), what)),
      mark?.comment === undefined
        ? undefined
        : html`${words.now(reasonText(status, mark.comment, texts))}`,
      html`${words.how}`,
    ),
    keyboard: [
      ...grid(
        (status?.reasons ?? []).map((reason, at) => tap(texts.label(reason), to(String(at)))),
        reasonsInRow,
      ),
      [
        mark?.comment === undefined
          ? tap(words.skip, { _tag: "WhyOff", ...target })
          : tap(words.remove, to("none")),
      ],
    ],
  }
}
