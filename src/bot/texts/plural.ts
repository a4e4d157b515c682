/** Counted words, by the plural rules of the language. */

/** Russian counts one, few, many: 1 строка, 2 строки, 5 строк, 21 строка. */
export const russian =
  (one: string, few: string, many: string) =>
  (count: number): string => {
    const category = russianRules.select(count)
    return `${count} ${category === "one" ? one : category === "few" ? few : many}`
  }

export const english =
  (one: string, other: string) =>
  (count: number): string =>
    `${count} ${englishRules.select(count) === "one" ? one : other}`

const russianRules = new Intl.PluralRules("ru")
const englishRules = new Intl.PluralRules("en")

/** For the middle of a sentence: «номера», but «VK» as it is. */
export const uncapitalised = (text: string) =>
  /^\p{Lu}\p{Ll}/u.test(text) ? text.charAt(0).toLowerCase() + text.slice(1) : text

export const capitalised = (text: string) => text.charAt(0).toUpperCase() + text.slice(1)
