/** Rules of a look at the registry tab, where people add, edit and remove rows by hand. */
import { assert, describe, it } from "@effect/vitest"
import { CountryCode, ProxyId, type RegistryRow } from "../../../src/domain/Proxy.ts"
import { anna } from "../fixtures.ts"
import {
  add,
  endpoint,
  looked,
  makeProxyRules,
  noon,
  on,
  oneListed,
  reserve,
  row,
  rowOf,
  take,
} from "./fixtures.ts"

type Rules = ReturnType<typeof makeProxyRules>

const places = (rules: Rules) => rules.proxies().map(({ place }) => place)
const hosts = (rules: Rules) => rules.proxies().map(({ endpoint: { host } }) => host.slice(8))
const uses = (rules: Rules, index = 0) =>
  rules.proxy(index).uses.map(({ target, by }) => `${target} ${by ?? "by hand"}`)

/** Listed proxies 1 to `count`, and their rows. */
const listed = (count: number) => {
  const rules = makeProxyRules()
  const endpoints = Array.from({ length: count }, (_, n) => endpoint(n + 1))
  rules.run(add(1, { endpoints }))
  const rows = rules.proxies().map(rowOf)
  rules.run(looked(rows))
  return { rules, rows, ids: rules.proxies().map(({ id }) => id) }
}

describe("a row of nobody", () => {
  it("is a new proxy that nobody added, in the order of the tab", () => {
    const rules = makeProxyRules()
    const tags = rules.tags(looked([row(2, { targets: ["vk", "vk"] }), row(1)]))
    assert.deepStrictEqual(tags, ["ProxiesAdded"])
    assert.deepStrictEqual(hosts(rules), ["2", "1"])
    const { id, ...first } = rules.proxy()
    assert.match(id, /^[0-9A-Z]{10}$/)
    assert.deepStrictEqual(first, {
      type: "http",
      endpoint: endpoint(2),
      country: CountryCode.make("DE"),
      until: on("2026-12-22"),
      addedBy: null,
      addedAt: noon,
      uses: [{ target: "vk", by: null, stage: "", at: noon }],
      place: "listed",
      generation: 0,
      expiryTold: false,
    })
  })

  it("never gets the id in its cell", () => {
    const rules = makeProxyRules()
    const copied = ProxyId.make("COPYCOPY12")
    rules.run(looked([row(1, { id: copied })]))
    assert.notStrictEqual(rules.proxy().id, copied)
  })

  it("counts once, as the first of two with one endpoint says", () => {
    const rules = makeProxyRules()
    const rows = [
      row(1, { until: on("2026-12-01") }),
      row(1, { until: on("2026-12-31"), endpoint: endpoint(1, { password: "second" }) }),
    ]
    rules.run(looked(rows))
    assert.deepStrictEqual(hosts(rules), ["1"])
    assert.strictEqual(rules.proxy().until, "2026-12-01")
    assert.deepStrictEqual(rules.run(looked(rows)), [])
  })
})

