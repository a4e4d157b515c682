/** Rules of what is known about the message that shows an item. */
import { assert, describe, it } from "@effect/vitest"
import type { Delivery } from "../../src/domain/Issuance.ts"
import { afterRestart } from "../../src/pool/rules/delivering.ts"
import {
  confirmed,
  delivered,
  given,
  idOf,
  issued,
  loaded,
  minute,
  refusedDelivery,
} from "./fixtures.ts"

const a = idOf("a")
const ids = [a]

/** The event that each report makes where it changes anything. */
const reports = {
  DeliveryStarted: { _tag: "DeliveryStarted", ids, at: 0 },
  Delivered: delivered("a", 20 * minute),
  DeliveryRefused: refusedDelivery("a"),
  DeliveryUnsure: { _tag: "DeliveryUnsure", ids, at: 0 },
} as const
type Report = keyof typeof reports

const commandOf = (report: Report) =>
  report === "Delivered"
    ? { _tag: report, ids, confirmAt: 20 * minute }
    : ({ _tag: report, ids } as const)

/** Rules with one issued item of which that is known. */
const knownAs = (delivery: Delivery) => {
  const before = {
    attempting: [],
    unsure: [reports.DeliveryUnsure],
    refused: [reports.DeliveryRefused],
    delivered: [reports.Delivered],
  }[delivery]
  return given(loaded("a", "b", "c"), issued("a"), ...before)
}

describe("delivery", () => {
  const table: Record<Delivery, Record<Report, Delivery>> = {
    attempting: {
      DeliveryStarted: "attempting",
      Delivered: "delivered",
      DeliveryRefused: "refused",
      DeliveryUnsure: "unsure",
    },
    unsure: {
      DeliveryStarted: "unsure",
      Delivered: "delivered",
      DeliveryRefused: "unsure",
      DeliveryUnsure: "unsure",
    },
    refused: {
      DeliveryStarted: "attempting",
      Delivered: "delivered",
      DeliveryRefused: "refused",
      DeliveryUnsure: "unsure",
    },
    delivered: {
      DeliveryStarted: "delivered",
      Delivered: "delivered",
      DeliveryRefused: "delivered",
      DeliveryUnsure: "delivered",
    },
  }
  const cases = (Object.keys(table) as Array<Delivery>).flatMap((from) =>
    (Object.keys(reports) as Array<Report>).map((report) => ({
      from,
      report,
      to: table[from][report],
    })),
  )

  it.each(cases)("$from, then $report: $to", ({ from, report, to }) => {
    const rules = knownAs(from)
    assert.strictEqual(rules.get(a).delivery, from)
    rules.when(commandOf(report)).makes(...(from === to ? [] : [reports[report]]))
    assert.strictEqual(rules.get(a).delivery, to)
    rules.when(commandOf(report)).makes()
  })

  it("sets the deadline as the message says, and never closer afterwards", () => {
    const rules = knownAs("delivered")
    assert.strictEqual(rules.get(a).confirmAt, 20 * minute)
    rules
      .when({ _tag: "Delivered", ids, confirmAt: 25 * minute })
      .makes(delivered("a", 25 * minute))
    assert.strictEqual(rules.get(a).confirmAt, 25 * minute)
    rules.when({ _tag: "Delivered", ids, confirmAt: 5 }).makes()
  })

  it("leaves the deadline of a marked one alone", () => {
    const rules = given(loaded("a"), issued("a"), delivered("a"), confirmed("a"))
    rules.when(commandOf("Delivered")).makes()
    assert.strictEqual(rules.get(a).confirmAt, 10 * minute)
  })

  it("is unsure after a restart if it was under way", () => {
    for (const from of ["attempting", "unsure", "refused", "delivered"] as const) {
      const rules = knownAs(from)
      rules.replaceState(afterRestart)
      assert.strictEqual(rules.get(a).delivery, from === "attempting" ? "unsure" : from)
    }
  })
})
