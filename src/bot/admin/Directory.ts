/**
 * The people whom admins manage: who there is, whom an admin means by an id or a nickname, and how
 * screens name people and what they hold.
 */
import { Context, Effect, Layer, Option, Schema } from "effect"
import { Access, isAdminLike } from "../../access/Access.ts"
import { Blocks } from "../../access/Blocks.ts"
import { Whitelist } from "../../access/Whitelist.ts"
import { foldNickname } from "../../domain/Application.ts"
import type { Resource } from "../../domain/Catalogue.ts"
import { isForgotten, nameless, TelegramId } from "../../domain/Employee.ts"
import type { Issuance } from "../../domain/Issuance.ts"
import { maskedIdentity } from "../../domain/masks.ts"
import { Pools } from "../../pool/Pools.ts"
import type { Action } from "../buttons.ts"
import { type Button, type Html, html, type Screen } from "../Screen.ts"
import { pageOf, pager } from "../screens/lists.ts"
import { cut, grid, tap, trailOf } from "../screens/parts.ts"
import type { Texts } from "../texts/Texts.ts"

export interface Person {
  readonly id: TelegramId
  readonly stage: string
  readonly role: "admin" | "employee" | "applicant" | "blocked"
}

/** An item that somebody holds and has not marked yet. */
export interface Holding {
  readonly issuance: Issuance
  readonly resource: Resource
}

/** Everybody who is an admin or on the whitelist, with what they hold. */
export class Directory extends Context.Service<
  Directory,
  {
    /** All of them, sorted by nickname. */
    readonly all: Effect.Effect<ReadonlyArray<Person>>
    /** Everybody but that person who may have items, sorted by nickname. */
    colleaguesOf(id: TelegramId): Effect.Effect<ReadonlyArray<Person>>
    /** `undefined` for somebody who is on no list. */
    find(id: TelegramId): Effect.Effect<Person | undefined>
    /** What somebody holds, on a list or not; the oldest first. */
    holdingsOf(id: TelegramId): Effect.Effect<ReadonlyArray<Holding>>
    /** The name by which admins read about anybody: «anna (101)», and «Ольга» for an admin. */
    nameOf(id: TelegramId): Effect.Effect<string>
    /** Names everybody at once; somebody on no list is named by the id alone. */
    readonly names: Effect.Effect<(id: TelegramId) => string>
  }
>()("account-bot/bot/admin/Directory") {
  static readonly layer = Layer.effect(
    Directory,
    Effect.gen(function* () {
      const access = yield* Access
      const whitelist = yield* Whitelist
      const blocks = yield* Blocks
      const pools = yield* Pools

      const all = Effect.gen(function* () {
        const members = yield* whitelist.all
        const blocked = new Set((yield* blocks.all).map(({ id }) => id))
        const admins = yield* Effect.forEach(access.admins, (id) =>
          Effect.map(access.stageOf(id), (stage): Person => ({ id, stage, role: "admin" })),
        )
        const others = members
          .filter(({ id }) => !access.admins.includes(id))
          .map(({ id, stage, isApproved }): Person => ({
            id,
            stage,
            role: blocked.has(id) ? "blocked" : isApproved ? "employee" : "applicant",
          }))
        return [...admins, ...others]
          .map((person) => ({ person, key: foldNickname(person.stage) }))
          .toSorted((a, b) => collator.compare(a.key, b.key) || a.person.id - b.person.id)
          .map(({ person }) => person)
      })

      const colleaguesOf = (person: TelegramId) =>
        Effect.map(all, (people) =>
          people.filter(
            ({ id, role }) => id !== person && (role === "admin" || role === "employee"),
          ),
        )

      const find = (id: TelegramId) =>
        Effect.map(all, (people) => people.find((person) => person.id === id))

      const holdingsOf = Effect.fnUntraced(function* (id: TelegramId) {
        const held = yield* pools.held(id)
        return held
          .filter(({ mark }) => mark === null)
          .toSorted((a, b) => a.issuedAt - b.issuedAt)
          .flatMap((issuance): ReadonlyArray<Holding> => {
            const resource = pools.resources.find((each) => each.id === issuance.item.resource)
            return resource === undefined ? [] : [{ issuance, resource }]
          })
      })

      const nameOf = (id: TelegramId) => {
        if (isForgotten(id)) return Effect.succeed(nameless)
        return access.admins.includes(id)
          ? access.nameOfAdmin(id)
          : Effect.map(access.stageOf(id), (stage) => personName({ id, stage }))
      }

      const names = Effect.gen(function* () {
        const known = new Map(
          yield* Effect.forEach(yield* all, ({ id }) =>
            Effect.map(nameOf(id), (name) => [id, name] as const),
          ),
        )
        return (id: TelegramId) => known.get(id) ?? (isForgotten(id) ? nameless : `ID ${id}`)
      })

      return Directory.of({ all, colleaguesOf, find, holdingsOf, nameOf, names })
    }),
  )
}

const collator = new Intl.Collator("ru", { numeric: true })

