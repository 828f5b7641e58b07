/** What hub identity needs of cryptography; an adapter does the work. Byte strings compare in constant time. */
export interface HubCrypto {
  /** RFC 9530 value over the raw body: `sha-256=:…:`. */
  contentDigest(body: Uint8Array): string
  /** Ed25519 over the ASCII text; `signature` is base64 of 64 bytes. False for anything malformed. */
  verify(publicKey: Uint8Array, text: string, signature: string): boolean
  /** The 32 bytes of a raw Ed25519 key in base64, or null. */
  readPublicKey(base64: string): Uint8Array | null
  /** Names a key by its own digest. */
  keyId(publicKey: Uint8Array): string
  /** HMAC(pepper, code) of a claim code. */
  mac(code: string): Uint8Array
  same(a: Uint8Array, b: Uint8Array): boolean
  randomBytes(length: number): Uint8Array
  /** URL-safe, unguessable, 128 bits. */
  randomId(): string
  /** SHA-256 of a text, base64url. */
  hash(text: string): string
}
