/**
 * Spellings of regions: rows of the sheet whose region nobody can choose, what admins say it means,
 * and what they have said so far.
 *
 * An admin adds the text as a region of its own, or says which region it means. Rows that wait in
 * their tabs are then taken as any others, and those in quarantine are issued at once.
 */
import { Effect, Schema } from "effect"
import { Regions } from "../../access/Regions.ts"
import { quarantineAtOnce } from "../../config/Limits.ts"
import type { TelegramId } from "../../domain/Employee.ts"
import { foldName, foldRegion } from "../../domain/identity.ts"
import type { Leaving, Quarantined } from "../../domain/Item.ts"
import { isSpelling, Region, type RegionSpelling } from "../../domain/Region.ts"
import { BaseStock } from "../../pool/BaseStock.ts"
import { Pools } from "../../pool/Pools.ts"
import { RowReader } from "../../pool/RowReader.ts"
import { Journal } from "../../store/Journal.ts"
import type { Action, ActionOf } from "../buttons.ts"
import { Wording } from "../Languages.ts"
import { type Press, Replies } from "../Replies.ts"
import { bold, code, html, type Keyboard, type Screen } from "../Screen.ts"
import { digestOf, listScreen, pageOf, pager } from "../screens/lists.ts"
import { cut, grid, lines, menuBelow, tap } from "../screens/parts.ts"
import type { Texts } from "../texts/Texts.ts"
import { type Area, type Asked, Decisions, type FileTrouble, refusals } from "./Admins.ts"

/** A region that stands in rows and that nobody can choose. */
interface UnknownRegion {
  /** As it was typed. */
  readonly text: string
  /** How many rows of which tabs have it, also those in quarantine. */
  readonly places: ReadonlyArray<{ readonly tab: string; readonly rows: number }>
}

export const makeSpellings = Effect.gen(function* () {
  const replies = yield* Replies
  const regions = yield* Regions
  const rows = yield* makeRegionRows
  const decisions = yield* Decisions

  const drawUnknown = Effect.fnUntraced(function* (page: number, headline?: string) {
    return unknownScreen(yield* rows.unknown, page, yield* Wording, headline)
  })

  const turnUnknown = Effect.fnUntraced(function* (
    press: Press,
    { page }: ActionOf<"SpellingsUnknown">,
  ) {
    yield* press.answer()
    yield* replies.turnTo(press.message, yield* drawUnknown(page))
  })

  const open = ({ chatId }: Asked) =>
    Effect.flatMap(drawUnknown(0), (screen) => replies.say(chatId, screen))

  const find = (id: string) =>
    Effect.map(rows.unknown, (all) => all.find(({ text }) => spellingId(text) === id))

  const gone = Effect.fnUntraced(function* (press: Press) {
    yield* press.alert((yield* Wording).people.spellings.gone)
  })

  const show = Effect.fnUntraced(function* (
    press: Press,
    { spelling, page }: ActionOf<"SpellingUnknown">,
  ) {
    const found = yield* find(spelling)
    if (found === undefined) return yield* gone(press)
    yield* press.answer()
    const screen = questionScreen(found, yield* regions.all, page, yield* Wording)
    return yield* replies.turnTo(press.message, screen)
  })

  /** Makes the text known as that region, and has the rows that wait for it issued. */
  const learn = Effect.fnUntraced(function* (
    press: Press,
    spelling: string,
    change: (text: string) => Effect.Effect<Region | undefined, FileTrouble>,
  ) {
    const done = yield* Effect.gen(function* () {
      const found = yield* find(spelling)
      const region = found === undefined ? undefined : yield* change(found.text)
      if (found === undefined || region === undefined) return undefined
      return { text: found.text, region, issued: yield* rows.issue(press.userId) }
    }).pipe(decisions.alone)
    if (done === undefined) return yield* gone(press)
    const { text, region, issued } = done
    const said = (texts: Texts) => texts.people.spellings.learnt(shownText(text), region, issued)
    yield* press.answer()
    yield* replies.turnTo(press.message, yield* drawUnknown(0, said(yield* Wording)))
    yield* Effect.logInfo("a spelling of a region was settled").pipe(
      Effect.annotateLogs({ region, issued, admin: press.userId }),
    )
    return yield* decisions.tellOthers(press.userId, (by, others) =>
      others.people.spellings.note(said(others), by),
    )
  })

  const means = (press: Press, { spelling, region }: ActionOf<"SpellingMeans">) =>
    learn(press, spelling, (text) =>
      Effect.gen(function* () {
        if (!isSpelling(text) || !(yield* regions.all).includes(region)) return undefined
        yield* regions.teach({ spelling: text, region })
        return region
      }),
    )

  const add = (press: Press, { spelling }: ActionOf<"SpellingAdd">) =>
    learn(press, spelling, (text) =>
      isRegion(text) ? Effect.as(regions.add(text), text) : Effect.succeed(undefined),
    )

  const drawKnown = Effect.fnUntraced(function* (page: number, headline?: string) {
    return knownScreen(yield* regions.spellings, yield* regions.all, page, yield* Wording, headline)
  })

  const turnKnown = Effect.fnUntraced(function* (press: Press, { page }: ActionOf<"Spellings">) {
    yield* press.answer()
    yield* replies.turnTo(press.message, yield* drawKnown(page))
  })

  const forget = Effect.fnUntraced(function* (
    press: Press,
    { spelling: id }: ActionOf<"SpellingForget">,
  ) {
    const found = yield* Effect.gen(function* () {
      const all = yield* regions.spellings
      const known = all.find(({ spelling }) => spellingId(spelling) === id)
      if (known !== undefined) yield* regions.forget(known.spelling)
      return known
    }).pipe(decisions.alone)
    const texts = yield* Wording
    const { spellings: words } = texts.people
    if (found === undefined) {
      yield* press.alert(words.forgottenBefore)
      return yield* replies.turnTo(press.message, yield* drawKnown(0))
    }
    const said = (of: Texts) =>
      of.people.spellings.forgotten(shownText(found.spelling), found.region)
    yield* press.answer()
    yield* replies.turnTo(press.message, yield* drawKnown(0, said(texts)))
    yield* Effect.logInfo("a spelling of a region was forgotten").pipe(
      Effect.annotateLogs({ region: found.region, admin: press.userId }),
    )
    return yield* decisions.tellOthers(press.userId, (by, others) =>
      others.people.spellings.note(said(others), by),
    )
  })

  const area: Area = {
    commands: {},
    buttons: {
      SpellingsUnknown: turnUnknown,
      SpellingUnknown: show,
      SpellingMeans: means,
      SpellingAdd: add,
      Spellings: turnKnown,
      SpellingForget: forget,
    },
  }
  return { area, open }
})

