/**
 * The wizard that adds proxies. Its draft is in the journal, so that a restart loses no step.
 *
 * The draft is on the disk before anything shows it, and before the person's message with the lines
 * is deleted. It is dropped only when the proxies are saved and the person was shown that, or when
 * it is given up.
 */
import { Clock, Effect, Option } from "effect"
import { proxyDraftMax, refusedLinesMax, refusedTextMax } from "../../config/Limits.ts"
import { Settings } from "../../config/Settings.ts"
import type { Resource } from "../../domain/Catalogue.ts"
import { findCountry } from "../../domain/countries.ts"
import { dayOf } from "../../domain/Day.ts"
import type { TelegramId } from "../../domain/Employee.ts"
import { type MessageRef, type RequestKey, requestKeyOf } from "../../domain/Issuance.ts"
import { type Endpoint, endpointKey, sessionKey } from "../../domain/Proxy.ts"
import {
  atSeam,
  formatProxyLine,
  lineLengthMax,
  linesOf,
  messageLengthMax,
  parseProxyText,
} from "../../domain/proxyLine.ts"
import { Proxies, type Standing } from "../../pool/proxies/Proxies.ts"
import type { ActionIn, ActionOf } from "../buttons.ts"
import { Wording } from "../Languages.ts"
import { type LineProblem, type ProxyDraft, ProxyDrafts, type RefusedLine } from "../ProxyDrafts.ts"
import { ProxyMessages } from "../ProxyMessages.ts"
import { type Press, Replies } from "../Replies.ts"
import { notice, sentence, tap } from "../screens/parts.ts"
import {
  addScreen,
  droppedOf,
  endedScreen,
  fitsMessage,
  refusedCaption,
  refusedFile,
  refusedScreen,
  savedScreen,
} from "../screens/proxyAdd.ts"
import { dayAfter } from "../screens/proxyParts.ts"
import { isTargets, targetsOf } from "../screens/wizard.ts"
import { sendFile, Telegram } from "../Telegram.ts"
import type { StorageUnavailable } from "../../store/Journal.ts"
import type { Incoming } from "../Update.ts"
import { Menus } from "../Menus.ts"

type AddAction = ActionIn<"proxyAdd">

export const makeProxyAdd = Effect.fnUntraced(function* (resource: Resource) {
  const replies = yield* Replies
  const { stale } = yield* Menus
  const proxies = yield* Proxies
  const drafts = yield* ProxyDrafts
  const messages = yield* ProxyMessages
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

  const end = yield* makeEnd

  const start = Effect.fnUntraced(function* (press: Press) {
    const now = yield* Clock.currentTimeMillis
    const earlier = yield* drafts.find(press.userId)
    const isHere = Option.isSome(earlier) && isSame(earlier.value.message, press.message)
    if (isHere && earlier.value.step !== "saved") {
      return yield* turnTo(press.userId, { ...earlier.value, step: "type", at: now })
    }
    const refused = Option.match(earlier, { onNone: () => [], onSome: refusedIn })
    yield* end(press.userId, { pressed: press.message })
    const fresh: ProxyDraft = {
      message: press.message,
      step: "type",
      type: null,
      endpoints: [],
      texts: [],
      report: null,
      refused,
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
      ...(draft.gateways === undefined ? {} : { gateways: draft.gateways }),
    })
    yield* press.answer()
    const count = added.proxies.length + added.renewed.length
    const screen = savedScreen({ draft, resource, days, saved: count }, texts)
    const at = yield* messages.turnTo(message, screen)
    if (Option.isNone(at)) return
    saved.set(press.userId, requestKeyOf(message))
    // Refused lines are kept for their sender; the proxies are the registry's by now.
    const left = {
      ...draft,
      message: at.value,
      step: "saved",
      endpoints: [],
      gateways: [],
    } as const
    const hasRefused = (draft.refused ?? []).length > 0
    // If the disk refuses to drop the draft, it is dropped later as a forgotten one.
    yield* Effect.ignore(hasRefused ? drafts.save(press.userId, left) : drafts.drop(press.userId))
  })

  const { showRefused, forget, answer } = yield* makeLineTaps(turnTo)

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
    if (action._tag === "ProxyRefused") return yield* showRefused(press, draft)
    if (action._tag === "ProxyForget") return yield* forget(press, draft)
    if (draft.step === "saved") {
      return yield* isSaved ? press.answer(texts.proxies.adding.isSaved) : stale(press)
    }
    if (action._tag === "ProxyAsked") return yield* answer(press, draft, action.answer)
    if (action._tag === "ProxyDays") return yield* save(press, draft, action.days)
    const now = yield* Clock.currentTimeMillis
    const next = stepped(draft, action, resource)
    if (Option.isNone(next)) return yield* stale(press)
    yield* press.answer()
    const page = action._tag === "ProxyCountries" ? action.page : 0
    return yield* turnTo(press.userId, { ...next.value, today: dayOf(now, zone), at: now }, page)
  })

  return {
    onTap: (press: Press, action: AddAction) =>
      Effect.catch(onTap(press, action), () =>
        Effect.flatMap(Wording, ({ refusals }) =>
          replies.alert(press, refusals.storageUnavailable),
        ),
      ),
    end,
    show,
  }
})

