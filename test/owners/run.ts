/**
 * Several processes that each believe to have the bot, one after another and at the same time, while
 * people work with it. What is wrong in the end is a list of sentences.
 */
import { Effect, Exit, Fiber, Random, Schema } from "effect"
import { PoolEvent } from "../../src/domain/PoolEvent.ts"
import { placeOf } from "../../src/domain/Issuance.ts"
import { Quarantined } from "../../src/domain/Item.ts"
import { restore } from "../../src/pool/Outbox.ts"
import { fold } from "../../src/pool/Pool.ts"
import * as State from "../../src/pool/State.ts"
import { fileKind } from "../../src/store/Journal.ts"
import { Journal } from "../../src/store/Journal.ts"
import { connect, restoringIn } from "../../src/store/postgres/botRows.ts"
import { checkPools, type PoolFacts } from "../simulation/Checkers.ts"
import type { usePostgres } from "../store/postgresServer.ts"
import { employees, inFastTime, makeOutside, type Outside, resources } from "./outside.ts"
import { type Owner, type Place, places, startOwner } from "./owner.ts"
import { hire, type People } from "./people.ts"

type Server = ReturnType<typeof usePostgres>

const bot = "several"

export interface Report {
  readonly problems: ReadonlyArray<string>
  readonly people: People
  readonly takeovers: number
  /** How many owners stood still, by the place. */
  readonly stood: Readonly<Record<string, number>>
  readonly issuances: number
}

/** When and how the bot changes hands. */
const drawRounds = Effect.gen(function* () {
  const stops: ReadonlyArray<Place | undefined> = yield* Random.shuffle([
    ...places,
    ...places,
    undefined,
  ])
  return yield* Effect.forEach(stops, (place, index) =>
    Effect.gen(function* () {
      // Whoever takes the bot over leaves Google alone for a minute: many have it for longer.
      const longer = index % 2 === 0 || place === "google" ? 62_000 : 0
      return {
        place,
        /** How long an owner has it, and how long the former one stands still beside it. */
        works: longer + (yield* Random.nextIntBetween(3_000, 30_000)),
        stands: yield* Random.nextIntBetween(0, 30_000),
      }
    }),
  )
})

interface Options {
  /** How often the bot changes hands; as often as there are mishaps to meet where that is missing. */
  readonly rounds?: number
  /** A former owner is expected to learn that it is none. */
  readonly isFenced?: boolean
}

/** The same seed draws the same mishaps and the same people. */
export const run = (
  server: Server,
  seed: string,
  { rounds: count, isFenced = true }: Options = {},
): Effect.Effect<Report> =>
  Effect.gen(function* () {
    yield* letIn(server)
    const outside = yield* makeOutside(server.url(), bot)
    const log: Array<string> = []
    const problems: Array<string> = []
    const stood: Record<string, number> = {}
    let owner = yield* startOwner(outside, server, log)
    yield* owner.works
    const { people, fibers } = yield* hire(outside, seed)

    /** The former one has to learn that it lost the bot, and ends. */
    const hasEnded = Effect.fnUntraced(function* (former: Owner) {
      const end = yield* Effect.timeoutOption(former.ended, "3 minutes")
      if (end._tag === "None") problems.push(`owner ${former.number} goes on`)
      else if (Exit.isSuccess(end.value) || !String(end.value.cause).includes("another process")) {
        problems.push(`owner ${former.number} ended otherwise: ${String(end.value)}`)
      }
    })

    const rounds = (yield* drawRounds).slice(0, count)
    for (const { place, works, stands } of rounds) {
      yield* Effect.sleep(works)
      const former = owner
      if (place !== undefined) {
        yield* former.standStill(place)
        stood[place] = (stood[place] ?? 0) + 1
      }
      owner = yield* startOwner(outside, server, log)
      yield* owner.works
      yield* Effect.sleep(stands)
      yield* former.goOn
      if (isFenced) yield* hasEnded(former)
    }

    people.isOver = true
    yield* Effect.forEach(fibers, (fiber) => Fiber.join(fiber))
    const rest = yield* atRest(server).pipe(
      Effect.andThen(Effect.sleep("5 seconds")),
      Effect.timeoutOption(isFenced ? "6 minutes" : "3 minutes"),
    )
    if (rest._tag === "None") problems.push("something is still under way")
    const found = yield* check(server, outside, people)
    return {
      problems: [...problems, ...found.problems, ...log.filter((line) => complaints.test(line))],
      people,
      takeovers: rounds.length,
      stood,
      issuances: found.issuances,
    }
  }).pipe(Effect.scoped, Random.withSeed(seed), inFastTime, Effect.orDie)

