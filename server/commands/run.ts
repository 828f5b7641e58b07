import { pino } from 'pino'
import { isBelowNodeFloor, nodeFloor } from '#domain/node-floor.ts'
import { traceOfLine } from '../adapters/trace-log.ts'
import { startServer } from '../compose.ts'
import { logOnStdout } from './log-output.ts'
import { optionsOf, serverVersion } from './program.ts'
import type { Command } from './program.ts'

const forcedEndMs = 8000

export const runCommand: Command = {
  words: 'run',
  usage: '  run                                    start the server (default)',
  async run(config, args) {
    optionsOf(args)
    const log = logOnStdout({
      level: config.logLevel,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      mixin: traceOfLine,
      formatters: { level: (label) => ({ level: label }) },
    })
    if (process.env['NODE_ENV'] === 'production' && isBelowNodeFloor(process.version))
      log.warn({ node: process.version, needed: nodeFloor }, 'this Node lacks security fixes')
    const ended = new Promise<NodeJS.Signals>((resolve) => {
      // A terminal and npm may both pass a signal on: the first one counts.
      process.on('SIGTERM', resolve)
      process.on('SIGINT', resolve)
    })
    const server = await startServer(config, serverVersion(), log)
    const signal = await ended
    log.info({ signal }, 'stopping')
    setTimeout(() => process.exit(1), forcedEndMs).unref()
    await server[Symbol.asyncDispose]()
    log.info({}, 'stopped')
    return 0
  },
}
