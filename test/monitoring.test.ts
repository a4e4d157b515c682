/** The dashboard, the alert rules and the page about them speak of figures that exist, and of all. */
import * as Fs from "node:fs"
import * as Path from "node:path"
import { assert, describe, it } from "@effect/vitest"
import { Schema } from "effect"
import { Yaml } from "effect/encoding"
import { counters, gauges, histograms } from "../src/observe/metrics.ts"

const text = (file: string) => Fs.readFileSync(Path.join(import.meta.dirname, "..", file), "utf8")

const kinds = { counter: counters, gauge: gauges, histogram: histograms }
const figures = new Map(
  Object.entries(kinds).flatMap(([kind, all]) =>
    Object.values(all).map(({ id }): [string, string] => [id, kind]),
  ),
)

/** The figures that a query names. */
const namesIn = (query: string) =>
  [...query.matchAll(/account_bot_\w+/g)].map(([name]) =>
    figures.has(name) ? name : name.replace(/_(bucket|sum|count)$/, ""),
  )

const labelsOf = new Map(
  [
    ...text("docs/monitoring.md").matchAll(/^\| `(account_bot_\w+)` +\| (\w+) +\| ([^|]*) \|/gm),
  ].map(([, name = "", kind = "", labels = ""]): [string, { kind: string; labels: string[] }] => [
    name,
    { kind, labels: labels.split(",").flatMap((label) => label.trim() || []) },
  ]),
)

/** The labels that a query selects or groups by. */
const labelsIn = (query: string) => [
  ...[...query.matchAll(/(\w+)\s*(?:=~|!~|!=|=)\s*"/g)].map(([, label = ""]) => label),
  ...[...query.matchAll(/by \(([^)]*)\)/g)].flatMap(([, labels = ""]) => labels.split(/, */)),
]

const faultsIn = (query: string): ReadonlyArray<string> => {
  const names = namesIn(query)
  const known = new Set(["le", ...names.flatMap((name) => labelsOf.get(name)?.labels ?? [])])
  return [
    ...(names.length === 0 ? [`no figure in ${query}`] : []),
    ...names.filter((name) => !figures.has(name)).map((name) => `no figure ${name}`),
    ...labelsIn(query)
      .filter((label) => !known.has(label))
      .map((label) => `no label ${label} in ${query}`),
  ]
}

const Dashboard = Schema.fromJsonString(
  Schema.Struct({
    panels: Schema.Array(
      Schema.Struct({
        title: Schema.String,
        targets: Schema.optionalKey(Schema.Array(Schema.Struct({ expr: Schema.String }))),
      }),
    ),
  }),
)

const Alerts = Schema.Struct({
  groups: Schema.Array(
    Schema.Struct({
      rules: Schema.Array(Schema.Struct({ alert: Schema.String, expr: Schema.String })),
    }),
  ),
})

describe("monitoring", () => {
  it("every figure is in docs/monitoring.md with its kind, and none is that does not exist", () => {
    assert.deepStrictEqual(
      [...labelsOf].map(([name, { kind }]) => `${kind} ${name}`).toSorted(),
      [...figures].map(([name, kind]) => `${kind} ${name}`).toSorted(),
    )
  })

  it("the dashboard asks for figures and labels that exist, and for each of them", () => {
    const { panels } = Schema.decodeSync(Dashboard)(text("deploy/grafana/dashboard.json"))
    const queries = panels.flatMap(({ targets = [] }) => targets.map(({ expr }) => expr))
    assert.isAbove(queries.length, 20)
    assert.deepStrictEqual(queries.flatMap(faultsIn), [])
    const shown = new Set(queries.flatMap(namesIn))
    const unseen = [...figures.keys()].filter((name) => !shown.has(name))
    assert.deepStrictEqual(unseen, ["account_bot_start_time_seconds"])
  })

  it("so do the alert rules", () => {
    const { groups } = Schema.decodeUnknownSync(Alerts)(
      Yaml.parse(text("deploy/grafana/alerts.yaml")),
    )
    const queries = groups.flatMap(({ rules }) => rules.map(({ expr }) => expr))
    assert.isAbove(queries.length, 5)
    assert.deepStrictEqual(queries.flatMap(faultsIn), [])
  })

  it("a figure or a label that does not exist is seen", () => {
    assert.deepStrictEqual(faultsIn("sum(account_bot_itemz)"), ["no figure account_bot_itemz"])
    assert.lengthOf(faultsIn('sum by (colour) (account_bot_items{place="x"})'), 1)
  })
})
