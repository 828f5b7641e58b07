// Many open web sockets in one process that says when each of them had what. Arguments: URL, number, cookies (one a line) or `bare`.
// On standard input `tell`: one line of JSON, of each thing told the wall-clock ms at which each socket had it.
import { readFileSync } from 'node:fs'
import { WebSocket } from 'ws'
import { liveEvents, liveProtocolVersion } from '#domain/live/messages.ts'

const [url = '', count = '0', cookieFile = ''] = process.argv.slice(2)
const cookies = cookieFile === 'bare' ? null : readFileSync(cookieFile, 'utf8').trim().split('\n')
const hello = JSON.stringify([liveEvents.hello, { at: null, build: 'bench', protocol: liveProtocolVersion, watch: [] }])
const told = new Map<string, number[]>()
const now = (): number => performance.timeOrigin + performance.now()

const note = (id: string, at: number): void => {
  const known = told.get(id)
  if (known === undefined) told.set(id, [at])
  else known.push(at)
}

/** A new alarm of an update; null: something else. */
const newAlarmIn = /"kind":"alarm","alarm":\{[^{}]*?"episodeId":"(fan-[\w-]+)"/

const open = (place: number): Promise<void> => {
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  const seen = new Set<string>()
  const headers = cookies === null ? {} : { cookie: cookies[place % cookies.length], origin: url }
  const path = cookies === null ? '' : '/socket.io/?EIO=4&transport=websocket'
  const socket = new WebSocket(`${url.replace('http', 'ws')}${path}`, {
    headers,
    perMessageDeflate: false,
  })
  socket.once('error', reject)
  socket.once('close', () => reject(new Error(`wall ${place} was closed`)))
  if (cookies === null) socket.once('open', () => resolve())
  socket.on('message', (data: Buffer) => {
    const at = now()
    const text = data.toString()
    if (cookies === null) {
      note(text.slice(0, text.indexOf(' ')), at)
      return
    }
    // socket.io over its engine: 0 opened, 2 ping, 40 connected, 42 event, 43 acknowledgement.
    if (text.startsWith('0')) socket.send('40')
    else if (text === '2') socket.send('3')
    else if (text.startsWith('40')) socket.send(`42${hello}`)
    else if (text.startsWith(`42["${liveEvents.update}"`)) {
      const id = newAlarmIn.exec(text)?.[1]
      if (id === undefined || seen.has(id)) return
      seen.add(id)
      note(id, at)
      const serverAt = /"serverAt":(\d+)/.exec(text)?.[1]
      if (!told.has(`${id} sent`)) note(`${id} sent`, Number(serverAt))
    } else {
      const asked = /^42(\d+)\[/.exec(text)?.[1]
      if (asked !== undefined) socket.send(`43${asked}[]`)
      if (text.includes(`"${liveEvents.heartbeat}"`)) resolve()
    }
  })
  return promise
}

for (let first = 0; first < Number(count); first += 25)
  await Promise.all(Array.from({ length: Math.min(25, Number(count) - first) }, (_, nth) => open(first + nth)))
process.stdout.write(`${count} walls are open\n`)
process.stdin.on('data', () => process.stdout.write(`told ${JSON.stringify(Object.fromEntries(told))}\n`))
