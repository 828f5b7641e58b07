// A web socket server that says one text to everybody for each line on standard input, which is how long it is to be, with the time before the first send.
import type { AddressInfo } from 'node:net'
import { WebSocketServer } from 'ws'

const server = new WebSocketServer({ host: '127.0.0.1', port: 0, perMessageDeflate: false })
server.on('listening', () => process.stdout.write(`port ${(server.address() as AddressInfo).port}\n`))
let nth = 0
process.stdin.on('data', (line: Buffer) => {
  const at = performance.timeOrigin + performance.now()
  const text = `bare-${(nth += 1)} ${at} `.padEnd(Number(line.toString()), 'x')
  for (const client of server.clients) client.send(text)
  process.stdout.write(`sent bare-${nth} ${at}\n`)
})
