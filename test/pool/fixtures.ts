/** A small stock, a few people, and a pool's rules with a clock that stands still. */
import { DateTime, Duration, Effect, Layer, Result } from "effect"
import { CatalogueSource } from "../../src/config/CatalogueSource.ts"
import { Settings } from "../../src/config/Settings.ts"
import type { Resource } from "../../src/domain/Catalogue.ts"
import { Day, dayOf } from "../../src/domain/Day.ts"
import { TelegramId } from "../../src/domain/Employee.ts"
import { type Issuance, IssuanceId, type MessageRef } from "../../src/domain/Issuance.ts"
import { type Item, ItemId, type Quarantined } from "../../src/domain/Item.ts"
import { shippedCatalogue } from "../../src/domain/shippedCatalogue.ts"
import { Alarms } from "../../src/observe/Alarms.ts"
import type { AdminCommand, AdminRefusal, PersonCommand, Refusal } from "../../src/pool/Contract.ts"
import { Pools } from "../../src/pool/Pools.ts"
import { decide, evolve } from "../../src/pool/rulebook.ts"
import type { Command, CommandOf, DecisionContext, Events } from "../../src/pool/rules/rule.ts"
import * as Snapshot from "../../src/pool/Snapshot.ts"
import { empty, issuanceOf, type PoolState } from "../../src/pool/State.ts"
import { Journal } from "../../src/store/Journal.ts"
import { type MemoryDisk, MemoryJournal } from "../../src/store/MemoryJournal.ts"

export const minute = 60_000
export const hour = 60 * minute

export const anna = TelegramId.make(101)
export const boris = TelegramId.make(102)
export const chief = TelegramId.make(1)

const shipped = (resource: string): Resource => {
  const found = shippedCatalogue.resources.find(({ id }) => id === resource)
  if (found === undefined) throw new Error(`the shipped catalogue has no ${resource}`)
  return found
}
export const mamba = shipped("mamba")
export const number = shipped("number")

export const moscow = DateTime.zoneMakeNamedUnsafe("Europe/Moscow")

export const anItem = (name: string, more: Partial<Item> = {}): Item => ({
  id: ItemId.make(`claim-${name}`),
  resource: "mamba",
  variant: "male",
  key: `${name}@example.com`,
  fields: { login: `${name}@example.com`, password: `secret-${name}` },
  extras: [],
  region: null,
  day: null,
  origin: { tab: more.variant === "female" ? "Мамба Жен" : "Мамба Муж", header: [], cells: [] },
  ...more,
})

/** A phone number of a day; `name` is its last digits. */
export const aNumber = (name: string, day: string | null, more: Partial<Item> = {}): Item =>
  anItem(name, {
    resource: "number",
    variant: null,
    key: `7900000${name}`,
    fields: { number: `+7900000${name}` },
    day: day === null ? null : Day.make(day),
    origin: { tab: "Номера", header: ["Дата", "Номер"], cells: [] },
    ...more,
  })

export const load = (
  claim: string,
  items: ReadonlyArray<Item>,
  quarantined: ReadonlyArray<Quarantined> = [],
): CommandOf<"Load"> => ({
  _tag: "Load",
  claim,
  tab: "Мамба Муж",
  items,
  quarantined,
})

export const message = (messageId: number): MessageRef => ({ chatId: 7, messageId })

export const issue = (messageId: number, more: Partial<CommandOf<"Issue">> = {}) => ({
  _tag: "Issue" as const,
  message: message(messageId),
  variant: null,
  region: "495",
  targets: [],
  quantity: 1,
  by: anna,
  stage: "anna",
  ...more,
})

let rolled = 0
export const rollId = () => IssuanceId.make(String((rolled += 1)).padStart(10, "0"))

