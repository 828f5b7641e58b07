import { execFile } from 'node:child_process'
import { createPrivateKey, generateKeyPairSync, randomBytes, X509Certificate } from 'node:crypto'
import { mkdir, mkdtemp, open, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { isIP } from 'node:net'
import { hostname, networkInterfaces } from 'node:os'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { GatewayError, messageOf } from '../core/errors.ts'

export interface ServerIdentity {
  /** PEM. */
  readonly key: string
  readonly cert: string
}

/**
 * Fixed ends: a hub may have no clock yet when it makes these, and neither may a pump when it looks at them. What is pinned is the key
 * of this one hub (docs/adr/0013).
 */
const validFrom = '20200101000000Z'
const validUntil = '20991231235959Z'

/** Names and addresses of this machine by which a pump may call it, now. */
export const ownNames = (): readonly string[] => [
  hostname(),
  `${hostname().split('.')[0] ?? 'hub'}.local`,
  'localhost',
  ...Object.values(networkInterfaces()).flatMap((addresses) =>
    (addresses ?? []).filter(({ scopeid }) => (scopeid ?? 0) === 0).map(({ address }) => address),
  ),
]

/**
 * The hub's own certificate authority and the certificate of its broker, in one folder. Made by `openssl`, because Node can read
 * certificates but not issue them; every later start only reads files. The CA's key never leaves the hub.
 */
export class HubAuthority {
  readonly #folder: string

  constructor(folder: string) {
    this.#folder = folder
  }

  /** What a pump is given at pairing: the CA's certificate, PEM. Makes the CA when there is none. */
  async ca(): Promise<string> {
    const known = await this.#read('ca.crt')
    if (known !== null) return known
    await this.#issue('ca', ['Infusion Watch hub CA'], null)
    return await readFile(join(this.#folder, 'ca.crt'), 'utf8')
  }

  /** Key and certificate of the broker for these names and addresses; made anew when one of them is missing in it. */
  async server(names: readonly string[]): Promise<ServerIdentity> {
    const ca = readCa(await this.ca())
    const wanted = [...new Set(names)].filter(
      (name) => isIP(name) > 0 || /^[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?$/.test(name),
    )
    const [key, cert] = [await this.#read('broker.key'), await this.#read('broker.crt')]
    if (key !== null && cert !== null && fits(cert, key, ca, wanted)) return { key, cert }
    await this.#issue('broker', wanted, 'ca')
    return {
      key: await readFile(join(this.#folder, 'broker.key'), 'utf8'),
      cert: await readFile(join(this.#folder, 'broker.crt'), 'utf8'),
    }
  }

  async #read(name: string): Promise<string | null> {
    return await readFile(join(this.#folder, name), 'utf8').catch(() => null)
  }

  /** Key first, certificate last: a certificate that is there has its key. `signer` null: by itself. */
  async #issue(name: string, names: readonly string[], signer: string | null): Promise<void> {
    await mkdir(dirname(this.#folder), { recursive: true })
    await mkdir(this.#folder, { recursive: true, mode: 0o700 })
    const work = await mkdtemp(join(this.#folder, 'new-'))
    try {
      const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
      const file = (end: string): string => join(work, end)
      await writeSynced(file('key'), privateKey.export({ type: 'sec1', format: 'pem' }).toString())
      await writeFile(file('cnf'), settings(work, signer === null, names))
      await writeFile(file('index'), '')
      await writeFile(file('serial'), `01${randomBytes(15).toString('hex')}\n`)
      const common = ['-config', file('cnf')]
      await openssl(['req', '-new', '-sha256', '-key', file('key'), '-out', file('csr'), ...common])
      const by =
        signer === null
          ? ['-selfsign', '-keyfile', file('key')]
          : ['-keyfile', join(this.#folder, `${signer}.key`), '-cert', join(this.#folder, `${signer}.crt`)]
      const dates = ['-startdate', validFrom, '-enddate', validUntil]
      await openssl([
        'ca',
        '-batch',
        '-notext',
        '-md',
        'sha256',
        '-in',
        file('csr'),
        '-out',
        file('crt'),
        ...by,
        ...dates,
        ...common,
      ])
      await writeSynced(file('crt'), await readFile(file('crt'), 'utf8'))
      await rename(file('key'), join(this.#folder, `${name}.key`))
      await rename(file('crt'), join(this.#folder, `${name}.crt`))
    } finally {
      await rm(work, { recursive: true, force: true })
    }
  }
}

const readCa = (pem: string): X509Certificate => {
  try {
    return new X509Certificate(pem)
  } catch (cause) {
    // Never replaced by itself: every pump would refuse the new one.
    throw new GatewayError(
      'GW_CERTIFICATE_FAILED',
      'ca.crt of the MQTT broker is damaged: restore it, or remove the folder and pair the pumps again',
      { cause },
    )
  }
}

const fits = (cert: string, key: string, ca: X509Certificate, names: readonly string[]): boolean => {
  try {
    const read = new X509Certificate(cert)
    return (
      read.checkIssued(ca) &&
      read.verify(ca.publicKey) &&
      read.checkPrivateKey(createPrivateKey(key)) &&
      names.every((name) => (isIP(name) > 0 ? read.checkIP(name) : read.checkHost(name)) !== undefined)
    )
  } catch {
    // A damaged file is as good as none.
    return false
  }
}

const writeSynced = async (path: string, text: string): Promise<void> => {
  await using file = await open(path, 'w', 0o600)
  await file.writeFile(text)
  await file.sync()
}

const settings = (work: string, isCa: boolean, names: readonly string[]): string => `
[req]
prompt = no
distinguished_name = name
[name]
CN = ${isCa ? names.join() : 'Infusion Watch hub'}
[ca]
default_ca = hub
[hub]
database = ${join(work, 'index')}
new_certs_dir = ${work}
policy = any
x509_extensions = extensions
serial = ${join(work, 'serial')}
unique_subject = no
[any]
commonName = supplied
[extensions]
subjectKeyIdentifier = hash
authorityKeyIdentifier = keyid:always
${
  isCa
    ? 'basicConstraints = critical, CA:TRUE, pathlen:0\nkeyUsage = critical, keyCertSign'
    : `basicConstraints = critical, CA:FALSE
keyUsage = critical, digitalSignature
extendedKeyUsage = serverAuth
subjectAltName = ${names.map((name) => `${isIP(name) > 0 ? 'IP' : 'DNS'}:${name}`).join(', ')}`
}
`

const openssl = async (args: readonly string[]): Promise<void> => {
  try {
    await promisify(execFile)('openssl', args, { timeout: 30_000 })
  } catch (cause) {
    const missing = cause instanceof Error && 'code' in cause && cause.code === 'ENOENT'
    const why = missing ? 'install the package openssl' : messageOf(cause).slice(0, 500)
    throw new GatewayError('GW_CERTIFICATE_FAILED', `the certificate of the MQTT broker cannot be made: ${why}`, {
      cause,
    })
  }
}
