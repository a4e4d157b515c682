/**
 * A small stock, a few people, the commands and events that tests speak of, and a pool: its rules
 * with a clock that stands still, or the service on a disk that is an object.
 */
import * as assert from "node:assert/strict"
import { DateTime, Duration, Effect, Layer, Result, Schema } from "effect"
import { CatalogueSource } from "../../src/config/CatalogueSource.ts"
import { Settings } from "../../src/config/Settings.ts"
import type { Resource } from "../../src/domain/Catalogue.ts"
import { Day, dayOf } from "../../src/domain/Day.ts"
import { TelegramId } from "../../src/domain/Employee.ts"
import {
  type Issuance,
  IssuanceId,
  type Mark,
  type MessageRef,
  type Request,
  requestKeyOf,
} from "../../src/domain/Issuance.ts"
import { type Item, ItemId, type Quarantined } from "../../src/domain/Item.ts"
import { shippedCatalogue } from "../../src/domain/shippedCatalogue.ts"
import { Alarms } from "../../src/observe/Alarms.ts"
import type { AdminCommand, AdminRefusal, PersonCommand, Refusal } from "../../src/pool/Contract.ts"
import { Pools } from "../../src/pool/Pools.ts"
import { decide, evolve } from "../../src/pool/rulebook.ts"
import type {
  Command,
  CommandOf,
  DecisionContext,
  EventOf,
  Events,
} from "../../src/pool/rules/rule.ts"
import * as Snapshot from "../../src/pool/Snapshot.ts"
import { empty, issuanceOf, type PoolState } from "../../src/pool/State.ts"
import { Journal } from "../../src/store/Journal.ts"
import { type MemoryDisk, MemoryJournal } from "../store/MemoryJournal.ts"

export const minute = 60_000
export const hour = 60 * minute

export const anna = TelegramId.make(101)
export const boris = TelegramId.make(102)
export const chief = TelegramId.make(1)

/** Whoever acts in the random scripts of the property tests. */
export const people = [anna, boris, TelegramId.make(103)]
export const anyone = Schema.Literals(people)
export const small = (maximum: number) =>
  Schema.Int.check(Schema.isBetween({ minimum: 0, maximum }))

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

const itemOf = (item: string | Item) => (typeof item === "string" ? anItem(item) : item)

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

/** Items of mamba may be given by their names. */
export const load = (
  claim: string,
  items: ReadonlyArray<string | Item>,
  quarantined: ReadonlyArray<Quarantined> = [],
  halfTyped: ReadonlyArray<Quarantined> = [],
): CommandOf<"Load"> => ({
  _tag: "Load",
  claim,
  tab: "Мамба Муж",
  items: items.map(itemOf),
  quarantined,
  halfTyped,
})

/** A row that somebody was still typing when it was claimed. */
export const halfTypedRow = (name: string): Quarantined => {
  const { id, origin } = anItem(name)
  return { id, tab: origin.tab, reason: "missing", column: "Пароль", origin, reported: false }
}

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

/** The id of the issuance that hands the item of that name out. */
export const idOf = (name: string) => IssuanceId.make(name.toUpperCase().padStart(10, "0"))

/** The event of a claim that brought these items. */
export const loaded = (...items: ReadonlyArray<string | Item>): EventOf<"Loaded"> => ({
  _tag: "Loaded",
  claim: "t1",
  tab: "Мамба Муж",
  items: items.map(itemOf),
  quarantined: [],
  at: 0,
})

/** Issued to Anna on message 1, unless `more` says otherwise. */
export const issued = (
  items: string | ReadonlyArray<string | Item>,
  more: Partial<Omit<Request, "message">> & { readonly message?: number } = {},
): EventOf<"Issued"> => {
  const all = typeof items === "string" ? [items] : items
  const on = message(more.message ?? 1)
  const request: Request = {
    key: requestKeyOf(on),
    resource: "mamba",
    variant: null,
    region: "495",
    targets: [],
    quantity: all.length,
    by: anna,
    stage: "anna",
    at: 0,
    ...more,
    message: on,
  }
  const { key, by: holder, stage, region, targets, at } = request
  return {
    _tag: "Issued",
    request,
    issuances: all.map(itemOf).map((item) => ({
      id: idOf(item.id.replace("claim-", "")),
      item,
      request: key,
      holder,
      stage,
      region,
      targets,
      issuedAt: at,
      confirmAt: at + 10 * minute,
      delivery: "attempting",
      mark: null,
      row: null,
      replacementOf: null,
      replacedBy: null,
      replacementDeclined: false,
      generation: 0,
    })),
    at,
  }
}

/** The message with the items of those names arrived, or was refused. */
export const delivered = (
  names: string | ReadonlyArray<string>,
  confirmAt = 10 * minute,
): EventOf<"Delivered"> => ({ _tag: "Delivered", ids: [names].flat().map(idOf), confirmAt, at: 0 })
export const refusedDelivery = (...names: ReadonlyArray<string>): EventOf<"DeliveryRefused"> => ({
  _tag: "DeliveryRefused",
  ids: names.map(idOf),
  at: 0,
})

/** What Anna says of an item. */
export const markOf = (status: string, at = 0): Mark => ({ status, at, by: anna, auto: false })
export const confirmed = (name: string, mark = markOf("good")): EventOf<"Confirmed"> => ({
  _tag: "Confirmed",
  id: idOf(name),
  mark,
})
/** The row of the issued tab says so. */
export const written = (name: string, mark = markOf("good")): EventOf<"Written"> => ({
  _tag: "Written",
  rows: [{ id: idOf(name), mark }],
  at: 0,
})

