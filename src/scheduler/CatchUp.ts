/**
 * Brings data that are an older copy up to date with the spreadsheets.
 *
 * What could be handed out when the copy was made goes to quarantine before anything else, so that
 * nothing is given twice. Once Google answers, the tabs say what became of it: what stands in an
 * issued tab is taken over as issued, what stands in a base tab again is left there, and claims that
 * the journal does not know are read from the inbox. The rest stays in quarantine, since nobody but
 * people can know whether it was issued; the admins are told. Until then no row is taken or written.
 */
import { Duration, Effect, Layer, Option, Schedule, Schema } from "effect"
import { bookedRowsMax, importRowsMax, timerPeriod } from "../config/Limits.ts"
import { Settings } from "../config/Settings.ts"
import type { Resource } from "../domain/Catalogue.ts"
import { identityKey } from "../domain/identity.ts"
import { IssuanceId } from "../domain/Issuance.ts"
import { Alarms } from "../observe/Alarms.ts"
import { Comeback } from "../pool/Comeback.ts"
import { Pools } from "../pool/Pools.ts"
import { rowOf } from "../pool/rules/restoring.ts"
import { readBaseKeys } from "../sheets/baseKeys.ts"
import { Claim, type Claimed } from "../sheets/Claim.ts"
import { type History, IssuedHistory } from "../sheets/IssuedHistory.ts"
import { IssuedLook, type TabSeen } from "../sheets/IssuedLook.ts"
import { type Booked, type InQuarantine, Journal } from "../store/Journal.ts"
import { type CaughtUpReport, OlderCopy } from "../store/OlderCopy.ts"
import { IssuedKeys } from "./IssuedKeys.ts"
import { SheetsTrouble } from "./SheetsTrouble.ts"

/** Whether the data are older than the world, so that nothing may be taken or written yet. */
export const isBehind = Effect.flatMap(
  Effect.serviceOption(OlderCopy),
  Option.match({
    onNone: () => Effect.succeed(false),
    onSome: ({ made }) => Effect.map(made, Option.isSome),
  }),
)

/** Puts all in doubt that could be handed out. Repeated, it finds nothing more. */
const doubtAll = Effect.gen(function* () {
  const pools = yield* Pools
  yield* Effect.forEach(pools.resources, ({ id }) => pools.tell(id, { _tag: "Doubt" }), {
    discard: true,
  })
})

export const layer = Layer.effectDiscard(
  Effect.gen(function* () {
    const { spreadsheetAccounts, spreadsheetIssued } = yield* Settings
    const older = yield* OlderCopy
    const comeback = yield* Comeback
    const doubt = Effect.provideService(doubtAll, Pools, yield* Pools)
    yield* older.onFound(doubt)
    if (Option.isSome(yield* older.made)) yield* doubt
    else yield* older.hold(new Set([spreadsheetAccounts, spreadsheetIssued]))
    const rounds = once.pipe(
      Effect.repeat({ until: (done) => done, schedule: Schedule.spaced(timerPeriod) }),
    )
    const { raise, clear } = yield* Alarms
    const whole = Effect.gen(function* () {
      yield* Effect.forkScoped(Effect.andThen(Effect.sleep(tellAfter), raise(behind)))
      // The writes of before end first: what they brought is in doubt as well.
      yield* comeback.settled
      yield* rounds
    }).pipe(Effect.scoped, Effect.andThen(clear(behind)))
    yield* older.awaitFound.pipe(Effect.andThen(whole), Effect.forever, Effect.forkScoped)
  }),
)

const behind = { _tag: "DataBehind" } as const

/** As a rule it is done by then, and the admins get one note about the end. */
const tellAfter = Duration.minutes(1)

/** Answers whether the data are up to date. */
export const once = Effect.gen(function* () {
  const older = yield* OlderCopy
  const trouble = yield* SheetsTrouble
  if (Option.isNone(yield* older.made)) return true
  yield* trouble.watch("start on an older copy", round)
  return Option.isNone(yield* older.made)
}).pipe(Effect.withSpan("CatchUp.once"))