/** Makes the end of a draft that is given up. */
const makeEnd = Effect.gen(function* () {
  const proxies = yield* Proxies
  const drafts = yield* ProxyDrafts
  const telegram = yield* Telegram

  /**
   * Ends the draft, and gives the number of lines that are lost with it. Refused lines are kept for
   * the next draft, unless the person cancels. The message of the draft says so, unless it is the one
   * that was pressed and turns to something else anyway.
   */
  return Effect.fnUntraced(function* (
    of: TelegramId,
    { pressed, isCancelled = false }: { pressed?: MessageRef; isCancelled?: boolean } = {},
  ) {
    const texts = yield* Wording

    const found = yield* drafts.find(of)
    if (Option.isNone(found)) return 0
    const draft = { ...found.value, refused: refusedIn(found.value) }
    const areKept = draft.refused.length > 0 && !isCancelled
    // Its message offers the refused lines, and there is nothing else in the draft.
    if (areKept && draft.step === "saved") return 0
    yield* areKept ? drafts.save(of, onlyRefused(draft)) : drafts.drop(of)
    const known = yield* proxies.known([...draft.endpoints, ...(draft.asked ?? [])])
    if (pressed === undefined || !isSame(pressed, draft.message)) {
      // Beside the work: what the person turned to does not wait for it.
      const ended = telegram.edit(draft.message, endedScreen(draft, known, texts, areKept))
      yield* Effect.forkChild(Effect.ignore(ended), { startImmediately: true })
    }
    return droppedOf(draft, known)
  })
})

/** The lines that were not accepted, and the last one where it still waits for its other half. */
const refusedIn = ({ refused = [], tail }: ProxyDraft): ReadonlyArray<RefusedLine> =>
  tail?.isHeld === true ? [...refused, { text: tail.text, problem: "seam" }] : refused

/** What is left of a draft where only its refused lines are wanted. */
const onlyRefused = (draft: ProxyDraft): ProxyDraft => ({
  ...draft,
  step: "saved",
  endpoints: [],
  asked: [],
  gateways: [],
  refused: refusedIn(draft),
  tail: null,
  report: null,
})

