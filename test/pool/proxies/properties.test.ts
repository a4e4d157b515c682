/** Whatever is asked in whatever order: the promises of the proxies hold after every step. */
import { assert, it } from "@effect/vitest"
import { Effect, HashMap, Result, Schema } from "effect"
import { TelegramId } from "../../../src/domain/Employee.ts"
import { endpointKey, identityAmong, type RegistryRow } from "../../../src/domain/Proxy.ts"
import { ProxyEvent } from "../../../src/domain/ProxyEvent.ts"
import { free } from "../../../src/pool/proxies/Proxies.ts"
import {
  evolve,
  type ProxyCommand,
  type ProxyKeeperCommand,
} from "../../../src/pool/proxies/rules.ts"
import {
  decodeProxies,
  empty,
  encodeProxies,
  endedOf,
  gatewaysOf,
  type ProxyState,
  reservationKey,
} from "../../../src/pool/proxies/proxyState.ts"
import { anyone, message, minute, small } from "../fixtures.ts"
import { add, endpoint, formOf, looked, makeProxyRules, on, reserve, rowOf } from "./fixtures.ts"

const targets = Schema.Literals(["vk", "ok", "mamba"])
const dayNumbers = Schema.Literals([21, 22, 23, 28])
const onReservation = { proxy: small(3), back: small(1), by: anyone }

const Step = Schema.Union([
  Schema.TaggedStruct("Add", {
    message: small(9),
    endpoints: Schema.Array(small(5)).check(Schema.isMaxLength(3)),
    /** More than one password makes sessions of the first endpoint. */
    passwords: small(2),
    until: dayNumbers,
    targets: Schema.Array(targets).check(Schema.isMaxLength(2)),
  }),
  Schema.TaggedStruct("Repassword", { endpoints: Schema.Array(small(5)), password: small(2) }),
  Schema.TaggedStruct("Reserve", {
    proxy: small(3),
    targets: Schema.NonEmptyArray(targets).check(Schema.isMaxLength(2)),
    by: anyone,
    message: small(3),
  }),
  Schema.TaggedStruct("Take", onReservation),
  Schema.TaggedStruct("Take", onReservation),
  Schema.TaggedStruct("Cancel", onReservation),
  Schema.TaggedStruct("Extend", onReservation),
  Schema.TaggedStruct("Return", { ...onReservation, own: Schema.Boolean }),
  Schema.TaggedStruct("Report", { ...onReservation, own: Schema.Literals([true, true, false]) }),
  Schema.TaggedStruct("Shown", { proxy: small(3), back: small(1) }),
  Schema.TaggedStruct("ExpiryTold", { proxy: small(3) }),
  Schema.TaggedStruct("Expire", {}),
  /** The tab as it is, and what people did to it: rows by number, -1 for none. */
  Schema.TaggedStruct("Looked", {
    without: small(7),
    copied: small(7),
    edited: small(7),
    endpoint: small(6),
    password: small(2),
    until: dayNumbers,
    targets: Schema.Array(targets).check(Schema.isMaxLength(2)),
    /** The edited row says that the proxy does not work; the others say what they should. */
    broken: Schema.Literals([false, false, true]),
  }),
  Schema.TaggedStruct("Wait", { minutes: Schema.Literals([1, 4, 5, 60, 25 * 60]) }),
])
type Step = typeof Step.Type

const Script = Schema.Array(Step).check(Schema.isMinLength(5), Schema.isMaxLength(50))

const dayOf = (number: number) => on(`2026-11-${number}`)

const session = (n: number, password: number) =>
  password === 0 ? endpoint(n) : endpoint(n, { password: `other-${password}` })

