import { createHash, createPrivateKey, createPublicKey, generateKeyPairSync, sign } from 'node:crypto'
import { mkdir, open, readdir, readFile, rename, unlink } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { z } from 'zod'
import { HubId } from '#domain/ids.ts'
import type { KeyObject } from 'node:crypto'

/** What the server calls this hub. */
export const Pairing = z.object({
  hubId: HubId,
  keyId: z.string().min(1).max(64),
  server: z.string(),
  /** Server time at which the key was taken over; absent in files of early releases. */
  keySince: z.int().optional(),
  /** The claim that let the hub in. */
  claimId: z.string().optional(),
  keyFile: z
    .string()
    .regex(/^[\w-]+\.pem$/)
    .default('hub-key.pem'),
})
export type Pairing = z.infer<typeof Pairing>

const pairingFile = 'pairing.json'
const firstKeyFile = 'hub-key.pem'
const nextKeyFile = 'next-key.json'
const pinFile = 'server-pins.json'

/** A key that is made, and why: to replace the one that the server knows (null), or to show with a claim. */
const NextKey = z.object({ claimId: z.string().nullable(), pem: z.string() })

/** One Ed25519 key pair of the hub. Never leaves the folder. */
export interface HubKeyPair {
  /** How the server will name it: its own digest (docs/uplink.md 6). */
  readonly keyId: string
  /** Raw 32 bytes, base64. */
  readonly publicKey: string
  /** Ed25519 over UTF-8 text, base64. */
  sign(text: string): string
}

/** Steps of a change of keys, for tests that kill the hub between two of them. */
export type KeyStep = 'next-key-kept' | 'key-file-kept' | 'pairing-kept' | 'old-key-gone'

const keyPairOf = (key: KeyObject): HubKeyPair => {
  const { x } = createPublicKey(key).export({ format: 'jwk' })
  const raw = Buffer.from(x ?? '', 'base64url')
  return {
    keyId: `k-${createHash('sha256').update(raw).digest('base64url').slice(0, 22)}`,
    publicKey: raw.toString('base64'),
    sign: (text) => sign(null, Buffer.from(text), key).toString('base64'),
  }
}

const newPem = (): string =>
  generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()

const readText = async (path: string): Promise<string | null> => {
  try {
    return await readFile(path, 'utf8')
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null
    throw error
  }
}

