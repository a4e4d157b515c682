/**
 * The whitelist names everybody who was let in or asks to be, each with a work nickname. It is the
 * file `whitelist.json`, which store/JsonFiles.ts keeps.
 *
 * A file that cannot be understood stops the start: nobody is let in by guessing.
 */
import { Context, Effect, type FileSystem, Layer, Option, type Path, Schema } from "effect"
import type { Settings } from "../config/Settings.ts"
import { TelegramId } from "../domain/Employee.ts"
import * as JsonFile from "../store/JsonFile.ts"
import type { FileDamaged, FileUnwritable } from "../store/JsonFile.ts"
import { JsonFiles } from "../store/JsonFiles.ts"

/** An entry of the file. Other fields in it belong to another program and stay. */
export const Entry = Schema.StructWithRest(
  Schema.Struct({ stage: Schema.String, is_approved: Schema.Boolean }),
  [Schema.Record(Schema.String, Schema.Unknown)],
)

/** The file: entries by Telegram id in decimal digits. */
export const Roster = Schema.Record(Schema.String, Entry).check(
  Schema.makeFilter((roster) => {
    const key = Object.keys(roster).find((each) => Option.isNone(decodeKey(each)))
    return key === undefined || { path: [key], issue: "Expected a Telegram id in decimal digits" }
  }),
)
export type Roster = typeof Roster.Type

type RosterEntry = typeof Entry.Type

export interface Member {
  /** An older file may hold nicknames that would not be accepted today. */
  readonly stage: string
  readonly isApproved: boolean
}

export class Whitelist extends Context.Service<
  Whitelist,
  {
    /** None for a stranger. */
    find(id: TelegramId): Effect.Effect<Option.Option<Member>>
    readonly all: Effect.Effect<ReadonlyArray<Member & { readonly id: TelegramId }>>
    /** Adds or replaces the member, who is on disk when it returns. */
    put(id: TelegramId, member: Member): Effect.Effect<void, FileDamaged | FileUnwritable>
    /** Tells whether there was somebody to remove, who is gone from the disk when it returns. */
    remove(id: TelegramId): Effect.Effect<boolean, FileDamaged | FileUnwritable>
    /** The entry as it stands on disk now, with the fields of other programs. */
    entry(id: TelegramId): Effect.Effect<Option.Option<RosterEntry>, FileDamaged | FileUnwritable>
    /** Puts a removed entry back as it was. `false` if there is one by now, which stays. */
    restore(
      id: TelegramId,
      entry: RosterEntry,
    ): Effect.Effect<boolean, FileDamaged | FileUnwritable>
  }
>()("account-bot/access/Whitelist") {
  static readonly layer: Layer.Layer<
    Whitelist,
    FileDamaged,
    Settings | FileSystem.FileSystem | Path.Path
  > = Layer.effect(
    Whitelist,
    Effect.gen(function* () {
      const { open } = yield* JsonFiles
      return overFile(yield* open({ name: "whitelist.json", schema: Roster, empty: {} }))
    }),
  )

  /** In memory. */
  static readonly layerTest = (roster: Roster = {}) =>
    Layer.effect(Whitelist, Effect.map(JsonFile.makeMemory(roster), overFile))
}

const overFile = (file: JsonFile.JsonFile<Roster>) => {
  const find = Effect.fnUntraced(function* (id: TelegramId) {
    const entry = (yield* file.get)[String(id)]
    return Option.map(Option.fromUndefinedOr(entry), memberOf)
  })

  const put = Effect.fn("Whitelist.put")(function* (id: TelegramId, member: Member) {
    const { stage, isApproved } = member
    yield* file.update((roster) => {
      const entry = roster[String(id)]
      return entry?.stage === stage && entry.is_approved === isApproved
        ? roster
        : { ...roster, [id]: { ...entry, stage, is_approved: isApproved } }
    })
  })

  const remove = Effect.fn("Whitelist.remove")(function* (id: TelegramId) {
    let found = false
    yield* file.update((roster) => {
      const { [String(id)]: entry, ...others } = roster
      found = entry !== undefined
      return found ? others : roster
    })
    return found
  })

  const entry = Effect.fn("Whitelist.entry")(function* (id: TelegramId) {
    const roster = yield* file.update((same) => same)
    return Option.fromUndefinedOr(roster[String(id)])
  })

  const restore = Effect.fn("Whitelist.restore")(function* (id: TelegramId, former: RosterEntry) {
    let isFree = false
    yield* file.update((roster) => {
      isFree = roster[String(id)] === undefined
      return isFree ? { ...roster, [id]: former } : roster
    })
    return isFree
  })

  return Whitelist.of({
    find,
    all: Effect.map(file.get, (roster) =>
      Object.entries(roster).map(([key, member]) => ({
        id: TelegramId.make(Number(key)),
        ...memberOf(member),
      })),
    ),
    put,
    remove,
    entry,
    restore,
  })
}

const decodeKey = (key: string) =>
  /^[1-9]\d*$/.test(key) ? Schema.decodeOption(TelegramId)(Number(key)) : Option.none()

const memberOf = ({ stage, is_approved }: typeof Entry.Type): Member => ({
  stage,
  isApproved: is_approved,
})