/** The id that a text consists of. */
export const idIn = (text: string): TelegramId | undefined =>
  /^[1-9]\d{0,15}$/.test(text) ? Option.getOrUndefined(decodeId(Number(text))) : undefined

const decodeId = Schema.decodeOption(TelegramId)

/**
 * The people whom a whole id or a whole nickname means. An id goes before a nickname, which may
 * look like the id of somebody else.
 */
export const matching = (people: ReadonlyArray<Person>, name: string): ReadonlyArray<Person> => {
  const byId = people.filter(({ id }) => id === idIn(name))
  if (byId.length > 0) return byId
  return people.filter(({ stage }) => foldNickname(stage) === foldNickname(name))
}

/** Who is named at the beginning of a command, and the words after the name. */
interface Named {
  /** Several people where the beginning may be read as several names. */
  readonly people: ReadonlyArray<Person>
  /** The words after the name; they mean something only where one person is found. */
  readonly rest: ReadonlyArray<string>
}

/** As many words as the longest nickname may have. */
const wordsOfName = 16

/**
 * Finds who is named at the beginning of a command. A nickname may have several words, and its
 * first ones may be the nickname of somebody else: both people are returned then, because a guess
 * might hit the wrong one.
 */
export const namedFirst = (people: ReadonlyArray<Person>, words: ReadonlyArray<string>): Named => {
  const byId = people.filter(({ id }) => id === idIn(words[0] ?? ""))
  if (byId.length > 0) return { people: byId, rest: words.slice(1) }
  const readings = Array.from({ length: Math.min(words.length, wordsOfName) }, (_, at) => ({
    people: matching(people, words.slice(0, at + 1).join(" ")),
    rest: words.slice(at + 1),
  })).filter((reading) => reading.people.length > 0)
  const found = new Map(
    readings.flatMap((each) => each.people.map((person) => [person.id, person])),
  )
  return { people: [...found.values()], rest: readings.at(-1)?.rest ?? [] }
}

/** What an admin typed, short enough to stand in the answer. */
export const echo = (typed: string): string => cut(typed, 40)

/** A whitelist that was filled by hand may hold nicknames of any length. */
const stageMax = 40

export const stageText = (stage: string): string => cut(stage, stageMax)

/**
 * «anna (101)»: several people may have one nickname, or none. «админ …6789» says by itself whom
 * it means.
 */
export const personName = ({ id, stage }: Pick<Person, "id" | "stage">): string =>
  isAdminLike(stage) ? stageText(stage) : `${stageText(stage)} (${id})`

/** All people whom one name may mean, in one line. */
export const namesOf = (people: ReadonlyArray<Person>): string =>
  cut(people.map(personName).join(", "), 500)

export const ageText = (since: number, now: number, texts: Texts): string => {
  const minutes = Math.max(Math.floor((now - since) / 60_000), 0)
  const hours = Math.floor(minutes / 60)
  return texts.people.age(Math.floor(hours / 24), hours % 24, minutes % 60)
}

/** «VK › 495» */
export const whatText = ({ issuance, resource }: Holding, texts: Texts): string =>
  trailOf(texts.label(resource.label), issuance.region)

/** «VK › 495, w301@…» */
export const heldText = (holding: Holding, texts: Texts): string =>
  `${whatText(holding, texts)}, ${maskOf(holding)}`

const maskOf = ({ issuance, resource }: Holding): string =>
  maskedIdentity(issuance.item.fields[resource.identity] ?? "", resource)

/** «VK › 495 · first@… · 5 мин»: a line that gives no secret away. */
export const holdingText = (holding: Holding, now: number, texts: Texts): Html => {
  const age = ageText(holding.issuance.issuedAt, now, texts)
  return html`${whatText(holding, texts)} · ${maskOf(holding)} · ${age}`
}

/** How much somebody holds and since when, as a part of one line in the list of people. */
export const holdsText = (
  holdings: ReadonlyArray<Holding>,
  now: number,
  texts: Texts,
): string | undefined => {
  const [oldest] = holdings
  if (oldest === undefined) return undefined
  const age = ageText(oldest.issuance.issuedAt, now, texts)
  return texts.people.list.holds(holdings.length, age)
}

/** The choice of the colleague who is to have something. */
interface ColleagueChoice {
  readonly question: string
  readonly colleagues: ReadonlyArray<Person>
  readonly page: number
  readonly nameOf: (colleague: Person) => string
  readonly choose: (colleague: TelegramId) => Action
  readonly turnTo: (page: number) => Action
  /** The row that leads back. */
  readonly back: ReadonlyArray<Button>
}

const colleaguesOnPage = 20

export const colleaguesScreen = (
  { question, colleagues, page: asked, nameOf, choose, turnTo, back }: ColleagueChoice,
  texts: Texts,
): Screen => {
  const { page, pages, shown } = pageOf(colleagues, asked, colleaguesOnPage)
  return {
    html: html`${colleagues.length === 0 ? texts.people.left.noColleagues : question}`,
    keyboard: [
      ...grid(
        shown.map((colleague) => tap(nameOf(colleague), choose(colleague.id))),
        2,
      ),
      ...pager({ page, pages }, turnTo),
      back,
    ],
  }
}