describe("the row of a proxy", () => {
  it("is found by its endpoint before the id, so a sorted or copied tab changes nothing", () => {
    const { rules, rows, ids } = listed(3)
    assert.deepStrictEqual(rules.run(looked(rows)), [])
    assert.deepStrictEqual(rules.run(looked(rows.toReversed())), [])
    const rotated = rows.map((each, n) => ({ ...each, id: ids[(n + 1) % 3] ?? null }))
    assert.deepStrictEqual(rules.run(looked(rotated)), [])
    assert.deepStrictEqual(rules.run(looked(rows.map((each) => ({ ...each, id: null })))), [])
  })

  it("copied and edited is a new proxy, since the old one still stands", () => {
    const { rules, rows, ids } = listed(1)
    rules.run(looked([{ ...rows[0]!, endpoint: endpoint(9) }, rows[0]!]))
    assert.deepStrictEqual(hosts(rules), ["1", "9"])
    assert.deepStrictEqual(places(rules), ["listed", "listed"])
    assert.strictEqual(rules.proxy(0).id, ids[0])
  })

  it("with another endpoint under its id is an edit of the line", () => {
    const { rules, rows, ids } = listed(2)
    const tags = rules.tags(looked([rows[1]!, { ...rows[0]!, endpoint: endpoint(9) }]))
    assert.deepStrictEqual(tags, ["ProxiesChanged"])
    assert.deepStrictEqual(hosts(rules), ["9", "2"])
    assert.deepStrictEqual(
      rules.proxies().map(({ id }) => id),
      ids,
    )
  })

  it("twice with new endpoints under one id: the first is the edit, the second is new", () => {
    const { rules, rows, ids } = listed(1)
    const edit = (n: number) => ({ ...rows[0]!, endpoint: endpoint(n) })
    rules.run(looked([edit(8), edit(9)]))
    assert.deepStrictEqual(hosts(rules), ["8", "9"])
    assert.strictEqual(rules.proxy(0).id, ids[0])
  })

  it("edited to the endpoint of one that was removed brings that one back", () => {
    const { rules, rows } = listed(2)
    rules.run(looked([rows[0]!]))
    assert.deepStrictEqual(places(rules), ["listed", "gone"])
    rules.run(looked([{ ...rows[0]!, endpoint: endpoint(2) }]))
    assert.deepStrictEqual(places(rules), ["gone", "listed"])
    assert.deepStrictEqual(hosts(rules), ["1", "2"])
  })

  const edits: Record<string, Partial<RegistryRow>> = {
    type: { type: "socks5" },
    password: { endpoint: endpoint(1, { password: "other" }) },
    country: { country: CountryCode.make("FR") },
    until: { until: on("2027-01-01") },
    targets: { targets: ["ok"] },
  }
  for (const [name, edit] of Object.entries(edits)) {
    it(`tells of a new ${name}`, () => {
      const { rules, rows } = listed(1)
      const edited = { ...rows[0]!, ...edit }
      assert.deepStrictEqual(rules.tags(looked([edited])), ["ProxiesChanged"])
      assert.deepStrictEqual(rowOf(rules.proxy()), edited)
      assert.deepStrictEqual(rules.run(looked([edited])), [])
    })
  }
})

describe("uses", () => {
  it("that nobody took from the bot are what the tab says, with the time they were first seen", () => {
    const { rules, rows } = listed(1)
    rules.run(looked([{ ...rows[0]!, targets: ["vk", "ok"] }]))
    rules.now += 1000
    rules.run(looked([{ ...rows[0]!, targets: ["mamba", "ok"] }]))
    assert.deepStrictEqual(rules.proxy().uses, [
      { target: "ok", by: null, stage: "", at: noon },
      { target: "mamba", by: null, stage: "", at: noon + 1000 },
    ])
  })

  it("that people took are never removed by the tab, and an old cell is no edit", () => {
    const { rules, rows, ids } = listed(1)
    rules.reserve(reserve(ids[0]!, { targets: ["vk", "ok"] }))
    rules.end(take(ids[0]!, 1))
    assert.deepStrictEqual(rules.run(looked(rows)), [])
    assert.deepStrictEqual(rules.run(looked([{ ...rows[0]!, targets: ["vk"] }])), [])
    assert.deepStrictEqual(rules.run(looked([{ ...rows[0]!, targets: ["ok", "vk"] }])), [])
    rules.run(looked([{ ...rows[0]!, targets: ["mamba"] }]))
    assert.deepStrictEqual(uses(rules), [`vk ${anna}`, `ok ${anna}`, "mamba by hand"])
  })

  it("stay as they are where the tab says nothing of them, also after the row was away", () => {
    const { rules } = oneListed({ targets: ["mamba"] })
    const silent = { ...rowOf(rules.proxy()), targets: null }
    assert.deepStrictEqual(rules.run(looked([silent])), [])
    rules.run(looked([]))
    rules.run(looked([silent]))
    assert.deepStrictEqual(places(rules), ["listed"])
    assert.deepStrictEqual(uses(rules), ["mamba by hand"])
    rules.run(looked([silent, row(2, { targets: null })]))
    assert.deepStrictEqual(uses(rules, 1), [])
  })

  it("written into the tab refuse a reservation for them", () => {
    const { rules, rows, ids } = listed(1)
    rules.run(looked([{ ...rows[0]!, targets: ["vk"] }]))
    assert.strictEqual(rules.refusal(reserve(ids[0]!)), "used")
    rules.run(looked(rows))
    assert.strictEqual(rules.refusal(reserve(ids[0]!)), "none")
  })
})

