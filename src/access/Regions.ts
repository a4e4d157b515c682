/**
 * The regions a person chooses from: `<DATA_DIR>/regions.json`, in the order they were added.
 *
 * REGIONS fills it at the first start and is not looked at afterwards.
 */
import { Context, Effect, FileSystem, Layer, Path, Schema } from "effect"
import { Settings } from "../config/Settings.ts"
import { Region } from "../domain/Region.ts"
import * as JsonFile from "../store/JsonFile.ts"
import type { FileDamaged, FileUnwritable } from "../store/JsonFile.ts"

const Codes = Schema.Array(Region)
type Codes = typeof Codes.Type

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
  }
>()("account-bot/access/Regions") {
  static readonly layer: Layer.Layer<
    Regions,
    FileDamaged | FileUnwritable,
    Settings | FileSystem.FileSystem | Path.Path
  > = Layer.effect(
    Regions,
    Effect.gen(function* () {
      const { dataDir, regions } = yield* Settings
      const path = (yield* Path.Path).join(dataDir, "regions.json")
      const file = yield* JsonFile.make({ path, schema: Codes, empty: [...new Set(regions)] })
      if (file.isNew) yield* file.save
      return overFile(file)
    }),
  )

  /** In memory. */
  static readonly layerTest = (...regions: Codes) =>
    Layer.effect(Regions, Effect.map(JsonFile.makeMemory<Codes>(regions), overFile))
}

const overFile = (file: JsonFile.JsonFile<Codes>) => {
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

  return Regions.of({
    all: Effect.map(file.get, (codes) => [...new Set(codes)]),
    add,
    addAll,
    remove,
  })
}
