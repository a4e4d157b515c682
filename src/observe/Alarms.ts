/**
 * What is wrong right now and needs an admin: raised when it starts, cleared when it ends.
 *
 * The parts that meet trouble raise it here; the bot tells the admins of each change once.
 */
import { Context, Effect, Layer, PubSub, Ref, Schema } from "effect"

export const Alarm = Schema.TaggedUnion({
  /** A tab is missing or has no such column; its pool waits, the others go on. */
  TabUnusable: { tab: Schema.String, column: Schema.NullOr(Schema.String) },
  /**
   * Rows stood above the header of a base tab, so a claim took the header along with them. It is
   * in quarantine, and the tab waits until a person puts the header first again.
   */
  HeaderMoved: { tab: Schema.String },
  /** Google refuses or does not answer; issuing goes on from the local stock. */
  SheetsUnavailable: {
    spreadsheet: Schema.String,
    reason: Schema.Literals(["denied", "notFound", "refused", "unreachable"]),
  },
  /** Somebody else's bot writes into the same spreadsheet; ours stopped writing. */
  AnotherWriter: { spreadsheet: Schema.String },
  /** Rows of an unknown claim lie in the inbox tab; they are left alone. */
  UnknownInboxRows: { spreadsheet: Schema.String, rows: Schema.Int },
  /** Cells of a claim may be lost; the version history of the spreadsheet has them. */
  ClaimDamaged: { tab: Schema.String, claim: Schema.String },
  /** A row of the issued tab is gone, so its status could not be corrected there. */
  RowVanished: { tab: Schema.String, issuance: Schema.String },
  /**
   * Rows moved while a status was corrected, and another row got it. What that one said before
   * is not known; `issuance` is "" where it has no id.
   */
  RowMistaken: { tab: Schema.String, row: Schema.Int, issuance: Schema.String },
  /** Cells of the registry tab that cannot be read, or say again what stands above; left alone. */
  RegistryUnreadable: {
    tab: Schema.String,
    rows: Schema.Array(Schema.Struct({ row: Schema.Int, column: Schema.String })),
  },
  /** The check of the books found items that are nowhere, or in two places; the log names them. */
  ItemsAdrift: { resource: Schema.String, count: Schema.Int },
  /** The disk refuses; nothing new is issued. */
  StorageUnavailable: {},
})
export type Alarm = typeof Alarm.Type

export interface AlarmChange {
  readonly alarm: Alarm
  readonly raised: boolean
}

export class Alarms extends Context.Service<
  Alarms,
  {
    /** Raising what is raised already changes nothing; with other facts it is told anew. */
    raise(alarm: Alarm): Effect.Effect<void>
    clear(alarm: Alarm): Effect.Effect<void>
    readonly raised: Effect.Effect<ReadonlyArray<Alarm>>
    /** Subscribe first, then read `raised`: nothing is missed. */
    readonly changes: PubSub.PubSub<AlarmChange>
  }
>()("account-bot/observe/Alarms") {
  static readonly layer = Layer.effect(
    Alarms,
    Effect.gen(function* () {
      const raised = yield* Ref.make<ReadonlyMap<string, Alarm>>(new Map())
      const changes = yield* PubSub.unbounded<AlarmChange>()

      const raise = Effect.fnUntraced(function* (alarm: Alarm) {
        const isNew = yield* Ref.modify(raised, (alarms) => [
          JSON.stringify(alarms.get(keyOf(alarm))) !== JSON.stringify(alarm),
          new Map(alarms).set(keyOf(alarm), alarm),
        ])
        if (isNew) yield* PubSub.publish(changes, { alarm, raised: true })
      })

      const clear = Effect.fnUntraced(function* (alarm: Alarm) {
        const was = yield* Ref.modify(raised, (alarms) => {
          const left = new Map(alarms)
          return [left.delete(keyOf(alarm)), left]
        })
        if (was) yield* PubSub.publish(changes, { alarm, raised: false })
      })

      return Alarms.of({
        raise,
        clear,
        raised: Effect.map(Ref.get(raised), (alarms) => [...alarms.values()]),
        changes,
      })
    }),
  )
}

/** One alarm for one trouble: its facts are its identity, but for what comes and goes. */
export const keyOf = (alarm: Alarm): string => JSON.stringify(lasting(alarm))

const lasting = (alarm: Alarm): Alarm => {
  switch (alarm._tag) {
    case "RegistryUnreadable":
      return { ...alarm, rows: [] }
    case "ItemsAdrift":
      return { ...alarm, count: 0 }
    default:
      return alarm
  }
}
