import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { stringify } from 'yaml'
import { HubId } from '#domain/ids.ts'
import { signedHeaders } from '#gateway/adapters/http-uplink/signed-request.ts'
import { KeyStore } from '#gateway/adapters/key-store.ts'
import type { HubStatus } from '#gateway/core/health.ts'
import { enrolMessage } from '#domain/uplink/envelope.ts'
import { freePort } from '#test/support/free-port.ts'
import { Program } from '#test/support/program.ts'
import type { BenchServer } from './bench-server.ts'
import { fillOutbox } from './filled-outbox.ts'
import type { Backlog } from './filled-outbox.ts'
import { gatewayUnit } from './gateway-unit.ts'

const lostBoot = 'boot-of-the-outage'

interface Ports {
  readonly status: number
  readonly mqtt: number
}

/** A real gateway whose outbox is full of an outage: the boot before had reached the server once, at its start. */
export class HubAfterOutage implements AsyncDisposable {
  readonly samples: number
  readonly mqttPort: number
  readonly #ports: Ports
  readonly #dir: string
  readonly #config: string
  #gateway: Program | null = null

  private constructor(samples: number, ports: Ports, dir: string, config: string) {
    this.samples = samples
    this.mqttPort = ports.mqtt
    this.#ports = ports
    this.#dir = dir
    this.#config = config
  }

  static async prepare(server: BenchServer, backlog: Backlog): Promise<HubAfterOutage> {
    const dir = mkdtempSync(join(tmpdir(), 'bench-outage-'))
    const startedAt = Date.now() - backlog.samplesPerPump * 1_000 - 60_000
    await pairHub(server, dir)
    const samples = await fillOutbox(join(dir, 'outbox'), lostBoot, startedAt, backlog)
    await sayStarted(server, dir, startedAt)
    const ports = { status: await freePort(), mqtt: await freePort() }
    const config = join(dir, 'gateway.yaml')
    const mqtt = { host: '127.0.0.1', port: ports.mqtt, pumps: [] }
    const parts = { name: 'hub', server: { url: server.url }, dataDir: dir, statusPort: ports.status, mqtt, ports: [] }
    writeFileSync(config, stringify(parts))
    return new HubAfterOutage(samples, ports, dir, config)
  }

  start(): void {
    const { nodeFlags, env } = gatewayUnit()
    this.#gateway = new Program({
      name: 'gateway',
      args: [...nodeFlags, 'gateway/main.ts', 'run', '--config', this.#config],
      env: { ...env, NODE_COMPILE_CACHE: join(this.#dir, 'cache') },
    })
  }

  get output(): string {
    return this.#gateway?.output ?? ''
  }

  get pid(): number {
    return this.#gateway?.child.pid ?? 0
  }

  /** Null while it starts. */
  async status(): Promise<HubStatus | null> {
    try {
      const answer = await fetch(`http://127.0.0.1:${this.#ports.status}/status`, {
        signal: AbortSignal.timeout(5_000),
      })
      return (await answer.json()) as HubStatus
    } catch {
      return null
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#gateway?.[Symbol.asyncDispose]()
    rmSync(this.#dir, { recursive: true, force: true })
  }
}

const post = async (url: string, headers: Readonly<Record<string, string>>, body: string): Promise<unknown> => {
  const answer = await fetch(url, { method: 'POST', headers, body })
  if (!answer.ok) throw new Error(`${url} answered ${answer.status}: ${await answer.text()}`)
  return await answer.json()
}

const json = { 'content-type': 'application/json' }

const pairHub = async (server: BenchServer, dir: string): Promise<void> => {
  const keys = await KeyStore.open(join(dir, 'identity'))
  const { id: claimId, code } = server.claim()
  const { nonce } = Object(await post(`${server.url}/hub/v1/enrol-nonce`, json, JSON.stringify({ v: 1, claimId })))
  const signature = keys.key.sign(enrolMessage(claimId, code, String(nonce)))
  const wish = { v: 1, claimId, code, nonce, publicKey: keys.key.publicKey, signature }
  const { hubId, keyId } = Object(await post(`${server.url}/hub/v1/enrol`, json, JSON.stringify(wish)))
  await keys.paired({ hubId: HubId.parse(hubId), keyId: String(keyId), server: server.url })
}

/** The one heartbeat that the boot of the outage could make: by it the server knows when that boot began. */
const sayStarted = async (server: BenchServer, dir: string, startedAt: number): Promise<void> => {
  const keys = await KeyStore.open(join(dir, 'identity'))
  const lane = { rows: 0, oldestAgeMs: null }
  const body = JSON.stringify({
    v: 1,
    bootId: lostBoot,
    monotonicMs: 10,
    wallAt: startedAt,
    clockQuality: 'ntp',
    anchor: { monotonicMs: 5, serverAt: startedAt, errorMs: 5 },
    versions: { gateway: 'bench', node: process.versions.node },
    manifest: null,
    outbox: { alarm: lane, telemetry: lane, quarantined: 0, tombstoned: 0, diskFreeBytes: null },
    ports: [],
    pumps: [],
  })
  const url = new URL('/hub/v1/heartbeat', server.url)
  const params = { created: Math.floor(Date.now() / 1_000), nonce: `${lostBoot}:1`, keyId: keys.key.keyId }
  await post(url.href, { ...signedHeaders(url, Buffer.from(body), params, keys.key) }, body)
}
