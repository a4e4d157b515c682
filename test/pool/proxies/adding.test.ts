/** Rules of adding proxies by the wizard, and of renewing what was over. */
import { assert, describe, it } from "@effect/vitest"
import { Result } from "effect"
import { CountryCode } from "../../../src/domain/Proxy.ts"
import { addedBy } from "../../../src/pool/proxies/Proxies.ts"
import { anna, boris, message } from "../fixtures.ts"
import {
  add,
  day,
  endpoint,
  expire,
  looked,
  makeProxyRules,
  noon,
  on,
  oneListed,
  reserve,
  rowOf,
  take,
} from "./fixtures.ts"

type Rules = ReturnType<typeof makeProxyRules>

/** What the message is answered with. */
const answer = (rules: Rules, messageId: number) => addedBy(rules.state, message(messageId))

const counts = (rules: Rules, messageId: number) => {
  const { proxies, renewed } = answer(rules, messageId)
  return [proxies.length, renewed.length]
}

describe("adding", () => {
  it("makes a proxy of every endpoint, used for what was ticked", () => {
    const rules = makeProxyRules()
    rules.run(add(1, { endpoints: [endpoint(1), endpoint(2)], targets: ["vk", "ok", "vk"] }))
    assert.lengthOf(rules.proxies(), 2)
    const { id, ...first } = rules.proxy(0)
    assert.match(id, /^[0-9A-Z]{10}$/)
    assert.deepStrictEqual(first, {
      type: "http",
      endpoint: endpoint(1),
      country: CountryCode.make("DE"),
      until: on("2026-12-22"),
      addedBy: anna,
      addedAt: noon,
      uses: ["vk", "ok"].map((target) => ({ target, by: null, stage: "", at: noon })),
      place: "unwritten",
      generation: 0,
      expiryTold: false,
    })
    assert.deepStrictEqual(answer(rules, 1).proxies, rules.proxies())
  })

  it("the same message adds nothing more, whatever it says", () => {
    const rules = makeProxyRules()
    rules.run(add(1))
    assert.deepStrictEqual(rules.run(add(1, { endpoints: [endpoint(2)] })), [])
    assert.deepStrictEqual(counts(rules, 1), [1, 0])
  })

  it("a message that added nothing does not add later on either", () => {
    const rules = makeProxyRules()
    rules.run(add(1, { until: on("2026-11-22") }))
    rules.run(add(2))
    assert.deepStrictEqual(counts(rules, 2), [0, 0])
    rules.now += day
    assert.deepStrictEqual(rules.run(add(2)), [])
  })

  it("knows an endpoint whatever its password, its type or the case of its host", () => {
    const rules = makeProxyRules()
    rules.run(add(1, { endpoints: [endpoint(1, { host: "proxy.example.com" })] }))
    rules.run(
      add(2, {
        type: "socks5",
        endpoints: [
          endpoint(1, { host: "PROXY.example.com", password: "other" }),
          endpoint(1, { host: "proxy.example.com", port: 8001 }),
          endpoint(1, { host: "proxy.example.com", user: "other" }),
        ],
      }),
    )
    assert.deepStrictEqual(counts(rules, 2), [2, 0])
    assert.strictEqual(rules.proxy(0).type, "http")
  })

  it("knows an IPv6 address however it is spelt", () => {
    const rules = makeProxyRules()
    const spellings = ["2001:db8::1", "2001:0DB8:0:0::1", "2001:db8::0.0.0.1"]
    const [first = "", ...others] = spellings
    rules.run(add(1, { endpoints: [endpoint(1, { host: first })] }))
    rules.run(add(2, { endpoints: others.map((host) => endpoint(1, { host })) }))
    assert.deepStrictEqual(counts(rules, 2), [0, 0])
    assert.lengthOf(rules.proxies(), 1)
  })

  it("counts a repeat within one message once", () => {
    const rules = makeProxyRules()
    rules.run(add(1, { endpoints: [endpoint(1), endpoint(1, { password: "again" })] }))
    assert.deepStrictEqual(counts(rules, 1), [1, 0])
    assert.strictEqual(rules.proxy().endpoint.password, "secret-1")
  })

  it("never takes an id that is in use", () => {
    const rules = makeProxyRules()
    rules.run(add(1))
    const tried = rules.tryOut(add(2, { endpoints: [endpoint(2)] }), [rules.proxy().id])
    assert.isTrue(Result.isFailure(tried) && tried.failure._tag === "IdsMissing")
  })

  it("forgets the message after a day, and not a moment earlier", () => {
    const rules = makeProxyRules()
    rules.run(add(1))
    rules.now = noon + day - 1
    assert.deepStrictEqual(rules.tags(expire), [])
    rules.now = noon + day
    assert.deepStrictEqual(rules.tags(expire), ["ProxiesRetired"])
    assert.deepStrictEqual(rules.tags(expire), [])
    assert.deepStrictEqual(counts(rules, 1), [0, 0])
    assert.lengthOf(rules.proxies(), 1)
  })
})

