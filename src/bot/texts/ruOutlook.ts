/** Russian: what is left, for how long, and the morning digest. */
import type { OutlookTexts } from "./OutlookTexts.ts"
import { russian } from "./plural.ts"

/** After «на» and after «хватит на». */
const days = russian("день", "дня", "дней")
const lines = russian("строка", "строки", "строк")
const number = new Intl.NumberFormat("ru", { maximumFractionDigits: 1 })

export const ruOutlook = {
  rows: (count, more) => `В таблице ещё строк: ${count} (${more})`,
  rowsToday: (count, more) => `В таблице ещё строк на сегодня: ${count} (${more})`,
  countedAt: (time) => `в ${time}`,
  countedOn: (moment) => `на ${moment}`,
  rowsUnknown: "Сколько строк ещё в таблице, пока неизвестно",
  lasts: {
    lessThanDay: "Запаса хватит меньше чем на день",
    days: (count) => `Хватит примерно на ${days(count)}`,
    forEver: "Хватит больше чем на год",
    today: "На сегодня хватит",
  },
  variantLasts: {
    lessThanDay: "меньше чем на день",
    days: (count) => `на ${days(count)}`,
    forEver: "больше чем на год",
    today: "на сегодня",
  },
  atPace: (lasts, pace) => `${lasts}: уходит ${number.format(pace)} в день`,
  pace: (pace) => `Уходит ${number.format(pace)} в день`,
  paceUnknown:
    "Диск бота сейчас не отвечает, поэтому, на сколько дней хватит запаса, не посчитать. Ничего не потеряно.",
  digest: {
    title: (day) => `Сводка за ${day}`,
    taken: "Выдано за день",
    left: "Что осталось",
    deliveries: "Качество поставок за 7 дней",
    nothingTaken: "За день ничего не выдано.",
    taking: (name, count, statuses) => `${name}: ${count} (${statuses})`,
    pending: "без отметки",
    other: "прочее",
    byTimer: (count) => `сами отметились ${count}`,
    most: (names) => `Больше всего взяли: ${names}`,
    remaining: (name, count) => `${name}: ${count}`,
    remainingToday: (name, count) => `${name}: на сегодня ${count}`,
    lasting: (name, count, lasts) => `${name}: ${count}, хватит ${lasts}`,
    stockOnly: (name, available) => `${name}: готово ${available}, строки в таблице не посчитаны`,
    paused: (line) => `${line}, выдача приостановлена`,
    delivery: (place, bad, marked) =>
      `${place}: негодных ${bad} из ${marked} (${Math.round((bad / marked) * 100)} %)`,
    noDay: "без даты",
    suspects: "Поставки со знаком ⚠️ стоит проверить: негодных больше четверти.",
    more: (count) => `и ещё ${lines(count)}`,
  },
} satisfies OutlookTexts
