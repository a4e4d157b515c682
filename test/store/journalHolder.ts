/**
 * A process that holds the journal of the directory it is given and writes documents 0, 1, 2 …
 * until it is killed; each number is printed once its write has returned.
 */
import * as NodeFileSystem from "@effect/platform-node/NodeFileSystem"
import * as NodePath from "@effect/platform-node/NodePath"
import * as NodeRuntime from "@effect/platform-node/NodeRuntime"
import { Effect, Layer } from "effect"
import { Settings } from "../../src/config/Settings.ts"
import { Journal } from "../../src/store/Journal.ts"
import { SqliteJournal } from "../../src/store/SqliteJournal.ts"
import { document } from "../contracts/journalFixtures.ts"

const program = Effect.gen(function* () {
  const journal = yield* Journal
  for (let n = 0; ; n++) {
    yield* journal.write([document(String(n), { n })])
    process.stdout.write(`${n}\n`)
    // Gives the signal and the pipe their turn.
    yield* Effect.yieldNow
  }
})

program.pipe(
  Effect.provide(
    SqliteJournal.layer.pipe(
      Layer.provide(Settings.layerTest({ dataDir: process.argv[2] ?? "" })),
      Layer.provide(Layer.merge(NodeFileSystem.layer, NodePath.layer)),
    ),
  ),
  NodeRuntime.runMain,
)
