/** The dashboard, the alert rules and the page about them speak of figures that exist, and of all. */
import { spawnSync } from "node:child_process"
import * as Fs from "node:fs"
import * as Os from "node:os"
import * as Path from "node:path"
import { assert, describe, it } from "@effect/vitest"
import { Schema } from "effect"
import { Yaml } from "effect/encoding"
import { counters, gauges, histograms, replicaGauges } from "../src/observe/metrics.ts"

const text = (file: string) => Fs.readFileSync(Path.join(import.meta.dirname, "..", file), "utf8")

const kinds = {
  counter: counters,
  gauge: { ...gauges, ...replicaGauges },
  histogram: histograms,
}
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

/** Figures of the process, which are the same for all bots that it serves. */
const ofProcess = new Set([
  gauges.loopLag.id,
  gauges.memoryBytes.id,
  gauges.cpuSeconds.id,
  gauges.info.id,
  ...Object.values(replicaGauges).map(({ id }) => id),
  // A file, which no process has for several bots.
  gauges.journalBytes.id,
])

/** Figures that Prometheus makes itself, and labels that it gives to all. */
const ofPrometheus = { figures: ["up"], labels: ["job", "instance"] }

/** The labels that a query selects or groups by. */
const labelsIn = (query: string) => [
  ...[...query.matchAll(/(\w+)\s*(?:=~|!~|!=|=)\s*"/g)].map(([, label = ""]) => label),
  ...[...query.matchAll(/by \(([^)]*)\)/g)].flatMap(([, labels = ""]) => labels.split(/, */)),
]

const faultsIn = (query: string): ReadonlyArray<string> => {
  const names = namesIn(query)
  const known = new Set([
    "le",
    ...ofPrometheus.labels,
    ...names.flatMap((name) => labelsOf.get(name)?.labels ?? []),
    ...(names.some((name) => !ofProcess.has(name)) ? ["bot"] : []),
  ])
  const isOfPrometheus = ofPrometheus.figures.some((name) => query.includes(`${name}{`))
  return [
    ...(names.length === 0 && !isOfPrometheus ? [`no figure in ${query}`] : []),
    ...names.filter((name) => !figures.has(name)).map((name) => `no figure ${name}`),
    ...labelsIn(query)
      .filter((label) => !known.has(label))
      .map((label) => `no label ${label} in ${query}`),
  ]
}

const Dashboard = Schema.fromJsonString(
  Schema.Struct({
    templating: Schema.Struct({
      list: Schema.Array(
        Schema.Struct({
          name: Schema.String,
          allValue: Schema.optionalKey(Schema.String),
          current: Schema.Struct({ value: Schema.optionalKey(Schema.Array(Schema.String)) }),
        }),
      ),
    }),
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
      rules: Schema.Array(
        Schema.Struct({
          alert: Schema.String,
          expr: Schema.String,
          annotations: Schema.Struct({ summary: Schema.String, description: Schema.String }),
        }),
      ),
    }),
  ),
})

const isPromtoolHere = spawnSync("promtool", ["--version"]).status === 0
if (!isPromtoolHere) process.stdout.write("Prometheus is not installed: its test is skipped\n")

/** What Prometheus says of the rules with series that are made up. */
const askPromtool = (tests: ReadonlyArray<object>) => {
  const directory = Fs.mkdtempSync(Path.join(Os.tmpdir(), "account-bot-rules-"))
  const file = Path.join(directory, "test.yaml")
  const alerts = Path.join(import.meta.dirname, "..", "deploy/grafana/alerts.yaml")
  const each = tests.map((one) => ({ interval: "15s", ...one }))
  // JSON is YAML too.
  Fs.writeFileSync(file, JSON.stringify({ rule_files: [alerts], tests: each }))
  const { stdout, stderr } = spawnSync("promtool", ["test", "rules", file], { encoding: "utf8" })
  Fs.rmSync(directory, { recursive: true })
  return `${stdout}${stderr}`
}

const dashboard = Schema.decodeSync(Dashboard)(text("deploy/grafana/dashboard.json"))
const queriesOfPanels = dashboard.panels.flatMap(({ targets = [] }) =>
  targets.map(({ expr }) => expr),
)

const rules = Schema.decodeUnknownSync(Alerts)(
  Yaml.parse(text("deploy/grafana/alerts.yaml")),
).groups.flatMap((group) => group.rules)

/** The figures of a bot in a query, each with what it selects of them. */
const selectionsIn = (query: string) =>
  [...query.matchAll(/(account_bot_\w+)(\{[^}]*\})?/g)].flatMap(([, name = "", selection = ""]) =>
    namesIn(name).some((figure) => ofProcess.has(figure)) ? [] : [selection],
  )