/** Makes what knows the rows whose region nobody can choose: those in their tabs and in quarantine. */
export const makeRegionRows = Effect.gen(function* () {
  const regions = yield* Regions
  const pools = yield* Pools
  const journal = yield* Journal
  const reader = yield* RowReader
  const baseStock = yield* BaseStock

  /** Of each resource, the rows that were set aside for their region. */
  const aside = Effect.gen(function* () {
    const groups = (yield* journal.quarantineTally).filter(({ reason }) => reason === "region")
    const found = yield* Effect.forEach(groups, ({ pool, tab, reason, column }) =>
      journal.quarantined({ pool, tab, reason, column }, { limit: quarantineAtOnce, skip: 0 }),
    )
    return found.flat()
  })

  /** The regions that stand in rows and that nobody can choose, in the order of their tabs. */
  const unknown = Effect.gen(function* () {
    const knows = yield* regions.finder
    const inTabs = yield* baseStock.unknownRegions
    const inQuarantine = (yield* aside).map(({ row }) => ({
      tab: row.tab,
      region: typedRegion(row),
      rows: 1,
    }))
    const open = [...inTabs, ...inQuarantine].filter(
      ({ region }) => region !== "" && knows(region) === undefined,
    )
    return [...Map.groupBy(open, ({ region }) => foldName(region)).values()].map(
      (all): UnknownRegion => ({
        text: all[0]?.region ?? "",
        places: [...Map.groupBy(all, ({ tab }) => tab)].map(([tab, ofTab]) => ({
          tab,
          rows: ofTab.reduce((sum, each) => sum + each.rows, 0),
        })),
      }),
    )
  })

  /**
   * Puts the rows that were set aside for their region into stock, as far as it is known by now;
   * answers how many. One that is a repeat by now stays in quarantine.
   */
  const issue = Effect.fnUntraced(function* (admin: TelegramId) {
    let issued = 0
    for (const [pool, rows] of Map.groupBy(yield* aside, (each) => each.pool)) {
      const leaving: Array<Leaving> = []
      for (const { row } of rows) {
        const read = yield* reader.read(pool, row)
        if (read._tag === "Item") leaving.push({ row, item: read.item })
      }
      if (leaving.length === 0) continue
      const before = (yield* pools.worked(pool)).length
      yield* pools
        .manage(pool, { _tag: "LeaveQuarantine", way: "issue", rows: leaving, twice: false, admin })
        .pipe(Effect.catchTag(refusals, () => Effect.void))
      issued += (yield* pools.worked(pool)).length - before
    }
    return issued
  })

  /** Puts what waits in stock for a region that was removed into quarantine; answers how many. */
  const setAside = Effect.fnUntraced(function* (region: Region, admin: TelegramId) {
    let count = 0
    for (const { id } of pools.resources) {
      const before = yield* pools.stock(id)
      const after = yield* pools
        .manage(id, { _tag: "SetAsideRegion", region, admin })
        .pipe(Effect.catchTag(refusals, () => Effect.succeed(before)))
      count += before.available - after.available
    }
    return count
  })

  return { unknown, issue, setAside }
})

const isRegion = Schema.is(Region)

