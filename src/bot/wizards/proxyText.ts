/**
 * Texts that people write while they are adding proxies: lines, and names of countries.
 *
 * What a text adds is durable before the text is deleted; brought again after a crash, it adds
 * nothing more and is deleted all the same.
 */
import { Clock, Effect, Option } from "effect"
import { Settings } from "../../config/Settings.ts"
import { findCountry } from "../../domain/countries.ts"
import { dayOf } from "../../domain/Day.ts"
import { parseProxyText } from "../../domain/proxyLine.ts"
import { Proxies } from "../../pool/proxies/Proxies.ts"
import { Wording } from "../Languages.ts"
import { ProxyDrafts } from "../ProxyDrafts.ts"
import type { Replies } from "../Replies.ts"
import { sentence } from "../screens/parts.ts"
import { Telegram } from "../Telegram.ts"
import type { Incoming } from "../Update.ts"
import type { ProxyAdd } from "./proxyAdd.ts"
import { hasLogin, withLines, withText } from "./proxyLines.ts"

type Text = Extract<Incoming, { readonly _tag: "Text" }>

export const make = Effect.fnUntraced(function* (replies: Replies, show: ProxyAdd["show"]) {
  const proxies = yield* Proxies
  const drafts = yield* ProxyDrafts
  const telegram = yield* Telegram
  const { timezone: zone } = yield* Settings
  const texts = yield* Wording

  /** Passwords do not stay in the chat. */
  const remove = Effect.fnUntraced(function* ({ chatId, messageId }: Text) {
    yield* telegram
      .remove({ chatId, messageId })
      .pipe(Effect.catch(() => replies.say(chatId, sentence(texts.proxies.adding.notDeleted))))
  })

  /** `true`: the text was an answer to a step. */
  const onText = Effect.fnUntraced(function* (incoming: Text) {
    const { userId, chatId, messageId, text } = incoming
    const draft = Option.getOrUndefined(yield* drafts.find(userId))
    if (draft === undefined) return false
    const lines = parseProxyText(text)
    const country = findCountry(text)
    const at = yield* Clock.currentTimeMillis
    const isRepeat = draft.texts.includes(messageId)
    if (isRepeat || draft.step === "lines") {
      const known = yield* proxies.known(lines.good.map(({ endpoint }) => endpoint))
      const next = isRepeat ? draft : withLines({ ...draft, at }, { id: messageId, lines, known })
      yield* drafts.save(userId, next)
      if (!isRepeat || Option.isNone(country)) yield* remove(incoming)
      yield* show(userId, next)
      return true
    }
    if (hasLogin(text)) {
      yield* remove(incoming)
      yield* replies.say(chatId, sentence(texts.proxies.adding.linesElsewhere))
      return true
    }
    if (draft.step !== "country") return false
    if (Option.isSome(country)) {
      const today = dayOf(at, zone)
      const chosen = { ...draft, country: country.value, step: "days", today, at } as const
      const next = withText(chosen, messageId)
      yield* drafts.save(userId, next)
      yield* show(userId, next)
      return true
    }
    yield* replies.say(chatId, sentence(texts.proxies.adding.unknownCountry))
    return true
  })

  return Effect.fn("proxyText")((text: Text) =>
    Effect.catch(onText(text), () =>
      Effect.as(replies.say(text.chatId, sentence(texts.proxies.adding.diskRefused)), true),
    ),
  )
})