/** Answers the buttons about lines: which were not accepted, and what those with another password are. */
const makeLineTaps = Effect.fnUntraced(function* (
  turnTo: (of: TelegramId, draft: ProxyDraft) => Effect.Effect<void, StorageUnavailable, Wording>,
) {
  const { stale } = yield* Menus
  const proxies = yield* Proxies
  const drafts = yield* ProxyDrafts
  const messages = yield* ProxyMessages
  const handOver = yield* makeHandOver

  /** Lines that fill more than a message come as a file, and the draft lets go of them. */
  const showRefused = Effect.fnUntraced(function* (press: Press, draft: ProxyDraft) {
    const texts = yield* Wording

    const refused = draft.refused ?? []
    if (refused.length === 0) return yield* stale(press)
    yield* press.answer()
    if (fitsMessage(refused, texts)) {
      return yield* Effect.asVoid(messages.turnTo(draft.message, refusedScreen(draft, texts)))
    }
    const left = yield* handOver(draft)
    if ((left.refused ?? []).length === 0)
      yield* letGo(press, left, texts.proxies.adding.refusedSent)
  })

  const forget = Effect.fnUntraced(function* (press: Press, draft: ProxyDraft) {
    const texts = yield* Wording

    const count = (draft.refused ?? []).length
    if (count === 0) return yield* stale(press)
    yield* press.answer(texts.proxies.adding.refusedErased(count))
    yield* letGo(press, { ...draft, refused: [] }, texts.proxies.adding.refusedErased(count))
  })

  /** Goes on with a draft without refused lines; a draft of a former addition is over. */
  const letGo = Effect.fnUntraced(function* (press: Press, draft: ProxyDraft, said: string) {
    if (draft.step !== "saved") {
      const at = yield* Clock.currentTimeMillis
      return yield* turnTo(press.userId, { ...draft, step: "lines", report: null, at })
    }
    const texts = yield* Wording
    yield* drafts.drop(press.userId)
    const more = tap(texts.proxies.adding.addMore, { _tag: "ProxyAdd" })
    yield* messages.turnTo(draft.message, notice(said, texts, [[more]]))
  })

  /** New passwords are on the disk before the question is gone: asked again, they change nothing. */
  const answer = Effect.fnUntraced(function* (
    press: Press,
    draft: ProxyDraft,
    of: ActionOf<"ProxyAsked">["answer"],
  ) {
    const asked = draft.asked ?? []
    if (asked.length === 0) return yield* stale(press)
    const [next, renewed] = answered(draft, of, yield* proxies.known(asked))
    if (renewed.length > 0) yield* proxies.repassword(renewed)
    yield* press.answer()
    yield* turnTo(press.userId, { ...next, at: yield* Clock.currentTimeMillis })
  })

  return { showRefused, forget, answer }
})

/** Makes the hand-over of refused lines as a file, which is their sender's only copy from then on. */
const makeHandOver = Effect.gen(function* () {
  const replies = yield* Replies
  const telegram = yield* Telegram

  /** Gives the draft without refused lines, or as it was where the file did not arrive. */
  return Effect.fnUntraced(function* (draft: ProxyDraft) {
    const texts = yield* Wording

    const { chatId } = draft.message
    const refused = draft.refused ?? []
    const file = refusedFile(refused, texts)
    const failure = yield* sendFile(telegram, chatId, file, refusedCaption(refused, texts), texts)
    if (failure === undefined) return { ...draft, refused: [] }
    yield* replies.say(chatId, sentence(failure))
    return draft
  })
})

/** Whether a record that is written at every step would become too large. */
const hasTooManyRefused = ({ refused = [] }: ProxyDraft) =>
  refused.length > refusedLinesMax ||
  refused.reduce((length, { text }) => length + text.length, 0) > refusedTextMax

type ProxyAdd = Effect.Success<ReturnType<typeof makeProxyAdd>>

const isSame = (a: MessageRef, b: MessageRef) => requestKeyOf(a) === requestKeyOf(b)

/** Rejected lines that are named one by one; nobody corrects more of them by hand. */
const toldMax = 20

/** The newest messages that a draft remembers; after a crash only the very last may come again. */
const textsMax = 20

interface Message {
  readonly id: number
  readonly lines: ReturnType<typeof parseProxyText>
  /** Which of the pasted proxies the registry has already. */
  readonly known: Standing
}

/** The draft with the lines of a message, and the report on them. */
export const withLines = (draft: ProxyDraft, { id, lines, known }: Message): ProxyDraft => {
  const endpoints = [...draft.endpoints]
  const asked = [...(draft.asked ?? [])]
  const sent = new Set([...endpoints, ...asked].map(sessionKey))
  const logins = new Set([...known.logins, ...[...endpoints, ...asked].map(endpointKey)])
  const gateways = new Set([...known.gateways, ...(draft.gateways ?? [])])
  const bad: Array<RefusedLine & { readonly number: number }> = lines.bad.map(
    ({ reason, ...line }) => ({ ...line, problem: reason }),
  )
  const spaced: Array<number> = []
  for (const { endpoint, ...line } of lines.good) {
    const [login, key] = [endpointKey(endpoint), sessionKey(endpoint)]
    const problem = sent.has(key)
      ? "inDraft"
      : known.lines.has(key)
        ? "known"
        : endpoints.length + asked.length >= proxyDraftMax
          ? "tooMany"
          : undefined
    if (problem !== undefined) {
      bad.push({ ...line, problem })
      continue
    }
    const isAsked = logins.has(login) && !gateways.has(login)
    ;(isAsked ? asked : endpoints).push(endpoint)
    if (/\s/.test(endpoint.user + endpoint.password)) spaced.push(line.number)
    sent.add(key)
    logins.add(login)
  }
  const sorted = bad.toSorted((a, b) => a.number - b.number)
  return {
    ...withRefused(withText(draft, id), sorted),
    endpoints,
    asked,
    report: {
      accepted: endpoints.length - draft.endpoints.length,
      rejected: bad.length,
      bad: sorted.slice(0, toldMax).map(({ number, problem }) => ({ number, problem })),
      ...(spaced.length === 0 ? {} : { spaced: spaced.slice(0, toldMax) }),
    },
  }
}

