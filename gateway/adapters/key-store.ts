import { createPrivateKey, createPublicKey, generateKeyPairSync, sign } from 'node:crypto'
import { mkdir, open, readFile, rename } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { z } from 'zod'
import { HubId } from '#domain/ids.ts'
import type { KeyObject } from 'node:crypto'

/** What the server calls this hub. */
export const Pairing = z.object({ hubId: HubId, keyId: z.string().min(1).max(64), server: z.string() })
export type Pairing = z.infer<typeof Pairing>

const readText = async (path: string): Promise<string | null> => {
  try {
    return await readFile(path, 'utf8')
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null
    throw error
  }
}

/** Whole or not at all, also after power loss: written aside, synced, renamed, and the folder synced. */
const writeDurably = async (path: string, text: string): Promise<void> => {
  const aside = `${path}.new`
  await using file = await open(aside, 'w', 0o600)
  await file.writeFile(text)
  await file.sync()
  await rename(aside, path)
  await using folder = await open(dirname(path), 'r')
  await folder.sync()
}

/** The hub's Ed25519 key: made here, never leaves this folder (0700; files 0600). */
export class KeyStore {
  readonly #folder: string
  readonly #key: KeyObject
  #pairing: Pairing | null

  private constructor(folder: string, key: KeyObject, pairing: Pairing | null) {
    this.#folder = folder
    this.#key = key
    this.#pairing = pairing
  }

  /** Reads the key, or makes one. It is on disk before anybody hears of it. */
  static async open(folder: string): Promise<KeyStore> {
    await mkdir(folder, { recursive: true, mode: 0o700 })
    const path = join(folder, 'hub-key.pem')
    let pem = await readText(path)
    if (pem === null) {
      pem = generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()
      await writeDurably(path, pem)
    }
    const pairing = await readText(join(folder, 'pairing.json'))
    return new KeyStore(folder, createPrivateKey(pem), pairing === null ? null : Pairing.parse(JSON.parse(pairing)))
  }

  /** Null: the hub is not paired with a server yet. */
  get pairing(): Pairing | null {
    return this.#pairing
  }

  /** Raw 32 bytes, base64. */
  get publicKey(): string {
    const { x } = createPublicKey(this.#key).export({ format: 'jwk' })
    return Buffer.from(x ?? '', 'base64url').toString('base64')
  }

  /** Ed25519 over UTF-8 text, base64. */
  sign(text: string): string {
    return sign(null, Buffer.from(text), this.#key).toString('base64')
  }

  async paired(pairing: Pairing): Promise<void> {
    await writeDurably(join(this.#folder, 'pairing.json'), `${JSON.stringify(pairing, null, 2)}\n`)
    this.#pairing = pairing
  }
}
