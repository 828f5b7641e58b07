import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { EpisodeId, PumpId } from '#domain/ids.ts'
import { AnnunciatorCommand } from '#gateway/adapters/annunciator-command/annunciator-command.ts'
import { RememberedAlarms } from '#gateway/adapters/remembered-alarms.ts'
import { systemScheduler } from '#gateway/adapters/system-time.ts'
import { nothingRemembered } from '#gateway/core/local-alarm.ts'
import { eventually } from '#test/support/eventually.ts'
import { ManualClock } from '#test/support/manual-clock.ts'

const folderForTest = async (): Promise<string> => {
  const folder = await mkdtemp(join(tmpdir(), 'annunciator-'))
  onTestFinished(() => rm(folder, { recursive: true, force: true }))
  return folder
}

const sound = new Uint8Array(200_000).fill(7)

const newCommand = async (command: readonly string[]) => {
  const troubles: (string | null)[] = []
  const annunciator = await AnnunciatorCommand.open({
    command,
    note: join(await folderForTest(), 'pid'),
    sound,
    scheduler: systemScheduler,
    troubleChanged: (trouble) => troubles.push(trouble),
  })
  onTestFinished(() => annunciator[Symbol.asyncDispose]())
  return { annunciator, troubles }
}

const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}

describe('the annunciator command', () => {
  it('gets the sound at its input, and is started again when it ends, for as long as the alarm sounds', async () => {
    const folder = await folderForTest()
    const { annunciator, troubles } = await newCommand(['sh', '-c', 'wc -c >> "$0"', join(folder, 'heard')])
    annunciator.sound(true)
    const heard = async () => (await readFile(join(folder, 'heard'), 'utf8')).trim().split(/\s+/)
    await eventually(async () => (await heard()).length >= 2, { within: 10_000 })
    expect(await heard()).toContain('200000')
    annunciator.sound(false)
    const { starts } = annunciator.report()
    expect(annunciator.report()).toEqual({ starts, failures: 0, trouble: null })
    expect(troubles).toEqual([])
  })

  it('hands arguments over as they are: no shell reads them', async () => {
    const folder = await folderForTest()
    const { annunciator } = await newCommand([
      'node',
      '-e',
      'require("fs").writeFileSync(process.argv[1], process.argv[2])',
      join(folder, 'said'),
      '$(id); `id` && "x"',
    ])
    annunciator.sound(true)
    await eventually(async () => (await readFile(join(folder, 'said'), 'utf8')) === '$(id); `id` && "x"', {
      within: 10_000,
    })
  })

  it('ends with the alarm, and so does what it has started itself', async () => {
    const folder = await folderForTest()
    const pids = join(folder, 'pids')
    const { annunciator } = await newCommand([
      'sh',
      '-c',
      'trap "" TERM; sleep 600 & echo $! $$ > "$0"; wait; sleep 600',
      pids,
    ])
    annunciator.sound(true)
    const [inner = 0, outer = 0] = await eventually(async () => {
      const found = (await readFile(pids, 'utf8')).trim().split(' ').map(Number)
      return found.length === 2 ? found : null
    })
    expect([isAlive(inner), isAlive(outer)]).toEqual([true, true])
    await annunciator[Symbol.asyncDispose]()
    await eventually(() => !isAlive(inner) && !isAlive(outer))
  })

  it('is tried on with growing pauses when it fails, and says so once', async () => {
    const { annunciator, troubles } = await newCommand(['sh', '-c', 'exit 3'])
    annunciator.sound(true)
    await eventually(() => annunciator.report().failures >= 2, { within: 10_000 })
    expect(troubles).toEqual(['ended with code 3'])
    const missing = await newCommand(['no-such-program-of-this-test'])
    missing.annunciator.sound(true)
    await eventually(() => missing.annunciator.report().failures >= 1)
    expect(missing.annunciator.report().trouble).toContain('cannot be started')
  })

  it('does not hand the gateway’s environment on', async () => {
    const folder = await folderForTest()
    process.env['GATEWAY_CLAIM'] = 'claim:secret-of-this-test'
    onTestFinished(() => void delete process.env['GATEWAY_CLAIM'])
    const { annunciator } = await newCommand(['sh', '-c', 'env > "$0.new"; mv "$0.new" "$0"', join(folder, 'env')])
    annunciator.sound(true)
    const text = await eventually(() => readFile(join(folder, 'env'), 'utf8'), { within: 10_000 })
    expect(text).toContain('PATH=')
    expect(text).not.toContain('secret-of-this-test')
  })
})

describe('what the local alarm remembers over a restart', () => {
  const remembered = {
    alarms: [
      {
        pumpId: PumpId.parse('P-1'),
        port: 'bedside',
        key: '["1","air-in-line",null]',
        code: 'air-in-line' as const,
        ids: [EpisodeId.parse('e1')],
        taken: true,
        accepted: true,
        heldMs: 5_000,
      },
    ],
    acceptedAgoMs: 1_000,
    delivering: [{ pumpId: PumpId.parse('P-1'), port: 'bedside' }],
  }

  it('comes back older by the time that the hub was down', async () => {
    const folder = await folderForTest()
    const clock = new ManualClock()
    await new RememberedAlarms(folder, clock).save(remembered)
    clock.stepWall(60_000)
    expect(await new RememberedAlarms(folder, clock).load()).toEqual({
      ...remembered,
      alarms: [{ ...remembered.alarms[0], heldMs: 65_000 }],
      acceptedAgoMs: 61_000,
    })
  })

  it('comes back as it was when the wall clock went back or jumped by years', async () => {
    const folder = await folderForTest()
    const clock = new ManualClock()
    await new RememberedAlarms(folder, clock).save(remembered)
    for (const step of [-3_600_000, 20 * 365 * 86_400_000]) {
      clock.stepWall(step)
      expect(await new RememberedAlarms(folder, clock).load()).toEqual(remembered)
    }
  })

  it('is nothing when the file is missing or damaged', async () => {
    const folder = await folderForTest()
    const kept = new RememberedAlarms(folder, new ManualClock())
    expect(await kept.load()).toEqual(nothingRemembered)
    for (const damage of ['', '{"alarms"', '{"alarms":[{}]}']) {
      await writeFile(join(folder, 'unanswered-alarms.json'), damage)
      expect(await kept.load()).toEqual(nothingRemembered)
    }
  })
})
