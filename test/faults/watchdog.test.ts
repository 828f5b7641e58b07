import { spawnSync } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { eventually } from '#test/support/eventually.ts'
import { listenAsSupervisor } from '#test/support/notify-socket.ts'
import { startGatewayProcess } from './gateway-process.ts'

const works = (command: string, ...args: readonly string[]): boolean => spawnSync(command, args).status === 0
const possible = works('systemd-notify', '--version') && works('perl', '-e', '1')

const folderForTest = async (): Promise<string> => {
  const folder = await mkdtemp(join(tmpdir(), 'watchdog-'))
  onTestFinished(() => rm(folder, { recursive: true, force: true }))
  return folder
}

const watchdogMs = 6_000

/** A hub as systemd starts it, with a watchdog of 6 s. */
const supervised = async (config: Record<string, unknown>, env: Record<string, string> = {}) => {
  const folder = await folderForTest()
  const NOTIFY_SOCKET = join(folder, 'notify')
  const heard = await listenAsSupervisor(NOTIFY_SOCKET)
  const gateway = await startGatewayProcess(
    folder,
    { server: { url: 'http://127.0.0.1:1' }, ...config },
    { NOTIFY_SOCKET, WATCHDOG_USEC: String(watchdogMs * 1_000), ...env },
  )
  const fed = (): readonly number[] => heard.flatMap(({ text, atMs }) => (text === 'WATCHDOG=1' ? [atMs] : []))
  const silentMs = (): number => performance.now() - (fed().at(-1) ?? 0)
  return { gateway, heard, fed, silentMs }
}

const bed = { name: 'bed-1', url: 'serial:/dev/ttyNOBODY', protocol: 'ip1' }

describe.skipIf(!possible)('a hub under systemd (needs systemd-notify and perl)', () => {
  it('says when it is ready, and feeds the watchdog three times as often as asked, with neither server nor pump', async () => {
    const { gateway, heard, fed } = await supervised({ ports: [bed] })
    await eventually(() => heard.some(({ text }) => text.startsWith('READY=1 STATUS=works as hub-1')), {
      within: 20_000,
    })
    await eventually(() => fed().length >= 4, { within: 20_000 })
    const gaps = fed().map((atMs, index) => atMs - (fed()[index - 1] ?? atMs))
    console.log(`fed every ${Math.round(Math.max(...gaps))} ms at most, asked for every ${watchdogMs} ms`)
    expect(await gateway.status()).toMatchObject({ stuck: [] })

    gateway.kill('SIGSTOP').catch(() => {})
    await eventually(() => fed().at(-1)! + watchdogMs < performance.now(), { within: 20_000 })
    const before = fed().length
    gateway.kill('SIGCONT').catch(() => {})
    await eventually(() => fed().length > before, { within: 10_000, what: 'the hub to be fed again' })
    // Nobody was stuck: the whole process stood still.
    expect(gateway.log.filter(({ level }) => level === 'fatal')).toEqual([])
    expect(await gateway.kill('SIGTERM')).toBe(0)
  })

  it('starves the watchdog when the thread of the outbox stands still, and names it', async () => {
    const { gateway, heard, silentMs } = await supervised(
      { mqtt: { port: 0 } },
      { GATEWAY_FAILPOINT: 'append-alarm:2:hang' },
    )
    // The second alarm-lane commit, after hub-started, is somebody's first word.
    const port = await eventually(() => gateway.log.find(({ msg }) => msg === 'MQTT broker listens')?.['port'], {
      within: 20_000,
    })
    const { connectAsync } = await import('mqtt')
    const pump = await connectAsync(`mqtt://127.0.0.1:${String(port)}`, { clientId: 'P-1', username: 'P-1' })
    onTestFinished(() => {
      pump.end(true)
    })
    pump.publishAsync('pumps/P-1/status', JSON.stringify({ online: true }), { qos: 1 }).catch(() => {})
    pump
      .publishAsync('pumps/P-1/alarm', JSON.stringify({ code: 'air-in-line', phase: 'start' }), { qos: 1 })
      .catch(() => {})
    await eventually(() => gateway.stderr().includes('stands still at a failpoint'), { within: 20_000 })
    const told = (): boolean => heard.some(({ text }) => text.startsWith('STATUS=stands still: outbox'))
    await eventually(told, { within: 60_000, what: 'the stuck part to be told' })
    expect(gateway.log).toContainEqual(expect.objectContaining({ level: 'fatal', stuck: ['outbox'] }))
    const statusPort = gateway.log.find(({ msg }) => msg === 'status page listens')?.['port']
    expect((await fetch(`http://127.0.0.1:${String(statusPort)}/healthz`)).status).toBe(503)
    await eventually(() => silentMs() > watchdogMs, { within: 20_000, what: 'systemd to lose its patience' })
    expect(await gateway.kill('SIGKILL')).toBe('SIGKILL')
  })
})
