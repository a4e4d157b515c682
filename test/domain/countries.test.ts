import { assert, describe, it } from "@effect/vitest"
import { Option } from "effect"
import {
  countryCodes,
  countryName,
  findCountry,
  flagOf,
  sortedCountries,
} from "../../src/domain/countries.ts"
import { CountryCode } from "../../src/domain/Proxy.ts"

const code = (text: string) => CountryCode.make(text)

describe("countries", () => {
  it("are the 249 of the standard, each with a name of its own in both languages", () => {
    assert.strictEqual(countryCodes.length, 249)
    for (const language of ["ru", "en"] as const) {
      const names = countryCodes.map((one) => countryName(one, language))
      assert.strictEqual(new Set(names).size, 249)
      for (const [index, name] of names.entries()) assert.notStrictEqual(name, countryCodes[index])
    }
    assert.strictEqual(countryName(code("DE"), "ru"), "Германия")
    assert.strictEqual(countryName(code("US"), "ru"), "США")
    assert.strictEqual(countryName(code("DE"), "en"), "Germany")
    assert.strictEqual(countryName(code("US"), "en"), "United States")
  })

  it("are found by code, flag and name", () => {
    for (const one of countryCodes) {
      const names = [countryName(one, "ru"), countryName(one, "en"), flagOf(one)]
      for (const text of [one, one.toLowerCase(), ...names]) {
        assert.deepStrictEqual(findCountry(text), Option.some(one), text)
      }
    }
  })

  it.each([
    [" сша ", "US"],
    ["Соединённые Штаты", "US"],
    ["united states", "US"],
    ["Кот-д'Ивуар", "CI"],
    ["Cote d'Ivoire", "CI"],
    ["КИПР", "CY"],
    ["великобритания", "GB"],
    ["UK", "GB"],
    ["Южная Корея", "KR"],
    ["белоруссия", "BY"],
    ["Англия", "GB"],
  ])("%j is %s", (text, expected) => {
    assert.deepStrictEqual(findCountry(text), Option.some(code(expected)))
  })

  it.each([
    "",
    " ",
    "Герм",
    "Германия, Берлин",
    "XK",
    "🇽🇰",
    "🏴",
    "ZZ",
    "7",
    "🇩🇪🇺🇸",
    "RU/US",
    "Европа",
  ])("%j is none", (text) => {
    assert.deepStrictEqual(findCountry(text), Option.none())
  })

  it("are sorted by the name that is shown", () => {
    const russian = sortedCountries("ru").map((one) => countryName(one, "ru"))
    assert.strictEqual(russian[0], "Австралия")
    assert.strictEqual(russian.at(-1), "Япония")
    assert.strictEqual(countryName(sortedCountries("en")[0] ?? code("ZW"), "en"), "Afghanistan")
    assert.strictEqual(new Set(sortedCountries("en")).size, 249)
  })

  it("have flags", () => {
    assert.strictEqual(flagOf(code("DE")), "🇩🇪")
    assert.strictEqual(flagOf(code("RU")), "🇷🇺")
  })
})
