// The hub's share of the way with nothing around it: each line of a serial port is kept with one fsync, then posted. Arguments: device, file, URL.
import { fdatasyncSync, openSync, writeSync } from 'node:fs'
import { Agent, request } from 'node:http'
import { SerialPort } from 'serialport'

const [device = '', file = '', url = ''] = process.argv.slice(2)
const kept = openSync(file, 'a')
const agent = new Agent({ keepAlive: true, maxSockets: 1 })
let rest = ''

const port = new SerialPort({ path: device, baudRate: 115_200 })
port.on('data', (chunk: Buffer) => {
  const lines = (rest + chunk.toString()).split('\n')
  rest = lines.pop() ?? ''
  for (const line of lines) {
    writeSync(kept, `${line}\n`)
    fdatasyncSync(kept)
    request(url, { method: 'POST', agent }, (reply) => reply.resume()).end(line)
  }
})
port.on('open', () => process.stdout.write('open\n'))
