/** What stands in a cell goes to the journal and the sheet, and to no log and no trace. */
import { inspect } from "node:util"
import { assert, describe, it } from "@effect/vitest"
import { Cause, Effect, Layer, Logger, Ref, References, Tracer } from "effect"
import { Workbooks } from "../../src/playground/spreadsheets/Workbooks.ts"
import { Claim } from "../../src/sheets/Claim.ts"
import { Flush } from "../../src/sheets/Flush.ts"
import { failureOf } from "../../src/sheets/SheetsClient.ts"
import { SheetsError } from "../../src/sheets/SheetsError.ts"
import { MemoryJournal } from "../store/MemoryJournal.ts"
import {
  accounts,
  claimVk,
  during,
  header,
  issuance,
  running,
  seed,
  Shelf,
  vk,
  vkTab,
  world,
} from "./bench.ts"
import { Days } from "./workbooksClient.ts"

const secret = "hunter2"
const login = "anna@example.com"

/** All that is logged and traced, as text. */
const heard = () => {
  const lines: Array<string> = []
  const add = (line: unknown) => void lines.push(inspect(line, { depth: 20 }))
  const logger = Logger.make(({ message, cause, fiber }) => {
    add([message, Cause.pretty(cause), cause, fiber.getRef(References.CurrentLogAnnotations)])
  })
  const tracer = Tracer.make({
    span: (options) => {
      const span = new Tracer.NativeSpan(options)
      const end = span.end.bind(span)
      span.end = (at, exit) => {
        end(at, exit)
        add([span.name, [...span.attributes], span.events, exit._tag === "Failure" ? exit : ""])
      }
      return span
    },
  })
  const layer = Layer.mergeAll(
    Logger.layer([logger]),
    Layer.succeed(References.MinimumLogLevel, "All"),
    Layer.succeed(Tracer.Tracer, tracer),
  )
  return { lines, layer }
}

describe("secrets", () => {
  it.effect("are in no log line, no span and no error, whatever goes wrong", () =>
    Effect.gen(function* () {
      const { lines, layer } = heard()
      const errors = yield* Ref.make<ReadonlyArray<unknown>>([])
      const outcome = <A, E, R>(effect: Effect.Effect<A, E, R>) =>
        Effect.gen(function* () {
          const exit = yield* during("4 minutes", Effect.exit(effect))
          if (exit._tag === "Failure") yield* Ref.update(errors, (all) => [...all, exit])
        })
      yield* Effect.gen(function* () {
        yield* seed([header, ...Array.from({ length: 8 }, () => [secret, login, secret])])
        const workbooks = yield* Workbooks
        const days = yield* Days
        const { written } = yield* Shelf
        const disk = MemoryJournal.makeDisk()
        const tab = vkTab.title
        const row = {
          resource: vk,
          issuance: issuance(1, {
            item: { ...issuance(1).item, key: login, fields: { login, password: secret } },
          }),
        }
        const work = Effect.gen(function* () {
          const flush = yield* Flush
          yield* outcome(claimVk(1))
          for (const day of ["lostAnswer", "late", "denied", "quota"] as const) {
            yield* days.plant("batchUpdate", day)
            yield* outcome(claimVk(1))
          }
          yield* workbooks.edit(accounts, { op: "insert", tab, at: 0, rows: [[secret, login]] })
          yield* outcome(claimVk(2))
          yield* outcome(claimVk(2))
          yield* outcome((yield* Claim).filled([{ tab: vkTab, onlyDay: null }], "person"))
          disk.failing = true
          yield* outcome(flush.flush([row], written))
          disk.failing = false
          yield* days.plant("batchUpdate", "denied")
          yield* outcome(flush.flush([row], written))
          yield* outcome(flush.flush([row], written))
        })
        yield* outcome(running(disk, work))
      }).pipe(Effect.provide(layer))
      const told = [...lines, inspect(yield* Ref.get(errors), { depth: 20 })].join("\n")
      assert.include(told, "Claim.claim")
      assert.include(told, "Denied")
      assert.notInclude(told, secret)
      assert.notInclude(told, login)
    }).pipe(Effect.provide(world)),
  )

  it("are taken out of what Google says", () => {
    const said = [
      `Invalid value at 'requests[1].x' (TYPE_STRING), "${secret}"`,
      `Invalid value at 'requests[1].x' (TYPE_STRING), "a\\"${secret}\\"b"`,
      `Invalid value at 'requests[1].x' (TYPE_STRING), "a"${secret}"b`,
      `Invalid value at 'requests[1].x' (TYPE_STRING), "${secret}`,
      `Invalid values[3][0]: list_value { values { string_value: "${secret}" } }`,
    ]
    for (const message of said) {
      const reason = failureOf({ response: { status: 400, data: { error: { message } } } })
      const error = new SheetsError({ method: "batchUpdate", spreadsheet: "demo", reason })
      assert.notInclude(inspect(error, { depth: 9 }), secret)
      assert.include(error.message, "Invalid value")
    }
    const page = `<html>${secret}</html>`
    for (const status of [200, 400, 502]) {
      assert.notInclude(inspect(failureOf({ response: { status, data: page } })), secret)
    }
  })
})
