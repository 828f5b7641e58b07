import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { EpisodeId, PumpId } from '#domain/ids.ts'
import { percentiles } from '#simulators/core/load/percentiles.ts'
import { Nurse } from '#test/support/nurse.ts'
import { condition } from '#test/support/uplink-records.ts'
import type { Measured } from '../figure.ts'
import type { Bench, Measure } from '../measure.ts'
import { startBenchServer } from '../support/bench-server.ts'
import { Load } from '../support/load.ts'
import { BareBroadcast, Walls } from '../support/walls.ts'

const walls = 500
/** As many as one session may have open at once. */
const wallsPerSession = 20
const everyMs = 500
const mostSeconds = 30
/** As an update with one new alarm. */
const updateBytes = 1_200
const p99AtMostMs = 250

const bareMs = async (alarms: number): Promise<readonly number[]> => {
  await using broadcast = await BareBroadcast.open()
  await using bare = await Walls.open(broadcast.url, walls, 'bare')
  for (let nth = 0; nth < alarms; nth += 1) {
    broadcast.say(updateBytes)
    await pause(everyMs)
  }
  const said = broadcast.said()
  return Object.entries(await bare.told()).flatMap(([id, times]) =>
    times.map((at) => at - (said.get(id) ?? Number.NaN)),
  )
}

const measured = async (bench: Bench): Promise<readonly Measured[]> => {
  const alarms = (Math.min(bench.seconds, mostSeconds) * 1_000) / everyMs
  bench.say(`  ${walls} bare sockets`)
  const best = percentiles(await bareMs(alarms))
  await using server = await startBenchServer()
  const { name, password } = server.person('nurse')
  const cookies: string[] = []
  bench.say(`  ${walls} walls of ${walls / wallsPerSession} sessions`)
  while (cookies.length < walls / wallsPerSession) cookies.push((await Nurse.signIn(server.url, name, password)).cookie)
  const cookieFile = join(server.dataDir, 'bench-cookies')
  await writeFile(cookieFile, cookies.join('\n'), { mode: 0o600 })
  using load = await Load.open(server, { hubs: 1, pumpsPerHub: alarms, everyMs: 1_000, from: Date.now() - 1_000 })
  await using open = await Walls.open(server.url, walls, cookieFile)
  const [hub] = load.hubs
  const beating = setInterval(() => void hub?.beat(), 5_000)
  for (let nth = 0; nth < alarms; nth += 1) {
    const { body } = condition(1, {})
    // Of another pump each time: the same soon after would be the same alarm.
    await hub?.alarm(PumpId.parse(`B-0-${nth}`), { ...body, episodeId: EpisodeId.parse(`fan-${nth}`) })
    await pause(everyMs)
  }
  clearInterval(beating)
  const told = await open.told()
  const had = Object.entries(told).filter(([id]) => !id.endsWith(' sent'))
  const tookMs = had.flatMap(([id, times]) => times.map((at) => at - (told[`${id} sent`]?.[0] ?? Number.NaN)))
  const found = percentiles(tookMs)
  const figure = (part: 'p50' | 'p99') => ({
    value: found?.[part] ?? Number.NaN,
    unit: 'ms',
    limit: best?.[part] ?? Number.NaN,
  })
  return [
    { name: 'fan-out, commit → each of 500 sockets, p50', ...figure('p50') },
    {
      name: 'fan-out, commit → each of 500 sockets, p99',
      ...figure('p99'),
      target: { on: 'value', atMost: p99AtMostMs },
    },
    {
      name: 'fan-out, alarms that each socket had',
      value: tookMs.length,
      unit: 'messages',
      limit: alarms * walls,
      target: { on: 'ratio', atLeast: 1, atMost: 1 },
    },
  ]
}

export const measure: Measure = {
  what: 'one new alarm to 500 walls of 25 sessions, from the commit to each socket; limit: ws alone with as many bytes',
  run: (bench) => bench.once('fan-out', () => measured(bench)),
}
