/** Russian: statistics. */
import { russian } from "./plural.ts"
import type { StatsTexts } from "./StatsTexts.ts"

const regions = russian("регион", "региона", "регионов")

export const ruStats = {
  title: "Статистика",
  chooseGroup: "Что посчитать?",
  chooseResource: "Выберите ресурс:",
  allVariants: "Все",
  allRegions: "Все регионы",
  choosePeriod: "За какое время?",
  periods: { day: "День", week: "Неделя", month: "Месяц" },
  total: "Всего",
  byRegion: "По регионам",
  byDay: "По дням",
  own: "Мои",
  all: "Все сотрудники",
  ownIssuances: "только ваши выдачи",
  allPeople: "все сотрудники",
  today: (day) => `Сегодня, ${day}`,
  range: (first, last) => `С ${first} по ${last}`,
  region: "Регион",
  count: "Всего",
  auto: "Авто",
  autoMeaning: "Авто: отметка поставилась сама.",
  issued: "Выдано",
  pending: "Ждут отметки",
  other: "Прочее",
  sum: "Итого",
  noRegion: "без региона",
  moreRegions: (count) => `ещё ${regions(count)}`,
  nothing: "За это время ничего не выдано.",
  chart: "📊 График",
  chartFailed:
    "Нарисовать график не удалось. Ничего не потеряно: те же числа есть в таблице. Попробуйте ещё раз, а если повторится, скажите администратору.",
  unavailable:
    "Диск бота сейчас не отвечает, посчитать не получилось. Ничего не потеряно. Повторите через минуту, а если повторится, скажите администратору.",
} satisfies StatsTexts
