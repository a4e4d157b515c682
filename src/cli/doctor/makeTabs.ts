/** `--fix`: makes the tabs that are missing, with the guarded setup that a start uses. */
import { Duration, Effect, Layer, Option, Result } from "effect"
import { Alarms } from "../../observe/Alarms.ts"
import { Guard } from "../../sheets/Guard.ts"
import { Tabs } from "../../sheets/Tabs.ts"
import { SqliteJournal } from "../../store/SqliteJournal.ts"
import { explained } from "./explained.ts"
import { Report } from "./Report.ts"

export const makeTabs = Effect.fnUntraced(function* (email: string) {
  const report = yield* Report
  const made = yield* Effect.provide(
    Tabs.use(({ prepare }) => prepare),
    setup,
  ).pipe(Effect.result, Effect.timeoutOption(patience))
  if (Option.isNone(made)) {
    return yield* report.fail(
      "--fix: Google does not say whether tabs were made",
      "The next start asks again, or --fix",
    )
  }
  if (Result.isSuccess(made.value)) return yield* report.ok("--fix: missing tabs were made")
  const { failure } = made.value
  if (failure._tag === "SheetsError") {
    const { what, toDo } = explained(failure.reason, email)
    return yield* report.fail(`--fix: ${what}`, toDo)
  }
  yield* report.fail(`--fix: ${failure.message}`, "Put that right and try again")
})

/** A write whose outcome is unclear is asked about for as long as it takes. */
const patience = Duration.minutes(2)

const setup = Tabs.layer.pipe(
  Layer.provide(Guard.layer),
  Layer.provide([SqliteJournal.layer, Alarms.layer]),
)
