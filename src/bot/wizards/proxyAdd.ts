/**
 * Adding proxies, with a draft in the journal: every step goes on after a restart.
 *
 * The draft is durable before anything shows it, and before the person's message with the lines
 * is deleted; it is dropped only when the addition is durable and was shown, or was given up.
 */
import { Clock, Effect, Option } from "effect"
import { proxyDraftMax } from "../../config/Limits.ts"
import { Settings } from "../../config/Settings.ts"
import type { Resource } from "../../domain/Catalogue.ts"
import { findCountry } from "../../domain/countries.ts"
import { dayOf } from "../../domain/Day.ts"
import type { TelegramId } from "../../domain/Employee.ts"
import { type MessageRef, type RequestKey, requestKeyOf } from "../../domain/Issuance.ts"
import { endpointKey } from "../../domain/Proxy.ts"
import { parseProxyText } from "../../domain/proxyLine.ts"
import { Proxies } from "../../pool/proxies/Proxies.ts"
import type { ActionIn } from "../buttons.ts"
import { Wording } from "../Languages.ts"
import { type LineProblem, type ProxyDraft, ProxyDrafts } from "../ProxyDrafts.ts"
import { ProxyMessages } from "../ProxyMessages.ts"
import { type Press, Replies } from "../Replies.ts"
import { sentence } from "../screens/parts.ts"
import { addScreen, droppedOf, endedScreen, savedScreen } from "../screens/proxyAdd.ts"
import { dayAfter } from "../screens/proxyParts.ts"
import { isTargets, targetsOf } from "../screens/wizard.ts"
import { Telegram } from "../Telegram.ts"
import type { Incoming } from "../Update.ts"
import { Menus } from "../Menus.ts"

export type AddAction = ActionIn<"proxyAdd">

export const makeProxyAdd = Effect.fnUntraced(function* (resource: Resource) {
  const replies = yield* Replies
  const { stale } = yield* Menus
  const proxies = yield* Proxies
  const drafts = yield* ProxyDrafts
  const messages = yield* ProxyMessages
  const telegram = yield* Telegram
  const { timezone: zone } = yield* Settings

  /** What each person saved last: a second tap there is no mistake of hers. */
  const saved = new Map<TelegramId, RequestKey>()

  /** A wizard that had to move to another message keeps its draft. */
  const show = Effect.fnUntraced(function* (of: TelegramId, draft: ProxyDraft, page = 0) {
    const texts = yield* Wording

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
    const texts = yield* Wording

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
    const texts = yield* Wording

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
    const texts = yield* Wording

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
        Effect.flatMap(Wording, ({ refusals }) =>
          replies.alert(press, refusals.storageUnavailable),
        ),
      ),
    ),
    end,
    show,
  }
})

type ProxyAdd = Effect.Success<ReturnType<typeof makeProxyAdd>>

const isSame = (a: MessageRef, b: MessageRef) => requestKeyOf(a) === requestKeyOf(b)

/* What a message with lines makes of a draft of proxies. Pure. */

/** Rejected lines that are told one by one; nobody corrects more of them by hand. */
const toldMax = 20

/** Of the newest messages; only the one at hand when the bot was killed may come again. */
const textsMax = 20

interface Message {
  readonly id: number
  readonly lines: ReturnType<typeof parseProxyText>
  /** Keys of those that are proxies already. */
  readonly known: ReadonlySet<string>
}

export const withLines = (draft: ProxyDraft, { id, lines, known }: Message): ProxyDraft => {
  const keys = new Set(draft.endpoints.map(endpointKey))
  const endpoints = [...draft.endpoints]
  const bad: Array<{ readonly number: number; readonly problem: LineProblem }> = lines.bad.map(
    ({ number, reason }) => ({ number, problem: reason }),
  )
  for (const { number, endpoint } of lines.good) {
    const key = endpointKey(endpoint)
    const problem = keys.has(key)
      ? "inDraft"
      : known.has(key)
        ? "known"
        : endpoints.length >= proxyDraftMax
          ? "tooMany"
          : undefined
    if (problem !== undefined) {
      bad.push({ number, problem })
      continue
    }
    keys.add(key)
    endpoints.push(endpoint)
  }
  return {
    ...withText(draft, id),
    endpoints,
    report: {
      accepted: endpoints.length - draft.endpoints.length,
      rejected: bad.length,
      bad: bad.toSorted((a, b) => a.number - b.number).slice(0, toldMax),
    },
  }
}

/** The message is dealt with. */
export const withText = (draft: ProxyDraft, id: number): ProxyDraft => ({
  ...draft,
  texts: [...draft.texts, id].slice(-textsMax),
})

/** Is there a login in one of the lines, be it that the line has a fault? */
export const hasLogin = (text: string): boolean =>
  text.split("\n").some((line) => afterPort.test(line) || beforeHost.test(line))

/** `…:port:user:password` */
const afterPort = /:\d{1,6}:[^:]*:./

/** `user:password@host:port`, be it as a link. */
const beforeHost = /\S:\S+@\S+:\d/

/* Where a button leads in a draft of proxies. Pure. */

type StepAction = Exclude<AddAction, { readonly _tag: "ProxyAdd" | "ProxyDays" }>

/** None where the draft cannot stand there: something before that step is missing. */
export const stepped = (
  draft: ProxyDraft,
  action: StepAction,
  resource: Resource,
): Option.Option<ProxyDraft> => {
  if (action._tag === "ProxyType") {
    return Option.some({ ...draft, type: action.type, step: "lines" })
  }
  if (draft.type === null) return Option.none()
  if (action._tag === "ProxyLines") return Option.some({ ...draft, step: "lines" })
  if (draft.endpoints.length === 0) return Option.none()
  switch (action._tag) {
    case "ProxyUsed": {
      const targets = targetsOf(resource, action.targets)
      return isTargets(resource, action.targets)
        ? Option.some({ ...draft, targets, step: "targets" })
        : Option.none()
    }
    case "ProxyCountries":
      return Option.some({ ...draft, step: "country" })
    case "ProxyCountry":
      return Option.map(findCountry(action.country), (country) => ({
        ...draft,
        country,
        step: "days" as const,
      }))
  }
}

/*
 * Texts that people write while they are adding proxies: lines, and names of countries.
 *
 * What a text adds is durable before the text is deleted; brought again after a crash, it adds
 * nothing more and is deleted all the same.
 */

type Text = Extract<Incoming, { readonly _tag: "Text" }>

export const makeProxyText = Effect.fnUntraced(function* (show: ProxyAdd["show"]) {
  const replies = yield* Replies
  const proxies = yield* Proxies
  const drafts = yield* ProxyDrafts
  const telegram = yield* Telegram
  const { timezone: zone } = yield* Settings

  /** Passwords do not stay in the chat. */
  const remove = Effect.fnUntraced(function* ({ chatId, messageId }: Text) {
    const texts = yield* Wording

    yield* telegram
      .remove({ chatId, messageId })
      .pipe(Effect.catch(() => replies.say(chatId, sentence(texts.proxies.adding.notDeleted))))
  })

  /** `true`: the text was an answer to a step. */
  const onText = Effect.fnUntraced(function* (incoming: Text) {
    const texts = yield* Wording

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
    Effect.catch(
      onText(text),
      Effect.fnUntraced(function* () {
        const { adding } = (yield* Wording).proxies
        yield* replies.say(text.chatId, sentence(adding.diskRefused))
        return true
      }),
    ),
  )
})
