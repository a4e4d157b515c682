/**
 * The regions a person chooses from: `regions.json`, in the order they were added; and the other
 * spellings of them that people type in the sheet: `region-spellings.json`. See JsonFiles.ts.
 *
 * REGIONS fills the first file at the first start and is not looked at afterwards.
 */
import { Context, Effect, type FileSystem, Layer, type Path, Schema } from "effect"
import { Settings } from "../config/Settings.ts"
import { foldName } from "../domain/identity.ts"
import { type FindRegion, Region, regionFinder, RegionSpelling } from "../domain/Region.ts"
import * as JsonFile from "../store/JsonFile.ts"
import type { FileDamaged, FileUnwritable } from "../store/JsonFile.ts"
import { JsonFiles } from "../store/JsonFiles.ts"

export const Codes = Schema.Array(Region)
type Codes = typeof Codes.Type
export const Spellings = Schema.Array(RegionSpelling)
type Spellings = typeof Spellings.Type

export class Regions extends Context.Service<
  Regions,
  {
    readonly all: Effect.Effect<ReadonlyArray<Region>>
    /** Adds it at the end, or at `place`. `false` if it was there already. */
    add(region: Region, place?: number): Effect.Effect<boolean, FileDamaged | FileUnwritable>
    /** Adds all at the end in one change, and gives those that were not there. */
    addAll(
      regions: ReadonlyArray<Region>,
    ): Effect.Effect<ReadonlyArray<Region>, FileDamaged | FileUnwritable>
    /** Offers the region no more; what was issued for it stays. `false` if it was not there. */
    remove(region: Region): Effect.Effect<boolean, FileDamaged | FileUnwritable>
    /** In the order they were taught; also those of regions that nobody can choose now. */
    readonly spellings: Effect.Effect<Spellings>
    /** From now on the spelling means that region. `false` if it did so already. */
    teach(known: RegionSpelling): Effect.Effect<boolean, FileDamaged | FileUnwritable>
    /** The spelling means no region from now on. `false` if it meant none. */
    forget(spelling: string): Effect.Effect<boolean, FileDamaged | FileUnwritable>
    /** Finds the region that a text means. The same function until a region or spelling changes. */
    readonly finder: Effect.Effect<FindRegion>
  }
>()("account-bot/access/Regions") {
  static readonly layer: Layer.Layer<
    Regions,
    FileDamaged | FileUnwritable,
    Settings | FileSystem.FileSystem | Path.Path
  > = Layer.effect(
    Regions,
    Effect.gen(function* () {
      const { regions } = yield* Settings
      const { open } = yield* JsonFiles
      const codes = [...new Set(regions)]
      const file = yield* open<Codes, unknown>({
        name: "regions.json",
        schema: Codes,
        empty: codes,
      })
      if (file.isNew) yield* file.save
      const spellings = yield* open<Spellings, unknown>({
        name: "region-spellings.json",
        schema: Spellings,
        empty: [],
      })
      return overFiles(file, spellings)
    }),
  )

  /** In memory. */
  static readonly layerTest = (...regions: Codes) =>
    Layer.effect(
      Regions,
      Effect.zipWith(
        JsonFile.makeMemory<Codes>(regions),
        JsonFile.makeMemory<Spellings>([]),
        overFiles,
      ),
    )
}

const overFiles = (file: JsonFile.JsonFile<Codes>, spellingsFile: JsonFile.JsonFile<Spellings>) => {
  /** Changes the list, and tells whether it has another length now. */
  const change = Effect.fnUntraced(function* (f: (codes: Codes) => Codes) {
    let changed = false
    yield* file.update((codes) => {
      const next = f(codes)
      changed = next.length !== codes.length
      return changed ? next : codes
    })
    return changed
  })

  const add = Effect.fn("Regions.add")((region: Region, place?: number) =>
    change((codes) =>
      codes.includes(region) ? codes : codes.toSpliced(place ?? codes.length, 0, region),
    ),
  )

  const addAll = Effect.fn("Regions.addAll")(function* (regions: ReadonlyArray<Region>) {
    let added: Codes = []
    yield* file.update((codes) => {
      added = [...new Set(regions)].filter((region) => !codes.includes(region))
      return added.length > 0 ? [...codes, ...added] : codes
    })
    return added
  })

  const remove = Effect.fn("Regions.remove")((region: Region) =>
    change((codes) => codes.filter((code) => code !== region)),
  )

  const changeSpellings = Effect.fnUntraced(function* (
    spelling: string,
    f: (known: Spellings, at: number) => Spellings,
  ) {
    let changed = false
    yield* spellingsFile.update((known) => {
      const name = foldName(spelling)
      const next = f(
        known,
        known.findIndex((each) => foldName(each.spelling) === name),
      )
      changed = next !== known
      return next
    })
    return changed
  })

  const teach = Effect.fn("Regions.teach")((taught: RegionSpelling) =>
    changeSpellings(taught.spelling, (known, at) => {
      if (at < 0) return [...known, taught]
      return known[at]?.region === taught.region ? known : known.with(at, taught)
    }),
  )

  const forget = Effect.fn("Regions.forget")((spelling: string) =>
    changeSpellings(spelling, (known, at) => (at < 0 ? known : known.toSpliced(at, 1))),
  )

  const finderOf = remembering(regionFinder)

  return Regions.of({
    all: Effect.map(file.get, (codes) => [...new Set(codes)]),
    add,
    addAll,
    remove,
    spellings: spellingsFile.get,
    teach,
    forget,
    finder: Effect.zipWith(file.get, spellingsFile.get, finderOf),
  })
}

/** The function with its last result, which it gives again as long as it is asked about the same. */
const remembering = <A, B, C>(make: (a: A, b: B) => C): ((a: A, b: B) => C) => {
  let last: { readonly a: A; readonly b: B; readonly made: C } | undefined
  return (a, b) => {
    if (last?.a !== a || last.b !== b) last = { a, b, made: make(a, b) }
    return last.made
  }
}
