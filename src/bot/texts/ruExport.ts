/** Russian: exported files. */
import type { ExportTexts } from "./ExportTexts.ts"

export const ruExport = {
  title: "Выгрузка в файл",
  chooseResource: "Что выгрузить?",
  choosePeriod: "За какое время?",
  hint: "Можно и текстом: /export, а за ним в любом порядке ресурс, сколько дней и ник сотрудника или «ID» с его Telegram ID. Без числа дней бот возьмёт 30.",
  allResources: "Все ресурсы",
  periods: { "1": "Сегодня", "7": "7 дней", "30": "30 дней", all: "Всё время" },
  making: "⏳ Собираю файл…",
  sent: "Файл отправлен ниже.",
  rows: (count) => `Строк: ${count}`,
  allTime: (first, last) => `За всё время, с ${first} по ${last}`,
  everSince: "за всё время",
  ofPerson: (name) => `сотрудник ${name}`,
  everybody: "все сотрудники",
  cut: (count) =>
    `Здесь только самые новые выдачи, ${count}: больше в один файл не помещается. За остальными сузьте время или выберите один ресурс.`,
  withoutSecrets: "Логины и номера скрыты, паролей в файле нет.",
  nothing: (what) => `Выдач не нашлось, файла не будет. Искали: ${what}.`,
  unclear: (text) =>
    `Непонятно, что такое «${text}», поэтому файла не будет. Пишите так: ресурс, «7 дней», ник. Кого в списке уже нет, того бот найдёт по Telegram ID: «ID 123456789».`,
  tooManyDays: (days) => `Столько дней не получится, самое большее ${days}. Файла не будет.`,
  namesakes: (people) =>
    `Так зовут нескольких: ${people}. Файла не будет. Напишите вместо ника «ID» и номер из скобок.`,
  unavailable:
    "Диск бота сейчас не отвечает, собрать файл не получилось. Ничего не потеряно. Повторите через минуту.",
  notSent: (reason) => `Файл не отправлен. ${reason}`,
  unsure:
    "Telegram не ответил, дошёл ли файл. Ничего не потеряно: если ниже его нет, запросите ещё раз.",
  columns: {
    issuedAt: "Дата выдачи",
    resource: "Ресурс",
    variant: "Пол/Тип",
    region: "Регион",
    stage: "Сотрудник",
    telegramId: "Telegram ID",
    status: "Статус",
    markedAt: "Отмечено",
    auto: "Авто",
    item: "Единица",
    day: "Дата единицы",
    id: "ID",
    replacementOf: "Замена для ID",
    imported: "Из таблицы",
  },
  yes: "да",
  pending: "ждёт отметки",
  withheld: "изъято",
  csv: "📄 Файлом",
  subject: "Что",
  whose: "Чьи",
  from: "С",
  to: "По",
  section: "Разрез",
  value: "Значение",
} satisfies ExportTexts
