import { asciiText, sameBytes } from './ascii.ts'

/** One request that may be sent: literal text plus slots of a closed alphabet that holds no separator. */
export interface AllowedRequest {
  /** For people and for the snapshot test, with slots in angle brackets. */
  readonly shape: string
  /** Finds the slots; decides nothing. */
  readonly slots: RegExp
  readonly build: (slots: readonly string[]) => Uint8Array
}

/** True only if the bytes are what one of the entries builds: whole frames are compared, never prefixes (docs/protocols/README.md). */
export const permitted = (whitelist: readonly AllowedRequest[], bytes: Uint8Array): boolean => {
  if (bytes.length > longestRequest) return false
  const text = asciiText(bytes)
  return whitelist.some(({ slots, build }) => {
    const found = slots.exec(text)
    return found !== null && sameBytes(build(found.slice(1)), bytes)
  })
}

const longestRequest = 256
