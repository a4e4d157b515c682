/** /regions, /add_region, /remove_region: what people choose a region from. */
import { Clock, Duration, Effect, Option, Schema } from "effect"
import { Access } from "../../access/Access.ts"
import { Regions } from "../../access/Regions.ts"
import { makeRemovals } from "../../access/Removals.ts"
import { Settings } from "../../config/Settings.ts"
import { formatMoment, Moment } from "../../domain/Day.ts"
import { TelegramId } from "../../domain/Employee.ts"
import { Region } from "../../domain/Region.ts"
import { Journal } from "../../store/Journal.ts"
import type { Action, ActionOf } from "../buttons.ts"
import { Wording } from "../Languages.ts"
import { type Press, Replies } from "../Replies.ts"
import { bold, code, html, type Screen } from "../Screen.ts"
import { cut, lines, menuBelow, notice, tap } from "../screens/parts.ts"
import { pageOf, pager } from "../screens/proxyParts.ts"
import type { Texts } from "../texts/Texts.ts"
import { type Area, type Asked, makeFileTrouble, Decisions } from "./Admins.ts"

const RegionRemoval = Schema.Struct({
  /** Where it stood in the list. */
  place: Schema.Int,
  by: TelegramId,
  at: Moment,
})

export const make = Effect.gen(function* () {
  const replies = yield* Replies
  const regions = yield* Regions
  const access = yield* Access
  const journal = yield* Journal
  const { timezone: zone } = yield* Settings

  const removals = makeRemovals(journal, "regionRemoval", RegionRemoval)
  const plainly = yield* makeFileTrouble
  const decisions = yield* Decisions

  const draw = Effect.fnUntraced(function* (page: number) {
    const texts = yield* Wording

    const from = (yield* Clock.currentTimeMillis) - Duration.toMillis(usagePeriod)
    const issued = new Map<string, number>()
    for (const { region, count } of yield* journal.tally({ from })) {
      issued.set(region, (issued.get(region) ?? 0) + count)
    }
    const uses = (yield* regions.all).map((region) => ({
      region,
      issued: issued.get(region) ?? 0,
    }))
    return regionList(uses, page, texts)
  })

  const open = Effect.fn("regions.open")(function* ({ chatId }: Asked) {
    yield* replies.say(chatId, yield* draw(0))
  })

  const turn = Effect.fn("regions.turn")(function* (
    press: Press,
    { page }: ActionOf<"RegionList">,
  ) {
    const screen = yield* draw(page)
    yield* press.answer()
    yield* replies.turnTo(press.message, screen)
  })

  const add = Effect.fn("regions.add")(function* ({ userId, chatId, argument }: Asked) {
    const texts = yield* Wording
    const words = texts.people.regions

    const asked = codesOf(argument)
    if (asked.length === 0) return yield* replies.say(chatId, notice(words.toAdd, texts))
    const { already, fresh, invalid } = sortOut(asked, yield* regions.all)
    const added = fresh.length === 0 ? [] : yield* regions.addAll(fresh)
    if (added.length > 0) {
      yield* Effect.logInfo("regions added").pipe(
        Effect.annotateLogs({ regions: added.join(" "), admin: userId }),
      )
    }
    yield* replies.say(chatId, additionNote({ added, already, invalid }, texts))
    if (added.length === 0) return
    yield* decisions.tellOthers(userId, (who, { people }) =>
      people.regions.addedBy(listOf(added), who),
    )
  })

  const ask = Effect.fn("regions.ask")(function* ({ chatId, argument }: Asked) {
    const texts = yield* Wording
    const words = texts.people.regions

    const [first] = codesOf(argument)
    if (first === undefined) return yield* replies.say(chatId, notice(words.toRemove, texts))
    const region = findIn(yield* regions.all, first)
    yield* replies.say(
      chatId,
      region === undefined
        ? notice(words.unknown(shortened(first)), texts)
        : removalQuestion(region, texts),
    )
  })

  const whoRemoved = Effect.fnUntraced(function* (region: Region) {
    const words = (yield* Wording).people.regions

    const removal = yield* removals.find(region)
    if (Option.isNone(removal)) return ""
    const { by, at } = removal.value
    return words.by(`${yield* access.stageOf(by)} (${by})`, formatMoment(at, zone))
  })

  /** Who did it is written first, so that whoever presses next can read it. */
  const takeOut = Effect.fnUntraced(function* (region: Region, by: TelegramId) {
    const place = (yield* regions.all).indexOf(region)
    if (place < 0) return false
    yield* removals.put(region, { place, by, at: yield* Clock.currentTimeMillis })
    yield* regions.remove(region).pipe(Effect.tapError(() => Effect.ignore(removals.drop(region))))
    yield* Effect.logInfo("region removed").pipe(Effect.annotateLogs({ region, admin: by }))
    return true
  }, decisions.alone)

  const remove = Effect.fn("regions.remove")(function* (
    press: Press,
    { region }: ActionOf<"RegionRemove">,
  ) {
    const texts = yield* Wording
    const words = texts.people.regions

    const isFirst = yield* takeOut(region, press.userId)
    const heading = isFirst ? words.removed(region) : words.alreadyRemoved(region)
    const by = yield* whoRemoved(region)
    yield* press.answer()
    yield* replies.turnTo(press.message, removalNote(region, { heading, by }, texts))
    if (isFirst) {
      yield* decisions.tellOthers(press.userId, (who, { people }) =>
        people.regions.removedBy(region, who),
      )
    }
  })

  const bringBack = Effect.fn("regions.bringBack")(function* (
    press: Press,
    { region }: ActionOf<"RegionReturn">,
  ) {
    const texts = yield* Wording
    const words = texts.people.regions

    if ((yield* regions.all).includes(region)) return yield* press.alert(words.alreadyThere)
    const removal = yield* removals.find(region)
    if (Option.isNone(removal)) return yield* press.alert(words.tooLate)
    yield* regions.add(region, removal.value.place)
    yield* Effect.logInfo("region brought back").pipe(
      Effect.annotateLogs({ region, admin: press.userId }),
    )
    yield* press.answer()
    yield* replies.turnTo(press.message, notice(words.back(region), texts))
    yield* decisions.tellOthers(press.userId, (who, { people }) =>
      people.regions.returnedBy(region, who),
    )
  })

  const area: Area = {
    commands: {
      regions: open,
      add_region: (asked) => plainly.said(asked.chatId)(add(asked)),
      remove_region: ask,
    },
    buttons: {
      RegionList: turn,
      RegionRemove: (press, action) => plainly.alerted(press)(remove(press, action)),
      RegionReturn: (press, action) => plainly.alerted(press)(bringBack(press, action)),
    },
  }
  return area
})

