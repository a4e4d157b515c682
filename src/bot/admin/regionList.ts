/** /regions, /add_region, /remove_region: the list that people choose a region from. */
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
import { pageOf, pager } from "../screens/lists.ts"
import { cut, lines, menuBelow, notice, tap } from "../screens/parts.ts"
import type { Texts } from "../texts/Texts.ts"
import { type Area, type Asked, Decisions } from "./Admins.ts"
import { makeRegionRows, spellingRows } from "./spellings.ts"

/** Who removed a region, kept for a while so that any admin can bring it back. */
const RegionRemoval = Schema.Struct({
  /** Where it stood in the list, and stands again once it is brought back. */
  place: Schema.Int,
  by: TelegramId,
  at: Moment,
})

interface RegionUse {
  readonly region: Region
  /** How much was issued for it in the last `usagePeriod`. */
  readonly issued: number
}

/** What became of the codes that an admin wanted to add. */
interface Addition {
  readonly added: ReadonlyArray<string>
  /** In the spelling of the list, which may differ from what the admin wrote. */
  readonly already: ReadonlyArray<string>
  readonly invalid: ReadonlyArray<string>
  /** How many rows left quarantine, because their region is known by now. */
  readonly issued: number
}

export const makeRegions = Effect.gen(function* () {
  const replies = yield* Replies
  const regions = yield* Regions
  const journal = yield* Journal
  const decisions = yield* Decisions
  const rows = yield* makeRegionRows
  const removal = yield* makeRemoval(rows)

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
    const spellings = {
      unknown: (yield* rows.unknown).length,
      known: (yield* regions.spellings).length,
    }
    return regionList(uses, spellings, page, texts)
  })

  const open = Effect.fnUntraced(function* ({ chatId }: Asked) {
    yield* replies.say(chatId, yield* draw(0))
  })

  const turn = Effect.fnUntraced(function* (press: Press, { page }: ActionOf<"RegionList">) {
    const screen = yield* draw(page)
    yield* press.answer()
    yield* replies.turnTo(press.message, screen)
  })

  const add = Effect.fnUntraced(function* ({ userId, chatId, argument }: Asked) {
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
    const issued = added.length === 0 ? 0 : yield* decisions.alone(rows.issue(userId))
    yield* replies.say(chatId, additionNote({ added, already, invalid, issued }, texts))
    if (added.length === 0) return
    yield* decisions.tellOthers(userId, (who, { people }) =>
      people.regions.addedBy(listOf(added), who),
    )
  })

  const area: Area = {
    commands: {
      regions: open,
      add_region: add,
      remove_region: removal.ask,
    },
    buttons: {
      RegionList: turn,
      RegionRemove: removal.remove,
      RegionReturn: removal.bringBack,
    },
  }
  return area
})

/** A region leaves the list after a question, and comes back on a button for a while. */
const makeRemoval = Effect.fnUntraced(function* (rows: Effect.Success<typeof makeRegionRows>) {
  const replies = yield* Replies
  const regions = yield* Regions
  const access = yield* Access
  const decisions = yield* Decisions
  const { timezone: zone } = yield* Settings
  const removals = makeRemovals(yield* Journal, "regionRemoval", RegionRemoval)

  const ask = Effect.fnUntraced(function* ({ chatId, argument }: Asked) {
    const texts = yield* Wording
    const words = texts.people.regions
    const [first] = codesOf(argument)
    if (first === undefined) return yield* replies.say(chatId, notice(words.toRemove, texts))
    const region = findIn(yield* regions.all, first)
    yield* replies.say(
      chatId,
      region === undefined
        ? notice(words.unknown(cut(first, unknownMax)), texts)
        : removalQuestion(region, yield* spelledAs(region), texts),
    )
  })

  const spelledAs = (region: Region) =>
    Effect.map(regions.spellings, (all) =>
      all.flatMap((known) => (known.region === region ? [known.spelling] : [])),
    )

  const whoRemoved = Effect.fnUntraced(function* (region: Region) {
    const words = (yield* Wording).people.regions
    const removal = yield* removals.find(region)
    if (Option.isNone(removal)) return ""
    const { by, at } = removal.value
    return words.by(yield* access.nameOfAdmin(by), formatMoment(at, zone))
  })

  /** Writes who removes it before it leaves the list, so that whoever presses next can read that. */
  const takeOut = Effect.fnUntraced(function* (region: Region, by: TelegramId) {
    const place = (yield* regions.all).indexOf(region)
    if (place < 0) return false
    yield* removals.put(region, { place, by, at: yield* Clock.currentTimeMillis })
    yield* regions.remove(region).pipe(Effect.tapError(() => Effect.ignore(removals.drop(region))))
    yield* Effect.logInfo("region removed").pipe(Effect.annotateLogs({ region, admin: by }))
    return true
  }, decisions.alone)

  const remove = Effect.fnUntraced(function* (press: Press, { region }: ActionOf<"RegionRemove">) {
    const texts = yield* Wording
    const words = texts.people.regions
    const isFirst = yield* takeOut(region, press.userId)
    // Also when it is pressed again: a crash may have come between the two.
    const count = yield* decisions.alone(rows.setAside(region, press.userId))
    const removed = isFirst ? words.removed(region) : words.alreadyRemoved(region)
    const heading = count > 0 ? `${removed} ${words.setAside(count)}` : removed
    const by = yield* whoRemoved(region)
    yield* press.answer()
    yield* replies.turnTo(press.message, removalNote(region, { heading, by }, texts))
    if (isFirst) {
      yield* decisions.tellOthers(press.userId, (who, { people }) =>
        people.regions.removedBy(region, who),
      )
    }
  })

  const bringBack = Effect.fnUntraced(function* (
    press: Press,
    { region }: ActionOf<"RegionReturn">,
  ) {
    const texts = yield* Wording
    const words = texts.people.regions
    if ((yield* regions.all).includes(region)) return yield* press.alert(words.alreadyThere)
    const removal = yield* removals.find(region)
    if (Option.isNone(removal)) return yield* press.alert(words.tooLate)
    yield* regions.add(region, removal.value.place)
    yield* decisions.alone(rows.issue(press.userId))
    yield* Effect.logInfo("region brought back").pipe(
      Effect.annotateLogs({ region, admin: press.userId }),
    )
    yield* press.answer()
    yield* replies.turnTo(press.message, notice(words.back(region), texts))
    yield* decisions.tellOthers(press.userId, (who, { people }) =>
      people.regions.returnedBy(region, who),
    )
  })

  return { ask, remove, bringBack }
})

