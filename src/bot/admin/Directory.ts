/** Whom an admin means by an id or a nickname in a command. Never by the beginning of one. */
import { Clock, Effect, Option, Schema, Context, Layer } from "effect"
import { Access } from "../../access/Access.ts"
import { Blocks } from "../../access/Blocks.ts"
import { Whitelist } from "../../access/Whitelist.ts"
import { Settings } from "../../config/Settings.ts"
import { foldNickname } from "../../domain/Application.ts"
import type { Resource } from "../../domain/Catalogue.ts"
import { dayOf } from "../../domain/Day.ts"
import { TelegramId } from "../../domain/Employee.ts"
import type { Issuance } from "../../domain/Issuance.ts"
import { Pools } from "../../pool/Pools.ts"
import { Proxies } from "../../pool/proxies/Proxies.ts"
import { type Html, html } from "../Screen.ts"
import { cut, trailOf } from "../screens/parts.ts"
import type { Texts } from "../texts/Texts.ts"

const decodeId = Schema.decodeOption(TelegramId)

export const idIn = (text: string): TelegramId | undefined =>
  /^[1-9]\d{0,15}$/.test(text) ? Option.getOrUndefined(decodeId(Number(text))) : undefined

/** The id before the nickname: a nickname may look like somebody's id. */
export const matching = (people: ReadonlyArray<Person>, name: string): ReadonlyArray<Person> => {
  const byId = people.filter(({ id }) => id === idIn(name))
  if (byId.length > 0) return byId
  return people.filter(({ stage }) => foldNickname(stage) === foldNickname(name))
}

/** As many words as the longest nickname may have. */
const wordsOfName = 16

export interface Named {
  /** More than one where what stands there may be read in more than one way. */
  readonly people: ReadonlyArray<Person>
  /** What stands behind the name; of somebody who is the only one. */
  readonly rest: ReadonlyArray<string>
}

/**
 * Who is named at the beginning of a command. A nickname may have several words, and its first
 * ones may be the nickname of somebody else: nothing is guessed then.
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

/* How the screens about people name them and what they hold. Secrets never stand there whole. */

export interface Person {
  readonly id: TelegramId
  readonly stage: string
  readonly role: "admin" | "employee" | "applicant" | "blocked"
}

/** One item without a mark. */
export interface Holding {
  readonly issuance: Issuance
  readonly resource: Resource
}

/** A file that was filled by hand may hold a nickname of any length. */
const stageMax = 40

export const stageText = (stage: string): string => cut(stage, stageMax)

/** «anna (101)»: several people may have one nickname, or none. */
export const personName = ({ id, stage }: Pick<Person, "id" | "stage">): string =>
  `${stageText(stage)} (${id})`

/** Enough to recognise it, too little to use it. */
export const masked = (value: string): string => {
  const signs = Array.from(value)
  return signs.length < 8 ? "•••" : `${signs.slice(0, 2).join("")}•••${signs.slice(-2).join("")}`
}

export const ageText = (since: number, now: number, texts: Texts): string => {
  const minutes = Math.max(Math.floor((now - since) / 60_000), 0)
  const hours = Math.floor(minutes / 60)
  return texts.people.age(Math.floor(hours / 24), hours % 24, minutes % 60)
}

/** «VK › 495» */
export const whatText = ({ issuance, resource }: Holding, texts: Texts): string =>
  trailOf(texts.label(resource.label), issuance.region)

export const holdingText = (holding: Holding, now: number, texts: Texts): Html => {
  const { issuance, resource } = holding
  const identity = masked(issuance.item.fields[resource.identity] ?? "")
  return html`${whatText(holding, texts)} · ${identity} · ${ageText(issuance.issuedAt, now, texts)}`
}

/** Of a list of people, shorter than a line. */
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

/* Reservations of proxies that a removed person has running: others need not wait for them. */

/** What cannot be cancelled ends by itself within minutes. */
export const makePeopleProxies = Effect.gen(function* () {
  const proxies = yield* Proxies
  const { timezone } = yield* Settings

  return Effect.fn("peopleProxies.cancelAll")(function* (by: TelegramId) {
    const today = dayOf(yield* Clock.currentTimeMillis, timezone)
    const free = new Set((yield* proxies.free([])).map(({ id }) => id))
    const reserved = (yield* proxies.registry).filter(
      ({ id, until, place }) => !free.has(id) && until >= today && place !== "gone",
    )
    yield* Effect.forEach(
      reserved,
      // Somebody else's is refused.
      ({ id: proxy, generation }) =>
        Effect.ignore(proxies.cancel({ _tag: "Cancel", proxy, generation, by })),
      { discard: true },
    )
  })
})

/* Who there is, with what each of them holds: read by all screens about people. */

const makeDirectory = Effect.gen(function* () {
  const access = yield* Access
  const whitelist = yield* Whitelist
  const blocks = yield* Blocks
  const pools = yield* Pools

  /** Admins too, by their nicknames. */
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
    const folded = [...admins, ...others].map((person) => ({
      person,
      key: foldNickname(person.stage),
    }))
    return folded
      .toSorted((a, b) => collator.compare(a.key, b.key) || a.person.id - b.person.id)
      .map(({ person }) => person)
  })

  const find = (id: TelegramId) =>
    Effect.map(all, (people) => people.find((person) => person.id === id))

  /** Without a mark, the oldest first. */
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

  return { all, find, holdingsOf }
})

/** Everybody who is on a list, with what they hold. */
export class Directory extends Context.Service<Directory, Effect.Success<typeof makeDirectory>>()(
  "account-bot/bot/admin/Directory",
) {
  static readonly layer = Layer.effect(Directory, makeDirectory)
}

const collator = new Intl.Collator("ru", { numeric: true })