/** What «how it is used» looks back on. */
const usagePeriod = Duration.days(30)

const isRegion = Schema.is(Region)

const codesOf = (argument: string): ReadonlyArray<string> => [
  ...new Set(
    argument
      .normalize("NFC")
      .split(/[\s,;]+/u)
      .filter((code) => code !== ""),
  ),
]

/** Two codes that people would read as one are one. */
const findIn = (regions: ReadonlyArray<Region>, code: string): Region | undefined =>
  regions.find((region) => region === code) ??
  regions.find((region) => folded(region) === folded(code))

const folded = (code: string) => code.normalize("NFKC").toLowerCase()

const sortOut = (asked: ReadonlyArray<string>, regions: ReadonlyArray<Region>) => {
  const fresh: Array<Region> = []
  const already: Array<Region> = []
  const invalid: Array<string> = []
  for (const code of asked) {
    const known = findIn([...regions, ...fresh], code)
    if (known !== undefined) already.push(known)
    else if (isRegion(code)) fresh.push(code)
    else invalid.push(code)
  }
  return { fresh, already: [...new Set(already)].filter((code) => !fresh.includes(code)), invalid }
}

const shortened = (code: string) => (code.length > 40 ? `${code.slice(0, 39)}…` : code)

/* What admins are shown of the regions: the list, the question before one leaves, and after. */

const regionsOnPage = 50

/** Codes in one sentence: the rest of them is in /regions. */
const codesMax = 40
const codeMax = 24

export interface RegionUse {
  readonly region: Region
  readonly issued: number
}

export const regionList = (uses: ReadonlyArray<RegionUse>, asked: number, texts: Texts): Screen => {
  const words = texts.people.regions
  if (uses.length === 0) return notice(words.none, texts)
  const { page, pages, shown } = pageOf(uses, asked, regionsOnPage)
  return {
    html: lines(
      bold(words.title(uses.length)),
      html``,
      ...shown.map(({ region, issued }) => html`${code(region)} · ${words.usage(issued)}`),
      html``,
      html`${words.hint}`,
    ),
    keyboard: [...pager({ page, pages }, turnTo), menuBelow(texts)],
  }
}

const turnTo = (page: number): Action => ({ _tag: "RegionList", page })

export interface Addition {
  readonly added: ReadonlyArray<string>
  /** As they stand in the list. */
  readonly already: ReadonlyArray<string>
  readonly invalid: ReadonlyArray<string>
}

export const additionNote = ({ added, already, invalid }: Addition, texts: Texts): Screen => {
  const words = texts.people.regions
  const told = [
    ...(added.length > 0 ? [words.added(listOf(added))] : []),
    ...(already.length > 0 ? [words.already(listOf(already))] : []),
    ...(invalid.length > 0 ? [words.invalid(listOf(invalid))] : []),
    ...(added.length === 0 ? [words.nothingChanged] : []),
  ]
  return { html: lines(...told.map((text) => html`${text}`)), keyboard: [menuBelow(texts)] }
}

export const removalQuestion = (region: Region, texts: Texts): Screen => {
  const words = texts.people.regions
  return {
    html: lines(bold(words.ask(region)), html``, html`${words.meaning}`),
    keyboard: [
      [
        tap(words.remove, { _tag: "RegionRemove", region }, "danger"),
        tap(texts.wizard.cancel, { _tag: "Cancel" }),
      ],
    ],
  }
}

/** `by`: who removed it and when, as a sentence; "" where nobody knows any more. */
export const removalNote = (
  region: Region,
  { heading, by }: { readonly heading: string; readonly by: string },
  texts: Texts,
): Screen => {
  const words = texts.people.regions
  return {
    html: lines(
      bold(heading),
      by === "" ? undefined : html`${by}`,
      html``,
      html`${words.wayBack(region)}`,
    ),
    keyboard: [
      [tap(words.bringBack, { _tag: "RegionReturn", region }, "primary")],
      menuBelow(texts),
    ],
  }
}

/** As many as one sentence holds. */
export const listOf = (codes: ReadonlyArray<string>): string => {
  const shown = codes.slice(0, codesMax).map((each) => cut(each, codeMax))
  const hidden = codes.length - shown.length
  return [...shown, ...(hidden > 0 ? [`+${hidden}`] : [])].join(", ")
}
