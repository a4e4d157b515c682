/** Rotating gateways, where each password of one login is a session, and so a proxy of its own. */
import { assert, describe, it } from "@effect/vitest"
import { Effect, Schema } from "effect"
import { endpointKey, sessionKey } from "../../../src/domain/Proxy.ts"
import { ProxyEvent } from "../../../src/domain/ProxyEvent.ts"
import { Proxies } from "../../../src/pool/proxies/Proxies.ts"
import { decodeProxies, encodeProxies } from "../../../src/pool/proxies/proxyState.ts"
import { MemoryJournal } from "../../store/MemoryJournal.ts"
import {
  add,
  day,
  endpoint,
  formOf,
  looked,
  makeProxyRules,
  oneListed,
  proxiesOn,
  row,
  rowOf,
} from "./fixtures.ts"

const session = (name: string) => endpoint(1, { password: `key_session-${name}` })
const login = endpointKey(endpoint(1))

const named = (messageId: number, names: ReadonlyArray<string>) =>
  add(messageId, { endpoints: names.map(session), gateways: [login] })

const passwords = (rules: ReturnType<typeof makeProxyRules>) =>
  rules.proxies().map(({ endpoint: { password } }) => password)

describe("sessions of a rotating gateway", () => {
  it("are proxies of their own, each once", () => {
    const rules = makeProxyRules()
    assert.deepStrictEqual(rules.tags(named(1, ["a", "b", "a", "c"])), [
      "ProxyGatewaysNamed",
      "ProxiesAdded",
    ])
    assert.deepStrictEqual(
      passwords(rules),
      ["a", "b", "c"].map((n) => `key_session-${n}`),
    )
    assert.deepStrictEqual(rules.tags(add(2, { endpoints: [session("b"), session("d")] })), [
      "ProxiesAdded",
    ])
    assert.lengthOf(rules.proxies(), 4)
  })

  it("leave the proxy alone that had the login before", () => {
    const rules = makeProxyRules()
    rules.run(add(1, { endpoints: [session("first")] }))
    rules.run(named(2, ["second", "third"]))
    assert.deepStrictEqual(
      passwords(rules),
      ["first", "second", "third"].map((n) => `key_session-${n}`),
    )
  })

  it("stand each in its row of the tab; another password there is a new session", () => {
    const rules = makeProxyRules()
    rules.run(named(1, ["a", "b"]))
    rules.run(looked(rules.proxies().map(rowOf)))
    assert.deepStrictEqual(rules.run(looked(rules.proxies().map(rowOf).toReversed())), [])
    rules.run(looked([...rules.proxies().map(rowOf), row(1, { endpoint: session("typed") })]))
    assert.lengthOf(rules.proxies(), 3)
    const [first, ...others] = rules.proxies().map(rowOf)
    rules.run(looked([{ ...first!, endpoint: session("edited") }, ...others]))
    assert.deepStrictEqual(
      passwords(rules),
      ["edited", "b", "typed"].map((n) => `key_session-${n}`),
    )
    rules.run(looked(others))
    assert.deepStrictEqual(
      rules.proxies().map(({ place }) => place),
      ["gone", "listed", "listed"],
    )
  })

  it.effect("are told apart after a restart, from events and from a snapshot", () =>
    Effect.gen(function* () {
      const disk = MemoryJournal.makeDisk()
      const sessions = ["a", "b"].map(session)
      yield* Effect.provide(
        Proxies.use((proxies) => proxies.add(named(1, ["a", "b"]))),
        proxiesOn(disk),
        { local: true },
      )
      const again = Effect.gen(function* () {
        const proxies = yield* Proxies
        assert.lengthOf(yield* proxies.registry, 2)
        const known = yield* proxies.known([...sessions, session("c")])
        assert.deepStrictEqual([...known.gateways], [login])
        assert.deepStrictEqual([...known.lines], sessions.map(sessionKey))
        yield* proxies.snapshot
      })
      yield* Effect.provide(again, proxiesOn(disk), { local: true })
      yield* Effect.provide(again, proxiesOn(disk), { local: true })
    }),
  )

  it("stop a version that does not know of them", () => {
    const { ProxyGatewaysNamed: _, ...former } = ProxyEvent.cases
    const isKnown = Schema.is(Schema.Union(Object.values(former)))
    const rules = makeProxyRules()
    const events = rules.run(named(1, ["a", "b"]))
    assert.deepStrictEqual(events.map(isKnown), [false, true])
  })

  it.effect("a snapshot of 0.3.0 has none", () =>
    Effect.gen(function* () {
      const { rules } = oneListed()
      const { gateways: _, ...former } = JSON.parse(JSON.stringify(encodeProxies(rules.state)))
      assert.deepStrictEqual(formOf(yield* decodeProxies(former)), formOf(rules.state))
    }),
  )
})

describe("a new password", () => {
  const fresh = endpoint(1, { password: "fresh" })

  it("is all that changes, and the row in the tab is behind and not an edit", () => {
    const { rules } = oneListed()
    const before = rules.proxy(0)
    const old = rowOf(before)
    rules.run({ _tag: "Repassword", endpoints: [endpoint(1, { password: "lost" }), fresh] })
    assert.deepStrictEqual(rules.proxy(0), { ...before, endpoint: fresh })
    assert.deepStrictEqual(rules.run(looked([old])), [])
    assert.deepStrictEqual(rules.run({ _tag: "Repassword", endpoints: [fresh] }), [])
    rules.run(looked([rowOf(rules.proxy(0))]))
    assert.deepStrictEqual(rules.proxy(0).endpoint, fresh)
  })

  it("does not announce the end once more", () => {
    const { rules } = oneListed()
    rules.run({ _tag: "ExpiryTold", ids: [rules.proxy(0).id] })
    rules.run({ _tag: "Repassword", endpoints: [fresh] })
    assert.isTrue(rules.proxy(0).expiryTold)
  })

  it("is for nobody where the proxy is over, or the login is a gateway's", () => {
    const { rules } = oneListed()
    rules.now += 60 * day
    assert.deepStrictEqual(rules.run({ _tag: "Repassword", endpoints: [fresh] }), [])
    const gateway = makeProxyRules()
    gateway.run(named(1, ["a"]))
    assert.deepStrictEqual(gateway.run({ _tag: "Repassword", endpoints: [fresh] }), [])
  })
})
