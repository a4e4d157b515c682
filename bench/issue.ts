/**
 * How fast a tap is answered: one item issued, durable on disk, by the production pool.
 *
 * Each caller asks for its next item when it has the last one, as people do.
 */
import * as NodeFileSystem from "@effect/platform-node/NodeFileSystem"
import * as NodePath from "@effect/platform-node/NodePath"
import { Effect, FileSystem, Layer, ManagedRuntime } from "effect"
import { CatalogueSource } from "../src/config/CatalogueSource.ts"
import { Settings } from "../src/config/Settings.ts"
import { Alarms } from "../src/observe/Alarms.ts"
import { Pools } from "../src/pool/Pools.ts"
import type { Journal } from "../src/store/Journal.ts"
import { SqliteJournal } from "../src/store/SqliteJournal.ts"
import { anItem, issue, load } from "../test/pool/fixtures.ts"
import { MemoryJournal } from "../test/store/MemoryJournal.ts"
import { type Case, report } from "./table.ts"

const itemsInRound = 600

const files = Layer.merge(NodeFileSystem.layer, NodePath.layer)

const sqlite = Layer.unwrap(
  Effect.gen(function* () {
    const fs = yield* FileSystem.FileSystem
    const dataDir = yield* Effect.orDie(fs.makeTempDirectoryScoped())
    return Layer.provide(Layer.fresh(SqliteJournal.layer), Settings.layerTest({ dataDir }))
  }),
).pipe(Layer.provide(files))

const settings = Settings.layerTest({ pendingLimit: 1_000_000 })

let claims = 0
let messages = 0

const makeCase = <E>(name: string, journal: Layer.Layer<Journal, E>, callers: number): Case => {
  const runtime = ManagedRuntime.make(
    Pools.layer.pipe(
      Layer.provide([CatalogueSource.layerTest(), Alarms.layer, settings, Layer.orDie(journal)]),
    ),
  )
  const round = Effect.gen(function* () {
    const pools = yield* Pools
    claims += 1
    const items = Array.from({ length: itemsInRound }, (_, n) => anItem(`${claims}-${n}`))
    yield* pools.tell("mamba", load(`claim-${claims}`, items))
    const caller = Effect.forEach(
      Array.from({ length: itemsInRound / callers }),
      () => pools.ask("mamba", issue((messages += 1))),
      { discard: true },
    )
    yield* Effect.all(
      Array.from({ length: callers }, () => caller),
      { concurrency: "unbounded", discard: true },
    )
  })
  return { name, count: itemsInRound, round: () => runtime.runPromise(round) }
}

await report("Issuing one item, durable when answered", [
  makeCase("SQLite on disk, 1 caller", sqlite, 1),
  makeCase("SQLite on disk, 10 callers", sqlite, 10),
  makeCase("SQLite on disk, 100 callers", sqlite, 100),
  makeCase("in memory, 1 caller", MemoryJournal.layer(), 1),
  makeCase("in memory, 100 callers", MemoryJournal.layer(), 100),
])
process.exit(0)