describe("the place", () => {
  it("is listed when the row comes into sight, gone when it goes, and listed again", () => {
    const rules = makeProxyRules()
    rules.run(add(1))
    assert.deepStrictEqual(rules.run(looked([])), [])
    assert.deepStrictEqual(places(rules), ["unwritten"])
    assert.deepStrictEqual(rules.tags(looked([row(1)])), ["ProxiesLooked"])
    assert.deepStrictEqual(places(rules), ["listed"])
    assert.deepStrictEqual(rules.tags(looked([])), ["ProxiesLooked"])
    assert.deepStrictEqual(places(rules), ["gone"])
    assert.deepStrictEqual(rules.run(looked([])), [])
    assert.deepStrictEqual(rules.tags(looked([row(1)])), ["ProxiesLooked"])
    assert.deepStrictEqual(places(rules), ["listed"])
  })

  it("stays while the row cannot be read, and nothing else takes the id", () => {
    const { rules, ids } = listed(1)
    assert.deepStrictEqual(rules.run(looked([], ids)), [])
    rules.run(looked([row(9, { id: ids[0]! })], ids))
    assert.deepStrictEqual(hosts(rules), ["1", "9"])
    assert.deepStrictEqual(places(rules), ["listed", "listed"])
  })

  it("is listed once its id was seen, so that it is not written twice", () => {
    const rules = makeProxyRules()
    rules.run(add(1))
    const { id } = rules.proxy()
    rules.run(looked([], [id]))
    assert.deepStrictEqual(places(rules), ["listed"])
    assert.deepStrictEqual(rules.run(looked([], [id, ProxyId.make("ZZZZZZZZZZ")])), [])
  })

  it("gone is not undone by a row that cannot be read", () => {
    const { rules, ids } = listed(1)
    rules.run(looked([]))
    assert.deepStrictEqual(rules.run(looked([], ids)), [])
    assert.deepStrictEqual(places(rules), ["gone"])
  })
})

describe("the notice of the end", () => {
  const told = () => {
    const { rules, id } = oneListed({ until: on("2026-11-23") })
    assert.deepStrictEqual(rules.tags({ _tag: "ExpiryTold", ids: [id, id] }), ["ProxiesExpiryTold"])
    return { rules, id, row: rowOf(rules.proxy()) }
  }

  it("is given once", () => {
    const { rules, id, row: same } = told()
    assert.deepStrictEqual(rules.run({ _tag: "ExpiryTold", ids: [id] }), [])
    const unknown = ProxyId.make("ZZZZZZZZZZ")
    assert.deepStrictEqual(rules.run({ _tag: "ExpiryTold", ids: [unknown] }), [])
    rules.run(looked([{ ...same, country: CountryCode.make("FR") }]))
    rules.run(looked([{ ...same, until: on("2026-11-22") }]))
    assert.isTrue(rules.proxy().expiryTold)
  })

  it("is due again when somebody moves the end later", () => {
    const { rules, row: same } = told()
    rules.run(looked([{ ...same, until: on("2026-12-10") }]))
    assert.isFalse(rules.proxy().expiryTold)
  })
})
