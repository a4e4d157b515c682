/** What people write behind /export, in any order, and what is not guessed at. */
import { assert, describe, it } from "@effect/vitest"
import { understand } from "../../../src/bot/admin/exports.ts"
import { TelegramId } from "../../../src/domain/Employee.ts"
import { shippedCatalogue } from "../../../src/domain/shippedCatalogue.ts"

const resources = shippedCatalogue.resources.filter(({ baseTabs }) => baseTabs.length > 0)
const person = (id: number, stage: string) =>
  ({ id: TelegramId.make(id), stage, role: "employee" }) as const
const people = [
  person(101, "anna"),
  person(102, "Борис, склад 2"),
  person(103, "twin"),
  person(104, "Twin"),
  person(105, "30"),
  person(106, "constructor"),
]

const read = (text: string) => understand(text, { resources, people })

describe("/export by text", () => {
  for (const [text, resource, days, holder] of [
    ["vk", "vk", 30, null],
    ["ВКонтакте", "vk", 30, null],
    ["мамба муж: 7", "mamba", 7, null],
    ["7 дней anna vk", "vk", 7, 101],
    ["ANNA, 14д, gmail", "gmail", 14, 101],
    ["anna", null, 30, 101],
    ["борис склад 2 3 дня", null, 3, 102],
    ["борис, склад 2", null, 30, 102],
    ["сегодня", null, 1, null],
    ["за неделю number", "number", 7, null],
    ["всё время vk", "vk", null, null],
    ["все", null, null, null],
    ["all resources for 5 days", null, 5, null],
    ["123456789 vk", "vk", 30, 123_456_789],
    ["id 101 7", null, 7, 101],
    ["ID101", null, 30, 101],
    ["номер 104 vk", "vk", 30, 104],
    ["30", null, 30, null],
    ["365", null, 365, null],
    ["constructor", null, 30, 106],
  ] as const) {
    it(`«${text}»`, () => {
      const understood = read(text)
      if (understood._tag !== "Request") return assert.fail(JSON.stringify(understood))
      const { request } = understood
      assert.deepStrictEqual(
        { ...request, resource: request.resource?.id ?? null },
        { resource, days, holder: holder === null ? null : TelegramId.make(holder) },
      )
    })
  }

  for (const [text, left] of [
    ["vk вчера", "вчера"],
    ["vk gmail", "gmail"],
    ["7 14", "14"],
    ["anna id 102", "anna"],
    ["somebody else 7", "somebody else"],
    ["toString", "toString"],
    ["0", "0"],
    ["-7", "-7"],
    ["9".repeat(20), "9".repeat(20)],
  ] as const) {
    it(`«${text}» is not clear`, () => {
      assert.deepStrictEqual(read(text), { _tag: "Unclear", text: left })
    })
  }

  it("a whole letter is not searched for names", () => {
    const letter = Array.from({ length: 2_000 }, () => "vk").join(" ")
    assert.strictEqual(read(letter)._tag, "Unclear")
  })

  it("more days than anybody keeps, and a name of two people, are refused", () => {
    assert.strictEqual(read("9999 дней")._tag, "TooManyDays")
    const namesakes = read("twin 7")
    if (namesakes._tag !== "Namesakes") return assert.fail()
    assert.deepStrictEqual(
      namesakes.people.map(({ id }) => Number(id)),
      [103, 104],
    )
  })
})