const makeWorld = () => {
  const rules = makeProxyRules()
  /** What people took, by proxy and target: it stays true whatever the tab says. */
  const taken = new Map<string, number>()

  const idOf = (n: number) => rules.proxies()[n % Math.max(rules.proxies().length, 1)]?.id

  const tab = (step: Extract<Step, { _tag: "Looked" }>): ReadonlyArray<RegistryRow> => {
    const rows = rules
      .proxies()
      .filter(({ place }) => place !== "gone")
      .map(rowOf)
    const edit = { endpoint: session(step.endpoint, step.password), until: dayOf(step.until) }
    return rows.flatMap((row, n) => {
      if (n === step.without) return []
      const { broken: _, ...working } = row
      const isBroken = step.broken && { broken: true }
      const edited =
        n === step.edited ? { ...working, ...edit, targets: step.targets, ...isBroken } : row
      return n === step.copied ? [edited, { ...row, ...edit }] : [edited]
    })
  }

  const commandOf = (step: Step): ProxyCommand | ProxyKeeperCommand | undefined => {
    if (step._tag === "Add") {
      const { message: id, endpoints, until, targets: ticked, passwords } = step
      const [first] = endpoints.map((n) => endpoint(n))
      const sessions =
        first === undefined || passwords < 2 ? [] : [{ ...first, password: "x" }, { ...first }]
      return add(id, {
        endpoints: [...sessions, ...endpoints.map((n) => endpoint(n))],
        ...(sessions.length === 0 ? {} : { gateways: sessions.map(endpointKey) }),
        until: dayOf(until),
        targets: ticked,
      })
    }
    if (step._tag === "Repassword") {
      return { ...step, endpoints: step.endpoints.map((n) => session(n, step.password)) }
    }
    if (step._tag === "Expire") return step
    if (step._tag === "Looked") return looked(tab(step))
    if (step._tag === "Wait") return undefined
    const id = idOf(step.proxy)
    if (id === undefined) return undefined
    if (step._tag === "ExpiryTold") return { _tag: "ExpiryTold", ids: [id] }
    if (step._tag === "Reserve") {
      return reserve(id, { targets: step.targets, by: step.by, message: message(step.message) })
    }
    const proxy = rules.proxies().find((each) => each.id === id)
    const generation = (proxy?.generation ?? 0) - step.back
    if (step._tag === "Shown") return { _tag: "Shown", proxy: id, generation }
    const taker = endedOf(rules.state, { proxy: id, generation })?.reservation.by
    const by = "own" in step && step.own ? (taker ?? step.by) : step.by
    const held = { proxy: id, generation, by }
    return step._tag === "Report"
      ? { _tag: "Report", ...held, reason: "slow" }
      : { _tag: step._tag, ...held }
  }

  /** Does the step; gives the command if it was taken, so that it can be asked again. */
  const run = (step: Step) => {
    if (step._tag === "Wait") rules.now += step.minutes * minute
    const command = commandOf(step)
    if (command === undefined || Result.isFailure(rules.tryOut(command))) return undefined
    const before = rules.state
    for (const event of rules.run(command)) {
      if (event._tag === "ProxyReturned") {
        const over = HashMap.getUnsafe(before.ended, reservationKey(event))
        assert.isAtMost(rules.now, over.at + 10 * minute, "given back too late")
        for (const target of over.reservation.targets) {
          assert.isTrue(taken.delete(`${event.proxy} ${target}`), "given back twice")
        }
      }
      if (event._tag !== "ProxyTaken") continue
      const reservation = HashMap.getUnsafe(before.running, event.proxy)
      assert.isTrue(rules.isRunning(reservation), "nobody takes what timed out")
      for (const target of reservation.targets) {
        const key = `${event.proxy} ${target}`
        assert.isFalse(taken.has(key), `${key} was taken twice`)
        taken.set(key, reservation.by)
      }
    }
    return command
  }

  return { rules, run, taken }
}

const check = ({ rules, taken }: ReturnType<typeof makeWorld>) => {
  const { state, today } = rules
  const proxies = rules.proxies()
  const keys = proxies.map(({ endpoint: at }) => identityAmong(gatewaysOf(state))(at))
  assert.strictEqual(new Set(keys).size, keys.length, "no endpoint twice")
  assert.strictEqual(new Set(proxies.map(({ id }) => id)).size, proxies.length, "no id twice")
  for (const { id, uses } of proxies) {
    const used = uses.map(({ target }) => target)
    assert.strictEqual(new Set(used).size, used.length, "no use twice")
    for (const { target, by } of uses) {
      assert.strictEqual(by, taken.get(`${id} ${target}`) ?? null, "a use says whose it is")
    }
    for (const key of taken.keys()) {
      const [proxy, target = ""] = key.split(" ")
      if (proxy === id) assert.include(used, target, "a use that was taken stays")
    }
  }
  const running = HashMap.toValues(state.running)
  assert.isTrue(running.every(({ proxy }, n) => running.findIndex((r) => r.proxy === proxy) === n))
  const holders = running.map(({ by }) => by)
  assert.strictEqual(new Set(holders).size, holders.length, "one reservation per person")
  for (const wanted of [["vk"], ["vk", "ok"]]) {
    for (const proxy of free(state, wanted, rules.isRunning, today)) {
      assert.isTrue(proxy.place !== "gone" && proxy.until >= today, "what is over is not offered")
      assert.isUndefined(proxy.broken, "what does not work is not offered")
      assert.isFalse(proxy.uses.some(({ target }) => wanted.includes(target)))
      const reservation = running.find((each) => each.proxy === proxy.id)
      assert.isFalse(reservation !== undefined && rules.isRunning(reservation))
      const wish = reserve(proxy.id, { targets: [wanted[0]!], by: TelegramId.make(104) })
      assert.strictEqual(rules.refusal(wish), "none", "what is offered can be had")
    }
  }
}

