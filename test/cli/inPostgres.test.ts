/** Commands for files say so where the data are in Postgres. */
import * as NodeServices from "@effect/platform-node/NodeServices"
import { assert, describe, it } from "@effect/vitest"
import { ConfigProvider, Console, Effect, Exit, Layer } from "effect"
import { Command } from "effect/cli"
import { backup } from "../../src/cli/backup.ts"
import { restore } from "../../src/cli/restore.ts"
import { verify } from "../../src/cli/verify.ts"
import { makeDirectory } from "../store/sqliteFixtures.ts"

const url = "postgresql://bot:not-a-password@localhost/bots"

const heardOf = Effect.fnUntraced(function* <E>(
  run: (args: ReadonlyArray<string>) => Effect.Effect<void, E, NodeServices.NodeServices>,
  args: ReadonlyArray<string>,
) {
  const lines: Array<string> = []
  const tell = (...texts: ReadonlyArray<unknown>) => void lines.push(...texts.map(String))
  const exit = yield* run(args).pipe(
    Effect.exit,
    Effect.provide(
      Layer.merge(
        ConfigProvider.layer(ConfigProvider.fromUnknown({ DATABASE_URL: url })),
        NodeServices.layer,
      ),
    ),
    Effect.provideService(Console.Console, { ...globalThis.console, log: tell, error: tell }),
  )
  return { passed: Exit.isSuccess(exit), text: lines.join("\n") }
})

describe("with DATABASE_URL", () => {
  it.effect.each([
    [
      "backup",
      (to: string) => heardOf(Command.runWith(backup, { version: "test" }), [to]),
      "pg_dump",
    ],
    [
      "restore",
      (from: string) => heardOf(Command.runWith(restore, { version: "test" }), [from]),
      "pg_restore",
    ],
    ["verify", () => heardOf(Command.runWith(verify, { version: "test" }), []), "a data directory"],
  ] as const)("%s says that it is for files, and nothing of the address", ([name, run, toDo]) =>
    Effect.gen(function* () {
      const { passed, text } = yield* run(yield* makeDirectory)
      assert.isFalse(passed)
      assert.include(text, `${name} is for data in files`)
      assert.include(text, toDo)
      assert.notInclude(text, "not-a-password")
    }),
  )

  it.effect("verify looks into a directory that is named", () =>
    Effect.gen(function* () {
      const directory = yield* makeDirectory
      const { passed, text } = yield* heardOf(Command.runWith(verify, { version: "test" }), [
        directory,
      ])
      assert.isTrue(passed, text)
      assert.include(text, `${directory} is sound`)
    }),
  )
})
