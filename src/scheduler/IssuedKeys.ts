/**
 * Has the journal know every item that stands in an issued tab, whoever wrote the row, so that a
 * base row with the same item is set aside instead of going to a second person.
 *
 * All of a tab is read once, before anything is claimed for its resource. Rows that people add
 * later are learned whenever the tab is looked at anyway. The keys are kept by the journal, as
 * hashes on the disk: memory holds none of them.
 */
import { Context, Duration, Effect, Layer, Option, Ref, Semaphore } from "effect"
import { importPeriod, issuedKeysMax } from "../config/Limits.ts"
import { Settings } from "../config/Settings.ts"
import type { Resource } from "../domain/Catalogue.ts"
import { identityKey } from "../domain/identity.ts"
import { elapsed } from "../observe/elapsed.ts"
import { Pools } from "../pool/Pools.ts"
import { IssuedLook, type TabSeen } from "../sheets/IssuedLook.ts"
import type { SheetsFailure } from "../sheets/SheetsError.ts"
import { Journal, type StorageUnavailable } from "../store/Journal.ts"

export class IssuedKeys extends Context.Service<
  IssuedKeys,
  {
    /** Whether all items of its issued tab are known. Before that nothing may be claimed for it. */
    isKnown(resource: Resource): Effect.Effect<boolean>
    /**
     * Reads the tabs that are not known yet, in one read. A tab that cannot be used stays unknown,
     * and is tried again a minute later at the earliest; the admins have been told by then.
     */
    readonly learn: Effect.Effect<void, SheetsFailure>
    /** Learns all items of the tab once more: the journal is an older copy and lacks the newest. */
    anew(seen: TabSeen): Effect.Effect<void, StorageUnavailable>
    /** Learns the items of rows that people wrote, from a look that was made for another reason. */
    note(seen: ReadonlyArray<TabSeen>): Effect.Effect<void, StorageUnavailable>
  }
>()("account-bot/scheduler/IssuedKeys") {
  static readonly layer = Layer.effect(
    IssuedKeys,
    Effect.gen(function* () {
      const { spreadsheetIssued: spreadsheet, phoneCountry } = yield* Settings
      const journal = yield* Journal
      const pools = yield* Pools
      const look = yield* IssuedLook
      const turn = yield* Semaphore.make(1)
      const tried = yield* Ref.make(Option.none<number>())

      const keyOf = ({ issuedTab }: Resource) => `${spreadsheet} ${issuedTab}`
      const known = yield* Ref.make<ReadonlySet<string>>(
        new Set((yield* journal.documents(kind)).map(({ key }) => key)),
      )

      const isKnown = (resource: Resource) =>
        Effect.map(Ref.get(known), (all) => all.has(keyOf(resource)))

      /** Folding takes its time, so each part is followed by a rest for all other work. */
      const remember = Effect.fnUntraced(function* (
        resource: Resource,
        values: ReadonlyArray<string>,
      ) {
        let added = 0
        for (let at = 0; at < values.length; at += issuedKeysMax) {
          const keys = values
            .slice(at, at + issuedKeysMax)
            .map((value) => identityKey(resource, value, phoneCountry))
            .filter((key) => key !== "")
          const had = yield* journal.issuedBefore(resource.id, keys)
          const fresh = [...new Set(keys)].filter((key) => !had.has(key))
          added += fresh.length
          if (fresh.length > 0) {
            yield* journal.write([{ _tag: "KeysIssued", pool: resource.id, keys: fresh }])
          }
          yield* Effect.yieldNow
        }
        return added
      })

      const learn = Effect.gen(function* () {
        const now = yield* elapsed
        const last = yield* Ref.get(tried)
        if (Option.exists(last, (at) => now - at < Duration.toMillis(importPeriod))) return
        const done = yield* Ref.get(known)
        const unknown = pools.resources.filter((resource) => !done.has(keyOf(resource)))
        if (unknown.length === 0) return
        const seen = yield* look.read(unknown)
        for (const { resource, rows, typed } of seen) {
          const own = [...rows.values()].flat().flatMap(({ value }) => value ?? [])
          const added = yield* remember(resource, [...own, ...typed])
          // Written last: after a restart in between the tab is read anew.
          const key = keyOf(resource)
          yield* journal.write([{ _tag: "DocumentPut", kind, key, body: { keys: added } }])
          yield* Ref.update(known, (all) => new Set([...all, key]))
          if (added > 0) {
            yield* Effect.logInfo(`${resource.id}: ${added} items of issued rows learned`)
          }
        }
        if (seen.length < unknown.length) yield* Ref.set(tried, Option.some(now))
      }).pipe(turn.withPermit, Effect.withSpan("IssuedKeys.learn"))

      const note = Effect.fn("IssuedKeys.note")((seen: ReadonlyArray<TabSeen>) =>
        Effect.forEach(seen, ({ resource, typed }) => remember(resource, typed), {
          discard: true,
        }),
      )

      const anew = Effect.fn("IssuedKeys.anew")(({ resource, rows, typed }: TabSeen) =>
        Effect.asVoid(
          remember(resource, [
            ...[...rows.values()].flat().flatMap(({ value }) => value ?? []),
            ...typed,
          ]),
        ),
      )

      return IssuedKeys.of({ isKnown, learn, note, anew })
    }),
  )

  /** Knows all, for tests of other parts. */
  static readonly layerTest = Layer.succeed(
    IssuedKeys,
    IssuedKeys.of({
      isKnown: () => Effect.succeed(true),
      learn: Effect.void,
      note: () => Effect.void,
      anew: () => Effect.void,
    }),
  )
}

/** The kind of the documents that say that all items of a tab are known. */
const kind = "issuedKeys"
