import { assert, describe, it } from "@effect/vitest"
import { Option } from "effect"
import { Action, decodeAction, encodeAction } from "../../src/bot/Callback.ts"
import { TelegramId } from "../../src/domain/Employee.ts"
import { IssuanceId } from "../../src/domain/Issuance.ts"

const resource = "r".repeat(10)
const region = "Щ".repeat(16)
const status = "s".repeat(10)
const variant = "v".repeat(8)
const issuance = IssuanceId.make("0123456789")

/** Every action with the longest fields it may have. */
const longest: { readonly [Tag in Action["_tag"]]: Extract<Action, { _tag: Tag }> } = {
  Menu: { _tag: "Menu" },
  Group: { _tag: "Group", group: "accounts" },
  Resource: { _tag: "Resource", resource },
  Region: { _tag: "Region", resource, region },
  Quantity: { _tag: "Quantity", resource, region, quantity: 5 },
  Issue: { _tag: "Issue", resource, region, quantity: 5, variant },
  Mark: { _tag: "Mark", resource, issuance, status },
  Undo: { _tag: "Undo", resource, issuance },
  Change: { _tag: "Change", resource, issuance },
  Correct: { _tag: "Correct", resource, issuance, status },
  Replace: { _tag: "Replace", resource, issuance },
  Decline: { _tag: "Decline", resource, issuance },
  My: { _tag: "My" },
  Help: { _tag: "Help" },
  Cancel: { _tag: "Cancel" },
  Decide: {
    _tag: "Decide",
    applicant: TelegramId.make(Number.MAX_SAFE_INTEGER),
    decision: "approve",
  },
  Page: { _tag: "Page", screen: "p".repeat(16), page: 9_999 },
  Noop: { _tag: "Noop" },
}
const actions = Object.values(longest)

describe("callback data", () => {
  for (const action of actions) {
    it(`${action._tag}: at most 64 bytes, and back`, () => {
      const data = encodeAction(action)
      assert.isAtMost(Buffer.byteLength(data), 64)
      assert.deepStrictEqual(decodeAction(data), Option.some(action))
    })
  }

  it("tells all screens apart", () => {
    const screens = actions.map((action) => encodeAction(action).split(":")[0])
    assert.strictEqual(new Set(screens).size, actions.length)
  })

  it("says any variant with an empty field", () => {
    const action: Action = {
      _tag: "Issue",
      resource: "vk",
      region: "495",
      quantity: 3,
      variant: null,
    }
    assert.strictEqual(encodeAction(action), "is1:vk.495.3.")
    assert.deepStrictEqual(decodeAction("is1:vk.495.3."), Option.some(action))
  })

  it.prop(
    "decoding undoes encoding",
    [Action],
    ([action]) => {
      assert.deepStrictEqual(decodeAction(encodeAction(action)), Option.some(action))
    },
    { arbitrary: { runs: 1_000 } },
  )

  for (const data of [
    "",
    ":",
    "me1",
    "me1:x",
    "me2:",
    "constructor:",
    "re1:",
    "re1:VK",
    "re1:vk.495",
    "rg1:vk.",
    "rg1:vk.4 9",
    "qu1:vk.495.0",
    "qu1:vk.495.6",
    "qu1:vk.495.03",
    "qu1:vk.495. 3",
    "qu1:vk.495.3e0",
    "is1:vk.495.3",
    "is1:vk.495.3.m.m",
    "ma1:vk.0123456789.BAD",
    "ma1:vk.012345678.good",
    "ap1:0.approve",
    "ap1:-5.approve",
    "ap1:42.promote",
    "pa1:my.-1",
  ]) {
    it(`gives nothing for ${JSON.stringify(data)}`, () => {
      assert.deepStrictEqual(decodeAction(data), Option.none())
    })
  }
})
