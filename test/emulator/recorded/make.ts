/**
 * Makes `emulator.json` anew: `node test/emulator/recorded/make.ts`. What answers is the emulator
 * itself, not Google: the file only shows that the comparison works.
 */
import * as Path from "node:path"
import { Effect, Random } from "effect"
import { book, smoked, throwaway } from "../../cli/smokeBench.ts"
import { Emulator } from "../../playground/spreadsheets/client.ts"

const file = Path.join(import.meta.dirname, "emulator.json")

await Effect.gen(function* () {
  yield* throwaway
  const { text } = yield* smoked(["--smoke", book, "--record", file])
  yield* Effect.sync(() => process.stdout.write(`${text}\n`))
}).pipe(
  Random.withSeed("emulator.json"),
  Effect.provide(Emulator),
  Effect.scoped,
  Effect.runPromise,
)
