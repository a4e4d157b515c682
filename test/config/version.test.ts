import * as Fs from "node:fs"
import * as Path from "node:path"
import { assert, it } from "@effect/vitest"
import { version } from "../../src/config/Settings.ts"

it("the version is the one of package.json", () => {
  const file = Path.join(import.meta.dirname, "..", "..", "package.json")
  assert.strictEqual(JSON.parse(Fs.readFileSync(file, "utf8")).version, version)
})
