/** The part of the control API where people look at spreadsheets and edit them. */
import { Effect, Schema } from "effect"
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
          yield* workbooks.edit(id, yield* bodyAs(HumanEdit))
        }),
      ),
    )
  }),
)
