/** The countries of ISO 3166-1: their names in Russian and English, and their flags. */
import { Option } from "effect"
import type { Label } from "./Catalogue.ts"
import { CountryCode } from "./Proxy.ts"

export const countryCodes: ReadonlyArray<CountryCode> = (
  "AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR " +
  "BS BT BV BW BY BZ CA CC CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ " +
  "EC EE EG EH ER ES ET FI FJ FK FM FO FR GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GS GT GU GW " +
  "GY HK HM HN HR HT HU ID IE IL IM IN IO IQ IR IS IT JE JM JO JP KE KG KH KI KM KN KP KR KW KY " +
  "KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK ML MM MN MO MP MQ MR MS MT MU MV " +
  "MW MX MY MZ NA NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM PN PR PS PT PW PY " +
  "QA RE RO RS RU RW SA SB SC SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV SX SY SZ TC TD TF TG " +
  "TH TJ TK TL TM TN TO TR TT TV TW TZ UA UG UM US UY UZ VA VC VE VG VI VN VU WF WS YE YT ZA ZM ZW"
)
  .split(" ")
  .map((code) => CountryCode.make(code))

type Language = keyof Label

/** Computes a value when it is first asked for, and keeps it. */
const once = <A>(make: () => A): (() => A) => {
  let made: { readonly value: A } | undefined
  return () => (made ??= { value: make() }).value
}

/** 🇩🇪 for DE: the two letters as regional indicators. */
export const flagOf = (code: CountryCode): string =>
  String.fromCodePoint(...[0, 1].map((at) => firstIndicator + code.charCodeAt(at) - letterA))

/** The short name that people use, «США»; where that is a mere abbreviation, the whole one. */
export const countryName = (code: CountryCode, language: Language): string =>
  shownNames()[language].get(code) ?? code

/** Finds a country by its code in any case, its flag, or its Russian or English name only. */
export const findCountry = (text: string): Option.Option<CountryCode> =>
  Option.fromUndefinedOr(known().get(fold(text)))

/** All countries in the order of their names. */
export const sortedCountries = (language: Language): ReadonlyArray<CountryCode> => {
  const { compare } = new Intl.Collator(language)
  return countryCodes.toSorted((a, b) =>
    compare(countryName(a, language), countryName(b, language)),
  )
}

const firstIndicator = 0x1f1e6
const letterA = 65

const displayNames = (language: Language) => ({
  short: new Intl.DisplayNames(language, { type: "region", style: "short" }),
  long: new Intl.DisplayNames(language, { type: "region", style: "long" }),
})
/** The tables of names cost a start a tenth of a second, so they are made at the first use. */
const names = once(() => ({ ru: displayNames("ru"), en: displayNames("en") }))

const shownNamesOf = ({ short, long }: ReturnType<typeof displayNames>) =>
  new Map(
    countryCodes.map((code) => {
      const name = short.of(code) ?? code
      return [code, name.length > 2 ? name : (long.of(code) ?? code)]
    }),
  )
const shownNames = once(() => ({
  ru: shownNamesOf(names().ru),
  en: shownNamesOf(names().en),
}))

/** Case, accents, ё, dashes and apostrophes do not tell two names apart. */
const fold = (text: string) =>
  text
    .toLowerCase()
    .normalize("NFKD")
    .replaceAll(/\p{M}/gu, "")
    .replaceAll(/[^\p{L}\p{N}\p{RI}]+/gu, " ")
    .trim()

/** What people say where the tables of names say something else. */
const spoken: Readonly<Record<string, ReadonlyArray<string>>> = {
  AE: ["Эмираты", "Emirates"],
  BY: ["Белоруссия"],
  CN: ["КНР"],
  CZ: ["Чешская Республика", "Czech Republic"],
  DE: ["ФРГ"],
  GB: ["Англия", "England"],
  KG: ["Киргизстан", "Кыргызстан"],
  KP: ["КНДР"],
  KR: ["Южная Корея", "Корея", "Korea"],
  MD: ["Молдавия"],
  NL: ["Голландия", "Holland"],
  RU: ["РФ"],
  TR: ["Turkey"],
  US: ["Америка", "USA", "America"],
}

const known = once(
  (): ReadonlyMap<string, CountryCode> =>
    new Map(
      countryCodes.flatMap((code) =>
        [
          code,
          flagOf(code),
          ...(spoken[code] ?? []),
          ...Object.values(names()).flatMap(({ short, long }) => [short.of(code), long.of(code)]),
        ].map((name) => [fold(name ?? code), code] as const),
      ),
    ),
)