describe("adding what was over renews it", () => {
  const again = (messageId: number) =>
    add(messageId, {
      type: "socks5",
      endpoints: [endpoint(1, { password: "renewed" })],
      country: CountryCode.make("FR"),
      until: on("2027-01-15"),
      targets: ["ok", "vk"],
      by: boris,
    })

  it("after its last day, with the uses that people took", () => {
    const { rules, id } = oneListed({ until: on("2026-11-22"), targets: ["mamba"] })
    const { generation } = rules.reserve(reserve(id, { targets: ["vk"] }))
    rules.end(take(id, generation))
    rules.run({ _tag: "ExpiryTold", ids: [id] })
    rules.run(again(2))
    assert.deepStrictEqual(counts(rules, 2), [0, 0])
    rules.now += day
    const [event] = rules.run(again(3))
    assert.deepStrictEqual(
      event?._tag === "ProxiesAdded" && event.renewed.map(({ usedOtherwise }) => usedOtherwise),
      [["mamba", "ok"]],
    )
    assert.deepStrictEqual(counts(rules, 3), [0, 1])
    const { uses, ...renewed } = rules.proxy()
    assert.deepStrictEqual(renewed, {
      id,
      type: "socks5",
      endpoint: endpoint(1, { password: "renewed" }),
      country: CountryCode.make("FR"),
      until: on("2027-01-15"),
      addedBy: anna,
      addedAt: noon,
      place: "listed",
      generation: 1,
      expiryTold: false,
    })
    assert.deepStrictEqual(
      uses.map(({ target, by }) => [target, by]),
      [
        ["mamba", null],
        ["vk", anna],
        ["ok", null],
      ],
    )
  })

  it("whose row was removed, and then it waits for a row again", () => {
    const { rules, id } = oneListed()
    rules.run(looked([]))
    assert.strictEqual(rules.proxy().place, "gone")
    rules.run(again(2))
    assert.strictEqual(rules.proxy().id, id)
    assert.strictEqual(rules.proxy().place, "unwritten")
    assert.lengthOf(rules.proxies(), 1)
  })

  it("to whatever day: its end is worth a notice again", () => {
    const { rules, id } = oneListed({ until: on("2026-11-23") })
    rules.run({ _tag: "ExpiryTold", ids: [id] })
    rules.run(looked([]))
    rules.run({ ...again(2), until: on("2026-11-22") })
    assert.isFalse(rules.proxy().expiryTold)
  })

  it("and an old row does not undo that before it is written", () => {
    const { rules } = oneListed({ until: on("2026-11-22"), targets: ["mamba"] })
    const old = rowOf(rules.proxy())
    rules.now += day
    rules.run(again(2))
    const renewed = rowOf(rules.proxy())
    assert.deepStrictEqual(rules.run(looked([old])), [])
    assert.deepStrictEqual(rowOf(rules.proxy()), renewed)
    // Renewed once more in the meantime: the row still says what it said at first.
    rules.now += 60 * day
    rules.run({ ...again(3), until: on("2027-03-01") })
    assert.deepStrictEqual(rules.run(looked([old])), [])

    rules.run(looked([rowOf(rules.proxy())]))
    assert.deepStrictEqual(rules.run(looked([rowOf(rules.proxy())])), [])
    assert.strictEqual(rules.proxy().until, "2027-03-01")
    // Now that the row was in sight, the old text is an edit like any other.
    assert.deepStrictEqual(rules.tags(looked([old])), ["ProxiesChanged"])
    assert.strictEqual(rules.proxy().until, "2026-11-22")
  })

  it("and neither does an old row in a tab that says nothing of uses", () => {
    const { rules } = oneListed({ until: on("2026-11-22"), targets: ["mamba"] })
    const old = { ...rowOf(rules.proxy()), targets: null }
    rules.now += day
    rules.run(again(2))
    const renewed = rowOf(rules.proxy())
    assert.deepStrictEqual(rules.run(looked([old])), [])
    assert.deepStrictEqual(rowOf(rules.proxy()), renewed)
  })

  it("but somebody's edit of the old row counts", () => {
    const { rules } = oneListed({ until: on("2026-11-22") })
    const old = rowOf(rules.proxy())
    rules.now += day
    rules.run(again(2))
    assert.deepStrictEqual(rules.tags(looked([{ ...old, until: on("2026-12-01") }])), [
      "ProxiesChanged",
    ])
    assert.strictEqual(rules.proxy().until, "2026-12-01")
  })
})
