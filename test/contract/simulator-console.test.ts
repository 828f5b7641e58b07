import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createConnection } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pino } from 'pino'
import { afterEach, describe, expect, it } from 'vitest'
import { SimulatedPumpDetail, SimulatorList, WireLine } from '#domain/simulators/control.ts'
import { startSimulators } from '#simulators/compose.ts'
import { readConfig } from '#simulators/config.ts'
import { scenarioNamed } from '#simulators/scenario-library.ts'
import { eventually } from '#test/support/eventually.ts'

const cleanUp: (() => unknown)[] = []
afterEach(async () => {
  for (const task of cleanUp.splice(0).toReversed()) await task()
})

/** Two real pumps on TCP, one of them a PCA pump, with a real control port. */
const start = async () => {
  const config = readConfig({
    file: null,
    pumps: [
      'id=P-1,protocol=ip1,tcp=127.0.0.1:0,rateMlPerHour=125',
      'id=8002-51740,protocol=alaris-acp,tcp=127.0.0.1:0,profile=generic-PCA',
    ],
    truth: null,
    control: '0',
    speed: null,
  })
  const simulators = await startSimulators(config, pino({ level: 'silent' }))
  cleanUp.push(() => simulators[Symbol.asyncDispose]())
  const url = simulators.controlUrl ?? ''
  const list = async () => SimulatorList.parse(await (await fetch(`${url}/pumps`)).json())
  const detail = async (id: string) => SimulatedPumpDetail.parse(await (await fetch(`${url}/pumps/${id}`)).json())
  const post = async (path: string, body: object = {}) =>
    await fetch(`${url}${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    })
  const pump = async (id: string) => (await list()).pumps.find((one) => one.id === id)
  return { url, list, detail, post, pump, addresses: simulators.pumps().map(({ address }) => new URL(address)) }
}

const watch = async (url: string) => {
  const lines: WireLine[] = []
  const leaving = new AbortController()
  cleanUp.push(() => leaving.abort())
  const answer = await fetch(url, { signal: leaving.signal })
  const read = async (): Promise<void> => {
    let rest = ''
    for await (const text of answer.body?.pipeThrough(new TextDecoderStream()) ?? []) {
      const parts = (rest + text).split('\n')
      rest = parts.pop() ?? ''
      lines.push(...parts.map((line) => WireLine.parse(JSON.parse(line))))
    }
  }
  void read().catch(() => {})
  return { lines, type: answer.headers.get('content-type') }
}

describe('the control port of running pumps', () => {
  it('lists what each pump can do', async () => {
    const { detail } = await start()
    const ip1 = await detail('P-1')
    expect(ip1.keys.map(({ key }) => key)).toEqual(['start', 'stop', 'silence', 'confirm', 'clear', 'power'])
    expect(ip1.possibleFaults.map(({ fault }) => fault)).toContain('stuck-alarm')
    expect(ip1.possibleFaults.map(({ fault }) => fault)).not.toContain('reorder')
    const alaris = await detail('8002-51740')
    expect(alaris.keys.map(({ key }) => key)).toContain('bolus')
    expect(alaris.acts.find(({ act }) => act === 'inject-air')?.amount).toMatchObject({ unit: 'mL' })
    expect(alaris.alarmCodes).toContain('temperature')
  })

  it('stops the time of one pump while the other lives on, and gives one another speed', async () => {
    const { post, pump, list } = await start()
    expect((await post('/pumps/P-1/pause')).status).toBe(200)
    const before = await pump('P-1')
    const other = (await pump('8002-51740'))?.virtualMs ?? 0
    await eventually(async () => ((await pump('8002-51740'))?.virtualMs ?? 0) > other + 200)
    expect(await pump('P-1')).toMatchObject({ paused: true, virtualMs: before?.virtualMs })
    await post('/pumps/P-1/step', { ms: 5_000 })
    expect((await pump('P-1'))?.virtualMs).toBe((before?.virtualMs ?? 0) + 5_000)
    await post('/pumps/P-1/speed', { speed: 500 })
    await eventually(async () => ((await pump('P-1'))?.virtualMs ?? 0) > 60_000)
    expect(await list()).toMatchObject({ speed: 1, paused: false })
    expect((await post('/pumps/P-9/start')).status).toBe(404)
  })

  it('shows both directions of a wire as the hub and the pump speak', async () => {
    const { url, addresses } = await start()
    const alaris = addresses[1]
    const socket = createConnection({ host: '127.0.0.1', port: Number(alaris?.port) })
    cleanUp.push(() => socket.destroy())
    socket.on('error', () => {})
    const { lines, type } = await watch(`${url}/pumps/8002-51740/wire`)
    expect(type).toBe('application/x-ndjson')
    await eventually(() => lines.length > 0)
    // docs/protocols/alaris-acp.md: a request for the serial number.
    socket.write('!INST_SERIALNO|457D\r')
    const [question, answer] = await eventually(() => {
      const frames = lines.flatMap((line) => ('frames' in line ? [line] : []))
      return frames.length >= 2 ? frames : null
    })
    expect(question).toMatchObject({ way: 'to-pump', frames: [{ ok: true }] })
    expect(answer).toMatchObject({ way: 'from-pump', frames: [{ ok: true }] })
  })

  it('writes down what was done by hand as a scenario file', async () => {
    const { url, post } = await start()
    await post('/pumps/P-1/act', { act: 'occlude' })
    await post('/pumps/P-1/key', { key: 'stop' })
    await post('/pumps/P-1/fault', { fault: 'flip', amount: 0.01, way: 'from-pump' })
    const text = await (await fetch(`${url}/pumps/P-1/scenario`)).text()
    const folder = mkdtempSync(join(tmpdir(), 'lived-'))
    cleanUp.push(() => rmSync(folder, { recursive: true, force: true }))
    const file = join(folder, 'lived.yaml')
    writeFileSync(file, text)
    expect(scenarioNamed(file)).toMatchObject({
      profile: 'generic-ambulatory',
      settings: { rateMlPerHour: 125 },
      timeline: [{ acts: [{ act: 'occlude' }] }, { acts: [{ act: 'pause' }] }],
      faults: [{ change: { fault: 'flip', amount: 0.01, way: 'from-pump' }, untilMs: null }],
    })
  })
})
