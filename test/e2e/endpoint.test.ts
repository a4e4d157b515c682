/** What the program answers over HTTP while people work with it. */
import * as Fs from "node:fs"
import { createServer, type Server } from "node:http"
import { afterEach, assert, describe, it } from "vitest"
import { replicaGauges } from "../../src/observe/metrics.ts"
import { Demo } from "./Demo.ts"
import { freePort } from "./freePort.ts"
import { ivan, shows, takeNumbers, typeOrder } from "./people.ts"
import { startStaffed } from "./templates.ts"

let demo: Demo
let collector: Server | undefined

afterEach(async () => {
  await demo.remove()
  collector?.close()
  collector = undefined
})

const ask = async (url: string) => {
  const response = await fetch(url)
  return { status: response.status, text: await response.text() }
}

/** The value of a series in the text of /metrics. */
const valueOf = (text: string, series: RegExp) =>
  text
    .split("\n")
    .filter((line) => series.test(line))
    .map((line) => Number(line.split(" ").at(-1)))

const sorted = (figures: Iterable<readonly [string, ReadonlyArray<string>]>) =>
  [...figures].map(([name, labels]) => `${name} ${labels.toSorted().join(",")}`).toSorted()

/** The labels of each figure as they stand in the text. */
const labelsIn = (text: string) => {
  const found = new Map<string, Set<string>>()
  for (const line of text.split("\n")) {
    const [, name = "", labels = ""] =
      /^(account_bot_\w+?)(?:_bucket|_sum|_count)?(?:\{(.*)\})? /.exec(line) ?? []
    if (name === "") continue
    const known = found.get(name) ?? new Set<string>()
    for (const [, label = ""] of labels.matchAll(/(\w+)="/g)) if (label !== "le") known.add(label)
    found.set(name, known)
  }
  return sorted([...found].map(([name, labels]) => [name, [...labels]] as const))
}

/** Those of docs/monitoring.md, but for what only a replica has. */
const documentedLabels = () =>
  sorted(
    [
      ...Fs.readFileSync("docs/monitoring.md", "utf8").matchAll(
        /^\| `(account_bot_\w+)` +\| \w+ +\| ([^|]*) \|/gm,
      ),
    ].flatMap(([, name = "", labels = ""]) =>
      ofReplica.has(name)
        ? []
        : [[name, labels.split(",").flatMap((label) => label.trim() || [])] as const],
    ),
  )

const ofReplica = new Set<string>(Object.values(replicaGauges).map(({ id }) => id))

/** The id of a person or a phone number, and not the end of a sum of seconds: 0.17900000000000002. */
const someId = String.raw`(?<![\d.])790000[01]\d{4}`

describe("the endpoint", () => {
  it("is alive and ready, and counts what people did", async () => {
    const port = await freePort()
    demo = Demo.here({ HTTP_PORT: String(port), PENDING_LIMIT: "20" })
    await startStaffed(demo)
    const at = (path: string, host = "127.0.0.1") => ask(`http://${host}:${port}${path}`)
    const messageId = await takeNumbers(demo, ivan, 3)
    await shows(demo, ivan, messageId, "3.")

    assert.deepStrictEqual(await at("/healthz"), { status: 200, text: "alive\n" })
    const ready = await at("/readyz")
    assert.strictEqual(ready.status, 200, ready.text)
    // The goods are shown a moment before the work on the tap ends.
    const text = await demo.eventually("figures at rest", async () => {
      const { text: now } = await at("/metrics")
      return /^account_bot_updates_in_work 0$/m.test(now) ? now : undefined
    })
    assert.deepStrictEqual(valueOf(text, /^account_bot_issued_total\{.*resource="number"/), [3])
    assert.deepStrictEqual(
      valueOf(text, /^account_bot_items\{(?=.*resource="number")(?=.*place="pending")/),
      [3],
    )
    const [edits = 0] = valueOf(text, /^account_bot_requests_total\{.*editMessageText.*"ok"/)
    assert.isAbove(edits, 0)
    assert.isAbove(valueOf(text, /^account_bot_commit_seconds_count/)[0] ?? 0, 0)
    assert.isAbove(valueOf(text, /^account_bot_journal_bytes\{file="journal.db"/)[0] ?? 0, 0)

    assert.deepStrictEqual(labelsIn(text), documentedLabels(), "docs/monitoring.md")

    // Only whoever asks on HTTP_HOST gets more than a sign of life.
    assert.strictEqual((await at("/healthz", "127.0.0.2")).status, 200)
    for (const path of ["/readyz", "/metrics", "/metrics?x=1", "//metrics", "/", "/healthz/.."]) {
      assert.strictEqual((await at(path, "127.0.0.2")).status, 404, path)
    }
    assert.strictEqual((await at("/other")).status, 404)

    // Names of people, keys and values of items, tokens: nothing of it stands there.
    const secrets = new RegExp(`${someId}|demo-token|example\\.com|Иван|ivan`, "i")
    assert.notMatch(text, secrets)
    assert.notMatch(ready.text, secrets)
  })

  it("counts from 0 on what people got, said and asked for, each once", async () => {
    const port = await freePort()
    // What a process counts, it counts over all of its demos.
    demo = Demo.process({ HTTP_PORT: String(port), PENDING_LIMIT: "20" })
    await startStaffed(demo)
    const figures = async () => (await ask(`http://127.0.0.1:${port}/metrics`)).text
    const sum = (text: string, name: RegExp) =>
      valueOf(text, name).reduce((all, value) => all + value, 0)
    const counted = [/^account_bot_issued/, /^account_bot_confirmed/, /^account_bot_asked_empty/]
    const before = await figures()
    for (const name of counted) {
      assert.isNotEmpty(valueOf(before, name))
      assert.strictEqual(sum(before, name), 0)
    }
    // Rambler has four rows, for any region.
    for (const [quantity, said] of [
      [3, "3."],
      [1, "Логин"],
      [1, "нет свободных"],
    ] as const) {
      const answer = await typeOrder(demo, ivan, `rambler 495 ${quantity}`)
      await shows(demo, ivan, answer, said)
    }
    const same = (await demo.chat(ivan)).at(-1)?.messageId
    await demo.press(ivan, "Проверить ещё раз", same)
    // Telegram refuses an edit that changes nothing, and nobody has lost anything by it.
    await demo.eventually("a refused edit", async () =>
      (await demo.calls()).find(({ status = 200 }) => status >= 400),
    )
    const after = await figures()
    assert.deepStrictEqual(
      after.match(/^account_bot_requests_total\{(?!.*outcome="ok").*/gm) ?? [],
      [],
    )
    assert.deepStrictEqual(
      valueOf(after, /^account_bot_asked_empty_total\{(?=.*resource="rambler")/).filter(Boolean),
      [1],
    )
    assert.strictEqual(sum(after, /^account_bot_issued/), 4)
  })

  it("says in words that its port is taken", async () => {
    const port = await freePort()
    collector = createServer().listen(port, "0.0.0.0")
    demo = Demo.process({ HTTP_PORT: String(port) })
    const met = await demo.start().catch((error: unknown) => String(error))
    assert.match(String(met), /HTTP_PORT: port \d+ is in use by another program/)
  })

  it("sends a tap as one trace to a collector, and the metrics", async () => {
    const bodies: Array<{ path: string; body: string }> = []
    const port = await freePort()
    collector = createServer((request, response) => {
      let body = ""
      request.on("data", (chunk: Buffer) => (body += chunk.toString()))
      request.on("end", () => {
        bodies.push({ path: request.url ?? "", body })
        response.end("{}")
      })
    }).listen(port, "127.0.0.1")
    demo = Demo.here({ OTLP_ENDPOINT: `http://127.0.0.1:${port}` })
    await startStaffed(demo)
    const messageId = await takeNumbers(demo, ivan, 1)
    await shows(demo, ivan, messageId, "1.")
    await demo.advance("1 minute")
    const spans = await demo.eventually("the trace of the issue", async () => {
      const all = bodies
        .filter(({ path }) => path === "/v1/traces")
        .flatMap(({ body }) => spansIn(body))
      const issue = all.find(
        ({ name, attributes }) =>
          name === "Pools.ask" && JSON.stringify(attributes).includes('"Issue"'),
      )
      return issue && all.filter(({ traceId }) => traceId === issue.traceId)
    })
    const names = spans.map(({ name }) => name)
    for (const name of ["Update", "Pools.ask", "Telegram.editMessageText"]) {
      assert.include(names, name)
    }
    assert.isTrue(
      bodies.some(({ path, body }) => path === "/v1/metrics" && /issued_total/.test(body)),
    )
    assert.notMatch(JSON.stringify(bodies), new RegExp(`${someId}|demo-token`))
  })
})

interface SentSpan {
  readonly traceId: string
  readonly name: string
  readonly attributes: unknown
}

const spansIn = (body: string): ReadonlyArray<SentSpan> => {
  const sent: {
    resourceSpans: Array<{ scopeSpans: Array<{ spans: Array<SentSpan> }> }>
  } = JSON.parse(body)
  return sent.resourceSpans.flatMap(({ scopeSpans }) => scopeSpans.flatMap(({ spans }) => spans))
}
