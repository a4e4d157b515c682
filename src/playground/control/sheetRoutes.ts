/** The part of the control API where people look at spreadsheets and edit them. */
import { Effect, Option, Schema } from "effect"
import { HttpRouter } from "effect/http"
import { spreadsheetsOf } from "../companies.ts"
import { Company } from "../Company.ts"
import { HumanEdit } from "../spreadsheets/HumanEdit.ts"
import { Workbooks } from "../spreadsheets/Workbooks.ts"
import { answer, bodyAs, Unknown } from "./Answer.ts"

export const sheetRoutes = HttpRouter.use(
  Effect.fnUntraced(function* (router) {
    const workbooks = yield* Workbooks
    const company = yield* Company
    const spreadsheet = Effect.gen(function* () {
      const { id } = yield* HttpRouter.schemaPathParams(Schema.Struct({ id: Schema.String }))
      const tabs = yield* workbooks.view(id)
      // A spreadsheet has at least one tab.
      return tabs.length > 0 ? { id, tabs } : yield* new Unknown({ what: `spreadsheet "${id}"` })
    })

    yield* router.add("GET", "/sim/sheets", answer(Effect.map(company.current, spreadsheetsOf)))
    yield* router.add("GET", "/sim/sheets/:id", answer(Effect.map(spreadsheet, ({ tabs }) => tabs)))
    yield* router.add(
      "POST",
      "/sim/sheets/:id/edits",
      answer(
        Effect.gen(function* () {
          const { id } = yield* spreadsheet
          return numbered(yield* workbooks.edit(id, yield* bodyAs(HumanEdit)))
        }),
      ),
    )
    yield* router.add(
      "POST",
      "/sim/sheets/:id/undo",
      answer(
        Effect.gen(function* () {
          const { id } = yield* spreadsheet
          const { edit } = yield* bodyAs(Schema.Struct({ edit: Schema.Int }))
          const undone = yield* workbooks.undo(id, edit)
          return Option.isSome(undone)
            ? numbered(undone.value)
            : yield* new Unknown({ what: `edit ${edit} to undo` })
        }),
      ),
    )
  }),
)

const numbered = (edit: number | undefined) => (edit === undefined ? undefined : { edit })