describe("monitoring", () => {
  it("every figure is in docs/monitoring.md with its kind, and none is that does not exist", () => {
    assert.deepStrictEqual(
      [...labelsOf].map(([name, { kind }]) => `${kind} ${name}`).toSorted(),
      [...figures].map(([name, kind]) => `${kind} ${name}`).toSorted(),
    )
  })

  it("the dashboard asks for figures and labels that exist, and for each of them", () => {
    const queries = queriesOfPanels
    assert.isAbove(queries.length, 20)
    assert.deepStrictEqual(queries.flatMap(faultsIn), [])
    const shown = new Set(queries.flatMap(namesIn))
    const unseen = [...figures.keys()].filter((name) => !shown.has(name))
    assert.deepStrictEqual(unseen, ["account_bot_start_time_seconds"])
  })

  it("so do the alert rules", () => {
    const queries = rules.map(({ expr }) => expr)
    assert.isAbove(queries.length, 5)
    assert.deepStrictEqual(queries.flatMap(faultsIn), [])
  })

  it("a figure or a label that does not exist is seen", () => {
    assert.deepStrictEqual(faultsIn("sum(account_bot_itemz)"), ["no figure account_bot_itemz"])
    assert.lengthOf(faultsIn('sum by (colour) (account_bot_items{place="x"})'), 1)
  })

  it("the dashboard shows the chosen bots, and by itself all: also one whose figures do not name it", () => {
    const chosen = dashboard.templating.list.find(({ name }) => name === "bot")
    assert.deepStrictEqual(chosen?.current.value, ["$__all"])
    // Prometheus takes a label that is missing as an empty one.
    const all = new RegExp(`^(?:${chosen?.allValue ?? ""})$`)
    for (const name of ["", "sales"]) assert.match(name, all)
    const selections = queriesOfPanels.flatMap(selectionsIn)
    assert.isAbove(selections.length, 15)
    for (const selection of selections) assert.include(selection, 'bot=~"$bot"')
  })

  it("an alert about a bot is one for each bot, and names it where there are several", () => {
    const ofBots = rules.filter(({ expr }) => selectionsIn(expr).length > 0)
    assert.isAbove(ofBots.length, 5)
    for (const { alert, expr, annotations } of ofBots) {
      assert.match(expr, /\bby \((\w+, )*bot\b/, alert)
      assert.isTrue(annotations.summary.startsWith("{{ with $labels.bot }}"), alert)
    }
  })

  it.skipIf(!isPromtoolHere)("Prometheus raises them with that label and without it", () => {
    const silent = rules.find(({ alert }) => alert === "AccountBotTelegramSilent")
    const { summary = "", description = "" } = silent?.annotations ?? {}
    const words = summary.replace(/^.*end \}\}/, "")
    const line = (labels: string) => `account_bot_line_age_seconds{line="telegram"${labels}}`
    const raised = (bot: Readonly<Record<string, string>>, said: string) => ({
      eval_time: "6m",
      alertname: "AccountBotTelegramSilent",
      exp_alerts: [
        {
          exp_labels: { severity: "critical", ...bot },
          exp_annotations: { summary: said, description },
        },
      ],
    })
    const replica = (n: number, values: string) => ({
      series: `up{job="account-bot-cluster", instance="replica-${n}:9464"}`,
      values,
    })
    const down = { eval_time: "6m", alertname: "AccountBotReplicaDown" }
    const found = askPromtool([
      {
        input_series: [{ series: line(""), values: "400x30" }],
        alert_rule_test: [raised({}, words)],
      },
      {
        input_series: [
          { series: line(', bot="sales"'), values: "400x30" },
          { series: line(', bot="support"'), values: "4x30" },
        ],
        alert_rule_test: [raised({ bot: "sales" }, `The bot sales: ${words}`)],
      },
      // Nothing of a profile that is not used.
      {
        input_series: [replica(1, "0x30"), replica(2, "0x30")],
        alert_rule_test: [{ ...down, exp_alerts: [] }],
      },
      {
        input_series: [replica(1, "0x30"), replica(2, "1x30")],
        alert_rule_test: [
          {
            ...down,
            exp_alerts: [
              {
                exp_labels: {
                  severity: "warning",
                  job: "account-bot-cluster",
                  instance: "replica-1:9464",
                },
                exp_annotations: annotationsOf("AccountBotReplicaDown", "replica-1:9464"),
              },
            ],
          },
        ],
      },
    ])
    assert.include(found, "SUCCESS")
  })
})

const annotationsOf = (name: string, instance: string) => {
  const { summary = "", description = "" } =
    rules.find(({ alert }) => alert === name)?.annotations ?? {}
  return { summary: summary.replace("{{ $labels.instance }}", instance), description }
}