/** Null for what is not there or cannot be read: a hub runs without it. */
const parsed = <S extends z.ZodType>(schema: S, text: string | null): z.infer<S> | null => {
  try {
    return text === null ? null : schema.parse(JSON.parse(text))
  } catch {
    return null
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

/**
 * The hub's keys and its pairing (folder 0700; files 0600). `pairing.json` names the key in use, so that one rename changes both: at
 * any moment, power loss included, the folder holds a key that the server knows (security.md 2.5).
 */
export class KeyStore {
  readonly #folder: string
  readonly #step: (step: KeyStep) => void
  #key: HubKeyPair
  #pairing: Pairing | null
  #pairingText: string | null
  #pins: readonly string[]

  private constructor(folder: string, step: (step: KeyStep) => void, read: ReadIdentity) {
    this.#folder = folder
    this.#step = step
    this.#key = read.key
    this.#pairing = read.pairing
    this.#pairingText = read.text
    this.#pins = read.pins
  }

  /** Reads the key, or makes one. It is on disk before anybody hears of it. */
  static async open(folder: string, step: (step: KeyStep) => void = () => {}): Promise<KeyStore> {
    await mkdir(folder, { recursive: true, mode: 0o700 })
    const keys = new KeyStore(folder, step, await readIdentity(folder))
    if (keys.pairing !== null) await keys.#tidy()
    return keys
  }

  /** Null: the hub is not paired with a server yet. */
  get pairing(): Pairing | null {
    return this.#pairing
  }

  /** The key in use, or the one to pair with. */
  get key(): HubKeyPair {
    return this.#key
  }

  /** Signs as the server knows this hub; null: not paired. */
  signer(): { readonly keyId: string; sign(text: string): string } | null {
    const key = this.#key
    return this.#pairing === null ? null : { keyId: this.#pairing.keyId, sign: (text) => key.sign(text) }
  }

  /** A new key, on disk before anybody hears of it; for the same purpose the same key again, because an answer can be lost. */
  async next(claimId: string | null): Promise<HubKeyPair> {
    const known = await this.#pending()
    if (known?.claimId === claimId) return keyPairOf(createPrivateKey(known.pem))
    const next = { claimId, pem: newPem() }
    await writeDurably(join(this.#folder, nextKeyFile), JSON.stringify(next))
    this.#step('next-key-kept')
    return keyPairOf(createPrivateKey(next.pem))
  }

  /** A replacement was begun and is not known to have ended. */
  async isReplacing(): Promise<boolean> {
    return (await this.#pending())?.claimId === null
  }

  /** What the server answered to the key that is here already. */
  async paired(pairing: Omit<Pairing, 'keyFile'>): Promise<void> {
    await this.#keep({ ...pairing, keyFile: this.#pairing?.keyFile ?? firstKeyFile })
  }

  /** What the server answered to the key of `next`: from now on it is the hub's key, and the old one is gone. */
  async adopted(pairing: Omit<Pairing, 'keyFile'>): Promise<void> {
    const pending = await this.#pending()
    if (pending === null) throw new Error('there is no next key')
    const key = keyPairOf(createPrivateKey(pending.pem))
    const keyFile = `key-${key.keyId}.pem`
    await writeDurably(join(this.#folder, keyFile), pending.pem)
    this.#step('key-file-kept')
    await this.#keep({ ...pairing, keyFile })
    this.#step('pairing-kept')
    this.#key = key
    await this.#tidy()
    this.#step('old-key-gone')
  }

  /** Reads the folder again: another program may have paired the hub. True when that changed its identity. */
  async reload(): Promise<boolean> {
    const text = await readText(join(this.#folder, pairingFile))
    if (text === null || text === this.#pairingText) return false
    const read = await readIdentity(this.#folder)
    this.#key = read.key
    this.#pairing = read.pairing
    this.#pairingText = read.text
    return true
  }

  get serverPins(): readonly string[] {
    return this.#pins
  }

  /** The newest key of the server that a verified connection showed, and the one before. */
  async sawServerPin(pin: string): Promise<void> {
    if (this.#pins[0] === pin) return
    this.#pins = [pin, ...this.#pins.filter((known) => known !== pin)].slice(0, 2)
    await writeDurably(join(this.#folder, pinFile), JSON.stringify(this.#pins))
  }

  async #keep(pairing: Pairing): Promise<void> {
    const text = `${JSON.stringify(pairing, null, 2)}\n`
    await writeDurably(join(this.#folder, pairingFile), text)
    this.#pairing = pairing
    this.#pairingText = text
  }

  async #pending(): Promise<z.infer<typeof NextKey> | null> {
    return parsed(NextKey, await readText(join(this.#folder, nextKeyFile)))
  }

  /** Takes away what a change of keys left: the old key, and the next one once it is in use. */
  async #tidy(): Promise<void> {
    const inUse = this.#pairing?.keyFile
    const pending = await this.#pending()
    if (pending !== null && keyPairOf(createPrivateKey(pending.pem)).publicKey === this.#key.publicKey)
      await unlink(join(this.#folder, nextKeyFile))
    for (const name of await readdir(this.#folder))
      if (name.endsWith('.pem') && name !== inUse) await unlink(join(this.#folder, name))
  }
}

interface ReadIdentity {
  readonly key: HubKeyPair
  readonly pairing: Pairing | null
  readonly text: string | null
  readonly pins: readonly string[]
}

const readIdentity = async (folder: string): Promise<ReadIdentity> => {
  const text = await readText(join(folder, pairingFile))
  const pairing = text === null ? null : Pairing.parse(JSON.parse(text))
  const keyFile = join(folder, pairing?.keyFile ?? firstKeyFile)
  let pem = await readText(keyFile)
  if (pem === null) {
    if (pairing !== null) throw new Error(`${keyFile} is missing: pair this hub again with a new claim`)
    pem = newPem()
    await writeDurably(keyFile, pem)
  }
  const pins = await readText(join(folder, pinFile))
  return {
    key: keyPairOf(createPrivateKey(pem)),
    pairing,
    text,
    pins: parsed(z.array(z.string()), pins) ?? [],
  }
}
