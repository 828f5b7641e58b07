import { InfluxDB, setLogger, type Transport, type WriteApi } from '@influxdata/influxdb-client'
import type { Log } from '#server/core/log.ts'
import { quoteIdentifier, readResults, type ResultRow } from './influxql.ts'

export interface InfluxOptions {
  readonly url: string
  /** Bucket of InfluxDB 2 and 3, database of 1. */
  readonly bucket: string
  /** Of InfluxDB 2. */
  readonly org: string
  readonly token: string | null
  /** InfluxDB 1 with authentication. */
  readonly username: string | null
  readonly password: string | null
  /** How long samples are kept where this server makes the bucket, days. */
  readonly retentionDays: number
  /** The same of minutes, which have a bucket of their own: its name ends in `_1m`. */
  readonly minuteDays: number
  readonly log: Log
}

/** More than any batch: the client must never send on its own. */
const batchSize = 100_000
/** On the way to somebody else's computer. On a network of our own packing costs more than it saves. */
const packedFromBytes = 1000
const requestTimeoutMs = 5000
const secondsPerDay = 86_400

/** One InfluxDB of any version, ready to be written to and asked. */
export interface InfluxConnection {
  /** As the server names it, e.g. `1.6.7`. */
  readonly version: string
  readonly writer: WriteApi
  /** Runs InfluxQL statements joined by `;`; rows per statement. Times are ms. */
  readonly query: (statements: readonly string[]) => Promise<readonly (readonly ResultRow[])[]>
}

/** Finds out the version, and makes the bucket or database when it is missing. Rejects with what has to be created by hand. */
export const connectInflux = async (options: InfluxOptions): Promise<InfluxConnection> => {
  const { url, token, org, bucket, log } = options
  // The client would print to the console by itself.
  setLogger({
    error: (message, error) => log.warn({ err: error, reason: message }, 'the InfluxDB client complains'),
    warn: (message, error) => log.warn({ err: error, reason: message }, 'the InfluxDB client complains'),
  })
  const influx = new InfluxDB({
    url,
    timeout: requestTimeoutMs,
    ...(token === null ? {} : { token }),
    ...(options.username === null ? {} : { headers: { authorization: basic(options) } }),
  })
  const { transport } = influx
  const version = await askVersion(transport)
  const isV1 = version.startsWith('1.')
  await (isV1 ? ensureDatabase(transport, options) : ensureBucket(transport, options, version))
  // Retrying is the hub's task: by default the client would keep failed lines and send them later, out of order (storage.md 1).
  const gzipThreshold = url.startsWith('https:') ? packedFromBytes : Number.MAX_SAFE_INTEGER
  const writer = influx.getWriteApi(org, bucket, 'ns', { batchSize, maxRetries: 0, flushInterval: 0, gzipThreshold })
  if (isV1) writer.path = `/write?db=${encodeURIComponent(bucket)}&precision=ns`
  return { version, writer, query: async (statements) => query(transport, bucket, statements) }
}

const query = async (transport: Transport, bucket: string, statements: readonly string[]) => {
  const path = `/query?db=${encodeURIComponent(bucket)}&epoch=ms&q=${encodeURIComponent(statements.join(';'))}`
  const answer: unknown = await transport.request(path, '', { method: 'GET', headers: { accept: 'application/json' } })
  return readResults(typeof answer === 'string' ? JSON.parse(answer) : answer)
}

const askVersion = async (transport: Transport): Promise<string> => {
  let version: string | null = null
  await transport.request('/ping', '', { method: 'GET' }, (headers) => {
    const named = headers['x-influxdb-version'] ?? headers['X-Influxdb-Version']
    version = typeof named === 'string' && named !== '' ? named.replace(/^v/, '') : null
  })
  if (version === null) throw new Error('what answers at INFLUX_URL does not say which InfluxDB it is')
  return version
}

const ensureDatabase = async (transport: Transport, { bucket, retentionDays }: InfluxOptions): Promise<void> => {
  const [databases] = await query(transport, '', ['SHOW DATABASES'])
  if (databases?.some((row) => row.get('name') === bucket) === true) return
  const statement = `CREATE DATABASE ${quoteIdentifier(bucket)} WITH DURATION ${retentionDays}d REPLICATION 1 NAME "autogen"`
  const answer: unknown = await transport
    .request(`/query?q=${encodeURIComponent(statement)}`, '', { method: 'POST' })
    .catch((error: unknown) => {
      throw new Error(`InfluxDB has no database ${bucket} and does not let this server make it. Run: ${statement}`, {
        cause: error,
      })
    })
  readResults(typeof answer === 'string' ? JSON.parse(answer) : answer)
}

/** InfluxDB 3 makes a database at its first write. */
const ensureBucket = async (
  transport: Transport,
  { bucket, org, retentionDays }: InfluxOptions,
  version: string,
): Promise<void> => {
  if (version.startsWith('3.')) return
  const found = await ask(
    transport,
    `/api/v2/buckets?org=${encodeURIComponent(org)}&name=${encodeURIComponent(bucket)}`,
  )
  if (idOf(found, 'buckets') !== null) return
  const orgID = idOf(await ask(transport, `/api/v2/orgs?org=${encodeURIComponent(org)}`), 'orgs')
  const retentionRules = [{ type: 'expire', everySeconds: retentionDays * secondsPerDay }]
  await transport
    .request('/api/v2/buckets', JSON.stringify({ name: bucket, orgID, retentionRules }), {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
    })
    .catch((error: unknown) => {
      const wanted = `a bucket ${bucket} in the organization ${org} with a retention of ${retentionDays} days`
      throw new Error(`InfluxDB does not let this server make its bucket. Create ${wanted}.`, { cause: error })
    })
}

/** Not found is an answer; a token that may not look is none. */
const ask = async (transport: Transport, path: string): Promise<unknown> =>
  transport.request(path, '', { method: 'GET' }).catch((error: unknown) => {
    if (error instanceof Error && 'statusCode' in error && error.statusCode === 404) return null
    throw error
  })

const idOf = (answer: unknown, list: 'buckets' | 'orgs'): string | null => {
  const entries: unknown = typeof answer === 'object' && answer !== null ? Reflect.get(answer, list) : null
  const first: unknown = Array.isArray(entries) ? entries[0] : null
  const id: unknown = typeof first === 'object' && first !== null ? Reflect.get(first, 'id') : null
  return typeof id === 'string' ? id : null
}

const basic = ({ username, password }: InfluxOptions): string =>
  `Basic ${Buffer.from(`${username ?? ''}:${password ?? ''}`).toString('base64')}`