/** With these problems a line was refused because the bot has it. */
const isThere: ReadonlySet<LineProblem> = new Set(["repeated", "inDraft", "known"])

/** The draft with more refused lines, but for those that the bot has. */
const withRefused = (draft: ProxyDraft, more: ReadonlyArray<RefusedLine>): ProxyDraft => {
  const lost = more.filter(({ problem }) => !isThere.has(problem))
  const refused = lost.map(({ text, problem }) => ({ text, problem }))
  return { ...draft, refused: [...(draft.refused ?? []), ...refused] }
}

/** The draft with the lines of a text, which may go on from the text before, or be cut itself. */
const withMessage = (draft: ProxyDraft, { id, text, known }: Pasted): ProxyDraft => {
  const [first = "", ...others] = linesOf(text)
  const { tail, ...before } = draft
  const head = first.trim()
  const seam = tail === undefined || tail === null ? "whole" : atSeam(tail, head, draft.type)
  const torn = seam === "torn" && tail !== undefined && tail !== null ? [tail.text, head] : []
  const body = [
    seam === "joined" ? `${tail?.text}${head}` : torn.length > 0 ? "" : first,
    ...others,
  ]
  const last = body.at(-1)?.trim() ?? ""
  const isHeld = text.length >= messageLengthMax && last !== ""
  const mayBeCut = text.length > messageLengthMax - lineLengthMax && last !== ""
  const lines = parseProxyText([...(isHeld ? body.slice(0, -1) : body)].join("\n"), draft.type)
  const after = withLines(torn.length > 0 ? without(before, tail?.text ?? "") : before, {
    id,
    lines,
    known,
  })
  const seamBad = torn.length > 0 ? [{ number: 1, problem: "seam" as const }] : []
  const report = after.report ?? { accepted: 0, rejected: 0, bad: [] }
  return {
    ...withRefused(
      after,
      torn.map((line) => ({ text: line, problem: "seam" })),
    ),
    tail: mayBeCut ? { text: last, number: body.length, isHeld } : null,
    report: {
      ...report,
      rejected: report.rejected + seamBad.length,
      bad: [...seamBad, ...report.bad].slice(0, toldMax),
      isJoined: seam === "joined",
    },
  }
}

interface Pasted {
  readonly id: number
  readonly text: string
  readonly known: Standing
}

/** The draft without what was accepted of a line that turned out to be half of one. */
const without = (draft: ProxyDraft, line: string): ProxyDraft => {
  const half = parseProxyText(line, draft.type).good.map(({ endpoint }) => sessionKey(endpoint))
  const isOther = (endpoint: Endpoint) => !half.includes(sessionKey(endpoint))
  return {
    ...draft,
    endpoints: draft.endpoints.filter(isOther),
    asked: (draft.asked ?? []).filter(isOther),
  }
}

/** All lines that may be proxies in the text, also those that come of joining it to the tail. */
const endpointsIn = ({ tail, type }: ProxyDraft, text: string): ReadonlyArray<Endpoint> =>
  [text, `${tail?.text ?? ""}${text}`].flatMap((each) =>
    parseProxyText(each, type).good.map(({ endpoint }) => endpoint),
  )

