/** Photos and documents: taken from an upload, or sent again by their id. */
import { Option, Result, Schema } from "effect"
import { Base64 } from "effect/encoding"
import * as Args from "./Args.ts"
import type { Call } from "./Method.ts"
import { badRequest, type TelegramRefusal } from "./Refusal.ts"
import type { TelegramState, StoredFile } from "./TelegramState.ts"

/** A file part of a call, under its field name or under the name an `attach://` refers to. */
export class Upload extends Schema.Class<Upload>("account-bot/playground/telegram/Upload")({
  name: Schema.String,
  mime: Schema.String,
  bytes: Schema.Uint8Array,
}) {}

export interface FileContent {
  readonly name: string
  readonly mime: string
  readonly bytes: Uint8Array
}

interface Stored {
  readonly state: TelegramState
  readonly file: StoredFile
}

/** The file a field names; `missing` is the complaint when it names none. */
export const takeFile = (
  call: Call,
  kind: StoredFile["kind"],
  given: unknown,
  missing: string,
): Result.Result<Stored, TelegramRefusal> => {
  const attached = typeof given === "string" && given.startsWith("attach://")
  const value = attached ? call.args[given.slice("attach://".length)] : given
  if (Schema.is(Upload)(value)) return store(call.state, kind, value)
  if (attached || typeof value !== "string" || value === "") return badRequest(missing)
  if (/^https?:/i.test(value)) return badRequest("Failed to get HTTP URL content")
  const file = call.state.files.find(({ id }) => id === value)
  if (file === undefined) return badRequest("Wrong file identifier/HTTP URL specified")
  if (file.kind === kind) return Result.succeed({ state: call.state, file })
  return badRequest(`Can't use file of type ${titles[file.kind]} as ${titles[kind]}`)
}

export const getFile = ({ state, args }: Call) => {
  const id = Args.text(args, "file_id")
  if (id === "") return badRequest("file_id not specified")
  const file = state.files.find((stored) => stored.id === id)
  if (file === undefined) {
    return badRequest("wrong file_id or the file is temporarily unavailable")
  }
  if (file.size > maxDownloadBytes) return badRequest("file is too big")
  return Result.succeed({ state, result: { ...identity(file), file_path: file.path } })
}

/** The fields of a message that show its file. */
export const fileFields = (file: StoredFile) =>
  file.kind === "photo"
    ? { photo: [{ ...identity(file), width: file.width, height: file.height }] }
    : { document: { ...identity(file), file_name: file.name, mime_type: file.mime } }

export const fileById = (state: TelegramState, id: string | undefined) =>
  id === undefined ? undefined : state.files.find((file) => file.id === id)

export const fileContent = (state: TelegramState, path: string): Option.Option<FileContent> => {
  const file = state.files.find((stored) => stored.path === path)
  if (file === undefined) return Option.none()
  const bytes = Result.getOrElse(Base64.decode(file.base64), () => new Uint8Array())
  return Option.some({ name: file.name, mime: file.mime, bytes })
}

const identity = (file: StoredFile) => ({
  file_id: file.id,
  file_unique_id: file.uniqueId,
  file_size: file.size,
})

/** Keeps what a person or the bot has sent. */
export const store = (
  state: TelegramState,
  kind: StoredFile["kind"],
  upload: Upload,
): Result.Result<Stored, TelegramRefusal> => {
  const size = upload.bytes.length
  if (size === 0) return badRequest("file must be non-empty")
  if (size > maxUploadBytes[kind]) return badRequest("file is too big")
  const image = dimensions(upload.bytes)
  if (kind === "photo") {
    if (image === undefined) return badRequest("IMAGE_PROCESS_FAILED")
    const { width, height } = image
    if (width + height > 10_000 || Math.max(width / height, height / width) > 20) {
      return badRequest("PHOTO_INVALID_DIMENSIONS")
    }
  }
  const n = state.lastFile + 1
  const extension = kind === "photo" ? `.${image?.format}` : (/\.\w+$/.exec(upload.name)?.[0] ?? "")
  const file: StoredFile = {
    id: `${kind === "photo" ? "AgACAgIAAxk" : "BQACAgIAAxk"}${n}`,
    uniqueId: `AQAD${n}`,
    path: `${kind}s/file_${n}${extension}`,
    kind,
    name: upload.name,
    mime: kind === "photo" ? `image/${image?.format}` : upload.mime,
    size,
    width: image?.width ?? 0,
    height: image?.height ?? 0,
    base64: Base64.encode(upload.bytes),
  }
  const files = [...state.files.slice(-keptFiles), file]
  return Result.succeed({ state: { ...state, lastFile: n, files }, file })
}

const titles = { photo: "Photo", document: "Document" }
const mebibyte = 1_048_576
const maxUploadBytes = { photo: 10 * mebibyte, document: 50 * mebibyte }
const maxDownloadBytes = 20 * mebibyte
/** Older files are forgotten: every one of them is in the saved state. */
const keptFiles = 50

const dimensions = (bytes: Uint8Array) => {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  if (bytes.length >= 24 && view.getUint32(0) === 0x89504e47) {
    return { format: "png", width: view.getUint32(16), height: view.getUint32(20) }
  }
  if (bytes.length < 4 || view.getUint16(0) !== 0xffd8) return undefined
  // A JPEG is a chain of segments; the one that starts a frame holds the size.
  for (let at = 2; at + 9 < bytes.length; at += 2 + view.getUint16(at + 2)) {
    const marker = view.getUint16(at)
    if (marker < 0xffc0 || marker > 0xffcf || [0xffc4, 0xffc8, 0xffcc].includes(marker)) continue
    return { format: "jpeg", width: view.getUint16(at + 7), height: view.getUint16(at + 5) }
  }
  return undefined
}
