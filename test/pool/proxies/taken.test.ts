/** Rules of what may be done with a reservation that needs longer, and with a proxy that was taken. */
import { assert, describe, it } from "@effect/vitest"
import { Effect, HashMap, Result } from "effect"
import { free, unshown } from "../../../src/pool/proxies/Proxies.ts"
import { heldAs } from "../../../src/pool/proxies/rules.ts"
import { decodeProxies, encodeProxies } from "../../../src/pool/proxies/proxyState.ts"
import { anna, boris, hour, message, minute } from "../fixtures.ts"
import {
  add,
  endpoint,
  expire,
  extend,
  giveBack,
  looked,
  makeProxyRules,
  noon,
  oneListed,
  report,
  reserve,
  row,
  rowOf,
  take,
  ttl,
} from "./fixtures.ts"

type Rules = ReturnType<typeof makeProxyRules>

/** Why a Return or Report is refused. */
const refusal = (rules: Rules, command: ReturnType<typeof giveBack | typeof report>) =>
  Result.match(rules.tryOut(command), {
    onFailure: (error) => ("reason" in error ? error.reason : "ids"),
    onSuccess: () => "none" as const,
  })

const isFree = (rules: Rules, target: string) =>
  free(rules.state, [target], rules.isRunning, rules.today).length === 1

/** Anna has taken the only proxy for VK and OK, and its row says so. */
const takenByAnna = () => {
  const { rules, id } = oneListed()
  const { generation } = rules.reserve(reserve(id, { targets: ["vk", "ok"] }))
  rules.end(take(id, generation))
  rules.run(looked(rules.proxies().map(rowOf)))
  return { rules, id, generation }
}

describe("Extend", () => {
  it("moves the end by five minutes, once", () => {
    const { rules, id } = oneListed()
    const { generation } = rules.reserve(reserve(id))
    rules.now = noon + ttl - 1
    assert.deepStrictEqual(rules.run(extend(id, generation)), [
      {
        _tag: "ProxyExtended",
        proxy: id,
        generation,
        until: noon + 2 * ttl,
        at: noon + ttl - 1,
      },
    ])
    assert.deepStrictEqual(rules.run(extend(id, generation)), [])
    const after = heldAs(rules.state, extend(id, generation))
    assert.deepInclude(Result.getOrThrow(after), { until: noon + 2 * ttl })
    rules.now = noon + 2 * ttl - 1
    assert.deepStrictEqual(rules.run(expire), [])
    rules.now += 1
    assert.deepStrictEqual(rules.tags(expire), ["ProxyReleased"])
  })

  it("comes too late at the last moment, and is for the holder only", () => {
    const { rules, id } = oneListed()
    const { generation } = rules.reserve(reserve(id))
    assert.deepStrictEqual(rules.run(extend(id, generation, boris)), [])
    assert.deepStrictEqual(rules.run(extend(id, generation + 1)), [])
    rules.now = noon + ttl
    assert.deepStrictEqual(rules.tags(extend(id, generation)), ["ProxyReleased"])
    const late = heldAs(rules.state, extend(id, generation))
    assert.strictEqual(Result.isFailure(late) ? late.failure.reason : "none", "timedOut")
  })

  it("keeps the same wish on the same message the same reservation", () => {
    const { rules, id } = oneListed()
    const { generation } = rules.reserve(reserve(id))
    rules.run(extend(id, generation))
    rules.now += ttl + minute
    assert.deepStrictEqual(rules.run(reserve(id)), [])
    assert.strictEqual(rules.end(take(id, generation)), "done")
  })
})

describe("Return", () => {
  it("undoes the use for its targets within ten minutes, once", () => {
    const { rules, id, generation } = takenByAnna()
    assert.isFalse(isFree(rules, "vk"))
    rules.now += 10 * minute
    assert.deepStrictEqual(rules.tags(giveBack(id, generation)), ["ProxyReturned"])
    assert.deepStrictEqual(rules.run(giveBack(id, generation)), [])
    assert.deepStrictEqual(rules.proxy().uses, [])
    assert.isTrue(isFree(rules, "vk"))
    assert.deepStrictEqual(
      unshown(rules.state).map(({ end }) => end),
      ["returned"],
    )
  })

  it("is refused later, to others, and for what was never taken", () => {
    const { rules, id, generation } = takenByAnna()
    assert.strictEqual(refusal(rules, giveBack(id, generation, boris)), "notHolder")
    assert.strictEqual(refusal(rules, giveBack(id, generation + 1)), "unknown")
    rules.now += 10 * minute + 1
    assert.strictEqual(refusal(rules, giveBack(id, generation)), "late")
    const other = oneListed()
    const held = other.rules.reserve(reserve(other.id))
    assert.strictEqual(refusal(other.rules, giveBack(other.id, held.generation)), "unknown")
  })

  it("leaves what others took it for, and what it was used for otherwise", () => {
    const { rules, id } = oneListed({ targets: ["tabor"] })
    rules.end(take(id, rules.reserve(reserve(id)).generation))
    const his = reserve(id, { by: boris, stage: "boris", targets: ["ok"], message: message(200) })
    rules.end(take(id, rules.reserve(his).generation, boris))
    rules.run(giveBack(id, 1))
    const targets = rules.proxy().uses.map(({ target }) => target)
    assert.sameMembers(targets, ["tabor", "ok"])
    assert.deepStrictEqual(rules.proxy().formerStages, ["anna"])
  })

  it("does not learn from a row that still says so, until the bot has written it", () => {
    const { rules, id, generation } = takenByAnna()
    const stale = rules.proxies().map(rowOf)
    rules.run(giveBack(id, generation))
    assert.deepStrictEqual(rules.run(looked(stale)), [])
    assert.isTrue(isFree(rules, "vk"))
    rules.run(looked(rules.proxies().map(rowOf)))
    // From now on it is a person who writes that.
    assert.deepStrictEqual(rules.tags(looked(stale)), ["ProxiesChanged"])
    assert.isFalse(isFree(rules, "vk"))
  })

  it("does not learn so either where the row is older than another change", () => {
    const { rules, id, generation } = takenByAnna()
    const stale = rules.proxies().map(rowOf)
    rules.run(report(id, generation))
    rules.run(add(2, { endpoints: [endpoint(1, { password: "new" })] }))
    rules.run(giveBack(id, generation))
    assert.deepStrictEqual(rules.run(looked(stale)), [])
    assert.strictEqual(rules.proxy().endpoint.password, "new")
    assert.isTrue(isFree(rules, "vk"))
  })

  it("can be followed by another taking for the same", () => {
    const { rules, id, generation } = takenByAnna()
    rules.run(giveBack(id, generation))
    const again = rules.reserve(reserve(id, { by: boris, message: message(200) }))
    assert.strictEqual(rules.end(take(id, again.generation, boris)), "done")
    rules.run(looked(rules.proxies().map(rowOf)))
    assert.strictEqual(refusal(rules, giveBack(id, generation)), "none")
    assert.deepStrictEqual(rules.run(giveBack(id, generation)), [])
    assert.isFalse(isFree(rules, "vk"))
  })
})