const round = Effect.gen(function* () {
  const { resources } = yield* Pools
  const older = yield* OlderCopy
  const claim = yield* Claim
  yield* doubtAll
  const histories = yield* (yield* IssuedHistory).read(resources)
  const seen = yield* (yield* IssuedLook).read(resources)
  // A tab that cannot be used now may hold what was issued: the next round looks again.
  if (histories.length < resources.length || seen.length < resources.length) return
  const based = yield* readBaseKeys(resources)
  const strangers = yield* claim.strangers
  const madeAt = Option.getOrElse(yield* older.made, () => 0)
  const sums = { adopted: 0, elsewhere: 0, taken: 0, inDoubt: 0 }
  for (const resource of resources) {
    const history = histories.find((each) => each.resource === resource)
    const tab = seen.find((each) => each.resource === resource)
    if (history === undefined || tab === undefined) continue
    const found = yield* settle(resource, {
      history,
      tab,
      based: based.get(resource.id) ?? new Set(),
      claims: strangers.flatMap((each) => (each.resource === resource.id ? [each.claimed] : [])),
    })
    sums.adopted += found.adopted
    sums.elsewhere += found.elsewhere
    sums.taken += found.taken
    sums.inDoubt += found.inDoubt
  }
  const report: CaughtUpReport = { madeAt, ...sums }
  yield* claim.acquaint(strangers.map(({ claimed }) => claimed.claim))
  yield* older.caughtUp(report)
  yield* Effect.logWarning("the data were an older copy and are up to date with the sheets").pipe(
    Effect.annotateLogs({ ...report }),
  )
})

interface Surroundings {
  readonly history: History
  readonly tab: TabSeen
  readonly based: ReadonlySet<string>
  /** What was claimed after the copy was made, the newest claim first. */
  readonly claims: ReadonlyArray<Claimed>
}

/** Brings one pool and its books up to date. */
const settle = Effect.fnUntraced(function* (
  resource: Resource,
  { history, tab, based, claims }: Surroundings,
) {
  const { phoneCountry } = yield* Settings
  const pools = yield* Pools
  const journal = yield* Journal
  const keys = yield* IssuedKeys
  const { id: pool } = resource
  const keyOf = (value: string | null) =>
    value === null ? "" : identityKey(resource, value, phoneCountry)
  // First of all: whatever is claimed from now on is compared with them.
  yield* keys.anew(tab)
  const issued = new Set([
    ...history.rows.map(({ key }) => key),
    ...[...tab.rows.values()].flat().map(({ value }) => keyOf(value)),
    ...tab.typed.map(keyOf),
  ])
  const adopted = yield* importUnknown(resource, history)
  const taken = sift(claims, (key) => issued.has(key) || based.has(key))
  const inDoubt = yield* doubtedRows(journal, pool)
  const whereIs = (key: string) => {
    if (issued.has(key)) return "issued" as const
    return based.has(key) || taken.keys.has(key) ? ("returned" as const) : undefined
  }
  // A round that was cut off may have loaded some of these claims: their rows are no other ones.
  const own = new Set(taken.claims.flatMap(({ quarantined }) => quarantined.map(({ id }) => id)))
  const settled = inDoubt.flatMap(({ row: { id: item, tab: title, key = "" } }) => {
    const is = own.has(item) ? undefined : whereIs(key)
    return is === undefined ? [] : [{ item, tab: title, is }]
  })
  const before = yield* liveIn(pools, pool)
  yield* pools.tell(pool, {
    _tag: "Adopt",
    settled,
    issued: rowsOf(history, tab, keyOf),
    based: [...based],
  })
  const elsewhere = before - (yield* liveIn(pools, pool))
  for (const { claim, tab: title, quarantined } of taken.claims) {
    yield* pools.tell(pool, { _tag: "Load", claim, tab: title, items: [], quarantined })
  }
  const rows = taken.claims.reduce((sum, { quarantined }) => sum + quarantined.length, 0)
  const left = (yield* doubtedRows(journal, pool)).length
  return { adopted, elsewhere, taken: rows, inDoubt: left }
})

