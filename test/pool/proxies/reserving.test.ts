/** Rules of the reservation: held for minutes, taken or cancelled, and shown how it ended. */
import { assert, describe, it } from "@effect/vitest"
import { Duration } from "effect"
import { retiredAfter } from "../../../src/config/Limits.ts"
import { ProxyId } from "../../../src/domain/Proxy.ts"
import { free, unshown } from "../../../src/pool/proxies/Proxies.ts"
import { anna, boris, message } from "../fixtures.ts"
import {
  add,
  cancel,
  day,
  endpoint,
  expire,
  looked,
  makeProxyRules,
  noon,
  on,
  oneListed,
  reserve,
  row,
  rowOf,
  take,
  ttl,
} from "./fixtures.ts"

type Rules = ReturnType<typeof makeProxyRules>

const ends = (rules: Rules) => unshown(rules.state).map(({ end }) => end)

const twoListed = () => {
  const rules = makeProxyRules()
  rules.run(add(1, { endpoints: [endpoint(1), endpoint(2)] }))
  rules.run(looked(rules.proxies().map(rowOf)))
  return { rules, first: rules.proxy(0).id, second: rules.proxy(1).id }
}

describe("Reserve", () => {
  it("holds the proxy for the period, under the next generation", () => {
    const { rules, id } = oneListed()
    const command = reserve(id, { targets: ["vk", "ok", "vk"] })
    assert.deepStrictEqual(rules.reserve(command), {
      proxy: id,
      generation: 1,
      targets: ["vk", "ok"],
      by: anna,
      stage: "anna",
      message: message(100),
      at: noon,
      until: noon + ttl,
    })
    assert.strictEqual(rules.proxy().generation, 1)
  })

  it("the same again on the same message changes nothing, as long as it runs", () => {
    const { rules, id } = oneListed()
    const first = rules.reserve(reserve(id))
    rules.now += ttl - 1
    assert.deepStrictEqual(rules.run(reserve(id)), [])
    assert.deepStrictEqual(rules.reserve(reserve(id)), first)
    rules.now += 1
    assert.deepStrictEqual(rules.tags(reserve(id)), ["ProxyReleased", "ProxyReserved"])
    assert.strictEqual(rules.proxy().generation, 2)
  })

  it("other targets on the same message are another wish", () => {
    const { rules, id } = oneListed()
    rules.reserve(reserve(id, { targets: ["vk"] }))
    assert.deepStrictEqual(rules.reserve(reserve(id, { targets: ["ok"] })).targets, ["ok"])
  })

  it("is refused while another person has it, until the very moment it times out", () => {
    const { rules, id } = oneListed()
    rules.reserve(reserve(id))
    const wish = reserve(id, { by: boris, message: message(200), targets: ["ok"] })
    rules.now = noon + ttl - 1
    assert.strictEqual(rules.refusal(wish), "reserved")
    rules.now = noon + ttl
    const events = rules.run(wish)
    assert.deepInclude(events[0], { _tag: "ProxyReleased", generation: 1, reason: "timedOut" })
    assert.deepStrictEqual(ends(rules), ["timedOut"])
  })

  it("is refused for a target that it was used for, whoever said so", () => {
    const { rules, id } = oneListed({ targets: ["mamba"] })
    const { generation } = rules.reserve(reserve(id, { targets: ["vk", "ok"] }))
    rules.end(take(id, generation))
    for (const targets of [["mamba"], ["vk"], ["tabor", "ok"]] as const) {
      assert.strictEqual(rules.refusal(reserve(id, { targets: [...targets], by: boris })), "used")
      assert.strictEqual(rules.refusal(reserve(id, { targets: [...targets] })), "used")
    }
    assert.strictEqual(rules.refusal(reserve(id, { targets: ["tabor"], by: boris })), "none")
  })

  it("is refused after its last day, which counts whole", () => {
    const { rules, id } = oneListed({ until: on("2026-11-22") })
    rules.now = Date.UTC(2026, 10, 22, 20, 59)
    assert.strictEqual(rules.refusal(reserve(id)), "none")
    rules.now = Date.UTC(2026, 10, 22, 21)
    assert.strictEqual(rules.refusal(reserve(id)), "ended")
  })

  it("is refused when its row is gone or it never was", () => {
    const { rules, id } = oneListed()
    assert.strictEqual(rules.refusal(reserve(ProxyId.make("ZZZZZZZZZZ"))), "gone")
    rules.run(looked([]))
    assert.strictEqual(rules.refusal(reserve(id)), "gone")
    rules.run(looked([row(1)]))
    assert.strictEqual(rules.refusal(reserve(id)), "none")
  })

  it("needs no row: what was just added can be reserved", () => {
    const rules = makeProxyRules()
    rules.run(add(1))
    assert.strictEqual(rules.refusal(reserve(rules.proxy().id)), "none")
  })

  it("releases what the person had reserved before, and only if it succeeds", () => {
    const { rules, first, second } = twoListed()
    rules.reserve(reserve(first))
    rules.run(looked([row(1)]))
    assert.strictEqual(rules.refusal(reserve(second, { message: message(101) })), "gone")
    rules.run(looked([row(1), row(2)]))
    rules.reserve(reserve(second, { message: message(101) }))
    assert.deepStrictEqual(ends(rules), ["superseded"])
    assert.strictEqual(rules.end(take(first, 1)), "superseded")
    assert.strictEqual(rules.end(take(second, 1)), "done")
  })

  it("calls what had timed out by then just that", () => {
    const { rules, first, second } = twoListed()
    rules.reserve(reserve(first))
    rules.now += ttl
    rules.reserve(reserve(second, { message: message(101) }))
    assert.deepStrictEqual(ends(rules), ["timedOut"])
  })

  it("on the message of the former one leaves nothing to be shown there", () => {
    const { rules, first, second } = twoListed()
    rules.reserve(reserve(first))
    rules.reserve(reserve(second))
    assert.deepStrictEqual(ends(rules), [])
    assert.strictEqual(rules.end(take(first, 1)), "superseded")
  })
})

