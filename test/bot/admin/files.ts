/** whitelist.json and regions.json in a directory of their own, on a disk that may refuse. */
import * as NodeFileSystem from "@effect/platform-node/NodeFileSystem"
import * as NodePath from "@effect/platform-node/NodePath"
import { Effect, FileSystem, Layer } from "effect"
import { Regions } from "../../../src/access/Regions.ts"
import { Whitelist } from "../../../src/access/Whitelist.ts"
import { Settings } from "../../../src/config/Settings.ts"

/** Lives in the test's scope. Each use of the layers is a start over the same files. */
export const make = Effect.fnUntraced(
  function* (whitelist: unknown, regions: ReadonlyArray<string> = ["495", "812", "Крым"]) {
    const fs = yield* FileSystem.FileSystem
    const directory = yield* fs.makeTempDirectoryScoped()
    const path = `${directory}/whitelist.json`
    yield* fs.writeFileString(path, JSON.stringify(whitelist))
    const disk = { failing: false }
    const guarded = FileSystem.FileSystem.of({
      ...fs,
      open: (name, options) => fs.open(disk.failing ? `${directory}/no/such/place` : name, options),
    })
    const outside = Layer.mergeAll(
      Layer.succeed(FileSystem.FileSystem, guarded),
      NodePath.layer,
      Settings.layerTest({ dataDir: directory, regions: [...regions] }),
    )
    return {
      disk,
      whitelist: Layer.orDie(Layer.provide(Layer.fresh(Whitelist.layer), outside)),
      regions: Layer.orDie(Layer.provide(Layer.fresh(Regions.layer), outside)),
      readWhitelist: Effect.map(fs.readFileString(path), (text): unknown => JSON.parse(text)),
      readRegions: Effect.map(fs.readFileString(`${directory}/regions.json`), (text): unknown =>
        JSON.parse(text),
      ),
    }
  },
  Effect.provide(Layer.merge(NodeFileSystem.layer, NodePath.layer)),
  Effect.orDie,
)
