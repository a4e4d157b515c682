/**
 * What is wrong right now and needs an admin: raised when it starts, cleared when it ends.
 *
 * The parts that meet trouble raise it here; the bot tells the admins of each change once.
 */
import { Context, Effect, Layer, PubSub, Ref, Schema } from "effect"
import { Label } from "../domain/Catalogue.ts"

export const Alarm = Schema.TaggedUnion({
  /**
   * A tab is missing, has no such column, or has it in several places, which are named by their
   * letters; its pool waits, the others go on.
   */
  TabUnusable: {
    tab: Schema.String,
    column: Schema.NullOr(Schema.String),
    places: Schema.optionalKey(Schema.Array(Schema.String)),
    /** The headers that the tab has instead of the missing one, the first of them. */
    header: Schema.optionalKey(Schema.Array(Schema.String)),
  },
  /**
   * Rows stood above the header of a base tab, so a claim took the header along with them. It is
   * in quarantine, and the tab waits until a person puts the header first again.
   */
  HeaderMoved: { tab: Schema.String },
  /** Google refuses to let the bot change this tab, in these words; the others go on. */
  TabRefused: { tab: Schema.String, message: Schema.String },
  /**
   * Rows of a base tab lack a value for a while, or have a region that nobody can choose; the bot
   * leaves them where they are. `more` are not named.
   */
  RowsHalfTyped: {
    tab: Schema.String,
    rows: Schema.Array(
      Schema.Struct({
        row: Schema.Int,
        column: Schema.String,
        why: Schema.Literals(["missing", "region"]),
        /** The region that nobody can choose, as it was typed, or the beginning of it. */
        region: Schema.optionalKey(Schema.String),
      }),
    ),
    more: Schema.Int,
  },
  /** Google refuses or does not answer; issuing goes on from the local stock. */
  SheetsUnavailable: {
    spreadsheet: Schema.String,
    reason: Schema.Literals(["denied", "notFound", "refused", "unreachable"]),
  },
  /** Somebody else's bot writes into the same spreadsheet; ours stopped writing. */
  AnotherWriter: { spreadsheet: Schema.String },
  /** Rows of an unknown claim lie in the inbox tab; the bot leaves them alone. */
  UnknownInboxRows: { spreadsheet: Schema.String, rows: Schema.Int },
  /** Cells of a claim may be lost; the version history of the spreadsheet has them. */
  ClaimDamaged: { tab: Schema.String, claim: Schema.String },
  /** Google goes on refusing rows of the issued tab that are written by themselves. */
  RowsRefused: { resource: Schema.String, tab: Schema.String },
  /** A row of the issued tab is gone, so its status could not be corrected there. */
  RowVanished: { tab: Schema.String, issuance: Schema.String },
  /**
   * Rows moved while a status was corrected, and another row got it. What that one said before
   * is not known; `issuance` is "" where it has no id.
   */
  RowMistaken: { tab: Schema.String, row: Schema.Int, issuance: Schema.String },
  /** Cells of the registry tab are unreadable or repeat what stands above; the bot skips them. */
  RegistryUnreadable: {
    tab: Schema.String,
    rows: Schema.Array(Schema.Struct({ row: Schema.Int, column: Schema.String })),
  },
  /** Fewer items are left than the catalogue wants, in stock and in these tabs together. */
  LowStock: {
    resource: Schema.String,
    label: Label,
    tabs: Schema.Array(Schema.String),
    remaining: Schema.Int,
    /** Only those that may be issued today were counted. */
    todayOnly: Schema.Boolean,
  },
  /** The check of the books found items that are nowhere, or in two places; the log names them. */
  ItemsAdrift: { resource: Schema.String, count: Schema.Int },
  /** No backup could be made: the disk refuses, or what was made does not pass its check. */
  BackupFailed: { reason: Schema.Literals(["disk", "unsound"]) },
  /** The data are an older copy, and the sheets cannot be read to bring them up to date. */
  DataBehind: {},
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
    /**
     * Raising an alarm that stands already is announced only if its facts are news. `raised` gives
     * the latest facts either way.
     */
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
        const isNew = yield* Ref.modify(raised, (alarms) => {
          const standing = alarms.get(alarmKey(alarm))
          const isNews = standing === undefined || !tellsTheSame(standing, alarm)
          return [isNews, new Map(alarms).set(alarmKey(alarm), alarm)]
        })
        if (isNew) yield* PubSub.publish(changes, { alarm, raised: true })
      })

      const clear = Effect.fnUntraced(function* (alarm: Alarm) {
        const was = yield* Ref.modify(raised, (alarms) => {
          const left = new Map(alarms)
          left.delete(alarmKey(alarm))
          return [alarms.get(alarmKey(alarm)), left]
        })
        if (was !== undefined) yield* PubSub.publish(changes, { alarm: was, raised: false })
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

/**
 * The same text for all alarms about one trouble. That is all the facts of an alarm, but for those
 * that change while the trouble lasts.
 */
export const alarmKey = (alarm: Alarm): string => {
  switch (alarm._tag) {
    case "TabUnusable": {
      const { header: _, ...trouble } = alarm
      return JSON.stringify(trouble)
    }
    case "RegistryUnreadable":
      return JSON.stringify({ ...alarm, rows: [] })
    case "BackupFailed":
      return alarm._tag
    case "RowsHalfTyped":
    case "TabRefused":
      return JSON.stringify([alarm._tag, alarm.tab])
    case "ItemsAdrift":
    case "LowStock":
      return JSON.stringify([alarm._tag, alarm.resource])
    default:
      return JSON.stringify(alarm)
  }
}

/** Whether the trouble happened to one row and is over: it stands until an admin has heard of it. */
export const isPast = ({ _tag }: Alarm) => _tag === "RowVanished" || _tag === "RowMistaken"

/** A stock that shrinks further is no news, nor is another header; cells that cannot be read are. */
export const tellsTheSame = (standing: Alarm, alarm: Alarm) =>
  alarm._tag === "LowStock" ||
  alarm._tag === "TabUnusable" ||
  JSON.stringify(standing) === JSON.stringify(alarm)