/** The draft and the proxies that get another password, once the person has said what is what. */
const answered = (
  draft: ProxyDraft,
  answer: ActionOf<"ProxyAsked">["answer"],
  known: Standing,
): readonly [ProxyDraft, ReadonlyArray<Endpoint>] => {
  const asked = draft.asked ?? []
  const done = { ...draft, asked: [], step: "lines" } as const
  const report = { accepted: 0, rejected: 0, bad: [] }
  if (answer === "none") {
    const refused = asked.map((endpoint) => ({
      text: formatProxyLine(endpoint),
      problem: "otherPassword" as const,
    }))
    return [{ ...withRefused(done, refused), report: { ...report, rejected: asked.length } }, []]
  }
  if (answer === "sessions") {
    const gateways = [...new Set([...(draft.gateways ?? []), ...asked.map(endpointKey)])]
    const endpoints = [...draft.endpoints, ...asked]
    return [{ ...done, gateways, endpoints, report: { ...report, accepted: asked.length } }, []]
  }
  const newest = new Map(asked.map((endpoint) => [endpointKey(endpoint), endpoint]))
  const drafted = new Set(draft.endpoints.map(endpointKey))
  const isRenewed = (endpoint: Endpoint) =>
    !drafted.has(endpointKey(endpoint)) && known.logins.has(endpointKey(endpoint))
  const renewed = [...newest.values()].filter(isRenewed)
  const fresh = [...newest.values()].filter((endpoint) => !isRenewed(endpoint))
  const endpoints = draft.endpoints.map((endpoint) => newest.get(endpointKey(endpoint)) ?? endpoint)
  const added = fresh.filter((endpoint) => !drafted.has(endpointKey(endpoint)))
  return [
    {
      ...done,
      endpoints: [...endpoints, ...added],
      report: { ...report, accepted: fresh.length, renewed: renewed.length },
    },
    renewed,
  ]
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

type StepAction = Exclude<
  AddAction,
  { readonly _tag: "ProxyAdd" | "ProxyDays" | "ProxyAsked" | "ProxyRefused" | "ProxyForget" }
>

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
  // Questions about the pasted lines come before the next step.
  if ((draft.asked ?? []).length > 0) return Option.some({ ...draft, step: "lines" })
  if (draft.tail?.isHeld === true) {
    const { text, number } = draft.tail
    const bad = [{ number, problem: "seam" as const }]
    return Option.some({
      ...withRefused(draft, [{ text, problem: "seam" }]),
      step: "lines",
      tail: null,
      report: { accepted: 0, rejected: 1, bad },
    })
  }
  if (draft.endpoints.length === 0) return Option.none()
  switch (action._tag) {
    case "ProxyUsed": {
      const targets = targetsOf(resource, action.targets)
      return isTargets(resource, action.targets)
        ? Option.some({ ...draft, targets, step: "targets", tail: null })
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
  const handOver = yield* makeHandOver
  const { timezone: zone } = yield* Settings

  /** Saves the draft. Where its refused lines are too many, they are in the chat before that. */
  const keep = Effect.fnUntraced(function* (of: TelegramId, draft: ProxyDraft) {
    const kept = hasTooManyRefused(draft) ? yield* handOver(draft) : draft
    yield* drafts.save(of, kept)
    return kept
  })

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
    const country = findCountry(text)
    const at = yield* Clock.currentTimeMillis
    const isRepeat = draft.texts.includes(messageId)
    if (draft.step === "saved") {
      if (isRepeat) yield* remove(incoming)
      return isRepeat
    }
    if (isRepeat || draft.step === "lines") {
      const known = yield* proxies.known(endpointsIn(draft, text))
      const pasted = { id: messageId, text, known }
      const next = isRepeat ? draft : yield* keep(userId, withMessage({ ...draft, at }, pasted))
      if (!isRepeat || Option.isNone(country)) yield* remove(incoming)
      yield* show(userId, next)
      return true
    }
    if (hasLogin(text)) {
      const sent = linesOf(text).map((line) => line.trim())
      const refused = sent.flatMap((line) =>
        line === "" ? [] : [{ text: line, problem: "elsewhere" as const }],
      )
      yield* keep(userId, withRefused(withText({ ...draft, at }, messageId), refused))
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

  return (text: Text) =>
    Effect.catch(
      onText(text),
      Effect.fnUntraced(function* () {
        const { adding } = (yield* Wording).proxies
        yield* replies.say(text.chatId, sentence(adding.diskRefused))
        return true
      }),
    )
})
