/** Russian: what admins read. */
import type { Alarm } from "../../observe/Alarms.ts"
import { capitalised, russian } from "./plural.ts"
import type { AdminTexts } from "./Texts.ts"

const rows = russian("строку", "строки", "строк")

export const ruAdmin = {
  card: "Заявка на доступ",
  cardStage: "Ник",
  cardId: "Telegram ID",
  cardSince: "Подана",
  approve: "Одобрить",
  refuse: "Отклонить",
  reminder: "Заявка ждёт решения больше четырёх часов",
  decided: (decision, by, at) =>
    `${decision === "approve" ? "✅ Одобрено" : "⛔ Отклонено"}. Решение: ${by}, ${at}`,
  reopen: "↩️ Вернуть заявку",
  notRefused:
    "Вернуть заявку уже нельзя: она снова открыта, одобрена или прошли сутки. Ничего не изменилось.",
  nicknameTaken:
    "Этот ник тем временем занят. Ничего не изменилось. Через сутки можно подать заявку с другим.",
  reopened: (name, by) => `↩️ Заявка снова ждёт решения: ${name}. Решение: ${by}.`,
  alreadyDecided: "По этой заявке решение уже есть, оно показано на карточке.",
  cardGone: "Этой заявки больше нет. Ничего не изменилось.",
  cardExpired: "⌛ За трое суток решения не было, заявка закрыта",
  applicantNotTold: (reason) => `Решение записано, но сообщить о нём не удалось. ${reason}`,
  quarantine: (tab, count) => `Вкладка «${tab}»: ${rows(count)} нельзя выдать, отложено`,
  quarantineReason: {
    missing: "нет обязательного значения",
    unreadable: "значение не читается",
    formula: "вместо значения формула",
    duplicate: "повтор: такое уже есть",
    issuedBefore: "такое уже выдавали",
    header: "повтор заголовка",
    withheld: "изъято у сотрудника администратором",
  },
  quarantineAdvice: "Строки не потеряны: бот хранит их и никому не выдаёт.",
  alarm: (alarm) => `⚠️ ${capitalised(trouble(alarm))}`,
  cleared: (alarm) => `✅ Снова в порядке: ${place(alarm)}.`,
  lowStocks: "⚠️ Запас на исходе",
  lowStock: (name, remaining) => `${name}: осталось ${remaining}`,
  lowStockAdvice:
    "Строки в таблице посчитаны вместе со складом. Добавьте новые на вкладки этих ресурсов, бот возьмёт их сам. Подробно: /stock.",
  todayOnly: {
    title: "Режим «Только сегодняшние»",
    isOn: "Режим включён.",
    isOff: "Режим выключен.",
    whenOn: (name, day) =>
      `Выдаются только ${name} с сегодняшней датой, ${day}. Устаревшие бот сам возвращает в их вкладку таблицы, ничего не теряется.`,
    whenOff: (name) =>
      `Выдаются ${name} с любой датой, начиная с тех, что раньше попали на склад. В таблицу ничего не возвращается.`,
    stock: (available) => `На складе: ${available}`,
    hidden: (count) => `Из них не выдаются из-за даты: ${count}`,
    returning: (count) => `Возвращаются в таблицу: ${count}`,
    switchOn: "Включить",
    switchOff: "Выключить",
    switchedOn: (name, returning, tabs) =>
      returning === 0
        ? "Режим включён. Устаревших на складе нет."
        : `Режим включён. Устаревшие ${name}, всего ${returning}, возвращаются в «${tabs}».`,
    switchedOnBy: (name, by) =>
      `📅 ${name}: теперь выдаются только сегодняшние. Решение: ${by}. Режим: /numbers_today_mod.`,
    switchedOffBy: (name, by) =>
      `📅 ${name}: теперь выдаются с любой датой. Решение: ${by}. Режим: /numbers_today_mod.`,
    switchedOff: "Режим выключен. Теперь выдаётся всё, что есть на складе.",
    none: "В каталоге нет ничего, что выдают по датам. Менять нечего.",
  },
} satisfies AdminTexts

