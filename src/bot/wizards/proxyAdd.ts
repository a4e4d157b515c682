/**
 * The wizard that adds proxies. Its draft is in the journal, so that a restart loses no step.
 *
 * The draft is on the disk before anything shows it, and before the person's message with the lines
 * is deleted. It is dropped only when the proxies are saved and the person was shown that, or when
 * it is given up.
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
import { Proxies, type Standing } from "../../pool/proxies/Proxies.ts"
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

type AddAction = ActionIn<"proxyAdd">

export const makeProxyAdd = Effect.fnUntraced(function* (resource: Resource) {
  const replies = yield* Replies
  const { stale } = yield* Menus
  const proxies = yield* Proxies
  const drafts = yield* ProxyDrafts
  const messages = yield* ProxyMessages
  const telegram = yield* Telegram
  const { timezone: zone } = yield* Settings

  /** The message on which each person saved last: a second tap there is not out of date. */
  const saved = new Map<TelegramId, RequestKey>()

  /** Shows the step. A wizard that had to move to another message takes its draft along. */
  const show = Effect.fnUntraced(function* (of: TelegramId, draft: ProxyDraft, page = 0) {
    const texts = yield* Wording

    const recent = yield* proxies.countries
    const screen = addScreen({ draft, resource, recent, page }, texts)
    const at = yield* messages.turnTo(draft.message, screen)
    if (Option.isNone(at) || isSame(at.value, draft.message)) return
    yield* drafts.save(of, { ...draft, message: at.value })
  })

  /** Saves the draft, and then shows its step. */
  const turnTo = Effect.fnUntraced(function* (of: TelegramId, draft: ProxyDraft, page = 0) {
    yield* drafts.save(of, draft)
    yield* show(of, draft, page)
  })

  /**
   * Drops the draft, and gives the number of lines that are lost with it. The message of the draft
   * says so, unless it is the one that was pressed and turns to something else anyway.
   */
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

  /** Adds the proxies. The draft goes only when they are on the disk and the person was shown it. */
  const save = Effect.fnUntraced(function* (press: Press, draft: ProxyDraft, days: number) {
    const texts = yield* Wording

    const { type, country, endpoints, targets, message } = draft
    const newest = draft.texts.at(-1)
    if (type === null || country === null || newest === undefined) return yield* stale(press)
    const until = dayAfter(draft.today, days)
    const added = yield* proxies.add({
      _tag: "Add",
      // The message names this addition. The newest message with lines belongs to this draft only,
      // and a draft that grew since it was saved is a new addition.
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
    // If the disk refuses to drop the draft, it is dropped later as a forgotten one.
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

/** Rejected lines that are named one by one; nobody corrects more of them by hand. */
const toldMax = 20

/** The newest messages that a draft remembers; after a crash only the very last may come again. */
const textsMax = 20

interface Message {
  readonly id: number
  readonly lines: ReturnType<typeof parseProxyText>
  /** What of the lines the bot has already. */
  readonly known: Standing
}

/** The draft with the lines of a message, and the report on them. */
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
      : known.logins.has(key)
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

/** The draft with the message noted as dealt with. */
const withText = (draft: ProxyDraft, id: number): ProxyDraft => ({
  ...draft,
  texts: [...draft.texts, id].slice(-textsMax),
})

/**
 * Whether a line seems to hold a login, even if the line as a whole is faulty. Anybody may send any
 * text, so the time it takes grows with its length and no faster.
 */
export const hasLogin = (text: string): boolean =>
  text.split("\n").some((line) => afterPort.test(line) || line.split(/\s/).some(isBeforeHost))

/** `…:port:user:password` */
const afterPort = /:\d{1,6}:[^:]*:./

/**
 * `user:password@host:port`, alone or in a link: a colon, an @ and a colon before a digit, in this
 * order and with something before each.
 */
const isBeforeHost = (word: string): boolean => {
  const first = word.indexOf(":", 1)
  const at = first < 0 ? -1 : word.indexOf("@", first + 2)
  return at >= 0 && /:\d/.test(word.slice(at + 2))
}

type StepAction = Exclude<AddAction, { readonly _tag: "ProxyAdd" | "ProxyDays" }>

/** The draft at the step a button leads to; none where a step before that one is not done yet. */
const stepped = (
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

type Text = Extract<Incoming, { readonly _tag: "Text" }>

/**
 * The texts that people send while they add proxies: lines, and names of countries.
 *
 * What a text adds is on the disk before the text is deleted. Handled again after a crash, the text
 * adds nothing more and is deleted all the same.
 */
export const makeProxyText = Effect.fnUntraced(function* (show: ProxyAdd["show"]) {
  const replies = yield* Replies
  const proxies = yield* Proxies
  const drafts = yield* ProxyDrafts
  const telegram = yield* Telegram
  const { timezone: zone } = yield* Settings

  /** Deletes the message, so that no password stays in the chat. */
  const remove = Effect.fnUntraced(function* ({ chatId, messageId }: Text) {
    const texts = yield* Wording

    yield* telegram
      .remove({ chatId, messageId })
      .pipe(Effect.catch(() => replies.say(chatId, sentence(texts.proxies.adding.notDeleted))))
  })

  /** `true` means that the text was an answer to the step, and is dealt with. */
  const onText = Effect.fnUntraced(function* (incoming: Text) {
    const texts = yield* Wording

    const { userId, chatId, messageId, text } = incoming
    const draft = Option.getOrUndefined(yield* drafts.find(userId))
    if (draft === undefined) return false
    const lines = parseProxyText(text, draft.type)
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
