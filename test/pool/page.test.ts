import * as NodeServices from "@effect/platform-node/NodeServices"
import { assert, it } from "@effect/vitest"
import { Effect, FileSystem } from "effect"

it.effect("the page about testing shows the example as it runs", () =>
  Effect.gen(function* () {
    const fs = yield* FileSystem.FileSystem
    const read = (path: string) => fs.readFileString(`${import.meta.dirname}/../../${path}`)
    const example = yield* read("test/pool/example.test.ts")
    const page = yield* read("docs/testing-pools.md")
    assert.include(page, `\`\`\`ts\n${example}\`\`\``)
    assert.isAtMost(example.trimEnd().split("\n").length, 20)
  }).pipe(Effect.provide(NodeServices.layer)),
)