/** Lines of a log that no change of hands may bring about. */
const complaints = /the books differ|crashed|cannot be read|JournalDamaged|AnotherWriter/

/** The employees have access from the first start on. */
const letIn = (server: Server) =>
  Effect.gen(function* () {
    const journal = yield* Journal
    const body = Object.fromEntries(
      employees.map((id) => [id, { stage: `employee.${id}`, is_approved: true }]),
    )
    yield* journal.write([{ _tag: "DocumentPut", kind: fileKind, key: "whitelist.json", body }])
    yield* server.query(`DELETE FROM owner WHERE bot = '${bot}'`)
  }).pipe(Effect.provide(server.journal(bot)), Effect.scoped)

const decodeEvent = Schema.decodeUnknownEffect(Schema.fromJsonString(PoolEvent))
const decodeQuarantined = Schema.decodeUnknownEffect(Schema.fromJsonString(Quarantined))

/** The pools as a start would find them, read without taking the bot over. */
const poolsIn = Effect.fnUntraced(function* (server: Server) {
  const session = yield* connect(server.url())
  return yield* Effect.forEach(
    resources,
    Effect.fnUntraced(function* (resource) {
      const values = [bot, resource.id]
      const { state } = yield* restore(restoringIn(session, bot), resource.id, fold)
      const ask = (table: string, order: string) =>
        session.run(
          `SELECT body FROM ${table} WHERE bot = $1 AND pool = $2 ORDER BY ${order}`,
          values,
        )
      const facts: PoolFacts = {
        resource,
        state,
        events: yield* Effect.forEach(yield* ask("event", "seq"), ({ body }) => decodeEvent(body)),
        quarantine: yield* Effect.forEach(yield* ask("quarantine", "seq"), ({ body }) =>
          decodeQuarantined(body),
        ),
      }
      return facts
    }),
  )
}, Effect.scoped)

/** Goes on when no update waits, no write to a sheet is open, and each item has its row. */
const atRest = (server: Server) =>
  Effect.gen(function* () {
    const [open] = yield* server.query(
      `SELECT (SELECT count(*) FROM inbox WHERE handled_at IS NULL)::int
            + (SELECT count(*) FROM intent WHERE state = 'open')::int AS count`,
    )
    const pools = yield* poolsIn(server)
    return (
      open?.["count"] === 0 &&
      pools.every(({ state }) =>
        State.liveOf(state).every(({ issuance }) => placeOf(issuance) === "written"),
      )
    )
  }).pipe(
    Effect.repeat({
      while: (isQuiet) =>
        isQuiet ? Effect.succeed(false) : Effect.as(Effect.sleep("10 seconds"), true),
    }),
  )

const check = Effect.fnUntraced(function* (server: Server, outside: Outside, people: People) {
  const { accounts, issued } = yield* outside.tabs
  const pools = yield* poolsIn(server)
  const { stock, shown } = outside
  const issuances = pools.flatMap(({ state }) =>
    State.liveOf(state).map(({ issuance }) => issuance),
  )
  const booked = yield* server.query(
    `SELECT id, status, holder::int AS holder FROM issuance WHERE bot = '${bot}'`,
  )
  const books = new Map(booked.map((row) => [row["id"], row]))
  const requests = pools.flatMap(({ events }) =>
    events.flatMap((event) => (event._tag === "Issued" ? [event] : [])),
  )
  return {
    issuances: issuances.length,
    problems: [
      ...checkPools({ stock, shown, accounts, issued, pools }),
      ...[...shown].flatMap(([key, chats]) =>
        chats.size > 1 ? [`${key} was shown to ${[...chats].join(" and ")}`] : [],
      ),
      ...(booked.length === issuances.length
        ? []
        : [`the books have ${booked.length} issuances instead of ${issuances.length}`]),
      ...issuances.flatMap(({ id, mark, holder }) => {
        const row = books.get(id)
        return row?.["status"] === mark?.status && row?.["holder"] === holder
          ? []
          : [`the books have ${id} as ${JSON.stringify(row)}`]
      }),
      ...[...Map.groupBy(requests, ({ request }) => request.key)].flatMap(([key, given]) => {
        const firsts = given.flatMap((event) =>
          event.issuances.filter(({ replacementOf }) => replacementOf === null),
        )
        const wanted = given[0]?.request.quantity ?? 0
        return firsts.length > wanted
          ? [`request ${key} was given ${firsts.length} items instead of ${wanted}`]
          : []
      }),
      ...(new Set(requests.map(({ request }) => request.key)).size > people.orders
        ? ["more was given than was ordered"]
        : []),
    ],
  }
})
