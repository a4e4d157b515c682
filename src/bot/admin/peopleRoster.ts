/** Who there is, with what each of them holds: read by all screens about people. */
import { Effect } from "effect"
import { Access } from "../../access/Access.ts"
import { Blocks } from "../../access/Blocks.ts"
import { Whitelist } from "../../access/Whitelist.ts"
import { foldNickname } from "../../domain/Application.ts"
import type { TelegramId } from "../../domain/Employee.ts"
import { Pools } from "../../pool/Pools.ts"
import type { Holding, Person } from "./peopleParts.ts"

export const make = Effect.gen(function* () {
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

export type PeopleRoster = Effect.Success<typeof make>

const collator = new Intl.Collator("ru", { numeric: true })