/** The list says how much was issued for each region in this time. */
const usagePeriod = Duration.days(30)

const regionsOnPage = 50

/** So many codes stand in one sentence; all of them are in /regions. */
const codesMax = 40
const codeMax = 24
/** An admin may write anything in place of a code. */
const unknownMax = 40

const regionList = (
  uses: ReadonlyArray<RegionUse>,
  spellings: Parameters<typeof spellingRows>[0],
  asked: number,
  texts: Texts,
): Screen => {
  const words = texts.people.regions
  const below = spellingRows(spellings, texts)
  if (uses.length === 0) return notice(words.none, texts, below)
  const { page, pages, shown } = pageOf(uses, asked, regionsOnPage)
  return {
    html: lines(
      bold(words.title(uses.length)),
      html``,
      ...shown.map(({ region, issued }) => html`${code(region)} · ${words.usage(issued)}`),
      html``,
      html`${words.hint}`,
    ),
    keyboard: [...pager({ page, pages }, turnTo), ...below, menuBelow(texts)],
  }
}

const turnTo = (page: number): Action => ({ _tag: "RegionList", page })

const additionNote = ({ added, already, invalid, issued }: Addition, texts: Texts): Screen => {
  const words = texts.people.regions
  const told = [
    ...(added.length > 0 ? [words.added(listOf(added))] : []),
    ...(issued > 0 ? [texts.people.spellings.issued(issued)] : []),
    ...(already.length > 0 ? [words.already(listOf(already))] : []),
    ...(invalid.length > 0 ? [words.invalid(listOf(invalid))] : []),
    ...(added.length === 0 ? [words.nothingChanged] : []),
  ]
  return { html: lines(...told.map((text) => html`${text}`)), keyboard: [menuBelow(texts)] }
}

const removalQuestion = (
  region: Region,
  spelledAs: ReadonlyArray<string>,
  texts: Texts,
): Screen => {
  const { regions: words, spellings } = texts.people
  return {
    html: lines(
      bold(words.ask(region)),
      html``,
      html`${words.meaning}`,
      ...(spelledAs.length > 0 ? [html`${spellings.alsoIdle(listOf(spelledAs))}`] : []),
    ),
    keyboard: [
      [
        tap(words.remove, { _tag: "RegionRemove", region }, "danger"),
        tap(texts.wizard.cancel, { _tag: "Cancel" }),
      ],
    ],
  }
}

/** After a removal. `by`: who removed it and when, as a sentence; "" where that is forgotten. */
const removalNote = (
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

/** The codes as one sentence holds them: cut, and the rest of them as a number. */
const listOf = (codes: ReadonlyArray<string>): string => {
  const shown = codes.slice(0, codesMax).map((each) => cut(each, codeMax))
  const hidden = codes.length - shown.length
  return [...shown, ...(hidden > 0 ? [`+${hidden}`] : [])].join(", ")
}

const isRegion = Schema.is(Region)

/** The codes that stand behind the command, each once. */
const codesOf = (argument: string): ReadonlyArray<string> => [
  ...new Set(
    argument
      .normalize("NFC")
      .split(/[\s,;]+/u)
      .filter((word) => word !== ""),
  ),
]

/** The region of that code. Codes that people would read as the same are the same. */
const findIn = (regions: ReadonlyArray<Region>, wanted: string): Region | undefined =>
  regions.find((region) => region === wanted) ??
  regions.find((region) => folded(region) === folded(wanted))

const folded = (text: string) => text.normalize("NFKC").toLowerCase()

/** Sorts the codes that an admin wants to add into new ones, known ones and those that are no code. */
const sortOut = (asked: ReadonlyArray<string>, regions: ReadonlyArray<Region>) => {
  const fresh: Array<Region> = []
  const already: Array<Region> = []
  const invalid: Array<string> = []
  for (const wanted of asked) {
    const known = findIn([...regions, ...fresh], wanted)
    if (known !== undefined) already.push(known)
    else if (isRegion(wanted)) fresh.push(wanted)
    else invalid.push(wanted)
  }
  const known = [...new Set(already)].filter((region) => !fresh.includes(region))
  return { fresh, already: known, invalid }
}