describe("Report", () => {
  it("takes the proxy off the offer, whatever for, and is noted once", () => {
    const { rules, id, generation } = takenByAnna()
    const at = rules.now + 24 * hour
    rules.now = at
    assert.deepStrictEqual(rules.run(report(id, generation, anna, " slow ")), [
      {
        _tag: "ProxyBroken",
        proxy: id,
        generation,
        by: anna,
        stage: "anna",
        reason: "slow",
        at,
      },
    ])
    assert.deepStrictEqual(rules.run(report(id, generation, anna, "again")), [])
    assert.isFalse(isFree(rules, "tabor"))
    assert.strictEqual(rules.refusal(reserve(id, { targets: ["tabor"], by: boris })), "broken")
  })

  it("is refused after a day, to others, and after the proxy was given back", () => {
    const { rules, id, generation } = takenByAnna()
    assert.strictEqual(refusal(rules, report(id, generation, boris)), "notHolder")
    const back = takenByAnna()
    back.rules.run(giveBack(back.id, back.generation))
    assert.strictEqual(refusal(back.rules, report(back.id, back.generation)), "returned")
    rules.now += 24 * hour + 1
    assert.strictEqual(refusal(rules, report(id, generation)), "late")
  })

  it("ends the reservation of whoever is about to take it", () => {
    const { rules, id, generation } = takenByAnna()
    const his = reserve(id, { by: boris, targets: ["tabor"], message: message(200) })
    const held = rules.reserve(his)
    const [first] = rules.run(report(id, generation))
    assert.deepInclude(first, {
      _tag: "ProxyReleased",
      generation: held.generation,
      reason: "broken",
    })
    assert.strictEqual(rules.end(take(id, held.generation, boris)), "broken")
  })

  it("is not taken back by a row that does not say it yet, but by a person who deletes it", () => {
    const { rules, id, generation } = takenByAnna()
    const before = rules.proxies().map(rowOf)
    rules.run(report(id, generation))
    assert.deepStrictEqual(rules.run(looked(before)), [])
    rules.run(looked(rules.proxies().map(rowOf)))
    assert.isDefined(rules.proxy().broken)
    rules.run(looked(before))
    assert.isUndefined(rules.proxy().broken)
    assert.isTrue(isFree(rules, "tabor"))
  })

  it("is said by a row too, also by that of a new proxy", () => {
    const rules = makeProxyRules()
    rules.run(looked([row(1), row(2, { broken: true })]))
    rules.run(looked([row(1, { broken: true }), row(2, { broken: true })]))
    for (const proxy of rules.proxies()) {
      assert.deepStrictEqual(proxy.broken, { by: null, stage: "", reason: "", at: noon })
    }
  })

  it("is taken back where the proxy is added again, also over a row that still says it", () => {
    const { rules, id, generation } = takenByAnna()
    rules.run(report(id, generation))
    const stale = rules.proxies().map(rowOf)
    rules.run(looked(stale))
    rules.run(add(2))
    assert.isUndefined(rules.proxy().broken)
    assert.deepStrictEqual(rules.run(looked(stale)), [])
    assert.isUndefined(rules.proxy().broken)
  })

  it("is nothing that a tab without the column can take back", () => {
    const { rules, id, generation } = takenByAnna()
    rules.run(report(id, generation))
    const bare = rules.proxies().map((proxy) => {
      const { broken, ...rest } = rowOf(proxy)
      assert.isTrue(broken)
      return { ...rest, targets: null }
    })
    for (const rows of [bare, bare]) rules.run(looked(rows))
    assert.isDefined(rules.proxy().broken)
  })
})

it("all of that is in the snapshot, and in none where it never happened", () => {
  const { rules, id, generation } = takenByAnna()
  const plain = JSON.stringify(encodeProxies(rules.state))
  for (const name of ["broken", "formerStages", "extendedAt"]) assert.notInclude(plain, name)
  rules.run(report(id, generation))
  rules.run(giveBack(id, generation))
  const encoded = encodeProxies(rules.state)
  const back = Effect.runSync(decodeProxies(JSON.parse(JSON.stringify(encoded))))
  assert.strictEqual(HashMap.size(back.outdated), 1)
  assert.deepStrictEqual(encodeProxies(back), encoded)
})
