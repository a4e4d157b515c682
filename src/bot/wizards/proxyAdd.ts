/**
 * Adding proxies, with a draft in the journal: every step goes on after a restart.
 *
 * The draft is durable before anything shows it, and before the person's message with the lines
 * is deleted; it is dropped only when the addition is durable and was shown, or was given up.
 */
import { Clock, Effect, Option } from "effect"
import { Settings } from "../../config/Settings.ts"
import type { Resource } from "../../domain/Catalogue.ts"
import { dayOf } from "../../domain/Day.ts"
import type { TelegramId } from "../../domain/Employee.ts"
import { type MessageRef, type RequestKey, requestKeyOf } from "../../domain/Issuance.ts"
import { Proxies } from "../../pool/proxies/Proxies.ts"
import type { Action } from "../Callback.ts"
import { Wording } from "../Languages.ts"
import { type ProxyDraft, ProxyDrafts } from "../ProxyDrafts.ts"
import { ProxyMessages } from "../ProxyMessages.ts"
import type { Press, Replies } from "../Replies.ts"
import { addScreen, droppedOf, endedScreen, savedScreen } from "../screens/proxyAdd.ts"
import { dayAfter } from "../screens/proxyParts.ts"
import { Telegram } from "../Telegram.ts"
import { type StepAction, stepped } from "./proxySteps.ts"

export type AddAction = StepAction | Extract<Action, { readonly _tag: "ProxyAdd" | "ProxyDays" }>

export const make = Effect.fnUntraced(function* (
  resource: Resource,
  replies: Replies,
  stale: (press: Press) => Effect.Effect<void>,
) {
  const proxies = yield* Proxies
  const drafts = yield* ProxyDrafts
  const messages = yield* ProxyMessages
  const telegram = yield* Telegram
  const { timezone: zone } = yield* Settings
  const texts = yield* Wording
  /** What each person saved last: a second tap there is no mistake of hers. */
  const saved = new Map<TelegramId, RequestKey>()

  /** A wizard that had to move to another message keeps its draft. */
  const show = Effect.fnUntraced(function* (of: TelegramId, draft: ProxyDraft, page = 0) {
    const recent = yield* proxies.countries
    const screen = addScreen({ draft, resource, recent, page }, texts)
    const at = yield* messages.turnTo(draft.message, screen)
    if (Option.isNone(at) || isSame(at.value, draft.message)) return
    yield* drafts.save(of, { ...draft, message: at.value })
  })

  /** Durable, then shown. */
  const turnTo = Effect.fnUntraced(function* (of: TelegramId, draft: ProxyDraft, page = 0) {
    yield* drafts.save(of, draft)
    yield* show(of, draft, page)
  })

  /** Drops the draft; its message says so, unless that was pressed. Gives the lines lost so. */
  const end = Effect.fn("proxyAdd.end")(function* (of: TelegramId, pressed?: MessageRef) {
    const draft = yield* drafts.find(of)
    if (Option.isNone(draft)) return 0
    yield* drafts.drop(of)
    const { message, endpoints } = draft.value
    const known = yield* proxies.known(endpoints)
    if (pressed === undefined || !isSame(pressed, message)) {
      yield* Effect.ignore(telegram.edit(message, endedScreen(draft.value, known, texts)))
    }
    return droppedOf(draft.value, known)
  })

  const start = Effect.fnUntraced(function* (press: Press) {
    const now = yield* Clock.currentTimeMillis
    const earlier = yield* drafts.find(press.userId)
    if (Option.isSome(earlier) && isSame(earlier.value.message, press.message)) {
      return yield* turnTo(press.userId, { ...earlier.value, step: "type", at: now })
    }
    yield* end(press.userId)
    const fresh: ProxyDraft = {
      message: press.message,
      step: "type",
      type: null,
      endpoints: [],
      texts: [],
      report: null,
      targets: [],
      country: null,
      today: dayOf(now, zone),
      at: now,
    }
    return yield* turnTo(press.userId, fresh)
  })

  /** The addition is durable before the draft goes, and the draft stays until that is shown. */
  const save = Effect.fnUntraced(function* (press: Press, draft: ProxyDraft, days: number) {
    const { type, country, endpoints, targets, message } = draft
    const newest = draft.texts.at(-1)
    if (type === null || country === null || newest === undefined) return yield* stale(press)
    const until = dayAfter(draft.today, days)
    const added = yield* proxies.add({
      _tag: "Add",
      // No other draft has it, and a draft that grew after it was saved is another addition.
      message: { chatId: message.chatId, messageId: newest },
      type,
      endpoints,
      country,
      until,
      targets,
      by: press.userId,
    })
    yield* press.answer()
    const count = added.proxies.length + added.renewed.length
    const screen = savedScreen({ draft, resource, days, saved: count }, texts)
    const at = yield* messages.turnTo(message, screen)
    if (Option.isNone(at)) return
    saved.set(press.userId, requestKeyOf(message))
    // What the disk keeps of it now is dropped as forgotten.
    yield* Effect.ignore(drafts.drop(press.userId))
  })

  const onTap = Effect.fnUntraced(function* (press: Press, action: AddAction) {
    const isSaved = saved.get(press.userId) === requestKeyOf(press.message)
    if (action._tag === "ProxyAdd") {
      yield* press.answer()
      return yield* start(press)
    }
    const draft = Option.getOrUndefined(yield* drafts.find(press.userId))
    if (draft === undefined || !isSame(draft.message, press.message)) {
      return yield* isSaved ? press.answer(texts.proxies.adding.isSaved) : stale(press)
    }
    if (action._tag === "ProxyDays") return yield* save(press, draft, action.days)
    const now = yield* Clock.currentTimeMillis
    const next = stepped(draft, action, resource)
    if (Option.isNone(next)) return yield* stale(press)
    yield* press.answer()
    const page = action._tag === "ProxyCountries" ? action.page : 0
    return yield* turnTo(press.userId, { ...next.value, today: dayOf(now, zone), at: now }, page)
  })

  return {
    onTap: Effect.fn("proxyAdd.onTap")((press: Press, action: AddAction) =>
      Effect.catch(onTap(press, action), () =>
        replies.alert(press, texts.refusals.storageUnavailable),
      ),
    ),
    end,
    show,
  }
})

export type ProxyAdd = Effect.Success<ReturnType<typeof make>>

const isSame = (a: MessageRef, b: MessageRef) => requestKeyOf(a) === requestKeyOf(b)