/** What the issued tab says of each id, and of rows without one. */
const rowsOf = (history: History, tab: TabSeen, keyOf: (value: string | null) => string) => {
  const dated = new Set(history.rows.map(({ id }) => id))
  return [
    ...history.rows.map(({ id, key, status, markedAt, auto }) => ({
      id,
      key,
      status,
      markedAt,
      auto,
    })),
    // Rows whose date nobody can read.
    ...[...tab.rows].flatMap(([id, all]) =>
      dated.has(id)
        ? []
        : all.map(({ value, status }) => ({
            id,
            key: keyOf(value),
            status,
            markedAt: null,
            auto: false,
          })),
    ),
    ...tab.typed.map((value) => ({
      id: "",
      key: keyOf(value),
      status: null,
      markedAt: null,
      auto: false,
    })),
  ].filter(({ key }) => key !== "")
}

const liveIn = (pools: Pools["Service"], pool: string) =>
  Effect.map(pools.standing(pool), ({ lots }) => lots.length)

/**
 * The rows of claims that nobody knows to be anywhere else, as rows in doubt; of two rows with one
 * key the one that was taken last. A row that repeats one of its own claim was set aside for that.
 */
const sift = (claims: ReadonlyArray<Claimed>, isElsewhere: (key: string) => boolean) => {
  const keys = new Set<string>()
  const rowsIn = ({ items, quarantined }: Claimed) => {
    const own = new Set<string>()
    const rows = quarantined.filter(({ key }) => key === undefined || !isElsewhere(key))
    for (const item of items) {
      const { key } = item
      if (own.has(key)) rows.push({ ...rowOf(item), reason: "duplicate" })
      else if (!isElsewhere(key) && !keys.has(key)) rows.push(rowOf(item))
      own.add(key)
    }
    for (const key of own) if (!isElsewhere(key)) keys.add(key)
    return rows
  }
  return {
    claims: claims.map((claimed) => ({
      claim: claimed.claim,
      tab: claimed.tab,
      quarantined: rowsIn(claimed),
    })),
    keys,
  }
}

/** All rows of a pool that are in doubt. */
const doubtedRows = Effect.fnUntraced(function* (journal: Journal["Service"], pool: string) {
  const all: Array<InQuarantine> = []
  for (;;) {
    const page = { limit: bookedRowsMax, skip: all.length }
    const rows = yield* journal.quarantined({ pool, reason: "restored" }, page)
    all.push(...rows)
    if (rows.length < bookedRowsMax) return all
  }
})

/** Brings rows of the issued tab into the books that were issued after the copy was made. */
const importUnknown = Effect.fnUntraced(function* ({ id: resource }: Resource, { rows }: History) {
  const journal = yield* Journal
  const known = yield* bookedIds(journal, resource)
  const unknown = rows.filter(({ id }) => isIssuanceId(id) && !known.has(id))
  for (let at = 0; at < unknown.length; at += importRowsMax) {
    yield* journal.write([{ _tag: "BooksImported", rows: unknown.slice(at, at + importRowsMax) }])
    yield* Effect.yieldNow
  }
  return unknown.length
})

const isIssuanceId = Schema.is(IssuanceId)

const bookedIds = Effect.fnUntraced(function* (journal: Journal["Service"], resource: string) {
  const known = new Set<string>()
  let after: Booked | undefined
  do {
    const page = { limit: bookedRowsMax, ...(after === undefined ? {} : { after }) }
    const booked: ReadonlyArray<Booked> = yield* journal.booked({ resource }, page)
    for (const { id } of booked) known.add(id)
    after = booked.length < bookedRowsMax ? undefined : booked.at(-1)
  } while (after !== undefined)
  return known
})