let rolled = 0
const rollId = () => IssuanceId.make(String((rolled += 1)).padStart(10, "0"))

/** The rules by themselves: commands one after the other, each at a chosen time. */
export const makeRules = (definition: Resource = mamba, about: Partial<DecisionContext> = {}) => {
  let state: PoolState = empty
  let events: Events = []
  let now = 0

  const context = (more: Partial<DecisionContext>): DecisionContext => ({
    definition,
    now,
    today: dayOf(more.now ?? now, moscow),
    newIds: Array.from({ length: 5 }, rollId),
    knownKeys: new Set(),
    pendingLimit: 10,
    pendingElsewhere: 0,
    confirmAfterMs: 10 * minute,
    timeLeft: ({ confirmAt }) => confirmAt - (more.now ?? now),
    isOverdue: ({ confirmAt }) => confirmAt <= (more.now ?? now),
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
    take,
    replaceState: (f: (before: PoolState) => PoolState) => {
      state = f(state)
    },
    /** Events of the command, by tag; a refusal fails the test. */
    run: (command: Command, more: Partial<DecisionContext> = {}) =>
      take(Result.getOrThrowWith(tryOut(command, more), (refusal) => refusal)).map(
        ({ _tag }) => _tag,
      ),
    /** The refusal, as `Tag` or `NotAllowed:reason`. */
    refusal: (command: PersonCommand | AdminCommand) => labelOf(tryOut(command)),
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
    /** What comes of a command: `given(…).when(…).makes(…)`, or `.refuses(…)`. */
    when: (command: Command, more: Partial<DecisionContext> = {}) => {
      const decided = tryOut(command, more)
      return {
        /** Just these events, which take effect; none: the command changes nothing. */
        makes: (...made: Events) => {
          assert.deepStrictEqual(Result.getOrElse(decided, labelOfRefusal), made)
          take(made)
        },
        /** As `Tag` or `NotAllowed:reason`. */
        refuses: (refusal: string) => {
          assert.strictEqual(labelOf(decided), refusal)
        },
      }
    },
  }
}

export type Rules = ReturnType<typeof makeRules>

/** The rules of mamba after these events. */
export const given = (...events: Events): Rules => {
  const rules = makeRules()
  rules.take(events)
  return rules
}

const labelOfRefusal = (refusal: Refusal | AdminRefusal) =>
  refusal._tag === "NotAllowed" ? `NotAllowed:${refusal.reason}` : refusal._tag

const labelOf = (decided: Result.Result<unknown, Refusal | AdminRefusal>) =>
  Result.match(decided, { onFailure: labelOfRefusal, onSuccess: () => "none" })

export const by = (id: IssuanceId, who: TelegramId = anna, admin = false) => ({
  id,
  by: who,
  admin,
})

export const confirm = (id: IssuanceId, status = "good", who = anna, admin = false) => ({
  _tag: "Confirm" as const,
  status,
  ...by(id, who, admin),
})
export const correct = (id: IssuanceId, status: string) => ({
  _tag: "Correct" as const,
  status,
  ...by(id),
})
export const undo = (id: IssuanceId) => ({ _tag: "Undo" as const, ...by(id) })
export const extend = (id: IssuanceId, seen = 0, who = anna, admin = false) => ({
  _tag: "Extend" as const,
  seen,
  ...by(id, who, admin),
})
export const replace = (id: IssuanceId, who = anna, admin = false) => ({
  _tag: "Replace" as const,
  ...by(id, who, admin),
})
export const expire = { _tag: "Expire" } as const

/** The row of the issued tab says what the mark says now. */
export const write = (rules: Rules, id: IssuanceId) => {
  const { mark } = rules.get(id)
  return rules.run({ _tag: "Written", rows: mark === null ? [] : [{ id, mark }] })
}

/** How a command was refused; one that was not fails the test. */
export const refused = (decided: Result.Result<unknown, Refusal | AdminRefusal>) => {
  if (Result.isSuccess(decided)) throw new Error("it was not refused")
  return decided.failure
}

/** A state in a form that can be compared: two states are the same exactly if theirs are alike. */
export const formOf = (state: PoolState) => {
  const encoded = Snapshot.encode(state)
  return {
    ...encoded,
    live: encoded.live.toSorted((a, b) => a.order - b.order),
    requests: encoded.requests.toSorted((a, b) => (a.request.key < b.request.key ? -1 : 1)),
  }
}

export type Bend = (journal: Journal["Service"]) => Partial<Journal["Service"]>

/** The journal on a disk that is an object; `bend` changes what it does. */
export const journalOn = (disk: MemoryDisk, bend: Bend = () => ({})) =>
  Layer.effect(
    Journal,
    Effect.map(Journal, (journal) => Journal.of({ ...journal, ...bend(journal) })),
  ).pipe(Layer.provide(MemoryJournal.layer(disk)))

/** All real but the disk, which is an object; `bend` changes what the journal does. */
export const poolsOn = (disk: MemoryDisk = MemoryJournal.makeDisk(), bend?: Bend) =>
  Pools.layer.pipe(
    Layer.provide(CatalogueSource.layerTest()),
    Layer.provide(Settings.layerTest({ autoConfirmTimeout: Duration.minutes(10) })),
    Layer.provideMerge(journalOn(disk, bend)),
    Layer.provideMerge(Alarms.layer),
  )

/** `n0`, `n1`, … */
export const names = (count: number) => Array.from({ length: count }, (_, n) => `n${n}`)
/** Pools with that many items of mamba. */
export const stocked = (count: number) =>
  Effect.gen(function* () {
    const pools = yield* Pools
    yield* pools.tell("mamba", load("t1", names(count)))
    return pools
  })