/** The fields that had something in them in some state of these runs. */
const filled = new Set<string>()

const runs = { arbitrary: { runs: 400, seed: 7 } }

it.prop(
  "no proxy is used twice for one target or reserved by two people",
  { script: Script },
  ({ script }) => {
    const world = makeWorld()
    for (const step of script) {
      world.run(step)
      check(world)
    }
  },
  runs,
)

it.prop(
  "a command that took effect changes nothing the second time",
  { script: Script },
  ({ script }) => {
    const world = makeWorld()
    for (const step of script) {
      const command = world.run(step)
      if (command !== undefined) assert.deepStrictEqual(world.rules.run(command), [])
    }
  },
  runs,
)

it.prop(
  "a look at a tab that says what memory says makes no event",
  { script: Script },
  ({ script }) => {
    const { rules, run } = makeWorld()
    for (const step of script) run(step)
    const rows = () => rules.proxies().flatMap((p) => (p.place === "gone" ? [] : [rowOf(p)]))
    rules.run(looked(rows()))
    assert.deepStrictEqual(rules.run(looked(rows())), [])
  },
  runs,
)

it.effect.prop(
  "the state is a fold of the events, and a snapshot gives every field of it back",
  { script: Script },
  ({ script }) =>
    Effect.gen(function* () {
      const { rules, run } = makeWorld()
      for (const step of script) run(step)
      assert.deepStrictEqual(formOf(rules.events.reduce(evolve, empty)), formOf(rules.state))
      const text = JSON.stringify(encodeProxies(rules.state))
      const back = yield* decodeProxies(JSON.parse(text))
      const plain = (state: ProxyState) =>
        Object.entries(state).map(([name, field]: [string, Iterable<unknown>]) => [
          name,
          name === "ids" ? [...field] : new Set(field),
        ])
      assert.deepStrictEqual(plain(back), plain(rules.state))
      for (const [name, field] of Object.entries(rules.state)) {
        if ([...field].length > 0) filled.add(name)
      }
      assert.strictEqual(JSON.stringify(encodeProxies(back)), text)
      const events = yield* Schema.decodeUnknownEffect(Schema.Array(ProxyEvent))(
        JSON.parse(
          JSON.stringify(yield* Schema.encodeEffect(Schema.Array(ProxyEvent))(rules.events)),
        ),
      )
      assert.deepStrictEqual(formOf(events.reduce(evolve, empty)), formOf(rules.state))
    }),
  runs,
)

it("the states of those snapshots had something in every field", () => {
  assert.sameMembers([...filled], Object.keys(empty))
})

it.prop(
  "the scripts come to all that can happen",
  { scripts: Schema.Array(Script).check(Schema.isMinLength(400)) },
  ({ scripts }) => {
    const seen = new Set<string>()
    for (const script of scripts) {
      const world = makeWorld()
      for (const step of script) world.run(step)
      for (const event of world.rules.events) {
        seen.add(event._tag)
        if (event._tag === "ProxyReleased") seen.add(event.reason)
        if (event._tag === "ProxiesAdded" && event.renewed.length > 0) seen.add("renewed")
        if (event._tag === "ProxiesAdded" && event.request === null) seen.add("by hand")
        if (event._tag === "ProxiesLooked" && event.gone.length > 0) seen.add("gone")
      }
    }
    const all = ["cancelled", "timedOut", "superseded", "renewed", "by hand", "gone"]
    assert.deepStrictEqual(
      [...Object.keys(ProxyEvent.cases), ...all].filter((tag) => !seen.has(tag)),
      [],
    )
  },
  { arbitrary: { runs: 1, seed: 7 } },
)