describe("Take", () => {
  it("makes the targets uses of the taker, and frees the proxy for others", () => {
    const { rules, id } = oneListed()
    rules.reserve(reserve(id, { targets: ["vk", "ok"] }))
    rules.now += 1000
    assert.strictEqual(rules.end(take(id, 1)), "done")
    assert.deepStrictEqual(
      rules.proxy().uses,
      ["vk", "ok"].map((target) => ({ target, by: anna, stage: "anna", at: noon + 1000 })),
    )
    assert.lengthOf(free(rules.state, ["tabor"], rules.isRunning, rules.today), 1)
    assert.lengthOf(free(rules.state, ["tabor", "ok"], rules.isRunning, rules.today), 0)
  })

  it("again gives the same answer and no event, also after the time-out", () => {
    const { rules, id } = oneListed()
    rules.reserve(reserve(id))
    rules.end(take(id, 1))
    rules.now += 2 * ttl
    assert.deepStrictEqual(rules.run(take(id, 1)), [])
    assert.strictEqual(rules.end(take(id, 1)), "done")
    assert.strictEqual(rules.end(cancel(id, 1)), "taken")
  })

  it("with the button of an older reservation says what became of that one", () => {
    const { rules, id } = oneListed()
    rules.reserve(reserve(id))
    rules.end(cancel(id, 1))
    rules.reserve(reserve(id))
    rules.now += ttl
    rules.reserve(reserve(id))
    assert.deepStrictEqual([take(id, 1), cancel(id, 1), take(id, 7)].flatMap(rules.run), [])
    assert.strictEqual(rules.end(take(id, 1)), "cancelled")
    assert.strictEqual(rules.end(take(id, 2)), "timedOut")
    assert.strictEqual(rules.end(take(id, 7)), "unknown")
    assert.strictEqual(rules.end(take(id, 3)), "done")
  })

  it("of another person's reservation is refused, running or over", () => {
    const { rules, id } = oneListed()
    rules.reserve(reserve(id))
    assert.deepStrictEqual([take(id, 1, boris), cancel(id, 1, boris)].flatMap(rules.run), [])
    assert.strictEqual(rules.end(take(id, 1, boris)), "notHolder")
    assert.strictEqual(rules.end(cancel(id, 1, boris)), "notHolder")
    rules.end(take(id, 1))
    assert.strictEqual(rules.end(take(id, 1, boris)), "notHolder")
    assert.deepStrictEqual(
      rules.proxy().uses.map(({ by }) => by),
      [anna],
    )
  })

  it("counts also for what was edited, removed or has ended in the meantime", () => {
    const edited = oneListed()
    edited.rules.reserve(reserve(edited.id))
    edited.rules.run(looked([row(1, { until: on("2026-12-01"), targets: ["vk"] })]))
    assert.strictEqual(edited.rules.end(take(edited.id, 1)), "done")
    assert.deepStrictEqual(
      edited.rules.proxy().uses.map(({ target, by }) => [target, by]),
      [["vk", anna]],
    )

    const gone = oneListed()
    gone.rules.reserve(reserve(gone.id))
    gone.rules.run(looked([]))
    assert.strictEqual(gone.rules.end(take(gone.id, 1)), "done")

    const ended = oneListed({ until: on("2026-11-22") })
    ended.rules.now = Date.UTC(2026, 10, 22, 20, 59)
    ended.rules.reserve(reserve(ended.id))
    ended.rules.now = Date.UTC(2026, 10, 22, 21, 1)
    assert.strictEqual(ended.rules.end(take(ended.id, 1)), "done")
  })
})

