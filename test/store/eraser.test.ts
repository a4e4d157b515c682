/** What an eraser finds of a person in texts of JSON, and what it leaves alone. */
import { assert, describe, it } from "@effect/vitest"
import { Predicate, Schema, SchemaAST } from "effect"
import { TelegramId, aliasOf } from "../../src/domain/Employee.ts"
import { IssuanceId } from "../../src/domain/Issuance.ts"
import { ProxyId } from "../../src/domain/Proxy.ts"
import { ProxyEvent } from "../../src/domain/ProxyEvent.ts"
import { JournalEvent } from "../../src/store/Journal.ts"
import { makeEraser } from "../../src/store/eraser.ts"
import { issuanceOf, itemOf, markOf, requestOf } from "../contracts/journalFixtures.ts"

const id = 7_900_017
const alias = aliasOf(5)
const eraser = makeEraser({ id, alias, names: new Set(["Нина", "nina_example"]) })

const erased = (value: unknown): unknown => JSON.parse(eraser.json(JSON.stringify(value)))

/** The names of all fields of a schema that hold the id of a person. */
const personFieldsOf = (schema: Schema.Top): ReadonlySet<string> => {
  const found = new Set<string>()
  const seen = new Set<SchemaAST.AST>()
  const look = (ast: SchemaAST.AST, field: string): void => {
    if (ast === TelegramId.ast) found.add(field)
    if (seen.has(ast)) return
    seen.add(ast)
    if (SchemaAST.isUnion(ast)) for (const each of ast.types) look(each, field)
    if (SchemaAST.isArrays(ast)) {
      for (const each of [...ast.elements, ...ast.rest]) look(each, field)
    }
    if (SchemaAST.isObjects(ast)) {
      for (const { name, type } of ast.propertySignatures) {
        // Each field is looked at anew, by its own name.
        seen.delete(type)
        look(type, String(name))
      }
    }
  }
  look(schema.ast, "")
  return found
}

describe("An eraser", () => {
  it("knows every field of an event that holds the id of a person", () => {
    const fields = personFieldsOf(JournalEvent)
    assert.isAbove(fields.size, 5)
    for (const field of fields) {
      assert.deepStrictEqual(erased({ [field]: id, other: id }), { [field]: alias, other: id })
    }
  })

  it("puts an alias in the place of the id, and a dash in that of the name beside it", () => {
    const mine = { holder: TelegramId.make(id), stage: "Нина" }
    const issuance = issuanceOf("a@example.com", { ...mine, mark: markOf("good", 3, mine.holder) })
    assert.deepStrictEqual(erased(issuance), {
      ...issuance,
      holder: alias,
      stage: "—",
      mark: { ...issuance.mark, by: alias },
    })
  })

  it("finds the chat of the person in the key of a request", () => {
    const request = {
      ...requestOf("vk", TelegramId.make(id), "Нина"),
      key: `${id}:12`,
      message: { chatId: id, messageId: 12 },
    }
    assert.deepInclude(erased(request), {
      key: `${alias}:12`,
      message: { chatId: alias, messageId: 12 },
    })
    assert.deepStrictEqual(erased({ requests: [`${id}:12`, `1${id}:12`] }), {
      requests: [`${alias}:12`, `1${id}:12`],
    })
  })

  it("leaves items alone, whose values may look like an id or a name", () => {
    const item = { ...itemOf(String(id)), fields: { login: "Нина", id: String(id) } }
    assert.deepStrictEqual(erased({ by: id, item }), { by: alias, item })
  })

  it("leaves numbers alone that are nobody's id", () => {
    const counted = { messageId: id, seq: id, at: id, quantity: id, by: 1 }
    assert.deepStrictEqual(erased(counted), counted)
  })

  it("takes the name of the person out of words, and no part of another word", () => {
    assert.deepStrictEqual(
      erased({ comment: `Нина сказала: Ниная, @nina_example, ${id}, 1${id}.` }),
      { comment: `— сказала: Ниная, @—, —, 1${id}.` },
    )
  })

  it("leaves the name of somebody else beside the id of the person", () => {
    const taken = { id: IssuanceId.make("0000000001"), to: 5, stage: "Борис", by: id }
    assert.deepStrictEqual(erased(taken), { ...taken, by: alias })
  })

  it("erases both names of an event about a nickname", () => {
    assert.deepStrictEqual(
      erased({ _tag: "NicknameChanged", person: id, from: "Ninа", to: "Нина", by: 1, at: 1 }),
      { _tag: "NicknameChanged", person: alias, from: "—", to: "—", by: 1, at: 1 },
    )
  })

  it("gives texts that can be read again", () => {
    const event = ProxyEvent.cases.ProxyBroken.make({
      proxy: ProxyId.make("000000000A"),
      generation: 1,
      at: 2,
      by: TelegramId.make(id),
      stage: "Нина",
      reason: "Нина: не работает",
    })
    const decoded = Schema.decodeUnknownSync(JournalEvent)(erased(event))
    assert.isTrue(Predicate.isTagged(decoded, "ProxyBroken"))
    assert.deepInclude(decoded, { by: alias, stage: "—", reason: "—: не работает" })
  })

  it("finds a name that is spelled otherwise in JSON", () => {
    const quoted = makeEraser({ id, alias, names: new Set(['Нина "Ню"']) })
    const text = JSON.stringify({ comment: 'это Нина "Ню", спросите' })
    assert.deepStrictEqual(JSON.parse(quoted.json(text)), { comment: "это —, спросите" })
  })

  it("leaves a text alone that does not speak of the person", () => {
    const text = '{"by":1,  "comment":"Нин"}'
    assert.strictEqual(eraser.json(text), text)
    assert.strictEqual(eraser.json(`no JSON: ${id}`), `no JSON: ${id}`)
  })
})
