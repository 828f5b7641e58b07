// Hub and server with nothing in them: each line of a serial port goes to whoever has the page open. Arguments: device, folder of the page.
import { readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { join } from 'node:path'
import type { AddressInfo } from 'node:net'
import { SerialPort } from 'serialport'
import { WebSocketServer } from 'ws'

const [device = '', folder = ''] = process.argv.slice(2)
const types: Readonly<Record<string, string>> = { '/': 'text/html', '/bare-relay.js': 'text/javascript' }

const http = createServer((request, reply) => {
  const type = types[request.url ?? '']
  if (type === undefined) {
    reply.writeHead(404).end()
    return
  }
  const file = request.url === '/' ? 'index.html' : 'bare-relay.js'
  reply.writeHead(200, { 'content-type': type }).end(readFileSync(join(folder, file)))
})
const pages = new WebSocketServer({ server: http })
let rest = ''
const port = new SerialPort({ path: device, baudRate: 115_200 })
port.on('data', (chunk: Buffer) => {
  const lines = (rest + chunk.toString()).split('\n')
  rest = lines.pop() ?? ''
  for (const line of lines) for (const page of pages.clients) page.send(line)
})
port.on('open', () =>
  http.listen(0, '127.0.0.1', () => process.stdout.write(`port ${(http.address() as AddressInfo).port}\n`)),
)
