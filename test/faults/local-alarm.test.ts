import { existsSync, readFileSync } from 'node:fs'
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { PtyPort } from '#simulators/adapters/pty.ts'
import { frame } from '#simulators/core/ip1/frames.ts'
import { eventually } from '#test/support/eventually.ts'
import { startGatewayProcess } from './gateway-process.ts'

// Frames of docs: ip1.md 5. The pump below counts them (ip1.md 2): a HI with an old number is a stale one.
const hello = 'IP1,HI,0000,7F3A,PUMP-0001,Acme,AP100,1.4.2,1000,AL+AK+LG+DEMO'
const running = 'IP1,ST,0001,7F3A,10250,R,C,12500,3217,46783,13473,112,78,B,00000000,-'
const airInLine = 'IP1,ST,0004,7F3A,12250,A,C,0,3221,46779,,112,78,B,00000004,H'
const over = 'IP1,ST,0004,7F3A,12250,P,C,0,3221,46779,,112,78,B,00000000,-'

const folderForTest = async (): Promise<string> => {
  const folder = await mkdtemp(join(tmpdir(), 'local-alarm-'))
  onTestFinished(() => rm(folder, { recursive: true, force: true }))
  return folder
}

/** A killed child of a killed hub stays a zombie until the first process of the machine looks at it: it makes no noise any more. */
const isAlive = (pid: number): boolean => {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    return !['Z', 'X'].includes(stat.slice(stat.lastIndexOf(')') + 2)[0] ?? '')
  } catch {
    return false
  }
}

describe.skipIf(!existsSync('/dev/ptmx'))('a hub that no server answers (needs /dev/ptmx)', () => {
  it('makes a noise of its own for a high alarm, goes on after SIGKILL, and is quiet when the alarm is over', async () => {
    const folder = await folderForTest()
    const pty = await PtyPort.open(join(folder, 'pump'))
    onTestFinished(() => pty[Symbol.asyncDispose]())
    let number = 0
    const say = (body: string): void => {
      pty.write(frame(body.replace(/(?<=^IP1,..,)\d{4}/, number.toString(16).toUpperCase().padStart(4, '0'))))
      number += 1
    }
    let asked = ''
    // As a pump does, it says who it is as often as it is asked.
    pty.onReceived((bytes) => {
      const text = Buffer.from(bytes).toString('latin1')
      asked += text
      if (text.includes('HI?')) say(hello)
    })
    const noise = join(folder, 'noise')
    const config = {
      server: { url: 'http://127.0.0.1:1' },
      ports: [{ name: 'bedside', url: `serial:${pty.address}`, protocol: 'ip1' }],
      annunciator: { command: ['sh', '-c', 'echo $$ >> "$0"; exec sleep 600', noise], afterSeconds: 600 },
    }
    const noises = async (): Promise<readonly number[]> =>
      (await readFile(noise, 'utf8').catch(() => '')).trim().split('\n').filter(Boolean).map(Number)

    const first = await startGatewayProcess(folder, config)
    await eventually(() => asked.includes('HI?'), { within: 10_000 })
    say(running)
    await eventually(async () => (await first.status()).pumps[0]?.link === 'up', { within: 5_000 })
    expect(await noises()).toEqual([])

    // The pump repeats its state every second, as a real one does.
    let state = airInLine
    const repeat = setInterval(() => say(state), 500)
    onTestFinished(() => clearInterval(repeat))
    await eventually(async () => (await noises()).length === 1, { within: 15_000, every: 50 })
    const [before = 0] = await noises()
    // Who makes the noise is noted beside the start; a hub that is killed before that leaves its command to end by itself.
    const note = join(folder, 'data', 'annunciator.pid')
    await eventually(async () => (await readFile(note, 'utf8').catch(() => '')).includes(`"pid":${before},`))

    await first.kill('SIGKILL')
    asked = ''
    const second = await startGatewayProcess(folder, config)
    await eventually(() => asked.includes('HI?'), { within: 10_000 })
    await eventually(async () => (await noises()).length === 2, { within: 20_000, every: 50 })
    expect(isAlive(before), 'what the killed hub left sounding').toBe(false)

    state = over
    const [, after = 0] = await noises()
    await eventually(() => !isAlive(after), { within: 10_000, every: 50 })
    expect(await second.kill('SIGTERM')).toBe(0)
  })
})

describe('a hub that cannot keep alarms', () => {
  it('sounds and says so on its page, instead of ending in silence', async () => {
    const folder = await folderForTest()
    // Where the folder of the outbox should be there is a file: nothing can be opened there.
    await mkdir(join(folder, 'data'))
    await writeFile(join(folder, 'data', 'outbox'), '')
    const noise = join(folder, 'noise')
    const gateway = await startGatewayProcess(folder, {
      server: { url: 'http://127.0.0.1:1' },
      ports: [{ name: 'bedside', url: 'tcp://127.0.0.1:1', protocol: 'ip1' }],
      annunciator: { command: ['sh', '-c', 'echo $$ >> "$0"; exec sleep 600', noise] },
    })
    const pid = await eventually(async () => Number(await readFile(noise, 'utf8')), { within: 15_000 })
    const { port } = await eventually(() => gateway.log.find(({ msg }) => msg === 'status page listens'))
    const ask = (path: string) => fetch(`http://127.0.0.1:${String(port)}${path}`)
    expect(await (await ask('/page.json')).json()).toMatchObject({ mood: 'call', sounding: true })
    expect((await ask('/healthz')).status).toBe(503)
    expect(await gateway.kill('SIGTERM')).toBe(1)
    await eventually(() => !isAlive(pid), { within: 5_000 })
  })

  it('does not sound for a second gateway on the same folder: that is said to whoever started it', async () => {
    const folder = await folderForTest()
    const config = {
      server: { url: 'http://127.0.0.1:1' },
      ports: [{ name: 'bedside', url: 'tcp://127.0.0.1:1', protocol: 'ip1' }],
      annunciator: { command: ['touch', join(folder, 'noise')] },
    }
    const first = await startGatewayProcess(folder, config)
    await first.status()
    const second = await startGatewayProcess(folder, config)
    expect(await second.exited).toBe(1)
    expect(existsSync(join(folder, 'noise'))).toBe(false)
  })
})