/** The rules by themselves: commands one after the other, each at a chosen time. */
export const makeRules = (definition: Resource = mamba, about: Partial<DecisionContext> = {}) => {
  let state: PoolState = empty
  let events: Events = []
  let now = 0

  const context = (more: Partial<DecisionContext>): DecisionContext => ({
    definition,
    now,
    today: dayOf(now, moscow),
    newIds: Array.from({ length: 5 }, rollId),
    knownKeys: new Set(),
    pendingLimit: 10,
    pendingElsewhere: 0,
    confirmAfterMs: 10 * minute,
    ...about,
    ...more,
  })
  const tryOut = (command: Command, more: Partial<DecisionContext> = {}) =>
    decide(state, command, context(more))
  const take = (made: Events) => {
    state = made.reduce(evolve, state)
    events = [...events, ...made]
    return made
  }

  return {
    get state() {
      return state
    },
    /** All events so far. */
    get events() {
      return events
    },
    get now() {
      return now
    },
    set now(at: number) {
      now = at
    },
    get today() {
      return dayOf(now, moscow)
    },
    tryOut,
    replaceState: (f: (before: PoolState) => PoolState) => {
      state = f(state)
    },
    /** Events of the command, by tag; a refusal fails the test. */
    run: (command: Command, more: Partial<DecisionContext> = {}) =>
      take(Result.getOrThrowWith(tryOut(command, more), (refusal) => refusal)).map(
        ({ _tag }) => _tag,
      ),
    /** The refusal, as `Tag` or `NotAllowed:reason`. */
    refusal: (command: PersonCommand | AdminCommand) => {
      const decided = tryOut(command)
      if (Result.isSuccess(decided)) return "none"
      const { failure } = decided
      return failure._tag === "NotAllowed" ? `NotAllowed:${failure.reason}` : failure._tag
    },
    /** Issues for a message and gives the ids. */
    issue: (messageId: number, more: Partial<CommandOf<"Issue">> = {}): ReadonlyArray<IssuanceId> =>
      take(Result.getOrThrowWith(tryOut(issue(messageId, more)), (refusal) => refusal)).flatMap(
        (event) => (event._tag === "Issued" ? event.issuances.map(({ id }) => id) : []),
      ),
    get: (id: IssuanceId): Issuance => {
      const issuance = issuanceOf(state, id)
      if (issuance === undefined) throw new Error(`${id} is not live`)
      return issuance
    },
  }
}

export const by = (id: IssuanceId, who: TelegramId = anna, admin = false) => ({
  id,
  by: who,
  admin,
})

/** How a command was refused; one that was not fails the test. */
export const refused = (decided: Result.Result<unknown, Refusal | AdminRefusal>) => {
  if (Result.isSuccess(decided)) throw new Error("it was not refused")
  return decided.failure
}

/** A state in a form that can be compared. */
export const formOf = (state: PoolState) => Effect.runSync(Snapshot.encode(state))

/** All real but the disk, which is an object; `bend` changes what the journal does. */
export const poolsOn = (
  disk: MemoryDisk = MemoryJournal.makeDisk(),
  bend: (journal: Journal["Service"]) => Partial<Journal["Service"]> = () => ({}),
) => {
  const bent = Layer.effect(
    Journal,
    Effect.map(Journal, (journal) => Journal.of({ ...journal, ...bend(journal) })),
  )
  return Pools.layer.pipe(
    Layer.provide(CatalogueSource.layerTest()),
    Layer.provide(Settings.layerTest({ autoConfirmTimeout: Duration.minutes(10) })),
    Layer.provideMerge(bent),
    Layer.provide(MemoryJournal.layer(disk)),
    Layer.provideMerge(Alarms.layer),
  )
}

/** `n0`, `n1`, … */
export const names = (count: number) => Array.from({ length: count }, (_, n) => `n${n}`)
/** Pools with that many items of mamba. */
export const stocked = (count: number) =>
  Effect.gen(function* () {
    const pools = yield* Pools
    yield* pools.tell(
      "mamba",
      load(
        "t1",
        names(count).map((name) => anItem(name)),
      ),
    )
    return pools
  })