/** Names a spelling in buttons. */
const spellingId = (spelling: string) => digestOf(html`${foldName(spelling)}`)

/** A cell may hold any text. */
const shownText = (text: string) => cut(text, 40)

/** The region of a row of quarantine as it was typed; "" where its column is not known. */
export const typedRegion = ({ column, origin: { header, cells } }: Quarantined): string => {
  const at = header.findIndex((name) => foldName(name) === foldName(column ?? ""))
  return foldRegion(String(cells[at]?.value ?? ""))
}

/** Asks what region the text means: a button of notes and of rows in quarantine. */
export const spellingButton = (text: string, texts: Texts) =>
  tap(texts.people.spellings.ask(cut(text, 24)), {
    _tag: "SpellingUnknown",
    spelling: spellingId(text),
    page: 0,
  })

/** Leads to the regions that nobody can choose, from where rows of several of them are shown. */
export const unknownRegionsRow = (texts: Texts): Keyboard => [
  [tap(texts.people.spellings.unknownAll, { _tag: "SpellingsUnknown", page: 0 })],
]

/** Leads from /regions to what admins have said and can say; no row where there is nothing. */
export const spellingRows = (
  { unknown, known }: { readonly unknown: number; readonly known: number },
  texts: Texts,
): Keyboard => {
  const words = texts.people.spellings
  return [
    ...(unknown > 0
      ? [[tap(words.openUnknown(unknown), { _tag: "SpellingsUnknown", page: 0 })]]
      : []),
    ...(known > 0 ? [[tap(words.open(known), { _tag: "Spellings", page: 0 })]] : []),
  ]
}

const spellingsOnPage = 10
const regionsOnPage = 30
const placesMax = 10
const tabMax = 40

const unknownScreen = (
  all: ReadonlyArray<UnknownRegion>,
  page: number,
  texts: Texts,
  headline?: string,
): Screen => {
  const words = texts.people.spellings
  return listScreen(
    {
      headline,
      heading: [bold(words.unknownTitle), html`${words.unknownHint}`, html``],
      empty: words.unknownNone,
      entries: all.map(({ text, places }) => ({
        html: html`${code(shownText(text))}: ${placesText(places, texts)}`,
        buttons: [spellingButton(text, texts)],
      })),
      page,
      perPage: spellingsOnPage,
      to: (target) => ({ _tag: "SpellingsUnknown", page: target }),
      below: () => [toRegions(texts)],
    },
    texts,
  )
}

const placesText = (places: UnknownRegion["places"], texts: Texts): string => {
  const words = texts.people.spellings
  const named = places
    .slice(0, placesMax)
    .map(({ tab, rows }) => words.place(cut(tab, tabMax), rows))
  return [...named, ...(places.length > placesMax ? ["…"] : [])].join(", ")
}

const questionScreen = (
  { text, places }: UnknownRegion,
  regions: ReadonlyArray<Region>,
  asked: number,
  texts: Texts,
): Screen => {
  const words = texts.people.spellings
  const spelling = spellingId(text)
  const { page, pages, shown } = pageOf(regions, asked, regionsOnPage)
  const to = (target: number): Action => ({ _tag: "SpellingUnknown", spelling, page: target })
  return {
    html: lines(
      bold(words.question(shownText(text))),
      html`${placesText(places, texts)}`,
      html``,
      html`${isSpelling(text) ? words.meaning : words.tooLong}`,
    ),
    keyboard: [
      ...(isRegion(text)
        ? [[tap(words.add(text), { _tag: "SpellingAdd", spelling }, "primary")]]
        : []),
      ...(isSpelling(text)
        ? grid(
            shown.map((region) =>
              tap(words.means(region), { _tag: "SpellingMeans", spelling, region }),
            ),
            3,
          )
        : []),
      ...pager({ page, pages }, to),
      [tap(words.toUnknown, { _tag: "SpellingsUnknown", page: 0 })],
      menuBelow(texts),
    ],
  }
}

const knownScreen = (
  all: ReadonlyArray<RegionSpelling>,
  regions: ReadonlyArray<Region>,
  page: number,
  texts: Texts,
  headline?: string,
): Screen => {
  const words = texts.people.spellings
  return listScreen(
    {
      headline,
      heading: [bold(words.title), html`${words.hint}`, html``],
      empty: words.none,
      entries: all.map(({ spelling, region }, index) => ({
        html: html`${index + 1}. ${words.known(shownText(spelling), region)}${regions.includes(region) ? "" : ` ${words.idle}`}`,
        buttons: [
          tap(words.forget(index + 1, cut(spelling, 20)), {
            _tag: "SpellingForget",
            spelling: spellingId(spelling),
          }),
        ],
      })),
      page,
      perPage: spellingsOnPage,
      to: (target) => ({ _tag: "Spellings", page: target }),
      below: () => [toRegions(texts)],
    },
    texts,
  )
}

const toRegions = (texts: Texts) => [
  tap(texts.people.spellings.toRegions, { _tag: "RegionList", page: 0 }),
]
