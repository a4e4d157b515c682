import { assert, describe, it } from "@effect/vitest"
import { Result } from "effect"
import { fixEntities, messageTextOf } from "../../../src/playground/telegram/FormattedText.ts"
import { parseHtml } from "../../../src/playground/telegram/Html.ts"

const formatted = (text: string) => Result.getOrThrow(messageTextOf({ text, parse_mode: "HTML" }))

const spans = (text: string) =>
  formatted(text).entities.map(({ type, offset, length }) => [type, offset, length])

describe("HTML", () => {
  it("counts offsets in UTF-16 units", () => {
    const { text, entities } = formatted("🇩🇪 <b>Ключ</b> 👍<code>a&amp;b</code>")
    assert.strictEqual(text, "🇩🇪 Ключ 👍a&b")
    assert.deepStrictEqual(entities, [
      { type: "bold", offset: 5, length: 4 },
      { type: "code", offset: 12, length: 3 },
    ])
  })

  it("decodes numeric and the four named references, and leaves the rest", () => {
    const { text } = formatted("&lt;&gt;&amp;&quot; &#1046;&#x1F600; &nbsp; &#0; &amp")
    assert.strictEqual(text, '<>&" Ж😀 &nbsp; &#0; &')
  })

  it("leaves a password in code visible when a spoiler is put around it", () => {
    assert.deepStrictEqual(spans("<tg-spoiler><code>secret</code></tg-spoiler>"), [["code", 0, 6]])
    assert.deepStrictEqual(spans("<tg-spoiler>a <code>b</code> c</tg-spoiler>"), [
      ["spoiler", 0, 2],
      ["code", 2, 1],
      ["spoiler", 3, 2],
    ])
    assert.deepStrictEqual(spans('<span class="tg-spoiler">hidden</span>'), [["spoiler", 0, 6]])
  })

  it("knows links, mentions, quotes and the language of a block", () => {
    assert.deepStrictEqual(
      formatted(
        '<a href="https://example.com/?a=1&amp;b=2">x</a> <a href="tg://user?id=42">y</a>\n' +
          '<blockquote expandable>q</blockquote>\n<pre><code class="language-ts">z</code></pre>',
      ).entities,
      [
        { type: "text_link", offset: 0, length: 1, url: "https://example.com/?a=1&b=2" },
        { type: "text_mention", offset: 2, length: 1, user: { id: 42 } },
        { type: "expandable_blockquote", offset: 4, length: 1 },
        { type: "pre", offset: 6, length: 1, language: "ts" },
      ],
    )
  })

  it("splits and joins overlapping styles", () => {
    assert.deepStrictEqual(spans("<b>one</b><b>two</b>"), [["bold", 0, 6]])
    assert.deepStrictEqual(spans("<b>x <i>y</i></b>"), [
      ["bold", 0, 2],
      ["bold", 2, 1],
      ["italic", 2, 1],
    ])
    assert.deepStrictEqual(
      fixEntities([
        { type: "text_link", offset: 0, length: 4, url: "https://example.com/" },
        { type: "code", offset: 2, length: 4 },
      ]).map(({ type }) => type),
      ["text_link"],
    )
  })

  it("trims the text and moves the entities with it", () => {
    assert.deepStrictEqual(formatted("\n  hi <b>there \n</b> \n"), {
      text: "hi there",
      entities: [{ type: "bold", offset: 3, length: 5 }],
    })
  })

  it("finds links and commands outside of code only", () => {
    assert.deepStrictEqual(
      spans("anna@example.com <code>ivan@example.com</code> /menu 192.0.2.7:8080 +79000000001"),
      [
        ["email", 0, 16],
        ["code", 17, 16],
        ["bot_command", 34, 5],
        ["url", 40, 14],
        ["phone_number", 55, 12],
      ],
    )
  })

  for (const [source, complaint] of [
    ["<x>a</x>", 'Unsupported start tag "x" at byte offset 0'],
    ["Ж <BR>", 'Unsupported start tag "br" at byte offset 3'],
    ["a <b", "Unclosed start tag at byte offset 2"],
    ['<a href="x', "Unclosed start tag at byte offset 0"],
    ["<a href", 'Unclosed start tag "a" at byte offset 0'],
    ['<a "x">', 'Empty attribute name in the tag "a" at byte offset 0'],
    ["<a href=x/y>z</a>", "Unexpected end of name token at byte offset 8"],
    ["<span>a</span>", 'Tag "span" must have class "tg-spoiler" at byte offset 0'],
    ["a</b>", "Unexpected end tag at byte offset 1"],
    ["<b>a</b", "Unclosed end tag at byte offset 4"],
    ["<b>😀</i>", 'Unmatched end tag at byte offset 7, expected "</b>", found "</i>"'],
    ["<i><b>a", 'Can\'t find end tag corresponding to start tag "b"'],
    ['<tg-emoji emoji-id="x">a</tg-emoji>', "Invalid custom emoji identifier specified"],
  ] as const) {
    it(`refuses ${source}`, () => {
      assert.strictEqual(Result.getOrThrow(Result.flip(parseHtml(source))), complaint)
    })
  }
})