describe("Cancel", () => {
  it("frees the proxy, and again changes nothing", () => {
    const { rules, id } = oneListed()
    rules.reserve(reserve(id))
    assert.strictEqual(rules.end(cancel(id, 1)), "done")
    assert.deepStrictEqual(rules.run(cancel(id, 1)), [])
    assert.strictEqual(rules.end(cancel(id, 1)), "done")
    assert.strictEqual(rules.end(take(id, 1)), "cancelled")
    assert.deepStrictEqual(rules.proxy().uses, [])
    assert.strictEqual(rules.refusal(reserve(id, { by: boris })), "none")
  })

  it("comes too late at the time-out", () => {
    const { rules, id } = oneListed()
    rules.reserve(reserve(id))
    rules.now += ttl
    assert.strictEqual(rules.end(cancel(id, 1)), "timedOut")
  })
})

describe("a Take and the timer at one moment: exactly one wins", () => {
  const steps = { take, cancel } as const
  for (const offset of [-1, 0, 1]) {
    for (const kind of ["take", "cancel"] as const) {
      for (const first of ["button", "timer"] as const) {
        it(`${kind}, the ${first} first, ${offset} ms from the time-out`, () => {
          const { rules, id } = oneListed()
          const { until } = rules.reserve(reserve(id))
          rules.now = until + offset
          if (first === "timer") rules.run(expire)
          const answer = rules.end(steps[kind](id, 1))
          if (first === "button") rules.run(expire)
          assert.strictEqual(answer, offset < 0 ? "done" : "timedOut")
          const won = { take: "taken", cancel: "cancelled" } as const
          assert.deepStrictEqual(ends(rules), [offset < 0 ? won[kind] : "timedOut"])
          assert.lengthOf(rules.proxy().uses, kind === "take" && offset < 0 ? 1 : 0)
          // Whoever asks again hears the same.
          rules.now += 1000
          assert.strictEqual(rules.end(steps[kind](id, 1)), answer)
        })
      }
    }
  }

  it("a clock that went back makes no second end", () => {
    const { rules, id } = oneListed()
    const { until } = rules.reserve(reserve(id))
    rules.now = until
    rules.run(expire)
    rules.now = until - 1
    assert.strictEqual(rules.end(take(id, 1)), "timedOut")
    assert.deepStrictEqual(rules.proxy().uses, [])
  })
})

describe("what is to be shown", () => {
  it("is every end, oldest first, until it is shown", () => {
    const { rules, first, second } = twoListed()
    rules.reserve(reserve(second))
    rules.reserve(reserve(first, { by: boris, message: message(200) }))
    rules.now += 1
    rules.end(cancel(second, 1))
    rules.now += 1
    rules.end(take(first, 1, boris))
    assert.deepStrictEqual(ends(rules), ["cancelled", "taken"])
    const shown = { _tag: "Shown", proxy: second, generation: 1 } as const
    assert.deepStrictEqual(rules.tags(shown), ["ProxyShown"])
    assert.deepStrictEqual(rules.run(shown), [])
    assert.deepStrictEqual(ends(rules), ["taken"])
    assert.deepStrictEqual(rules.run({ ...shown, generation: 9 }), [])
  })

  it("a late button gets a precise answer for a day, then the reservation is forgotten", () => {
    const { rules, first, second } = twoListed()
    rules.reserve(reserve(first))
    rules.end(cancel(first, 1))
    rules.run({ _tag: "Shown", proxy: first, generation: 1 })
    rules.reserve(reserve(second, { by: boris, message: message(200) }))
    rules.end(cancel(second, 1, boris))
    rules.now = noon + day
    rules.run(expire)
    rules.now = noon + Duration.toMillis(retiredAfter) - 1
    assert.deepStrictEqual(rules.tags(expire), [])
    assert.strictEqual(rules.end(take(first, 1)), "cancelled")
    rules.now += 1
    assert.deepStrictEqual(rules.tags(expire), ["ProxiesRetired"])
    assert.strictEqual(rules.end(take(first, 1)), "unknown")
    // Nobody has seen the end of this one.
    assert.strictEqual(rules.end(take(second, 1, boris)), "cancelled")
    assert.deepStrictEqual(rules.run(expire), [])
  })

  it("Expire releases what timed out, and nothing else", () => {
    const { rules, first, second } = twoListed()
    const released = () => rules.run(expire).map((event) => "proxy" in event && event.proxy)
    rules.reserve(reserve(second))
    rules.now += 1
    rules.reserve(reserve(first, { by: boris, message: message(200) }))
    rules.now = noon + ttl
    assert.deepStrictEqual(released(), [second])
    rules.now += 1
    assert.deepStrictEqual(released(), [first])
    assert.deepStrictEqual(released(), [])
  })
})