const trouble = (alarm: Alarm): string => {
  switch (alarm._tag) {
    case "TabUnusable":
      return alarm.column === null
        ? `вкладки «${alarm.tab}» нет или её не прочитать. Её ресурс ждёт, остальные работают. Создайте вкладку, бот продолжит сам.`
        : `на вкладке «${alarm.tab}» нет столбца «${alarm.column}». Её ресурс ждёт, остальные работают. Верните заголовок, бот продолжит сам.`
    case "HeaderMoved":
      return `на вкладке «${alarm.tab}» над заголовком появились строки. Заголовок и всё, что не удалось прочитать, бот отложил и хранит, ничего не потеряно. С этой вкладки он больше не берёт, остальные работают. Верните заголовок в первую строку, бот продолжит сам.`
    case "SheetsUnavailable":
      return `таблица ${alarm.spreadsheet}: ${unreachable[alarm.reason]}. Выдача идёт из запаса бота, записи копятся и не теряются.`
    case "AnotherWriter":
      return `в таблицу ${alarm.spreadsheet} пишет другой экземпляр бота. Этот остановил запись, чтобы ничего не удвоить. Оставьте один.`
    case "UnknownInboxRows":
      return `в служебной вкладке таблицы ${alarm.spreadsheet} чужие строки, всего ${alarm.rows}. Бот их не трогает. Проверьте, откуда они.`
    case "ClaimDamaged":
      return `со вкладки «${alarm.tab}» взята партия ${alarm.claim}, но часть её ячеек могла пропасть: вкладку или служебную вкладку бота меняли в тот же миг. Откройте историю версий таблицы и сверьте последние взятые строки.`
    case "RowsRefused":
      return `Google не принимает строки для вкладки «${alarm.tab}». Они не потеряны, бот пробует снова, остальные пишутся как обычно. Какие строки, почему и что с ними делать: /failed.`
    case "RowVanished":
      return `на вкладке «${alarm.tab}» нет строки с ID ${alarm.issuance}: её удалили, поэтому исправить статус негде. В журнале бота он верный.`
    case "RowMistaken":
      return `на вкладке «${alarm.tab}» строки сдвинулись во время исправления, и статус попал в чужую строку ${alarm.row}${alarm.issuance === "" ? "" : ` (ID ${alarm.issuance})`}. Проверьте эту строку: какой она была, видно в истории версий таблицы.`
    case "RegistryUnreadable":
      return `на вкладке «${alarm.tab}» бот не понял ячейки или встретил повтор: ${alarm.rows.map(({ row, column }) => `строка ${row}, столбец «${column}»`).join("; ")}. Он их не трогает, ничего не потеряно, остальные прокси выдаются. Исправьте ячейки, бот прочитает их сам.`
    case "LowStock": {
      const dated = alarm.todayOnly ? " с сегодняшней датой" : ""
      return `запас на исходе: ${alarm.label.ru}. Осталось${dated} ${alarm.remaining}, считая строки в таблице. Добавьте строки${dated} на вкладку «${alarm.tabs.join("» или «")}», бот возьмёт их сам.`
    }
    case "ItemsAdrift":
      return `учёт ресурса ${alarm.resource} не сходится, единиц: ${alarm.count}. Бот ничего не удалил и не изменил, остальное выдаётся как прежде. Сохраните папку data и журнал работы, там названы эти единицы, и покажите разработчику. Остановить выдачу до выяснения можно командой /pause.`
    case "StorageUnavailable":
      return "диск бота не отвечает. Новое не выдаётся, выданное не потеряно. Проверьте место на диске; бот продолжит сам."
  }
}

const unreachable = {
  denied: "у бота нет к ней доступа. Откройте её служебному аккаунту с правом изменения",
  notFound: "её нет. Проверьте, что адрес в настройках верный",
  refused: "Google не принимает запросы бота",
  unreachable: "Google не отвечает",
} as const

/** Where the trouble was. */
const place = (alarm: Alarm): string => {
  if (alarm._tag === "StorageUnavailable") return "диск бота"
  if (alarm._tag === "LowStock") return `запас «${alarm.label.ru}»`
  if (alarm._tag === "ItemsAdrift") return `учёт ресурса ${alarm.resource}`
  return "tab" in alarm ? `вкладка «${alarm.tab}»` : `таблица ${alarm.spreadsheet}`
}
