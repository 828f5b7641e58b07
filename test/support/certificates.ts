import { execFileSync } from 'node:child_process'
import { appendFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { findService } from './services.ts'

export interface Made {
  readonly name: string
  /** PEM, the whole chain below the root. */
  readonly certificate: string
  readonly key: string
}

export interface CertificateWishes {
  /** ms since the epoch; default: from yesterday for a month. */
  readonly from?: number
  readonly to?: number
  /** `subjectAltName`; default `DNS:localhost`. */
  readonly names?: string
  readonly purpose?: 'serverAuth' | 'clientAuth'
  /** Another authority's name; default: the root. */
  readonly signedBy?: string
  readonly authority?: boolean
  /** Takes the key of another certificate. */
  readonly keyOf?: string
}

const dayMs = 86_400_000

/** `YYYYMMDDHHMMSSZ`. */
const asn1Time = (at: number): string => `${new Date(at).toISOString().replaceAll(/[-:T]|\.\d+Z/g, '')}Z`

const authorityExtensions = 'basicConstraints=critical,CA:true\nkeyUsage=critical,keyCertSign\n'

/** An authority of the test's own and certificates by it, made with the openssl program when the test runs. */
export class Authority {
  readonly #folder: string
  readonly #openssl: string
  #serial = 1000

  constructor(folder: string) {
    this.#folder = folder
    this.#openssl = findService('openssl') ?? 'openssl'
    mkdirSync(folder, { recursive: true })
    writeFileSync(join(folder, 'index.txt'), '')
    writeFileSync(
      join(folder, 'ca.cnf'),
      `[ca]\ndefault_ca=own\n[own]\ndir=${folder}\ndatabase=${folder}/index.txt\nnew_certs_dir=${folder}\nserial=${folder}/serial\ndefault_md=sha256\nunique_subject=no\npolicy=any\n[any]\ncommonName=supplied\n`,
    )
    this.#key('root')
    this.#sign(
      'root',
      { from: Date.now() - 3_650 * dayMs, to: Date.now() + 3_650 * dayMs, keyFile: this.#path('root.key') },
      ['-selfsign', '-keyfile', this.#path('root.key')],
      authorityExtensions,
    )
  }

  /** PEM. */
  get root(): string {
    return readFileSync(this.#path('root.pem'), 'utf8')
  }

  make(name: string, wishes: CertificateWishes = {}): Made {
    const { names = 'DNS:localhost', purpose = 'serverAuth', signedBy = 'root', authority = false } = wishes
    const from = wishes.from ?? Date.now() - dayMs
    const to = wishes.to ?? Date.now() + 30 * dayMs
    const keyFile = wishes.keyOf === undefined ? this.#key(name) : this.#path(`${wishes.keyOf}.key`)
    const extensions = `basicConstraints=CA:false\nextendedKeyUsage=${purpose}\nsubjectAltName=${names}\n`
    const signer = ['-cert', this.#path(`${signedBy}.pem`), '-keyfile', this.#path(`${signedBy}.key`)]
    this.#sign(name, { from, to, keyFile }, signer, authority ? authorityExtensions : extensions)
    if (signedBy !== 'root') appendFileSync(this.#path(`${name}.pem`), readFileSync(this.#path(`${signedBy}.pem`)))
    return { name, certificate: readFileSync(this.#path(`${name}.pem`), 'utf8'), key: readFileSync(keyFile, 'utf8') }
  }

  /** Signed by nobody but itself. */
  selfSigned(name: string): Made {
    const keyFile = this.#key(name)
    const out = this.#path(`${name}.pem`)
    this.#run(
      'req',
      '-x509',
      '-key',
      keyFile,
      '-subj',
      `/CN=${name}`,
      '-days',
      '30',
      '-addext',
      'subjectAltName=DNS:localhost',
      '-addext',
      'extendedKeyUsage=serverAuth',
      '-out',
      out,
    )
    return { name, certificate: readFileSync(out, 'utf8'), key: readFileSync(keyFile, 'utf8') }
  }

  #sign(
    name: string,
    { from, to, keyFile }: { readonly from: number; readonly to: number; readonly keyFile: string },
    signer: readonly string[],
    extensions: string,
  ): void {
    const [request, extensionFile] = [this.#path(`${name}.csr`), this.#path(`${name}.ext`)]
    writeFileSync(extensionFile, extensions)
    writeFileSync(this.#path('serial'), (this.#serial += 1).toString(16).padStart(4, '0'))
    this.#run('req', '-new', '-key', keyFile, '-subj', `/CN=${name}`, '-out', request)
    const about = [
      '-batch',
      '-notext',
      '-config',
      this.#path('ca.cnf'),
      '-in',
      request,
      '-out',
      this.#path(`${name}.pem`),
    ]
    const dates = ['-startdate', asn1Time(from), '-enddate', asn1Time(to)]
    this.#run('ca', ...about, ...signer, ...dates, '-extfile', extensionFile)
  }

  #key(name: string): string {
    const path = this.#path(`${name}.key`)
    this.#run('ecparam', '-name', 'prime256v1', '-genkey', '-noout', '-out', path)
    return path
  }

  #path(file: string): string {
    return join(this.#folder, file)
  }

  #run(...args: readonly string[]): void {
    execFileSync(this.#openssl, args, { stdio: ['ignore', 'ignore', 'pipe'] })
  }
}
