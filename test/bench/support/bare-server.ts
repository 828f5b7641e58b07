// The server's share of the way with nothing around it: each body is kept with one fsync, answered, and posted on with the time. Arguments: file, URL.
import { fdatasyncSync, openSync, writeSync } from 'node:fs'
import { Agent, createServer, request } from 'node:http'
import type { AddressInfo } from 'node:net'

const [file = '', url = ''] = process.argv.slice(2)
const kept = openSync(file, 'a')
const agent = new Agent({ keepAlive: true, maxSockets: 1 })

const server = createServer((incoming, reply) => {
  let body = ''
  incoming.on('data', (chunk: Buffer) => (body += chunk.toString()))
  incoming.on('end', () => {
    writeSync(kept, `${body}\n`)
    fdatasyncSync(kept)
    const storedAt = Date.now()
    reply.end()
    request(url, { method: 'POST', agent }, (answer) => answer.resume()).end(`${body} ${storedAt}`)
  })
})
server.listen(0, '127.0.0.1', () => process.stdout.write(`port ${(server.address() as AddressInfo).port}\n`))
